// Package entropy says of bytes that random data seldom looks as they do.
//
// Keys are random data; before anything costly is tried on a window of memory, what
// is plainly something else is left out. Most of what passes the usual tests for
// text, pointers and small numbers is machine code.
package entropy

import "math/bits"

// The bytes that machine code and its tables consist of: those that make up more
// than half of x86-64 programs, and small numbers. They are a set of 40: 00 to 05, 08,
// 0f, 10, 18, 20, 24, 28, 31, 39, 40, 41, 44, 45, 48, 49, 4c, 4d, 5c, 66, 74, 75, 83, 84,
// 85, 89, 8b, 8d, c0, c7, e8, e9, eb, fe, ff; bit b&63 of word b>>6 stands for b.
const (
	code0 = 0x020201110101813f
	code1 = 0x0030004010003333
	code2 = 0x0000000000002a38
	code3 = 0xc0000b0000000081
)

// Code reports whether p looks more like machine code than like random data. Of 32
// random bytes, five are of the set that code prefers; of 32 bytes of code, 19. The
// limit of 14 is passed by one random window of 32 bytes in 25,000 and by nine windows
// of code in ten. Longer windows are judged by the same share and are told apart
// better; shorter ones are not judged.
func Code(p []byte) bool {
	const of = 32
	if len(p) < of {
		return false
	}
	set := [4]uint64{code0, code1, code2, code3}
	n := uint64(0)
	for _, b := range p {
		n += set[b>>6] >> (b & 63) & 1
	}
	return Prefers(int(n), len(p))
}

// Prefers reports whether n bytes of which so many are of the set that code prefers
// look more like machine code than like random data, as [Code] does.
func Prefers(common, n int) bool {
	const share, of = 14, 32
	return common*of > share*n
}

// Common returns how many of the eight bytes of w are of the set that code prefers.
func Common(w uint64) int { return bits.OnesCount64(CommonBytes(w)) }

// CommonBytes has the lowest bit of each byte of w that is of the set that code prefers.
func CommonBytes(w uint64) (is uint64) {
	set := [4]uint64{code0, code1, code2, code3}
	for i := range 8 {
		b := w >> (8 * i)
		is |= set[b>>6&3] >> (b & 63) & 1 << (8 * i)
	}
	return is
}
