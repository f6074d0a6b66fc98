package rsaprime

import (
	"hash/maphash"
	"sync/atomic"
)

// triedBits is log2 of the number of candidates that are remembered, in a mebibyte.
const triedBits = 17

// tried remembers which candidates divide no modulus, for memory repeats itself: what a server
// has received lies in its buffers several times. A later candidate takes the place of an earlier
// one, so that what is remembered is a matter of luck; but it saves work only and changes
// no result: two candidates of one digest, which nobody can make without the seed, are one in 2^64.
type tried struct {
	seed  maphash.Seed
	slots []atomic.Uint64
}

func newTried() *tried {
	return &tried{seed: maphash.MakeSeed(), slots: make([]atomic.Uint64, 1<<triedBits)}
}

// digest returns what the octets of a candidate are remembered by, never zero. how tells apart what
// is tried with the same octets.
func (t *tried) digest(octets []byte, how uint64) uint64 {
	h := maphash.Bytes(t.seed, octets) ^ how
	h *= 0x9E3779B97F4A7C15 // odd, so nothing is lost
	return max(h, 1)
}

func (t *tried) has(digest uint64) bool { return t.slots[digest>>(64-triedBits)].Load() == digest }

func (t *tried) add(digest uint64) { t.slots[digest>>(64-triedBits)].Store(digest) }
