package winkeys

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// symInts is the detector of SymCrypt's integers.
type symInts struct{}

// NewSymCrypt returns the detector of the private integers of SymCrypt, which computes
// for Windows's CNG and SChannel: private exponents and scalars. The primes of an RSA
// key lie in moduli of the same allocation as their product, and are proven by that.
func NewSymCrypt() probe.Detector { return symInts{} }

const (
	// symIntType is the type word of a SYMCRYPT_INT, "gI" above an empty offset
	// (symcrypt_internal.h: "the upper bits allow objects to be recognized in memory").
	symIntType = "\x00\x00Ig"
	// symHeader is how far behind the type word the limbs begin: the next multiple of
	// SYMCRYPT_ASYM_ALIGN_VALUE.
	symHeader = 32
	// symAround is how far before an integer the divisor begins that it is the
	// modulus of.
	symAround = 96
	// maxSymInt bounds the limbs: an exponent of 4096 bits.
	maxSymInt = 512
	// minSymInt is the shortest scalar, in bytes, less what leading zeros may take.
	minSymInt = 24
)

// Spec implements [probe.Detector].
func (symInts) Spec() probe.Spec {
	return probe.Spec{
		ID:      "symcrypt-int",
		About:   "private exponents and scalars as integers of SymCrypt, which computes for Windows",
		Kinds:   []string{privkey.Other},
		Anchors: []string{symIntType},
		Before:  symAround,
		After:   symHeader + maxSymInt,
	}
}

// Detect implements [probe.Detector]. The object is its type, the number of its digits,
// its size, all of 32 bits, and from the next aligned address on the limbs, least significant
// first. Digits have 16, 32 or 64 bytes, as the processor has it.
func (symInts) Detect(v probe.View, emit func(probe.Match)) {
	s := blob{v.Data, v.At}
	digits, size := s.word(1), s.word(2)
	if digits < 1 || digits > maxSymInt/16 || inDivisor(v.Data, v.At) {
		return
	}
	for _, digit := range [...]int{64, 32, 16} {
		n := digits * digit
		// The size counts the header and, with what sizeof says of an array of one
		// limb, as much again.
		if n > maxSymInt || size != n+symHeader && size != n+2*symHeader {
			continue
		}
		start := v.At + symHeader
		end := min(start+n, len(v.Data))
		if end <= start {
			return
		}
		limbs := bytes.TrimRight(v.Data[start:end], "\x00")
		if len(limbs) < minSymInt || privkey.Redacted(limbs) {
			return
		}
		be := slices.Clone(limbs)
		slices.Reverse(be)
		if !plausible.Random(be) || plausible.Prefix(be) < len(be) || privkey.Junk(be) {
			return
		}
		r := probe.Range{Start: start, End: start + len(limbs)}
		number := privkey.Number{Bytes: be, At: r, Cut: end < start+n}
		if k, ok := privkey.OpaqueKey(privkey.Other, probe.Range{Start: v.At, End: end}, number, probe.Likely); ok {
			emit(k.Match(probe.LimbsLE, 0))
		}
		return
	}
}

// inDivisor reports whether the integer at data[at:] belongs to a divisor or a modulus, as that
// of a public key does, and the order of a curve.
func inDivisor(data []byte, at int) bool {
	const divisor, modulus, montgomery = 0x6744, 0x674d, 0x6d4d // "gD", "gM", "mM"
	for i := at - symHeader; i >= max(0, at-symAround); i -= symHeader {
		switch binary.LittleEndian.Uint32(data[i:]) >> 16 {
		case divisor, modulus, montgomery:
			return true
		}
	}
	return false
}
