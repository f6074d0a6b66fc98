package reel

import (
	"context"
	"iter"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Cuts are spans of the file that do not overlap.
type Cuts interface {
	// From returns those that end behind off, in the order of the file.
	From(off int64) iter.Seq[layout.Span]
}

// touches reports whether one of cuts overlaps s.
func touches(cuts Cuts, s layout.Span) bool {
	for c := range cuts.From(s.Off) {
		return c.Off < s.End()
	}
	return false
}

// cuts moves past the examiner, in the file's own order, every position from which
// a view can see a cut of r.Near.
func (r *Reel) cuts(ctx context.Context) error {
	whole := &tape{}
	whole.add(layout.Span{Len: r.Tiles.Size()})
	var s stretch
	any := false
	for c := range r.Near.From(0) {
		next := r.around(c)
		// What would have tiles read twice is one stretch.
		if any && next.start <= s.end {
			s.end, s.hi = max(s.end, next.end), max(s.hi, next.hi)
			continue
		}
		if any {
			if err := r.run(ctx, whole, s, r.readTiles); err != nil {
				return err
			}
		}
		s, any = next, true
	}
	if any {
		if err := r.run(ctx, whole, s, r.readTiles); err != nil {
			return err
		}
	}
	r.Progress(r.Tiles.Size(), r.Tiles.Size())
	return nil
}

// around returns the stretch of the file from which a view can see a byte of c.
func (r *Reel) around(c layout.Span) stretch {
	return r.onTiles(max(0, c.Off-int64(r.After)), min(r.Tiles.Size(), c.End()+int64(r.Before)))
}

// sighted returns the parts of ascending spans of the file from which a view can see a
// cut: stretches that are read at once hold others too.
func (r *Reel) sighted(spans []layout.Span) []layout.Span {
	if r.Near == nil {
		return spans
	}
	var out []layout.Span
	before, after := int64(r.Before), int64(r.After)
	for _, s := range spans {
		pos := s.Off
		for c := range r.Near.From(s.Off - before) {
			if c.Off >= s.End()+after {
				break
			}
			lo, hi := max(pos, c.Off-after), min(s.End(), c.End()+before)
			if lo >= hi {
				continue
			}
			if n := len(out); n > 0 && out[n-1].End() == lo {
				out[n-1].Len += hi - lo
			} else {
				out = append(out, layout.Span{Off: lo, Len: hi - lo})
			}
			pos = hi
		}
	}
	return out
}

// onTiles returns the stretch of the file in which [lo, hi) is examined. Tiles are
// read whole, so it begins and ends on their borders.
func (r *Reel) onTiles(lo, hi int64) stretch {
	return stretch{
		start: max(0, lo-int64(r.Before)) / tile.Size * tile.Size,
		end:   min(r.Tiles.Size(), (hi+int64(r.After)+tile.Size-1)/tile.Size*tile.Size),
		lo:    lo, hi: hi,
	}
}

// seesCut reports whether any byte of s, a stretch of t, is in a cut, or whether
// that does not matter.
func (r *Reel) seesCut(t *tape, s stretch) bool {
	if r.Near == nil {
		return true
	}
	for _, sp := range t.spans(nil, s.start, s.end) {
		if touches(r.Near, sp) {
			return true
		}
	}
	return false
}
