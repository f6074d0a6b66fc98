package malloc

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Memory copies len(p) bytes of the process's memory at addr to p, and reports
// whether all of them are there.
type Memory func(addr uint64, p []byte) bool

// The flags in the low bits of a chunk's size, and the sizes around it, in bytes.
const (
	prevInUse = 1 << 0
	mmapped   = 1 << 1
	mainless  = 1 << 2 // the chunk is not in the main arena
	flags     = 7
	header    = 16 // size of the chunk before, if that is free, and own size
	minChunk  = 32
	align     = 16
	largeMin  = 0x400 // from here on free chunks have two more pointers
)

// chunk is one piece of a heap, free or not. What its user may write is
// [at+header, at+size+8): the last word is the next chunk's first.
type chunk struct {
	at, size uint64
	free     bool // in a bin, as the next chunk says
}

// heap is a run of chunks that ends with the unused top, or with a fence.
type heap struct {
	layout.Range
	chunks []chunk // by address, without the top
	top    uint64  // address of the top chunk, 0 when there is none
}

// maxChunks bounds the chunks of one dump, and so the memory of the walk: 24 bytes
// each. A heap with more is left alone.
const maxChunks = 4 << 20

// walker walks one dump's heaps.
type walker struct {
	mem   Memory
	left  int // chunks that may still be kept
	steps int // links that may still be followed
	heaps []*heap
	out   []layout.Range
}

// Free returns what free chunks hold of their users' data, sorted and apart.
// extents are where there is memory, by address.
func Free(mem Memory, extents []layout.Range) []layout.Range {
	w := &walker{mem: mem, left: maxChunks, steps: 4 * maxChunks}
	var states []uint64
	for _, e := range extents {
		if h := w.heapAt(e, e.Low, e.High); h != nil {
			w.heaps = append(w.heaps, h)
			continue
		}
		states = append(states, w.arenaAt(e)...)
	}
	if len(w.heaps) == 0 {
		return nil
	}
	states = append(states, w.mainStates(extents)...)
	for _, h := range w.heaps {
		w.bins(h)
		w.caches(h)
		if h.top != 0 {
			w.add(h.top+header, h.High)
		}
	}
	slices.Sort(states)
	for _, s := range slices.Compact(states) {
		w.fastbins(s)
	}
	return layout.Union(w.out)
}

func (w *walker) add(low, high uint64) {
	if low < high {
		w.out = append(w.out, layout.Range{Low: low, High: high})
	}
}

// words reads n words from addr on; nil when they are not all there.
func (w *walker) words(addr uint64, n int) []uint64 {
	buf := make([]byte, 8*n)
	defer clear(buf)
	if !w.mem(addr, buf) {
		return nil
	}
	out := make([]uint64, n)
	for i := range out {
		out[i] = binary.LittleEndian.Uint64(buf[8*i:])
	}
	return out
}

// heapAt walks the chunks from first to end, all inside e. It returns nil when
// they do not lead there.
func (w *walker) heapAt(e layout.Range, first, end uint64) *heap {
	if first%align != 0 || end > e.High || first >= end {
		return nil
	}
	h := &heap{Range: layout.Range{Low: first, High: end}}
	var buf [header]byte
	for at := first; ; {
		if at > end-minChunk || !w.mem(at, buf[:]) {
			return nil
		}
		before, size := binary.LittleEndian.Uint64(buf[:8]), binary.LittleEndian.Uint64(buf[8:])
		if n := len(h.chunks); n > 0 && size&prevInUse == 0 {
			if before != h.chunks[n-1].size {
				return nil
			}
			h.chunks[n-1].free = true
		} else if n == 0 && size&prevInUse == 0 {
			return nil
		}
		body := size &^ flags
		if body == header && end-at == minChunk {
			return h // the fence of a heap that another one continues: 16|1, then 0|1
		}
		if size&mmapped != 0 || body < minChunk || body%align != 0 || body > end-at {
			return nil
		}
		if body == end-at {
			h.top = at
			return h
		}
		if w.left == 0 {
			return nil
		}
		w.left--
		h.chunks = append(h.chunks, chunk{at: at, size: body})
		at += body
	}
}

// step counts a link that was followed, and reports whether that was allowed.
func (w *walker) step() bool {
	w.steps--
	return w.steps >= 0
}

// find returns the chunk at address at.
func (w *walker) find(at uint64) (chunk, bool) {
	for _, h := range w.heaps {
		if !h.Holds(at) {
			continue
		}
		i, ok := slices.BinarySearchFunc(h.chunks, at, func(c chunk, at uint64) int { return cmp.Compare(c.at, at) })
		if ok {
			return h.chunks[i], true
		}
	}
	return chunk{}, false
}
