package tried

import (
	"hash/maphash"
	"sync"
)

// Memo remembers what was costly to make of octets. It may be used from several goroutines at once.
type Memo[V any] struct {
	seed  maphash.Seed
	bits  uint
	parts [memoParts]memoPart[V]
}

// memoParts is how many parts there are, each with a lock and every memoParts-th place.
const memoParts = 64

type memoPart[V any] struct {
	sync.Mutex
	sets []memoSet[V] // nil until the first one comes
}

// memoSet are the places of one value, the digests side by side.
type memoSet[V any] struct {
	digests [ways]uint64
	values  [ways]V
}

// NewMemo returns a memo of 2^bits values, 256 at least, for which it takes memory when they come.
func NewMemo[V any](bits uint) *Memo[V] { return &Memo[V]{seed: maphash.MakeSeed(), bits: bits} }

// Digest returns what octets are remembered by, never zero.
func (m *Memo[V]) Digest(octets []byte) uint64 { return max(maphash.Bytes(m.seed, octets), 1) }

// Get sets v to what is remembered by digest, and reports whether anything is.
func (m *Memo[V]) Get(digest uint64, v *V) bool {
	k := digest >> (64 - m.bits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.sets == nil {
		return false
	}
	s := &p.sets[k/memoParts/ways]
	for i, d := range s.digests {
		if d == digest {
			*v = s.values[i]
			return true
		}
	}
	return false
}

// Put remembers v.
func (m *Memo[V]) Put(digest uint64, v V) {
	k := digest >> (64 - m.bits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.sets == nil {
		p.sets = make([]memoSet[V], 1<<m.bits/memoParts/ways)
	}
	s, at := &p.sets[k/memoParts/ways], int(k/memoParts%ways)
	for i, d := range s.digests {
		if d == 0 || d == digest {
			at = i
			break
		}
	}
	s.digests[at], s.values[at] = digest, v
}
