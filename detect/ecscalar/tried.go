package ecscalar

import (
	"hash/maphash"
	"sync/atomic"
)

// triedBits is log2 of the number of lanes that are remembered, in 8 MiB. The heaps of busy servers hold almost a
// million different lanes, most several times.
const triedBits = 20

// tried remembers which lanes met no public key, for memory repeats itself from chunk to
// chunk. A later lane takes the place of an earlier one, so that what is remembered is a
// matter of luck; but it saves work only and changes no result: two lanes of
// one digest, which nobody can make without the seed, are one in 2^64.
type tried struct {
	seed  maphash.Seed
	slots []atomic.Uint64
}

func newTried() *tried {
	return &tried{seed: maphash.MakeSeed(), slots: make([]atomic.Uint64, 1<<triedBits)}
}

// digest returns what a lane of curve c is remembered by, never zero.
func (t *tried) digest(c int, fm form, b []byte) uint64 {
	h := maphash.Bytes(t.seed, b)
	h ^= uint64(c+1)<<8 | uint64(fm)
	h *= 0x9E3779B97F4A7C15 // odd, so nothing is lost
	return max(h, 1)
}

func (t *tried) has(digest uint64) bool { return t.slots[digest>>(64-triedBits)].Load() == digest }

func (t *tried) add(digest uint64) { t.slots[digest>>(64-triedBits)].Store(digest) }
