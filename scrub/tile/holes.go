package tile

import (
	"sync"

	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// NextData returns the next data from off on, as [source.NextData] does, without whole
// tiles that are known to be zeros since they were read: most of what dumpers that make
// no holes write of a process.
func (t *Tiles) NextData(off int64) (start, end int64) {
	for {
		start, end = source.NextData(t.src, off)
		if start >= t.size {
			return start, end
		}
		i := start / Size
		for ; i*Size < end && t.Zero(i); i++ {
			start = min((i+1)*Size, t.size)
		}
		if start < end {
			for ; i*Size < end && !t.Zero(i); i++ {
			}
			return start, min(end, i*Size)
		}
		off = start
	}
}

// Round is how many tiles are dealt out at a time: progress is told, and the file system
// asked of holes, once a round.
const Round = 256

// hollow is what the file system said last of holes: the tiles [from, to) are one. It stands
// for a round of tiles only, after which it is asked again.
type hollow struct {
	mu       sync.Mutex
	from, to int64
}

// Refresh makes the file system be asked again.
func (t *Tiles) Refresh() {
	t.hollow.mu.Lock()
	defer t.hollow.mu.Unlock()
	t.hollow.from, t.hollow.to = 0, 0
}

// Hole reports whether tile i is all zero without reading it. The word of the
// file system stands for this moment only, so it is checked like a digest.
func (t *Tiles) Hole(i int64) (bool, error) {
	if !t.hollowAt(i) {
		return false, nil
	}
	return true, t.Skip(i)
}

func (t *Tiles) hollowAt(i int64) bool {
	h := &t.hollow
	h.mu.Lock()
	defer h.mu.Unlock()
	if i < h.from || i >= h.to {
		start, _ := source.NextData(t.src, i*Size)
		to := start / Size
		if start >= t.size {
			to = t.Count()
		}
		h.from, h.to = i, min(to, (i/Round+1)*Round)
	}
	return i < h.to
}
