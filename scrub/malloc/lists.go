package malloc

import "github.com/dumpscrub/dumpscrub/formats/layout"

// bins adds the chunks of h that lie in doubly linked lists: those whose neighbours
// in the list point back.
func (w *walker) bins(h *heap) {
	for _, c := range h.chunks {
		if !c.free {
			continue
		}
		links := w.words(c.at+header, 2)
		if links == nil || !w.points(links[0]+24, c.at) || !w.points(links[1]+16, c.at) {
			continue
		}
		kept := c.at + header + 16
		if c.size >= largeMin {
			kept += 16 // fd_nextsize, bk_nextsize
		}
		w.add(kept, c.at+c.size)
	}
}

// points reports whether the word at addr is to.
func (w *walker) points(addr, to uint64) bool {
	p := w.words(addr, 1)
	return p != nil && p[0] == to
}

// next returns where the link at addr, which reads v, leads: plainly, or mangled
// by the address of the link (PROTECT_PTR).
func next(addr, v uint64) [2]uint64 { return [2]uint64{v, v ^ addr>>12} }

// What tcache_perthread_struct looks like: as many counts as lists, then the lists'
// first elements, which are addresses of user data. Counts have had one byte up to
// 2.29 and two since.
const (
	cacheLists  = 64
	cacheBody   = cacheLists*2 + cacheLists*8
	oldBody     = cacheLists + cacheLists*8
	tcacheLinks = 16 // the link and the key
)

// caches adds the chunks that threads keep for themselves. Their caches are chunks
// in use, recognised by lists that are exactly as long as they are counted.
func (w *walker) caches(h *heap) {
	for _, c := range h.chunks {
		counts := 0
		switch c.size &^ 15 {
		case (cacheBody + header) &^ 15:
			counts = 2
		case (oldBody + header) &^ 15:
			counts = 1
		}
		if counts == 0 || c.free {
			continue
		}
		w.cache(c, counts)
	}
}

// cache adds what lies in the cache c, of which a count has width bytes.
func (w *walker) cache(c chunk, width int) {
	body := make([]byte, cacheLists*width)
	if !w.mem(c.at+header, body) {
		return
	}
	firsts := w.words(c.at+header+uint64(len(body)), cacheLists)
	if firsts == nil {
		return
	}
	var found []layout.Range
	for i, first := range firsts {
		n := int(body[i*width])
		if width == 2 {
			n |= int(body[2*i+1]) << 8
		}
		if n == 0 {
			continue // the element that was taken last may still be named
		}
		list, ok := w.list(first, n, minChunk+uint64(i)*align)
		if !ok {
			return
		}
		found = append(found, list...)
	}
	for _, r := range found {
		w.add(r.Low, r.High)
	}
}

// list follows n cached chunks of one size from the one whose user data is at
// user.
func (w *walker) list(user uint64, n int, size uint64) ([]layout.Range, bool) {
	var out []layout.Range
	for i := range n {
		c, ok := w.find(user - header)
		if !ok || c.free || c.size != size || !w.step() {
			return nil, false
		}
		out = append(out, layout.Range{Low: user + tcacheLinks, High: c.at + c.size + 8})
		link := w.words(user, 1)
		if link == nil {
			return nil, false
		}
		user = 0
		for _, to := range next(c.at+header, link[0]) {
			if c, ok := w.find(to - header); to != 0 && ok && c.size == size {
				user = to
				break
			}
		}
		if user == 0 && i+1 < n {
			return nil, false
		}
	}
	return out, true
}
