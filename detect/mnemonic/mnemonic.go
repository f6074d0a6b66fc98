package mnemonic

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The kinds of what is found.
const (
	BIP39    = "bip39-mnemonic"
	Electrum = "electrum-seed"
)

type detector struct{}

// New returns the detector of phrases.
func New() probe.Detector { return detector{} }

// reach is how many bytes from a word of a chain the verdict may use.
const reach = 2 * (maxWords + 2) * (maxWord + maxSeparator)

// Spec implements [probe.Detector].
func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID: "bip39-mnemonic", About: "seeds of wallets as 12 to 24 words: BIP 39 (English), Electrum",
		Kinds: []string{BIP39, Electrum}, Before: reach, After: reach,
	}
}

// near returns the word at character i or the nearest one behind it, else the one
// before.
func near(t probe.Text, i int) (item, bool) {
	if classes[t.At(i)] == letter {
		return wordAt(t, i)
	}
	if w, ok := wordFrom(t, skip(t, i, 1)); ok {
		return w, true
	}
	return wordFrom(t, skip(t, i, -1))
}

// Detect implements [probe.Detector].
func (detector) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:min(v.At+8, len(v.Data))]
	if len(p) < 8 {
		return
	}
	switch b := binary.LittleEndian.Uint64(p); {
	case b&odd == 0:
		v.Wide = true
	case b&(odd>>8) == 0:
		v.Wide = true
		v.At++
	}
	t, at := probe.TextOf(v)
	if w, ok := near(t, at); ok {
		c := newChain(t, w)
		c.judge(emit)
	}
}
