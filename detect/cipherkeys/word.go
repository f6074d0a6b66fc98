package cipherkeys

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// highBits are the top bits of eight bytes: ASCII text has none of them.
const highBits = 0x8080808080808080

// get32 reads a native word of a big-endian or a little-endian machine.
func get32(p []byte, big bool) uint32 {
	if big {
		return binary.BigEndian.Uint32(p)
	}
	return binary.LittleEndian.Uint32(p)
}

func load64(p []byte, i int) uint64 { return binary.LittleEndian.Uint64(p[i:]) }

// firstStep returns the last index not above lo whose address is a multiple of
// step, a power of two. It may be negative.
func firstStep(base int64, lo, step int) int {
	return lo - int((base+int64(lo))&int64(step-1))
}

// pointerLike reports whether a word is a small number or a canonical address of
// x86-64 or arm64, in little-endian order. One random word in 2^16 is.
func pointerLike(w uint64) bool { return w>>47 == 0 || w>>47 == 1<<17-1 }

// dense reports whether p can be n random bytes: of ones that are random, one in
// five thousand is turned down. p holds 16 bytes or more.
func dense(p []byte) bool {
	var seen [256]bool
	distinct, zeros, high, fill := 0, 0, 0, 0
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if b == 0 {
			zeros++
		}
		high += int(b >> 7)
		if b != probe.Fill {
			fill = 0
		} else if fill++; fill == 4 {
			return false
		}
	}
	for i := 0; i+8 <= len(p); i += 8 {
		if w := load64(p, i); pointerLike(w) || pointerLike(bits.ReverseBytes64(w)) {
			return false
		}
	}
	// Sixteen random bytes hold 15.5 different ones on average and fewer than eleven
	// once in 10^7; of up to 64, a third may be repetitions.
	n := len(p)
	least := min(n*11/16, 24+n/8)
	return distinct >= least && zeros <= 1+n/16 && high >= n/16 && n-high >= n/16
}
