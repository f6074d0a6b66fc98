package scrub

import (
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// dataRuns returns the stretches of the file, on tile borders, that hold data or
// lie within reach of some; all other tiles are holes, and recorded as zero.
func (r *reel) dataRuns() ([]layout.Span, error) {
	// A hit needs one byte that is not zero in its anchor, which is shorter than
	// the reach; so left of data an examiner sees at most before+after of a hole.
	left, right := int64(r.before+r.after), int64(r.after)
	var runs []layout.Span
	size := r.tiles.size
	for off := int64(0); off < size; {
		start, end := r.tiles.nextData(off)
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

// nextData returns the next data from off on, as [source.NextData] does, without whole
// tiles that are known to be zeros since they were read: most of what dumpers that make
// no holes write of a process.
func (t *tiles) nextData(off int64) (start, end int64) {
	for {
		start, end = source.NextData(t.src, off)
		if start >= t.size {
			return start, end
		}
		i := start / tileSize
		for ; i*tileSize < end && t.isZero(i); i++ {
			start = min((i+1)*tileSize, t.size)
		}
		if start < end {
			for ; i*tileSize < end && !t.isZero(i); i++ {
			}
			return start, min(end, i*tileSize)
		}
		off = start
	}
}
