package reel

import (
	"context"
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/workers"
)

// slabSize is how much of a tape is examined at once, besides the context carried
// over from the slab before, in bytes. Twice as much is in memory, for the next
// slab is read meanwhile.
const slabSize = 8 << 20

// Window is a piece of a tape in private memory, of which Data[Lo:Hi] is to be examined;
// the rest is context. It is valid during the call that gets it.
type Window struct {
	Data   []byte
	Lo, Hi int
	Base   int64 // position of Data[0] on the tape: without a seam, its offset in the file

	tape   *tape
	l      *layout.Layout
	breaks []int // in Data, see [search.Window]
}

// Search returns w as the detectors see it.
func (w *Window) Search() search.Window {
	return search.Window{Data: w.Data, Base: w.Base, Addr: w.addr, Lo: w.Lo, Hi: w.Hi, Breaks: w.breaks}
}

// Seam reports whether w is a piece of memory from several places of the file.
func (w *Window) Seam() bool { return len(w.tape.parts) > 1 }

// Spans returns where ranges of Data lie in the file.
func (w *Window) Spans(rs ...probe.Range) []layout.Span { return w.tape.ranges(w.Base, rs) }

// addr returns the address of Data[i], or its file offset where it is no memory.
func (w *Window) addr(i int) uint64 {
	off := w.tape.at(w.Base + int64(i))
	if r := &w.l.Regions[w.l.At(off)]; r.Kind == layout.Memory {
		return r.Addr + uint64(off-r.Off)
	}
	return uint64(off)
}

// Hull returns where the structure of f begins in the file and how far it runs
// there.
func (w *Window) Hull(f search.Found) layout.Span {
	r := f.Range
	if r.Len() <= 0 {
		r = probe.Range{Start: f.Hit, End: f.Hit + 1}
	}
	return w.Spans(r)[0]
}

// Reel moves tapes past an examiner, slab after slab. Every position is shown
// exactly once, with Before bytes in front of it and After behind it in memory,
// or as many as there are.
type Reel struct {
	Tiles         *tile.Tiles
	Layout        *layout.Layout
	Before, After int // bytes
	// Examine is called by workers, which are numbered from 0 to Jobs-1, one call of each at
	// a time. Its first error in the order of the tape ends the work.
	Examine func(worker int, w Window) error
	Breaks  []int64 // in the file, ascending: what [Breaks] returns, or nil to see across them
	Near    Cuts    // leave out what can see none of them; nil: leave out nothing

	Jobs     int                     // workers, one at least
	Chunk    int64                   // bytes that a worker examines at a time
	Progress func(done, total int64) // bytes; called from one goroutine at a time

	slabs [2][]byte     // what is examined and what is read ahead
	tasks []layout.Span // positions on a tape, see show
}

// filler reads positions [pos, pos+len(p)) of a tape into p.
type filler func(ctx context.Context, p []byte, pos int64) error

// Close wipes the buffers.
func (r *Reel) Close() {
	clear(r.slabs[0])
	clear(r.slabs[1])
}

// stretch is the part of a tape to be moved past: bytes [start, end) are read,
// positions [lo, hi) examined.
type stretch struct{ start, end, lo, hi int64 }

// File moves the whole file past the examiner in its own order. Holes that are
// longer than any reach are passed over: what an examiner could see of them is
// left around the data, as zeros.
func (r *Reel) File(ctx context.Context) error {
	if r.Near != nil {
		return r.cuts(ctx)
	}
	runs, err := r.dataRuns()
	if err != nil {
		return err
	}
	whole := &tape{}
	whole.add(layout.Span{Len: r.Tiles.Size()})
	for _, run := range runs {
		s := stretch{run.Off, run.End(), run.Off, run.End()}
		if err := r.run(ctx, whole, s, r.readTiles); err != nil {
			return err
		}
	}
	r.Progress(r.Tiles.Size(), r.Tiles.Size())
	return nil
}

// readTiles fills from the file's own order; pos is a multiple of the tile size.
func (r *Reel) readTiles(ctx context.Context, p []byte, pos int64) error {
	first := pos / tile.Size
	n := (int64(len(p)) + tile.Size - 1) / tile.Size
	return workers.Parallel(ctx, r.Jobs, n, func(_ int, i int64) error {
		at := i * tile.Size
		return r.Tiles.Read(first+i, p[at:min(at+tile.Size, int64(len(p)))])
	})
}

// slab returns buffer k: room for the context that is carried over and behind it n
// bytes to be filled.
func (r *Reel) slab(k, n int) (buf []byte, room int) {
	room = r.Before + r.After
	if len(r.slabs[k]) < room+n {
		clear(r.slabs[k])
		r.slabs[k] = make([]byte, room+n)
	}
	return r.slabs[k][:room+n], room
}

// run moves one stretch of t past the examiner. While a slab is examined the next
// one is read.
func (r *Reel) run(ctx context.Context, t *tape, s stretch, fill filler) error {
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
		until := min(end-int64(r.After), s.hi)
		if end == s.end {
			until = min(end, s.hi)
		}
		ahead := make(chan error, 1)
		n = int(min(slabSize, s.end-end))
		var spare []byte
		if n > 0 && until < s.hi {
			spare, _ = r.slab(k, n)
			go func() { ahead <- workers.Guard(func() error { return fill(ctx, spare[room:], end) }) }()
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
		r.Progress(end, r.Tiles.Size())
		if spare == nil {
			return nil
		}
		keep := min(max(base, next-int64(r.Before)), end)
		carry = copy(spare[room-int(end-keep):room], data[keep-base:])
		pos, buf = end, spare
	}
}

// show hands positions [lo, hi) to the workers, a chunk at a time.
func (r *Reel) show(ctx context.Context, t *tape, data []byte, base, lo, hi int64) error {
	var cuts []int
	r.tasks = r.tasks[:0]
	if len(t.parts) == 1 { // the file's own order
		for i := sort.Search(len(r.Breaks), func(i int) bool { return r.Breaks[i] > base }); i < len(r.Breaks) && r.Breaks[i] < base+int64(len(data)); i++ {
			cuts = append(cuts, int(r.Breaks[i]-base))
		}
		for _, s := range r.sighted(r.filled(lo, hi)) {
			r.deal(s.Off, s.End())
		}
	} else {
		r.deal(lo, hi)
	}
	return workers.Parallel(ctx, r.Jobs, int64(len(r.tasks)), func(w int, i int64) error {
		s := r.tasks[i]
		return r.Examine(w, Window{tape: t, l: r.Layout, Data: data, Base: base, Lo: int(s.Off - base), Hi: int(s.End() - base), breaks: cuts})
	})
}

// minChunk is the least that is worth a worker's while, in bytes.
const minChunk = 32 << 10

// deal cuts positions [lo, hi) into tasks, so that there is one for every worker.
func (r *Reel) deal(lo, hi int64) {
	chunk := r.Chunk
	if share := (hi - lo) / int64(r.Jobs); share < chunk {
		chunk = min(chunk, max(share, minChunk))
	}
	for ; lo < hi; lo += chunk {
		r.tasks = append(r.tasks, layout.Span{Off: lo, Len: min(chunk, hi-lo)})
	}
}

// filled returns the parts of [lo, hi), positions in the file, that are not known
// to be zeros from there to the end of every view. No hit is in what is left out,
// for an anchor holds a byte that is not zero; it is what holes are passed over for.
func (r *Reel) filled(lo, hi int64) []layout.Span {
	var out []layout.Span
	zeros := lo // where the run of zero tiles that holds pos ends, if one does
	for pos := lo; pos < hi; {
		i := pos / tile.Size
		end := min((i+1)*tile.Size, hi)
		for zeros = max(zeros, pos); zeros < end+int64(r.After) && zeros < r.Tiles.Size() && r.Tiles.Zero(zeros/tile.Size); {
			zeros = min((zeros/tile.Size+1)*tile.Size, r.Tiles.Size())
		}
		if zeros < min(end+int64(r.After), r.Tiles.Size()) {
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
