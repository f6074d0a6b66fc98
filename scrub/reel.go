package scrub

import (
	"context"
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// slabSize is how much of a tape is examined at once, besides the context carried
// over from the slab before, in bytes. Twice as much is in memory, for the next
// slab is read meanwhile.
const slabSize = 8 << 20

// window is a piece of a tape in private memory: data begins at position base,
// and [lo, hi) of it is to be examined; the rest is context.
type window struct {
	tape   *tape
	l      *layout.Layout
	data   []byte
	base   int64
	lo, hi int
	breaks []int // in data, see search.Window
}

// search returns w as the detectors see it.
func (w *window) search() search.Window {
	return search.Window{Data: w.data, Base: w.base, Addr: w.addr, Lo: w.lo, Hi: w.hi, Breaks: w.breaks}
}

// addr returns the address of data[i], or its file offset where it is no memory.
func (w *window) addr(i int) uint64 {
	off := w.tape.at(w.base + int64(i))
	if r := &w.l.Regions[w.l.At(off)]; r.Kind == layout.Memory {
		return r.Addr + uint64(off-r.Off)
	}
	return uint64(off)
}

// hull returns where the structure of f begins in the file and how far it runs
// there.
func (w *window) hull(f search.Found) layout.Span {
	r := f.Range
	if r.Len() <= 0 {
		r = probe.Range{Start: f.Hit, End: f.Hit + 1}
	}
	return w.tape.ranges(w.base, []probe.Range{r})[0]
}

// reel moves tapes past an examiner, slab after slab. Every position is shown
// exactly once, with before bytes in front of it and after behind it in memory,
// or as many as there are.
type reel struct {
	cfg           Config
	tiles         *tile.Tiles
	layout        *layout.Layout
	before, after int
	examine       func(worker int, w window) error
	step          string  // for the progress bar
	breaks        []int64 // in the file, ascending: see [breaks]
	near          *Plan   // leave out what can see none of its cuts; nil: leave out nothing

	slabs [2][]byte     // what is examined and what is read ahead
	tasks []layout.Span // positions on a tape, see show
}

// filler reads positions [pos, pos+len(p)) of a tape into p.
type filler func(ctx context.Context, p []byte, pos int64) error

// close wipes the buffers.
func (r *reel) close() {
	clear(r.slabs[0])
	clear(r.slabs[1])
}

// stretch is the part of a tape to be moved past: bytes [start, end) are read,
// positions [lo, hi) examined.
type stretch struct{ start, end, lo, hi int64 }

// file moves the whole file past the examiner in its own order. Holes that are
// longer than any reach are passed over: what an examiner could see of them is
// left around the data, as zeros.
func (r *reel) file(ctx context.Context) error {
	if r.near != nil {
		return r.cuts(ctx)
	}
	runs, err := r.dataRuns()
	if err != nil {
		return err
	}
	whole := &tape{}
	whole.add(layout.Span{Len: r.tiles.Size()})
	for _, run := range runs {
		s := stretch{run.Off, run.End(), run.Off, run.End()}
		if err := r.run(ctx, whole, s, r.readTiles); err != nil {
			return err
		}
	}
	r.cfg.progress(r.step, r.tiles.Size(), r.tiles.Size())
	return nil
}

// readTiles fills from the file's own order; pos is a multiple of the tile size.
func (r *reel) readTiles(ctx context.Context, p []byte, pos int64) error {
	first := pos / tile.Size
	n := (int64(len(p)) + tile.Size - 1) / tile.Size
	return parallel(ctx, r.cfg.jobs(), n, func(_ int, i int64) error {
		at := i * tile.Size
		return r.tiles.Read(first+i, p[at:min(at+tile.Size, int64(len(p)))])
	})
}

// slab returns buffer k: room for the context that is carried over and behind it n
// bytes to be filled.
func (r *reel) slab(k, n int) (buf []byte, room int) {
	room = r.before + r.after
	if len(r.slabs[k]) < room+n {
		clear(r.slabs[k])
		r.slabs[k] = make([]byte, room+n)
	}
	return r.slabs[k][:room+n], room
}

// run moves one stretch of t past the examiner. While a slab is examined the next
// one is read.
func (r *reel) run(ctx context.Context, t *tape, s stretch, fill filler) error {
	pos, next := s.start, s.lo
	n := int(min(slabSize, s.end-pos))
	carry := 0 // bytes in the slab from before pos
	buf, room := r.slab(0, n)
	if err := fill(ctx, buf[room:], pos); err != nil {
		return err
	}
	for k := 1; ; k ^= 1 {
		base, end := pos-int64(carry), pos+int64(n)
		data := buf[room-carry:]
		until := min(end-int64(r.after), s.hi)
		if end == s.end {
			until = min(end, s.hi)
		}
		ahead := make(chan error, 1)
		n = int(min(slabSize, s.end-end))
		var spare []byte
		if n > 0 && until < s.hi {
			spare, _ = r.slab(k, n)
			go func() { ahead <- Guard(func() error { return fill(ctx, spare[room:], end) }) }()
		} else {
			ahead <- nil
		}
		var err error
		if until > next {
			err = r.show(ctx, t, data, base, next, until)
			next = until
		}
		// What comes first in the file goes first, and nothing is left running.
		if e := <-ahead; err == nil {
			err = e
		}
		if err != nil {
			return err
		}
		r.cfg.progress(r.step, end, r.tiles.Size())
		if spare == nil {
			return nil
		}
		keep := min(max(base, next-int64(r.before)), end)
		carry = copy(spare[room-int(end-keep):room], data[keep-base:])
		pos, buf = end, spare
	}
}

// show hands positions [lo, hi) to the workers, a chunk at a time.
func (r *reel) show(ctx context.Context, t *tape, data []byte, base, lo, hi int64) error {
	var cuts []int
	r.tasks = r.tasks[:0]
	if len(t.parts) == 1 { // the file's own order
		for i := sort.Search(len(r.breaks), func(i int) bool { return r.breaks[i] > base }); i < len(r.breaks) && r.breaks[i] < base+int64(len(data)); i++ {
			cuts = append(cuts, int(r.breaks[i]-base))
		}
		for _, s := range r.sighted(r.filled(lo, hi)) {
			r.deal(s.Off, s.End())
		}
	} else {
		r.deal(lo, hi)
	}
	return parallel(ctx, r.cfg.jobs(), int64(len(r.tasks)), func(w int, i int64) error {
		s := r.tasks[i]
		return r.examine(w, window{tape: t, l: r.layout, data: data, base: base, lo: int(s.Off - base), hi: int(s.End() - base), breaks: cuts})
	})
}

// minChunk is the least that is worth a worker's while, in bytes.
const minChunk = 32 << 10

// deal cuts positions [lo, hi) into tasks, so that there is one for every worker.
func (r *reel) deal(lo, hi int64) {
	chunk := r.cfg.chunk()
	if share := (hi - lo) / int64(r.cfg.jobs()); share < chunk {
		chunk = min(chunk, max(share, minChunk))
	}
	for ; lo < hi; lo += chunk {
		r.tasks = append(r.tasks, layout.Span{Off: lo, Len: min(chunk, hi-lo)})
	}
}

// filled returns the parts of [lo, hi), positions in the file, that are not known
// to be zeros from there to the end of every view. No hit is in what is left out,
// for an anchor holds a byte that is not zero; it is what holes are passed over for.
func (r *reel) filled(lo, hi int64) []layout.Span {
	var out []layout.Span
	zeros := lo // where the run of zero tiles that holds pos ends, if one does
	for pos := lo; pos < hi; {
		i := pos / tile.Size
		end := min((i+1)*tile.Size, hi)
		for zeros = max(zeros, pos); zeros < end+int64(r.after) && zeros < r.tiles.Size() && r.tiles.Zero(zeros/tile.Size); {
			zeros = min((zeros/tile.Size+1)*tile.Size, r.tiles.Size())
		}
		if zeros < min(end+int64(r.after), r.tiles.Size()) {
			if n := len(out); n > 0 && out[n-1].End() == pos {
				out[n-1].Len += end - pos
			} else {
				out = append(out, layout.Span{Off: pos, Len: end - pos})
			}
		}
		pos = end
	}
	return out
}
