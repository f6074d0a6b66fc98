package ecpair

import (
	"hash/maphash"
	"sync"
)

// core is the first octets of what is looked for of a public number, see coreOf, in a word, the
// first one lowest. A number of which its core is near by is worth a proof.
type core uint64

// halves are the cores of the public halves that a value may have, on all curves of one size.
type halves struct {
	n     int
	cores [7]core
}

func (h *halves) add(number []byte) {
	h.cores[h.n] = coreBits(number)
	h.n++
}

// memo remembers the public halves of values, for memory repeats itself: the heap of a
// server holds each several times. A later value takes the place of an earlier one, so that
// what is remembered is a matter of luck, but it saves work only.
type memo struct {
	seed  maphash.Seed
	parts [memoParts]struct {
		sync.Mutex
		slots []slot // nil until the first one comes
	}
}

// memoParts is how many parts there are, each with a lock and every memoParts-th slot.
const memoParts = 64

// slot holds the halves of the value of which digest is the digest; two values of one,
// which nobody can make without the seed, are one in 2^64.
type slot struct {
	digest uint64
	cores  [7]core
	n      uint8
}

// memoBits is log2 of the number of values that are remembered, in 9 MiB.
const memoBits = 17

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed()}
}

// digest returns what a value is remembered by, never zero. Values of different curves
// have different lengths.
func (m *memo) digest(value []byte) uint64 { return max(maphash.Bytes(m.seed, value), 1) }

func (m *memo) get(digest uint64, h *halves) bool {
	k := digest >> (64 - memoBits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.slots == nil || p.slots[k/memoParts].digest != digest {
		return false
	}
	s := &p.slots[k/memoParts]
	h.n, h.cores = int(s.n), s.cores
	return true
}

func (m *memo) put(digest uint64, h *halves) {
	k := digest >> (64 - memoBits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.slots == nil {
		p.slots = make([]slot, 1<<memoBits/memoParts)
	}
	p.slots[k/memoParts] = slot{digest: digest, cores: h.cores, n: uint8(h.n)}
}
