package wrapped

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Offsets and sizes in bytes of the secret keys of signify (struct enckey in signify.c of OpenBSD) and of
// minisign (SeckeyStruct in minisign.h), which their files have in base64. Both hold a seed of Ed25519 and its
// public key; what a pass phrase encrypts begins with the seed in signify and with the key's number in minisign.
const (
	signifyRounds = 4 // of bcrypt, four bytes, big-endian; none without a pass phrase
	signifyKey    = 40
	signifySize   = signifyKey + 2*privkey.SizeEd25519
	minisignKDF   = 2 // two bytes, "Sc" or zeros
	minisignNum   = 54
	minisignKey   = minisignNum + 8
	minisignSize  = minisignKey + 2*privkey.SizeEd25519 + 32 // with a check sum
	mostRounds    = 1 << 16
)

// signifies is the detector of the secret keys of signify and minisign.
type signifies struct{}

// NewSignify returns the detector of the secret keys with which signify and minisign sign files.
func NewSignify() probe.Detector { return signifies{} }

// Spec implements [probe.Detector]. The anchors are the algorithms: of the signature, of what encrypts
// the key, and the upper half of signify's rounds or minisign's check sum.
func (signifies) Spec() probe.Spec {
	return probe.Spec{
		ID:      "signify-secret-key",
		About:   "secret keys of signify and minisign",
		Kinds:   []string{privkey.Ed25519, privkey.Encrypted},
		Anchors: []string{"EdBK\x00\x00", "Ed\x00\x00B2", "EdScB2"},
		After:   minisignSize,
	}
}

// Detect implements [probe.Detector].
func (signifies) Detect(v probe.View, emit func(probe.Match)) {
	p := v.Data[v.At:]
	key, sealed, end := signifyKey, signifyKey, signifySize
	var plain bool
	if p[minisignKDF] == 'B' {
		if len(p) < signifyKey {
			return
		}
		rounds := binary.BigEndian.Uint32(p[signifyRounds:])
		if rounds > mostRounds {
			return
		}
		plain = rounds == 0
	} else {
		key, sealed, end = minisignKey, minisignNum, minisignSize
		plain = p[minisignKDF] == 0
	}
	if plain {
		bareSignify(v, key, emit)
		return
	}
	end = min(end, len(p))
	if end-sealed < minPrivate || !random(p[sealed:end]) {
		return
	}
	g := probe.Range{Start: v.At + sealed, End: v.At + end}
	var s secrets
	s.add(p[sealed:end], g)
	if m, ok := s.match(privkey.Encrypted, probe.Raw, probe.Likely, probe.Range{Start: v.At, End: g.End}); ok {
		emit(m)
	}
}

// bareSignify emits the seed at key of a structure that no pass phrase encrypts.
func bareSignify(v probe.View, key int, emit func(probe.Match)) {
	p := v.Data[v.At:]
	seedEnd := min(key+privkey.SizeEd25519, len(p))
	if seedEnd-key < minPrivate || !random(p[key:seedEnd]) {
		return
	}
	seed := p[key:seedEnd]
	var s secrets
	s.add(seed, probe.Range{Start: v.At + key, End: v.At + seedEnd})
	m, ok := s.match(privkey.Ed25519, probe.Raw, probe.Likely, probe.Range{Start: v.At, End: v.At + seedEnd})
	if !ok {
		return
	}
	if len(seed) == privkey.SizeEd25519 {
		public := privkey.Ed25519Public(seed)
		if bytes.HasPrefix(p[seedEnd:], public) {
			m.Confidence = probe.Confirmed
		}
		m.SPKI = privkey.SPKIForEd25519(public)
		m.Identity = m.SPKI
	}
	emit(m)
}

// minisignTails is the detector of minisign's keys in text that lost its head.
type minisignTails struct{}

// NewMinisignTail returns the detector of what is left of minisign's files in freed buffers: a key that no pass
// phrase encrypts ends with zeros in place of a check sum, which are groups of base64 of their own.
func NewMinisignTail() probe.Detector { return minisignTails{} }

const (
	tailZeros  = 43                    // digits of the zeros, before the padding
	tailDigits = 88                    // before them: two octets of the key's number, the seed, the public key
	tailAnchor = "AAAAAAAAAAAAAAAAAA=" // the last digits of the zeros
	tailNumber = 2
)

// Spec implements [probe.Detector].
func (minisignTails) Spec() probe.Spec {
	return probe.Spec{
		ID:      "minisign-key-tail",
		About:   "secret keys of minisign in base64 of which the head is lost",
		Kinds:   []string{privkey.Ed25519},
		Anchors: []string{tailAnchor},
		Text:    true, Before: tailDigits + tailZeros, After: len(tailAnchor),
	}
}

// Detect implements [probe.Detector].
func (minisignTails) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	zeros := at + len(tailAnchor) - 1 - tailZeros
	start := zeros - tailDigits
	for i := zeros; i < at; i++ {
		if t.At(i) != 'A' {
			return
		}
	}
	if start < 0 {
		return
	}
	var digits [tailDigits]byte
	var room [tailDigits]byte
	defer clear(digits[:])
	defer clear(room[:])
	if n, err := base64.StdEncoding.Decode(room[:], t.Append(digits[:0], start, zeros)); err != nil || n != tailDigits/4*3 {
		return
	}
	seed := room[tailNumber : tailNumber+privkey.SizeEd25519]
	public := room[tailNumber+privkey.SizeEd25519 : tailDigits/4*3]
	if !random(seed) || !bytes.Equal(privkey.Ed25519Public(seed), public) {
		return
	}
	// The digits that hold a bit of the seed.
	g := t.Range(start+tailNumber*8/6, start+((tailNumber+privkey.SizeEd25519)*8+5)/6)
	spki := privkey.SPKIForEd25519(public)
	emit(probe.Match{
		Kind: privkey.Ed25519, Encoding: t.Encoding(probe.Base64), Confidence: probe.Confirmed, Text: true,
		Range: t.Range(start, at+len(tailAnchor)), Redact: []probe.Range{g},
		SPKI: spki, Identity: spki, Values: [][]byte{bytes.Clone(seed)},
	})
}
