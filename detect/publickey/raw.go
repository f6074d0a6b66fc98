package publickey

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// rawDetectors returns the detectors of keys without an encoding.
func rawDetectors() []probe.Detector {
	return []probe.Detector{pointDetector{}, limbPointDetector{newFields()}, modulusDetector{}, intDetector{}}
}

// random reports whether a word of eight bytes looks like a piece of a random
// number: a byte that is no ASCII, hardly any zero byte, and no pointer, which
// has two. Of random words, one in 240 fails.
func random(w uint64) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	if w&high == 0 {
		return false
	}
	zeros := (w - low) &^ w & high // the lowest zero byte and, seldom, what is above it
	if zeros&(zeros-1) != 0 {
		return false
	}
	top := w >> 48
	return top != 0xffff
}

// dense reports whether nearly all of the words in p look random. The length of p
// is a multiple of eight.
func dense(p []byte) bool {
	misses := 0
	for i := 0; i+8 <= len(p); i += 8 {
		if !random(binary.LittleEndian.Uint64(p[i:])) {
			misses++
		}
	}
	// In 16 words there are two misses once in 500, in 128 there are six once in 10^5.
	return misses <= 1+len(p)/128
}

// swap returns w as a processor of the other byte order would have stored it.
func swap(w uint64) uint64 { return bits.ReverseBytes64(w) }
