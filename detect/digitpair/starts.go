package digitpair

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// startBlocks is how many blocks of 64 words are looked at in one go.
const startBlocks = 16

// eachStart calls yield, in ascending order, with the words in [lo, hi) of data at which a run of
// leastWords or more of some class of the mask begins, one of which may be a gap, and those classes. lo is a
// word's place.
func eachStart(data []byte, lo, hi, mask int, yield func(at, classes int)) {
	hi = min(hi, len(data)-8*leastWords+1)
	if lo >= hi {
		return // the next word may begin behind the end of data
	}
	var before [2]uint64 // in the lowest bit: is the word before a block of each class?
	if lo >= 8 {
		c := class(binary.LittleEndian.Uint64(data[lo-8:]))
		before = [2]uint64{uint64(c & singles), uint64(c & doubles / doubles)}
	}
	var maps [kernel.DigitMaps * (startBlocks + 1)]uint64
	for at := lo; at < hi; {
		n := min(startBlocks, (hi-at+kernel.WordBytes-1)/kernel.WordBytes)
		fillDigits(maps[:kernel.DigitMaps*(n+1)], data[at:])
		for m := maps[:]; n > 0; n, m = n-1, m[kernel.DigitMaps:] {
			one, two := beginnings(m, &before[0]), beginnings(m[1:], &before[1])
			if mask&singles == 0 {
				one = 0
			}
			if mask&doubles == 0 {
				two = 0
			}
			for s := one | two; s != 0; s &= s - 1 {
				k := bits.TrailingZeros64(s)
				if at+8*k >= hi {
					return
				}
				yield(at+8*k, int(one>>k&1)*singles|int(two>>k&1)*doubles)
			}
			at += kernel.WordBytes
		}
	}
}

// fillDigits sets maps to those of the words that p begins with, and of nothing behind its end.
func fillDigits(maps []uint64, p []byte) {
	whole := min(len(maps)/kernel.DigitMaps, len(p)/kernel.WordBytes)
	kernel.Digits(maps[:kernel.DigitMaps*whole], p)
	maps, p = maps[kernel.DigitMaps*whole:], p[kernel.WordBytes*whole:]
	clear(maps)
	if len(maps) > 0 {
		var room [kernel.WordBytes]byte
		copy(room[:], p)
		kernel.Digits(maps[:kernel.DigitMaps], room[:])
	}
}

// beginnings marks the words of the block with the first maps, of one class, at which a run begins. before is whether the word
// before it is of the class, and is set to the same of the next block, with the next maps.
func beginnings(maps []uint64, before *uint64) uint64 {
	c, next := maps[0], maps[kernel.DigitMaps] // the class
	g, gaps := maps[2], maps[kernel.DigitMaps+2]
	all, gap, more := g, ^c, uint64(0)
	for i := 1; i < leastWords; i++ {
		all &= g>>i | gaps<<(64-i)
		no := ^(c>>i | next<<(64-i))
		more |= gap & no // a second gap
		gap |= no
	}
	starts := all &^ more &^ (c<<1 | *before)
	*before = c >> 63
	return starts
}
