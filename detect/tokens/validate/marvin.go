package validate

import (
	"encoding/binary"
	"math/bits"
)

// Marvin32 returns the Marvin hash of data under a seed, its two halves folded
// into one by exclusive or, as Microsoft's identifiable keys carry it. Words are
// little-endian; the last, partial one is closed by a byte of 0x80.
func Marvin32(data []byte, seed uint64) uint32 {
	lo, hi := marvin(data, seed)
	return lo ^ hi
}

// marvin returns the two halves of the Marvin hash.
func marvin(data []byte, seed uint64) (lo, hi uint32) {
	lo, hi = uint32(seed), uint32(seed>>32)
	for len(data) >= 4 {
		lo, hi = mix(lo+binary.LittleEndian.Uint32(data), hi)
		data = data[4:]
	}
	last := uint32(0x80)
	for i := len(data) - 1; i >= 0; i-- {
		last = last<<8 | uint32(data[i])
	}
	lo, hi = mix(lo+last, hi)
	return mix(lo, hi)
}

// mix is the block function of Marvin.
func mix(lo, hi uint32) (uint32, uint32) {
	hi ^= lo
	lo = bits.RotateLeft32(lo, 20) + hi
	hi = bits.RotateLeft32(hi, 9) ^ lo
	lo = bits.RotateLeft32(lo, 27) + hi
	return lo, bits.RotateLeft32(hi, 19)
}
