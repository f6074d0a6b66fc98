package scrub

import (
	"sync"

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

// hollow is what the file system said last of holes: the tiles [from, to) are one. It stands
// for a round of tiles only, after which it is asked again.
type hollow struct {
	mu       sync.Mutex
	from, to int64
}

// refresh makes the file system be asked again.
func (t *tiles) refresh() {
	t.hollow.mu.Lock()
	defer t.hollow.mu.Unlock()
	t.hollow.from, t.hollow.to = 0, 0
}

// hole reports whether tile i is all zero without reading it. The word of the
// file system stands for this moment only, so it is checked like a digest.
func (t *tiles) hole(i int64) (bool, error) {
	if !t.hollowAt(i) {
		return false, nil
	}
	return true, t.check(i, t.zeroDigest(i))
}

func (t *tiles) hollowAt(i int64) bool {
	h := &t.hollow
	h.mu.Lock()
	defer h.mu.Unlock()
	if i < h.from || i >= h.to {
		start, _ := source.NextData(t.src, i*tileSize)
		to := start / tileSize
		if start >= t.size {
			to = t.count()
		}
		h.from, h.to = i, min(to, (i/round+1)*round)
	}
	return i < h.to
}
