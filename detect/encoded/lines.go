package encoded

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// lines says where minLine digits begin in a block of memory.
type lines struct {
	start, end   int // the block; before it the margin of its map
	narrow, wide [textmap.Size]uint64
	anchors      [textmap.Size]uint64 // where anchors begin among digits of one byte
}

// mark fills l for the block [lo, hi) of m, and says whether there are any lines in either width.
func (l *lines) mark(m textmap.Map, lo, hi int) (any [2]bool) {
	from, to := m.Span(lo, hi)
	l.start, l.end = m.First+from*kernel.ClassBytes, hi
	var narrow, wide uint64
	here := full(m.Digits[from])
	for k := range to - from {
		c, d := m.Digits[from+k], m.Digits[from+k+1]
		l.narrow[k], l.wide[k] = 0, 0
		next := full(d)
		if here|next != 0 {
			l.narrow[k] = line(c, d)
			narrow |= l.narrow[k]
		}
		here = next
		// A digit of UTF-16LE has a zero behind it. Of the next word the last is not needed.
		w, v := c&(m.Zeros[from+k]>>1|m.Zeros[from+k+1]<<63), d&(m.Zeros[from+k+1]>>1)
		if w&(w>>2|v<<62)&(w>>4|v<<60)&(w>>6|v<<58) != 0 {
			l.wide[k] = wideLine(w, v)
			wide |= l.wide[k]
		}
	}
	return [2]bool{narrow != 0, wide != 0}
}

// full is not zero if all bits of some byte of w are set, as they are of one that minLine bits in a
// row reach.
func full(w uint64) uint64 { return (^w - 0x0101010101010101) & w & 0x8080808080808080 }

// line returns the bits of w that minLine bits begin with; next follows w. A place where n digits
// begin, and n more behind them, begins 2n.
func line(w, next uint64) uint64 {
	w, next = w&(w>>1|next<<63), next&(next>>1)
	w, next = w&(w>>2|next<<62), next&(next>>2)
	w, next = w&(w>>4|next<<60), next&(next>>4)
	w, next = w&(w>>8|next<<56), next&(next>>8)
	return w & (w>>4 | next<<60)
}

// wideLine is line for every second bit.
func wideLine(w, next uint64) uint64 {
	w, next = w&(w>>2|next<<62), next&(next>>2)
	w, next = w&(w>>4|next<<60), next&(next>>4)
	w, next = w&(w>>8|next<<56), next&(next>>8)
	w, next = w&(w>>16|next<<48), next&(next>>16)
	return w & (w>>8 | next<<56)
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
	k := from / kernel.ClassBytes
	for w := marks[k] & mask &^ (1<<(from%kernel.ClassBytes) - 1); ; w = marks[k] & mask {
		if w != 0 {
			at := k*kernel.ClassBytes + bits.TrailingZeros64(w)
			return i + (min(at, to)-from+width-1)/width
		}
		if k++; k*kernel.ClassBytes >= to {
			return i + (to-from+width-1)/width
		}
	}
}

// skip returns a place up to which digits of one byte stand from i on: of those that one line after the
// other has, the end.
func (l *lines) skip(i int) int {
	at := i - l.start
	for at >= 0 && at < l.end-l.start {
		ones := bits.TrailingZeros64(^(l.narrow[at/kernel.ClassBytes] >> (at % kernel.ClassBytes)))
		at += ones
		if ones == 0 || at%kernel.ClassBytes != 0 {
			break
		}
	}
	if at += l.start; at > i {
		return at - 1 + minLine
	}
	return i
}

// find looks for the anchors of heads in the lines of one byte a character.
func (l *lines) find(heads *search.Searcher, data []byte) {
	n := (l.end - l.start + kernel.ClassBytes - 1) / kernel.ClassBytes
	before := uint64(0)
	for k, w := range l.narrow[:n] {
		// Three digits in a row of a line begin at the first eighteen of it.
		l.anchors[k] = 0
		if before|w != 0 {
			l.anchors[k] = spread(w, before)
		}
		before = w
	}
	heads.Mark(l.anchors[:n], data, l.start)
}

// spread returns the bits of w and the seventeen behind each, also behind those of before, which w follows.
func spread(w, before uint64) uint64 {
	for _, n := range [...]int{1, 2, 4, 8, 2} {
		w, before = w|w<<n|before>>(64-n), before|before<<n
	}
	return w
}

// anchored reports whether an anchor may begin among the characters [start, end), of one byte each. It
// does not know of other blocks.
func (l *lines) anchored(start, end int) bool {
	if l == nil || start < l.start || end > l.end {
		return true
	}
	start, end = start-l.start, end-l.start
	for k := start / kernel.ClassBytes; k*kernel.ClassBytes < end; k++ {
		if textmap.Clip(l.anchors[k], k*kernel.ClassBytes, start, end) != 0 {
			return true
		}
	}
	return false
}
