package storepass

import (
	"crypto/sha1"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textproof"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// mostChars bounds a password in characters, triedBits is the logarithm of how many are remembered.
const mostChars, triedBits = 128, 18

// prover tells passwords. It is immutable but for what it remembers.
type prover struct {
	keys  []probe.Sealed
	tried *tried.Set
}

// Text returns the prover of passwords in text of one byte a character, or nil when f has no key that tells
// one.
func Text(f probe.Facts) probe.Detector { return newText(f, false) }

// Wide is Text for UTF-16LE.
func Wide(f probe.Facts) probe.Detector { return newText(f, true) }

func newText(f probe.Facts, wide bool) probe.Detector {
	if len(f.Sealed) == 0 {
		return nil
	}
	s := probe.Spec{
		ID: "keystore-password", About: "passwords that decrypt a key of a Java key store in the dump", Kinds: []string{Kind},
	}
	if wide {
		s.ID, s.About = "keystore-password-utf16", "passwords in UTF-16 that decrypt a key of a Java key store in the dump"
	}
	p := &prover{keys: f.Sealed, tried: tried.New(triedBits)}
	return textproof.New(s, wide, textproof.Plain(Kind, p.proves))
}

// proves reports whether the characters, which are ASCII, decrypt one of the keys.
func (p *prover) proves(chars []byte) bool {
	if len(chars) > mostChars {
		return false
	}
	digest := p.tried.Digest(chars, 0)
	if p.tried.Has(digest) {
		return false
	}
	var room [2*mostChars + hashLen]byte
	defer clear(room[:])
	for i, c := range chars {
		room[2*i+1] = c // UTF-16BE
	}
	for i := range p.keys {
		k := &p.keys[i]
		n := copy(room[2*len(chars):], k.Salt[:])
		row := sha1.Sum(room[:2*len(chars)+n])
		for j := range row {
			row[j] ^= k.Head[j]
		}
		if begins(row[:], k.Len) {
			return true
		}
	}
	p.tried.Add(digest)
	return false
}

// begins reports whether p is the beginning of a PrivateKeyInfo of n bytes (RFC 5958, section 2): a SEQUENCE
// to its end, version 0 or 1, and an AlgorithmIdentifier with an object identifier.
func begins(p []byte, n int) bool {
	if p[0] != 0x30 {
		return false
	}
	i := 2
	switch p[1] {
	case 0x82:
		i = 4
		if int(p[2])<<8|int(p[3]) != n-i {
			return false
		}
	case 0x81:
		i = 3
		if int(p[2]) != n-i {
			return false
		}
	default:
		if int(p[1]) != n-i {
			return false
		}
	}
	p = p[i:]
	return p[0] == 0x02 && p[1] == 1 && p[2] <= 1 && p[3] == 0x30 && p[4] >= 5 && p[4] < 0x80 && p[5] == 0x06 && p[6] >= 3 && p[6]+2 <= p[4]
}
