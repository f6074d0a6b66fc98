package scrub

import (
	"context"
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// slabSize is how much of a tape is in memory at once, besides the context
// carried over from the slab before, in bytes.
const slabSize = 16 << 20

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
	off := w.tape.spans(nil, w.base+int64(i), w.base+int64(i)+1)[0].Off
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
	tiles         *tiles
	layout        *layout.Layout
	before, after int
	examine       func(worker int, w window) error
	step          string  // for the progress bar
	breaks        []int64 // in the file, ascending: see [breaks]

	slab []byte
}

// filler reads positions [pos, pos+len(p)) of a tape into p.
type filler func(ctx context.Context, p []byte, pos int64) error

// close wipes the buffer.
func (r *reel) close() { clear(r.slab) }

// stretch is the part of a tape to be moved past: bytes [start, end) are read,
// positions [lo, hi) examined.
type stretch struct{ start, end, lo, hi int64 }

// file moves the whole file past the examiner in its own order. Holes that are
// longer than any reach are passed over: what an examiner could see of them is
// left around the data, as zeros.
func (r *reel) file(ctx context.Context) error {
	runs, err := r.dataRuns()
	if err != nil {
		return err
	}
	whole := &tape{}
	whole.add(layout.Span{Len: r.tiles.size})
	for _, run := range runs {
		s := stretch{run.Off, run.End(), run.Off, run.End()}
		if err := r.run(ctx, whole, s, r.readTiles); err != nil {
			return err
		}
	}
	r.cfg.progress(r.step, r.tiles.size, r.tiles.size)
	return nil
}

// readTiles fills from the file's own order; pos is a multiple of the tile size.
func (r *reel) readTiles(ctx context.Context, p []byte, pos int64) error {
	first := pos / tileSize
	n := (int64(len(p)) + tileSize - 1) / tileSize
	return parallel(ctx, r.cfg.jobs(), n, func(_ int, i int64) error {
		at := i * tileSize
		return r.tiles.read(first+i, p[at:min(at+tileSize, int64(len(p)))])
	})
}

// dataRuns returns the stretches of the file, on tile borders, that hold data or
// lie within reach of some; all other tiles are holes, and recorded as zero.
func (r *reel) dataRuns() ([]layout.Span, error) {
	// A hit needs one byte that is not zero in its anchor, which is shorter than
	// the reach; so left of data an examiner sees at most before+after of a hole.
	left, right := int64(r.before+r.after), int64(r.after)
	var runs []layout.Span
	size := r.tiles.size
	for off := int64(0); off < size; {
		start, end := source.NextData(r.tiles.src, off)
		if start >= size {
			break
		}
		s := max(0, start-left) / tileSize * tileSize
		e := min(size, (end+right+tileSize-1)/tileSize*tileSize)
		if n := len(runs); n > 0 && runs[n-1].End() >= s {
			runs[n-1].Len = max(runs[n-1].End(), e) - runs[n-1].Off
		} else {
			runs = append(runs, layout.Span{Off: s, Len: e - s})
		}
		off = end
	}
	next := int64(0) // first tile that is not decided yet
	for i := 0; i <= len(runs); i++ {
		until, then := r.tiles.count(), r.tiles.count()
		if i < len(runs) {
			until, then = runs[i].Off/tileSize, (runs[i].End()+tileSize-1)/tileSize
		}
		for ; next < until; next++ {
			if err := r.tiles.check(next, r.tiles.zeroDigest(next)); err != nil {
				return nil, err
			}
		}
		next = then
	}
	return runs, nil
}

// run moves one stretch of t past the examiner.
func (r *reel) run(ctx context.Context, t *tape, s stretch, fill filler) error {
	if r.slab == nil {
		r.slab = make([]byte, r.before+r.after+slabSize)
	}
	carry := 0 // bytes in the slab from before pos
	next := s.lo
	for pos := s.start; pos < s.end; {
		n := int(min(slabSize, s.end-pos))
		if err := fill(ctx, r.slab[carry:carry+n], pos); err != nil {
			return err
		}
		base := pos - int64(carry)
		pos += int64(n)
		data := r.slab[:carry+n]
		until := pos - int64(r.after)
		if pos == s.end {
			until = s.end
		}
		until = min(until, s.hi)
		if until > next {
			if err := r.show(ctx, t, data, base, next, until); err != nil {
				return err
			}
			next = until
		}
		keep := min(max(base, next-int64(r.before)), pos)
		carry = copy(r.slab, data[keep-base:])
		r.cfg.progress(r.step, pos, r.tiles.size)
	}
	return nil
}

// show hands positions [lo, hi) to the workers, a chunk at a time.
func (r *reel) show(ctx context.Context, t *tape, data []byte, base, lo, hi int64) error {
	chunk := r.cfg.chunk()
	n := (hi - lo + chunk - 1) / chunk
	var cuts []int
	if len(t.parts) == 1 { // the file's own order
		for i := sort.Search(len(r.breaks), func(i int) bool { return r.breaks[i] > base }); i < len(r.breaks) && r.breaks[i] < base+int64(len(data)); i++ {
			cuts = append(cuts, int(r.breaks[i]-base))
		}
	}
	return parallel(ctx, r.cfg.jobs(), n, func(w int, i int64) error {
		from := lo + i*chunk
		to := min(from+chunk, hi)
		return r.examine(w, window{tape: t, l: r.layout, data: data, base: base, lo: int(from - base), hi: int(to - base), breaks: cuts})
	})
}
