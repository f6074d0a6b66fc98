package reel

import (
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// dataRuns returns the stretches of the file, on tile borders, that hold data or
// lie within reach of some; all other tiles are holes, and recorded as zero.
func (r *Reel) dataRuns() ([]layout.Span, error) {
	// A hit needs one byte that is not zero in its anchor, which is shorter than
	// the reach; so left of data an examiner sees at most before+after of a hole.
	left, right := int64(r.Before+r.After), int64(r.After)
	var runs []layout.Span
	size := r.Tiles.Size()
	for off := int64(0); off < size; {
		start, end := r.Tiles.NextData(off)
		if start >= size {
			break
		}
		s := max(0, start-left) / tile.Size * tile.Size
		e := min(size, (end+right+tile.Size-1)/tile.Size*tile.Size)
		if n := len(runs); n > 0 && runs[n-1].End() >= s {
			runs[n-1].Len = max(runs[n-1].End(), e) - runs[n-1].Off
		} else {
			runs = append(runs, layout.Span{Off: s, Len: e - s})
		}
		off = end
	}
	next := int64(0) // first tile that is not decided yet
	for i := 0; i <= len(runs); i++ {
		until, then := r.Tiles.Count(), r.Tiles.Count()
		if i < len(runs) {
			until, then = runs[i].Off/tile.Size, (runs[i].End()+tile.Size-1)/tile.Size
		}
		for ; next < until; next++ {
			if err := r.Tiles.Skip(next); err != nil {
				return nil, err
			}
		}
		next = then
	}
	return runs, nil
}
