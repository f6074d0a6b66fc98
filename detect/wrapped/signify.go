package wrapped

import (
	"bytes"
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
