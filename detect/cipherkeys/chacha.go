package cipherkeys

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ChaCha is the identifier of the detector of ChaCha20 and Salsa20 states, and
	// what it finds of the former.
	ChaCha = "chacha20-state"
	// Salsa is what it finds of Salsa20.
	Salsa = "salsa20-state"

	// The constants for keys of 32 and of 16 bytes (Salsa20, section 9; RFC 8439, section 2.3).
	// A big-endian machine keeps each of their words reversed.
	sigma    = "expand 32-byte k"
	tau      = "expand 16-byte k"
	sigmaBig = "apxe3 dnyb-2k et"
	tauBig   = "apxe1 dnyb-6k et"

	stateSize = 64
	// leastCut is how much of a key must be left where the data ends within it.
	leastCut = 16
	// mostBlocks is how far the counter of blocks of a state has come at most for the state to be
	// beyond doubt: a gigabyte under one nonce. One random word in 256 is as small.
	mostBlocks = 1 << 24
)

type chacha struct{}

// NewChaCha returns the detector of keys in states of ChaCha20 and Salsa20.
func NewChaCha() probe.Detector { return chacha{} }

// Spec implements [probe.Detector].
func (chacha) Spec() probe.Spec {
	return probe.Spec{
		ID:      ChaCha,
		About:   "keys in the states of ChaCha20 and Salsa20, beside their constants",
		Kinds:   []string{ChaCha, Salsa},
		Anchors: []string{"expa", "apxe"},
		Before:  0, After: stateSize,
	}
}

// Detect emits the key of the state whose constant begins at v.At.
func (chacha) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	for _, c := range []struct {
		text       string
		short, big bool
	}{{sigma, false, false}, {tau, true, false}, {sigmaBig, false, true}, {tauBig, true, true}} {
		s := state{short: c.short, big: c.big}
		var states []state
		switch {
		case bytes.HasPrefix(p, []byte(c.text)):
			states = []state{s.chacha(len(p)), s.columns(len(p))}
		case diagonal(p, c.text):
			states = []state{s.salsa(len(p))}
		default:
			continue
		}
		if doubled(p) {
			return
		}
		for _, s := range states {
			if m, ok := s.match(p, v.At); ok {
				emit(m)
				return
			}
		}
		return
	}
}

// chacha returns the state of ChaCha20, of which n bytes are there.
func (s state) chacha(n int) state {
	s.kind, s.parts = ChaCha, []probe.Range{clip(16, 48, n)}
	return s
}

// salsa returns the state of Salsa20 as its specification has it.
func (s state) salsa(n int) state {
	s.kind, s.parts = Salsa, []probe.Range{clip(4, 20, n), clip(44, 60, n)}
	return s
}

// columns returns the state of Salsa20 as vector code has it, diagonal by diagonal, beginning
// with the constant (libgcrypt on x86-64). Nothing of it is found when it is cut.
func (s state) columns(n int) state {
	s.kind, s.order = Salsa, "\x05\x00\x04\x06\x01\x03\x07\x02"
	if n >= stateSize {
		s.parts = []probe.Range{{Start: 16, End: 24}, {Start: 28, End: 32}, {Start: 36, End: 44}, {Start: 48, End: 52}, {Start: 56, End: 64}}
	}
	return s
}

// doubled reports whether two neighbouring rows of the 64 bytes at p are equal, as
// constants are that vector code keeps once for each half of a register. Rows of a state
// are not, but for the halves of a short key, which begins with other constants.
func doubled(p []byte) bool {
	for i := 0; i+32 <= min(len(p), stateSize); i += 16 {
		if bytes.Equal(p[i:i+16], p[i+16:i+32]) && !(i == 16 && p[7] == '1') {
			return true
		}
	}
	return false
}

func clip(start, end, n int) probe.Range { return probe.Range{Start: start, End: min(end, n)} }

// diagonal reports whether the words of the constant are words 0, 5, 10 and 15 of the
// state p (Salsa20, section 8). Of the last one as much as is there must agree.
func diagonal(p []byte, constant string) bool {
	if len(p) <= 44 {
		return false
	}
	for i := range 4 {
		have := p[min(20*i, len(p)):min(20*i+4, len(p))]
		if string(have) != constant[4*i:4*i+len(have)] {
			return false
		}
	}
	return true
}

// state is a state with its key.
type state struct {
	kind       string
	parts      []probe.Range // where the key lies
	order      string        // which word of the key each word is; empty: in order
	short, big bool          // the key has 16 bytes and is there twice; words are big-endian
}

// key returns as much of the key as is there.
func (s *state) key(p []byte) []byte {
	var key []byte
	for _, r := range s.parts {
		if r.Len() > 0 {
			key = append(key, p[r.Start:r.End]...)
		}
	}
	if len(key) < 32 || s.order == "" {
		return key
	}
	sorted := make([]byte, 32)
	for i := range s.order {
		copy(sorted[4*s.order[i]:], key[4*i:4*i+4])
	}
	return sorted
}

// counter reports whether a word of key is a small number: one of random words in
// 11000 is.
func counter(key []byte) bool {
	for i := 0; i+4 <= len(key); i += 4 {
		if bytes.Count(key[i:i+4], []byte{0}) >= 2 {
			return true
		}
	}
	return false
}

// counts reports whether the whole state p of ChaCha20 counts its blocks from the beginning.
func (s *state) counts(p []byte) bool {
	if len(p) < stateSize {
		return false
	}
	n := binary.LittleEndian.Uint32(p[48:])
	if s.big {
		n = binary.BigEndian.Uint32(p[48:])
	}
	return n < mostBlocks
}

// match judges the bytes of the key. A short key that is there twice needs no
// further proof, nor one before a small counter.
func (s *state) match(p []byte, at int) (probe.Match, bool) {
	key := s.key(p)
	whole := len(key) == 32
	m := probe.Match{Kind: s.kind, Encoding: probe.Raw, Confidence: probe.Likely}
	switch {
	case len(key) < leastCut || !dense(key[:16]) || published(key) || counter(key):
		return m, false
	case s.short && !bytes.HasPrefix(key[:16], key[16:]):
		return m, false
	case !s.short && (!dense(key) || whole && bytes.Equal(key[:16], key[16:])):
		return m, false
	case s.short && whole, s.kind == ChaCha && s.counts(p):
		m.Confidence = probe.Confirmed
	}
	if s.big {
		for i := 0; i+4 <= len(key); i += 4 {
			binary.BigEndian.PutUint32(key[i:], binary.LittleEndian.Uint32(key[i:]))
		}
	}
	if s.short {
		key = key[:16]
	}
	m.Identity = key
	if whole {
		m.Values = [][]byte{key}
	}
	for _, r := range s.parts {
		if r.Len() > 0 {
			m.Redact = append(m.Redact, probe.Range{Start: at + r.Start, End: at + r.End})
		}
	}
	m.Range = probe.Range{Start: at, End: at + min(stateSize, len(p))}
	if s.kind == ChaCha { // Counter and nonce may be elsewhere.
		m.End = m.Redact[len(m.Redact)-1].End
	}
	return m, true
}

// published reports whether p begins like a table of public constants that libraries
// keep near this one: those of SHA-2 (FIPS 180-4, sections 4.2 and 5.3), which BLAKE2 shares,
// and of SHA-1.
func published(p []byte) bool {
	le, be := binary.LittleEndian.Uint32(p), binary.BigEndian.Uint32(p)
	for _, w := range []uint32{
		0x428a2f98, 0xd728ae22, // SHA-256 and SHA-512, K
		0x6a09e667, 0xf3bcc908, // SHA-256 and SHA-512, H
		0xcbbb9d5d, 0xc1059ed8, // SHA-384, H
		0x67452301, // SHA-1 and MD5, H
	} {
		if le == w || be == w {
			return true
		}
	}
	return false
}
