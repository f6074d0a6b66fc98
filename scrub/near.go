package scrub

import (
	"context"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// cuts moves past the examiner, in the file's own order, every position from which
// a view can see a cut of r.near.
func (r *reel) cuts(ctx context.Context) error {
	whole := &tape{}
	whole.add(layout.Span{Len: r.tiles.Size()})
	var s stretch
	any := false
	for c := range r.near.cuts.All() {
		next := r.around(c.Span)
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
	r.cfg.progress(r.step, r.tiles.Size(), r.tiles.Size())
	return nil
}

// around returns the stretch of the file from which a view can see a byte of c.
func (r *reel) around(c layout.Span) stretch {
	return r.onTiles(max(0, c.Off-int64(r.after)), min(r.tiles.Size(), c.End()+int64(r.before)))
}

// sighted returns the parts of ascending spans of the file from which a view can see a
// cut: stretches that are read at once hold others too.
func (r *reel) sighted(spans []layout.Span) []layout.Span {
	if r.near == nil {
		return spans
	}
	var out []layout.Span
	before, after := int64(r.before), int64(r.after)
	for _, s := range spans {
		pos := s.Off
		for _, c := range r.near.touching(s.Off-before, s.Len+before+after) {
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
func (r *reel) onTiles(lo, hi int64) stretch {
	return stretch{
		start: max(0, lo-int64(r.before)) / tile.Size * tile.Size,
		end:   min(r.tiles.Size(), (hi+int64(r.after)+tile.Size-1)/tile.Size*tile.Size),
		lo:    lo, hi: hi,
	}
}

// seesCut reports whether any byte of s, a stretch of t, is in a cut, or whether
// that does not matter.
func (r *reel) seesCut(t *tape, s stretch) bool {
	if r.near == nil {
		return true
	}
	for _, sp := range t.spans(nil, s.start, s.end) {
		if r.near.touches(sp) {
			return true
		}
	}
	return false
}
