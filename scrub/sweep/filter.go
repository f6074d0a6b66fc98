package sweep

import "math/bits"

// filter says of most words that they are not indexed. It is a Bloom filter whose
// two bits for a word lie in one 64-bit word, so that a look costs one access.
type filter struct {
	bits  []uint64
	shift uint // of a hash, to get an index in bits
}

const (
	// bitsPerWord is the size of the filter for each indexed word: one random word
	// in 250 passes.
	bitsPerWord = 32
	// The least size is a memory page; the greatest is what still fits the second
	// cache of most processors, 1 MiB.
	minFilterBits = 15
	maxFilterBits = 23
)

func newFilter(words int) filter {
	n := min(max(bits.Len(uint(words)*bitsPerWord), minFilterBits), maxFilterBits)
	return filter{bits: make([]uint64, 1<<n/64), shift: uint(64 - n + 6)}
}

// hash mixes a word; its upper bits are used.
func hash(v uint64) uint64 { return v * 0x9E3779B97F4A7C15 }

// slotMix makes the place in the table independent of that in the filter.
const slotMix = 0xD6E8FEB86659FD93

// The numbers of the two bits of a hash within their word.
func bitA(h uint64) uint64 { return h >> 32 & 63 }
func bitB(h uint64) uint64 { return h >> 26 & 63 }

func (f *filter) set(h uint64) { f.bits[h>>(f.shift&63)] |= 1<<bitA(h) | 1<<bitB(h) }

func (f *filter) has(h uint64) bool {
	w := f.bits[h>>(f.shift&63)]
	return w&(1<<bitA(h)) != 0 && w&(1<<bitB(h)) != 0
}
