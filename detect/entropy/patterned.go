package entropy

import (
	"encoding/binary"
	"math/bits"
)

// What 32 random bytes have: each limit is passed by fewer than one window in 30,000, all of them
// together by one in 15,000.
const (
	fewestOnes, mostOnes = 92, 164 // bits that are set: 128 expected
	fewestTops, mostTops = 5, 27   // bytes from 0x80 on: 16 expected
	mostZeros            = 3       // bytes that are zero: 1 in 8 windows has one
	mostSmall            = 10      // bytes below 0x10: 2 expected
	mostLetters          = 15      // bytes from 0x60 to 0x7f, mostly small letters: 4 expected
	mostRepeated         = 4       // bytes equal to that 4, 8 or 16 before: 1 in 4 windows has one
)

// Patterned reports whether the first 32 bytes of p, which must be there, look less like random data than
// like text, tables of pointers or numbers, or the constants and instructions of virtual machines; or have
// an aligned half of a word that is a count or an address rather than a piece of a number: one
// below 4,096, of either sign and byte order, as a length before an array.
func Patterned(p []byte) bool {
	p = p[:32]
	le := binary.LittleEndian
	a, b, c, d := le.Uint64(p), le.Uint64(p[8:]), le.Uint64(p[16:]), le.Uint64(p[24:])
	// The marks of four words side by side in one.
	tops := bits.OnesCount64(a&highs>>3 | b&highs>>2 | c&highs>>1 | d&highs)
	if tops < fewestTops || tops > mostTops || counts(a) || counts(b) || counts(c) || counts(d) {
		return true
	}
	ones := bits.OnesCount64(a) + bits.OnesCount64(b) + bits.OnesCount64(c) + bits.OnesCount64(d)
	if ones < fewestOnes || ones > mostOnes || zeroBytes(a, b, c, d) > mostZeros {
		return true
	}
	const upper, kind, letter = 0xf0f0f0f0f0f0f0f0, 0xe0e0e0e0e0e0e0e0, 0x6060606060606060
	if zeroBytes(a&upper, b&upper, c&upper, d&upper) > mostSmall ||
		zeroBytes(a&kind^letter, b&kind^letter, c&kind^letter, d&kind^letter) > mostLetters {
		return true
	}
	const none = 0x01010101 // in the half before which there is nothing
	return zeroBytes(a^a<<32|none, b^(b<<32|a>>32), c^(c<<32|b>>32), d^(d<<32|c>>32))+
		zeroBytes(b^a, c^b, d^c, 1<<64-1)+zeroBytes(c^a, d^b, 1<<64-1, 1<<64-1) > mostRepeated
}

// counts reports whether a half of w is a number near zero in either byte order. One random half in
// 350,000 is.
func counts(w uint64) bool {
	const below = 1 << 12
	lo, hi := uint32(w), uint32(w>>32)
	return lo+below < 2*below || hi+below < 2*below || lo&0x00f0ffff == 0 || hi&0x00f0ffff == 0
}

const highs = 0x8080808080808080

// zeroBytes counts the bytes of four words that are zero.
func zeroBytes(a, b, c, d uint64) int {
	return bits.OnesCount64(zeroMarks(a)>>3 | zeroMarks(b)>>2 | zeroMarks(c)>>1 | zeroMarks(d))
}

// zeroMarks has the highest bit of each byte of w that is zero.
func zeroMarks(w uint64) uint64 {
	return ^(((w &^ highs) + ^uint64(highs)) | w | ^uint64(highs))
}
