package secret

import (
	"encoding/binary"
	"math/big"
)

// block is a number of 128 bits, the most significant octet first.
type block [16]byte

func blockOf(p []byte) (b block) {
	copy(b[:], p)
	return b
}

func (b block) plus(c block) block {
	for i := range b {
		b[i] ^= c[i]
	}
	return b
}

// right rotates to the right by n bits.
func (b block) right(n int) (r block) {
	x := new(big.Int).SetBytes(b[:])
	y := new(big.Int).Lsh(x, uint(128-n))
	x.Rsh(x, uint(n)).Or(x, y).SetBit(x, 128, 0)
	mask := new(big.Int).Lsh(big.NewInt(1), 128)
	x.And(x, mask.Sub(mask, big.NewInt(1))).FillBytes(r[:])
	return r
}

// left rotates to the left by n bits.
func (b block) left(n int) block { return b.right((128 - n) % 128) }

// halves returns the upper and the lower 64 bits.
func (b block) halves() (upper, lower uint64) {
	return binary.BigEndian.Uint64(b[:]), binary.BigEndian.Uint64(b[8:])
}

func joined(upper, lower uint64) (b block) {
	binary.BigEndian.PutUint64(b[:], upper)
	binary.BigEndian.PutUint64(b[8:], lower)
	return b
}
