package ecscalar

import (
	"crypto/sha512"
	"encoding/binary"
	"math/bits"

	"golang.org/x/crypto/sha3"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// form is how a number lies in memory.
type form uint8

const (
	littleEnd form = iota // least significant byte first
	bigEnd                // most significant byte first
	words32               // most significant little-endian 32-bit word first
	limbs64               // least significant big-endian 64-bit word first
	limbs32               // least significant big-endian 32-bit word first
	clamp                 // as littleEnd, to be clamped first (RFC 7748, section 5)
	seed                  // octets whose hash is the scalar (RFC 8032, sections 5.1.5, 5.2.5)
)

// encoding returns the name of a form in reports.
func (fm form) encoding() string {
	switch fm {
	case littleEnd:
		return probe.LimbsLE
	case bigEnd:
		return probe.IntBE
	case words32:
		return probe.Words32BE
	case limbs64, limbs32:
		return probe.LimbsBE
	}
	return probe.Raw
}

// forward reports whether later bytes are more significant.
func (fm form) forward() bool { return fm != bigEnd && fm != words32 }

// octets returns how many bytes a form of one scalar or seed takes.
func (s *shape) octets(fm form) int {
	switch {
	case fm == seed && s.size == 56:
		return 57
	case fm == limbs64: // whole limbs, of which the last one of P-521 begins with zeros
		return (s.size + 7) &^ 7
	case fm == limbs32:
		return (s.size + 3) &^ 3
	}
	return s.size
}

// load writes the number in b to w, least significant word first.
func load(fm form, b []byte, w []uint64) {
	clear(w)
	for i := range w {
		rest := b[min(8*i, len(b)):]
		switch {
		case fm == bigEnd && len(b) >= 8*i+8:
			w[i] = binary.BigEndian.Uint64(b[len(b)-8*i-8:])
		case fm == bigEnd:
			end := len(b) - 8*i
			for _, v := range b[max(0, end-8):max(0, end)] {
				w[i] = w[i]<<8 | uint64(v)
			}
		case fm == limbs32 && len(rest) == 4:
			w[i] = uint64(binary.BigEndian.Uint32(rest))
		case len(rest) < 8:
			for k, v := range rest {
				w[i] |= uint64(v) << (8 * k)
			}
		case fm == words32:
			end := len(b) - 8*i
			w[i] = bits.RotateLeft64(binary.LittleEndian.Uint64(b[end-8:]), 32)
		case fm == limbs64:
			w[i] = binary.BigEndian.Uint64(rest)
		case fm == limbs32:
			w[i] = bits.RotateLeft64(binary.BigEndian.Uint64(rest), 32)
		default:
			w[i] = binary.LittleEndian.Uint64(rest)
		}
	}
}

// scalar writes the scalar that one candidate in b stands for to w, and reports
// whether it is worth computing with.
func (s *shape) scalar(fm form, b []byte, w []uint64) bool {
	switch fm {
	case seed:
		if s.size == 32 {
			h := sha512.Sum512(b)
			load(littleEnd, h[:32], w)
		} else {
			var h [114]byte
			sha3.ShakeSum256(h[:], b)
			load(littleEnd, h[:56], w)
		}
		s.clamp(w)
		return true
	case clamp:
		load(littleEnd, b, w)
		s.clamp(w)
		return true
	}
	load(fm, b, w)
	switch top := w[s.words-1]; {
	case s.a2.Sign() != 0 && s.size == 32:
		// A clamped scalar, or one modulo the order, just above 2^252.
		return top>>62 == 1 && w[0]&7 == 0 || top>>60 == 0
	case s.a2.Sign() != 0:
		return top>>63 == 1 && w[0]&3 == 0 || top>>62 == 0
	case s.size == 66:
		if s.dodge(w); top>>9 != 0 {
			return false
		}
	case s.size%8 != 0: // a whole limb may hold more than the number
		return top>>(8*(s.size%8)) == 0
	}
	return true
}

// clamp is decodeScalar25519 and decodeScalar448 of RFC 7748, section 5.
func (s *shape) clamp(w []uint64) {
	if s.size == 32 {
		w[0] &^= 7
		w[3] = w[3]&^(1<<63) | 1<<62
		return
	}
	w[0] &^= 3
	w[6] |= 1 << 63
}

// dodge adds the order to a number of P-521 of which the top word is zero: a word that is zero is
// a point that has no chord with others, see [group.another].
func (s *shape) dodge(w []uint64) {
	if s.id != idP521 || w[s.words-1] != 0 {
		return
	}
	var n [maxLimbs]uint64
	toWords(s.order, n[:])
	var c uint64
	for i := range w {
		w[i], c = bits.Add64(w[i], n[i], c)
	}
}
