package tlssecret

import (
	"hash/maphash"
	"sync"
)

const (
	// memoBits is log2 of the number of windows that are remembered, in 5 MiB.
	memoBits = 17
	// mostClosures is how many closures a window of one size has.
	mostClosures = 8
)

// memo remembers the first words of the keys that windows give, where none of the keys is known:
// memory repeats itself, and only whether a key lies near by depends on where a window
// does. A later window takes the place of an earlier one, so that what is remembered is a matter of
// luck, but it saves work only. Two windows of one digest, which nobody can make without the seed,
// are one in 2^64.
type memo struct {
	seed  maphash.Seed
	parts [memoParts]struct {
		sync.Mutex
		slots []slotOf // nil until the first one comes
	}
}

// memoParts is how many parts there are, each with a lock and every memoParts-th slot.
const memoParts = 64

type slotOf struct {
	digest uint64
	words  [mostClosures]uint32
}

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed()}
}

// digest returns what a window is remembered by, never zero.
func (m *memo) digest(window []byte) uint64 { return max(maphash.Bytes(m.seed, window), 1) }

func (m *memo) get(digest uint64) (words [mostClosures]uint32, ok bool) {
	k := digest >> (64 - memoBits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.slots == nil {
		return words, false
	}
	s := &p.slots[k/memoParts]
	return s.words, s.digest == digest
}

func (m *memo) put(digest uint64, words [mostClosures]uint32) {
	k := digest >> (64 - memoBits)
	p := &m.parts[k%memoParts]
	p.Lock()
	defer p.Unlock()
	if p.slots == nil {
		p.slots = make([]slotOf, 1<<memoBits/memoParts)
	}
	p.slots[k/memoParts] = slotOf{digest, words}
}
