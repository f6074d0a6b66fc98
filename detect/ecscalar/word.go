package ecscalar

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// class says whether a word can be a part of a random number.
type class uint8

const (
	hard  class = iota // no: zero, a small number, a pointer, the fill
	soft               // hardly: text, or more than one zero byte
	dense              // yes
)

// classify judges an aligned word. One random word in 2^13 is hard, one in 230
// soft.
func classify(w uint64) class {
	const low, high = 0x0101010101010101, 0x8080808080808080
	if entropy.Hard(w) || w == bits.RotateLeft64(w, 8) {
		return hard // pointers of either byte order; eight equal bytes
	}
	if w&high == 0 {
		return soft
	}
	if z := (w - low) &^ w & high; z&(z-1) != 0 {
		return soft
	}
	return dense
}
