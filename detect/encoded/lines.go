package encoded

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// pieceLen is how many bytes are looked at in one go.
const pieceLen = 32 << 10

// lines says where minLine digits begin in a piece of memory, as [kernel.Lines] does.
type lines struct {
	start, end   int // the piece
	narrow, wide [pieceLen / kernel.TextBytes]uint64
}

// mark looks at data[start:end), a piece or less.
func (l *lines) mark(data []byte, start, end int) {
	l.start, l.end = start, end
	p := data[start:]
	n := min((end-start)/kernel.TextBytes, max(0, len(p)-kernel.LineAhead)/kernel.TextBytes)
	kernel.Lines(l.narrow[:n], p)
	kernel.WideLines(l.wide[:n], p)
	// The end of the data is continued with zeros, which are no digits.
	for k := n; k*kernel.TextBytes < end-start; k++ {
		var last [kernel.TextBytes + kernel.LineAhead]byte
		copy(last[:], p[k*kernel.TextBytes:])
		kernel.Lines(l.narrow[k:k+1], last[:])
		kernel.WideLines(l.wide[k:k+1], last[:])
	}
}

// next returns the first character from i on at which minLine digits may begin, or the
// first behind limit or the piece.
func (l *lines) next(t probe.Text, i, limit int) int {
	marks, mask := &l.narrow, ^uint64(0)
	r := t.Range(i, limit)
	from, to := r.Start-l.start, min(r.End, l.end)-l.start
	width := t.Range(0, 1).Len()
	if width == 2 {
		marks, mask = &l.wide, 0x5555555555555555<<(from&1)
	}
	if from < 0 || from >= to {
		return i
	}
	k := from / kernel.TextBytes
	for w := marks[k] & mask &^ (1<<(from%kernel.TextBytes) - 1); ; w = marks[k] & mask {
		if w != 0 {
			at := k*kernel.TextBytes + bits.TrailingZeros64(w)
			return i + (min(at, to)-from+width-1)/width
		}
		if k++; k*kernel.TextBytes >= to {
			return i + (to-from+width-1)/width
		}
	}
}
