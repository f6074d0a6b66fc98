// Package tried remembers what a costly test has turned down, for memory repeats itself: what a server
// has received lies in its buffers several times, and from chunk to chunk.
//
// A later candidate takes the place of an earlier one where its four places are taken, so that what is remembered
// is a matter of luck; but it saves work only and changes no result: two candidates of one digest, which nobody can
// make without the seed, are one in 2^64.
package tried

import (
	"hash/maphash"
	"sync"
	"sync/atomic"
)

// Set remembers candidates by their digests. It may be used from several goroutines at once.
type Set struct {
	seed  maphash.Seed
	once  sync.Once
	slots atomic.Pointer[[]atomic.Uint64] // nil until the first candidate
	shift uint
}

// New returns a set of 2^bits candidates, four at least, of eight bytes each, which it takes when the first one comes.
func New(bits uint) *Set { return &Set{seed: maphash.MakeSeed(), shift: 64 - bits} }

// Digest returns what the octets of a candidate are remembered by, never zero. how tells apart what
// is tried with the same octets.
func (s *Set) Digest(octets []byte, how uint64) uint64 {
	h := maphash.Bytes(s.seed, octets) ^ how
	h *= 0x9E3779B97F4A7C15 // odd, so nothing is lost
	return max(h, 1)
}

// ways is how many places there are for a candidate, side by side in one line of the cache: with one alone, those that
// share it forget each other long before the set is full.
const ways = 4

// Has reports whether a digest is remembered.
func (s *Set) Has(digest uint64) bool {
	slots := s.slots.Load()
	if slots == nil {
		return false
	}
	first := digest >> s.shift &^ (ways - 1)
	places := (*[ways]atomic.Uint64)((*slots)[first:])
	return places[0].Load() == digest || places[1].Load() == digest || places[2].Load() == digest || places[3].Load() == digest
}

// Add remembers a digest.
func (s *Set) Add(digest uint64) {
	s.once.Do(func() {
		slots := make([]atomic.Uint64, 1<<(64-s.shift))
		s.slots.Store(&slots)
	})
	slots := *s.slots.Load()
	at := digest >> s.shift
	for i := range uint64(ways) {
		if k := at ^ i; slots[k].Load() == 0 {
			at = k
			break
		}
	}
	slots[at].Store(digest)
}
