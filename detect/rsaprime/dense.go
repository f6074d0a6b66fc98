package rsaprime

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// dense holds one bit for each word of eight bytes at a multiple of eight in the
// stream: whether it could be a part of a random number.
type dense struct {
	bits []uint64
	// filled is bits with every single word that lies between two dense ones: one
	// word of 200 of a long run fails by chance, and is no end of it.
	filled []uint64
	// common is how many bytes of all words before one are those of machine code, but for
	// words far from any dense one.
	common []uint32
	first  int // index in the data of word 0; may be negative
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// random reports whether w could be eight bytes of a random number: at most one
// byte is zero, some byte is 0x80 or more, and it is no address of a kernel. Of
// random words one in 200 fails; pointers of user space, text, small numbers do.
func random(w uint64) bool {
	if w&highs == 0 || w>>48 == 0xffff {
		return false
	}
	// The lowest bit set is a zero byte; higher ones may be false after a borrow,
	// which costs a random word in 2^16.
	z := (w - ones) & ^w & highs
	return z&(z-1) == 0
}

// densityOf looks at the words of data[lo:hi), where data[0] is at base.
func densityOf(data []byte, base int64, lo, hi int) dense {
	lo, hi = max(lo, 0), min(hi, len(data))
	d := dense{first: lo - int((base+int64(lo))&7)}
	n := max(0, hi-d.first) / 8
	d.bits = make([]uint64, n/64+3) // three: ahead reads beyond the end
	d.common = make([]uint32, n+1)
	whole := 0
	if d.first < 0 {
		whole = 1 // the first word is not
	}
	for k := whole; k < n; k++ {
		if random(binary.LittleEndian.Uint64(data[d.first+8*k:])) {
			d.bits[k>>6] |= 1 << (k & 63)
		}
	}
	// Only words near dense ones are asked for.
	common := uint32(0)
	for i, last := 0, uint64(0); i*64 < n; i++ {
		some := last | d.bits[i] | d.bits[i+1]
		last = d.bits[i]
		for k := max(i*64, whole); k < min(i*64+64, n); k++ {
			if some != 0 {
				if w := binary.LittleEndian.Uint64(data[d.first+8*k:]); w != 0 { // zeros are many, and no code
					common += uint32(entropy.Common(w))
				}
			}
			d.common[k+1] = common
		}
	}
	d.filled = make([]uint64, len(d.bits))
	for i, b := range d.bits {
		left, right := b<<1, b>>1
		if i > 0 {
			left |= d.bits[i-1] >> 63
		}
		if i+1 < len(d.bits) {
			right |= d.bits[i+1] << 63
		}
		d.filled[i] = b | left&right
	}
	return d
}

// ahead returns the bits of 64 words from word k on, the first in bit 0.
func (d *dense) ahead(k int) uint64 {
	i := k >> 6
	if k < 0 || i+1 >= len(d.bits) {
		return 0
	}
	s := uint(k & 63)
	return d.bits[i]>>s | d.bits[i+1]<<(64-s) // a shift by 64 gives zero
}

// at reports whether word k is dense.
func (d *dense) at(k int) bool {
	return k >= 0 && k>>6 < len(d.bits) && d.bits[k>>6]>>(k&63)&1 != 0
}

// inside reports whether word k is dense or lies alone between two that are.
func (d *dense) inside(k int) bool {
	return k >= 0 && k>>6 < len(d.filled) && d.filled[k>>6]>>(k&63)&1 != 0
}

// count returns how many of the n words from k on are dense, looking at 64.
func (d *dense) count(k, n int) int {
	a := d.ahead(k)
	if n < 64 {
		a &= 1<<n - 1
	}
	return bits.OnesCount64(a)
}

// commonIn returns how many bytes of the n words from k on are those that machine code
// prefers, or none where the words are not at hand.
func (d *dense) commonIn(k, n int) int {
	if k < 0 || k+n >= len(d.common) {
		return 0
	}
	return int(d.common[k+n] - d.common[k])
}

// quiet reports whether no word of the 64 from k on is dense.
func (d *dense) quiet(k int) bool { return k>>6+1 < len(d.bits) && d.ahead(k) == 0 }
