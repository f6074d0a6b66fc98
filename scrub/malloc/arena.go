package malloc

import "github.com/dumpscrub/dumpscrub/formats/layout"

// malloc_state begins with a lock, flags, and since 2.27 a word that says whether
// there are fast chunks; then ten lists of fast chunks, by size, and the top.
const (
	fastLists  = 10
	fastOffset = 16
	topOffset  = fastOffset + 8*fastLists
	stateSpan  = 0x898 // its size since 2.27
)

// heap_info stands at the start of a heap that is not the main arena's: the
// arena, the heap before, the size, the size that may be written, and since 2.35 the
// size of a page. Heaps are aligned to 64 MiB, or to what the tunables say.
const (
	heapAlign = 1 << 20
	infoWords = 4
	maxInfo   = 0x40
)

// arenaAt walks the heap of a thread's arena that begins at e, and returns the
// address of the arena.
func (w *walker) arenaAt(e layout.Range) []uint64 {
	if e.Low%heapAlign != 0 {
		return nil
	}
	info := w.words(e.Low, infoWords)
	if info == nil || info[2] == 0 || info[2] > e.High-e.Low || info[3] < info[2] {
		return nil
	}
	state, end := info[0], e.Low+info[2]
	own := state >= e.Low+32 && state <= e.Low+maxInfo
	first := e.Low + 32
	if own {
		first = state + stateSpan - 0x40
	}
	// Where the chunks begin depends on the version by a few words.
	for at := first &^ (align - 1); at <= first+0x80; at += align {
		if h := w.heapAt(e, at, end); h != nil && len(h.chunks) > 0 {
			w.heaps = append(w.heaps, h)
			if own {
				return []uint64{state}
			}
			return nil
		}
	}
	return nil
}

// maxData bounds the extents that the main arena is looked for in: it lies in the
// C library's writable data.
const maxData = 512 << 10

// mainStates returns where main_arena may be: where a word is the address of a
// heap's top, and the words before it are lists of fast chunks.
func (w *walker) mainStates(extents []layout.Range) []uint64 {
	tops := map[uint64]bool{}
	for _, h := range w.heaps {
		if h.top != 0 {
			tops[h.top] = true
		}
	}
	const piece = 4 << 10
	var out []uint64
	for _, e := range extents {
		if e.High-e.Low > maxData {
			continue
		}
		for at := e.Low; at+piece <= e.High; at += piece {
			for i, v := range w.words(at, piece/8) {
				if tops[v] && at+uint64(i)*8 >= e.Low+topOffset {
					out = append(out, at+uint64(i)*8-topOffset)
				}
			}
		}
	}
	return out
}

// fastbins adds the chunks of the fast lists of the arena at state. If one list is
// not what it should be, this is no arena and nothing is added.
func (w *walker) fastbins(state uint64) {
	firsts := w.words(state+fastOffset, fastLists+1)
	if firsts == nil {
		return
	}
	var found []layout.Range
	for i, at := range firsts[:fastLists] {
		size := minChunk + uint64(i)*align
		for at != 0 {
			c, ok := w.find(at)
			if !ok || c.free || c.size != size || !w.step() {
				return
			}
			found = append(found, layout.Range{Low: at + header + 8, High: at + size + 8})
			link := w.words(at+header, 1)
			if link == nil {
				return
			}
			at = w.fastNext(at+header, link[0], size)
		}
	}
	for _, r := range found {
		w.add(r.Low, r.High)
	}
}

// fastNext returns the chunk that the link at addr, which reads v, leads to, or 0.
func (w *walker) fastNext(addr, v, size uint64) uint64 {
	for _, to := range next(addr, v) {
		if c, ok := w.find(to); to != 0 && ok && c.size == size {
			return to
		}
	}
	return 0
}
