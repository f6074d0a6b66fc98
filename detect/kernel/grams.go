package kernel

import "math/bits"

// Grams is a set of hashes of three or four bytes each, one bit for each hash.
type Grams struct {
	bits   [1 << GramBits / 64]uint64
	factor uint32
	mask   uint32 // what of four bytes counts,
	fold   uint32 // and what is set in them before a hash is made
}

const (
	// GramBits is how many bits [Grams.Hash] has: a set takes 16 KiB, of a first-level cache.
	GramBits = 17
	// GramAhead is how many bytes [FindGrams] reads behind those that it judges.
	GramAhead = 8

	caseBits = 0x20202020
)

// NewGrams returns the empty set under a hash function, which the odd number factor chooses.
// What it holds has n bytes, with fold as if in lower case.
func NewGrams(n int, factor uint32, fold bool) *Grams {
	g := &Grams{factor: factor, mask: 1<<(8*n) - 1}
	if fold {
		g.fold = caseBits & g.mask
	}
	return g
}

// Hash hashes the first bytes of v, in little-endian order.
func (g *Grams) Hash(v uint32) uint32 { return (v&g.mask | g.fold) * g.factor >> (32 - GramBits) }

// Add adds the first bytes of v to g.
func (g *Grams) Add(v uint32) {
	h := g.Hash(v)
	g.bits[h>>6] |= 1 << (h & 63)
}

// Has reports whether g has the hash of the first bytes of v.
func (g *Grams) Has(v uint32) bool { return g.has(v) != 0 }

func (g *Grams) has(v uint32) uint64 {
	h := g.Hash(v)
	return g.bits[h>>6] >> (h & 63) & 1
}

// FindGrams clears in dst the bits of the bytes at which nothing begins that g has.
// p holds ClassBytes for each word of dst, and GramAhead.
func FindGrams(dst []uint64, p []byte, g *Grams) {
	if len(dst) == 0 {
		return
	}
	p = p[:ClassBytes*len(dst)+GramAhead]
	if !gramsSIMD(dst, p, g) {
		grams(dst, p, g)
	}
}

func grams(dst []uint64, p []byte, g *Grams) {
	for k, m := range dst {
		if m == 0 {
			continue
		}
		q := p[ClassBytes*k:][:ClassBytes+GramAhead]
		var has uint64
		for ; m != 0; m &= m - 1 {
			i := bits.TrailingZeros64(m)
			has |= g.has(load32(q, i)) << i
		}
		dst[k] = has
	}
}
