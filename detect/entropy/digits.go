package entropy

import (
	"encoding/binary"
	"math/bits"
)

// LowBits has the bytes of a word of eight that are random in the digits of a random number, whatever their radix, from
// 2^25 on in words of four bytes and from 2^50 on in words of eight: all but the upper ones, in little-endian
// words or, swapped, in big-endian ones.
func LowBits(width int, swapped bool) uint64 {
	low := uint64(0x00ffffff00ffffff)
	if width == 8 {
		low = 1<<48 - 1
	}
	if swapped {
		low = bits.ReverseBytes64(low)
	}
	return low
}

// Words of digits that [DigitsPatterned] looks at, few of a short number and more of a long one.
const FewDigits, MoreDigits = 4, 7

// digitLimits are what the random bytes of so many words of digits have.
type digitLimits struct {
	small    int // bytes below 0x10: one in 16
	letters  int // bytes from 0x60 to 0x7f, mostly small letters: one in eight
	zeros    int // bytes that are zero
	repeated int // bytes equal to that eight before
	score    int // what bits that are not set, small bytes and those that stand there twice add up to
}

// DigitTops reports whether so many of the random bytes in so many words of digits may be 0x80 or more, as
// far as [DigitsPatterned] asks: one in two is expected.
func DigitTops(tops, words int) bool {
	if words >= MoreDigits {
		return tops >= 8 && tops <= 34
	}
	return tops >= 3 && tops <= 21
}

// DigitsPatterned reports whether the first words of p, [FewDigits] or [MoreDigits] of them, look less like digits of a
// random number than like text, tables or the instructions of virtual machines, in the bytes that low
// has. One number in 14,000 of few digits does, and one in 20,000 of more.
func DigitsPatterned(p []byte, words int, low uint64) bool {
	l := digitLimits{8, 12, 3, 3, 78}
	if words >= MoreDigits {
		l = digitLimits{12, 16, 4, 4, 118}
	}
	p = p[:8*words]
	tops := 0 // which tell most that are none
	for i := 0; i < len(p); i += 8 {
		tops += bits.OnesCount64(binary.LittleEndian.Uint64(p[i:]) & low & highs)
	}
	if !DigitTops(tops, words) {
		return true
	}
	const upper, kind, letter = 0xf0f0f0f0f0f0f0f0, 0xe0e0e0e0e0e0e0e0, 0x6060606060606060
	var small, letters, zeros, repeated, ones int
	for i := 0; i < len(p); i += 8 {
		w := binary.LittleEndian.Uint64(p[i:])
		ones += bits.OnesCount64(w & low)
		small += bits.OnesCount64(zeroMarks(w&upper) & low)
		letters += bits.OnesCount64(zeroMarks(w&kind^letter) & low)
		zeros += bits.OnesCount64(zeroMarks(w) & low)
		if i > 0 {
			repeated += bits.OnesCount64(zeroMarks(w^binary.LittleEndian.Uint64(p[i-8:])) & low)
		}
	}
	if small > l.small || letters > l.letters || zeros > l.zeros || repeated > l.repeated {
		return true
	}
	n := bits.OnesCount64(low) * words // bits
	score := n/2 - ones + 5*small
	return score > l.score || score+6*(n/8-distinct(p, low)) > l.score
}

// distinct returns how many different bytes low has in the words of p.
func distinct(p []byte, low uint64) int {
	var seen [4]uint64
	for i := 0; i < len(p); i += 8 {
		for b, m := binary.LittleEndian.Uint64(p[i:]), low; m != 0; b, m = b>>8, m>>8 {
			seen[b>>6&3] |= (m & 1) << (b & 63)
		}
	}
	return bits.OnesCount64(seen[0]) + bits.OnesCount64(seen[1]) + bits.OnesCount64(seen[2]) + bits.OnesCount64(seen[3])
}
