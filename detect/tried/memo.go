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

// memoParts is how many parts there are, each with a lock and every memoParts-th slot.
const memoParts = 64

type memoPart[V any] struct {
	sync.Mutex
	slots []memoSlot[V] // nil until the first one comes
}

type memoSlot[V any] struct {
	digest uint64
	value  V
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
	if p.slots == nil {
		return false
	}
	for i := range uint64(ways) {
		if s := &p.slots[k/memoParts^i]; s.digest == digest {
			*v = s.value
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
	if p.slots == nil {
		p.slots = make([]memoSlot[V], 1<<m.bits/memoParts)
	}
	at := k / memoParts
	for i := range uint64(ways) {
		if other := at ^ i; p.slots[other].digest == 0 || p.slots[other].digest == digest {
			at = other
			break
		}
	}
	p.slots[at] = memoSlot[V]{digest, v}
}
