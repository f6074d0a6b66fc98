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
	// marks are where anchors begin among digits of one byte, or what may encode text.
	marks, suspects [textmap.Size]uint64
}

// mark fills l for the block [lo, hi) of m, and says whether there are any lines in either width.
func (l *lines) mark(m textmap.Map, lo, hi int) (any [2]bool) {
	from, to := m.Span(lo, hi)
	l.start, l.end = m.First+from*kernel.ClassBytes, hi
	n := to - from
	any[0] = kernel.Runs(l.narrow[:n], m.Digits[from:], m.Zeros[from:], kernel.Twenty) != 0
	if m.AnyWide {
		any[1] = kernel.Runs(l.wide[:n], m.Digits[from:], m.Zeros[from:], kernel.WideTwenty) != 0
	} else {
		clear(l.wide[:n])
	}
	return any
}

// nextNarrow returns the first character of one byte from i on at which minLine digits begin, or the first behind
// limit or the block.
func (l *lines) nextNarrow(i, limit int) int {
	from, to := i-l.start, min(limit, l.end)-l.start
	if from < 0 || from >= to {
		return i
	}
	k := from / kernel.ClassBytes
	w := l.narrow[k] >> (from % kernel.ClassBytes) << (from % kernel.ClassBytes)
	for w == 0 {
		if k++; k*kernel.ClassBytes >= to {
			return l.start + to
		}
		w = l.narrow[k]
	}
	return l.start + min(k*kernel.ClassBytes+bits.TrailingZeros64(w), to)
}

// next returns the first character of two bytes from i on at which minLine digits may begin, or the
// first behind limit or the piece.
func (l *lines) next(t probe.Text, i, limit int) int {
	r := t.Range(i, limit)
	from, to := r.Start-l.start, min(r.End, l.end)-l.start
	if from < 0 || from >= to {
		return i
	}
	mask := uint64(0x5555555555555555) << (from & 1)
	k := from / kernel.ClassBytes
	for w := l.wide[k] & mask &^ (1<<(from%kernel.ClassBytes) - 1); ; w = l.wide[k] & mask {
		if w != 0 {
			at := k*kernel.ClassBytes + bits.TrailingZeros64(w)
			return i + (min(at, to)-from+1)/2
		}
		if k++; k*kernel.ClassBytes >= to {
			return i + (to-from+1)/2
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

// find looks in the lines of one byte a character for the anchors of heads, and for what may encode text.
func (l *lines) find(heads *search.Searcher, data []byte) {
	n := (l.end - l.start + kernel.ClassBytes - 1) / kernel.ClassBytes
	before := uint64(0)
	for k, w := range l.narrow[:n] {
		// Three digits in a row of a line begin at the first eighteen of it.
		l.marks[k] = 0
		if before|w != 0 {
			l.marks[k] = spread(w, before)
		}
		before = w
	}
	suspects := l.suspects[:copy(l.suspects[:], l.marks[:n])]
	whole := max(0, min(n, (len(data)-kernel.SuspectAhead-l.start)/kernel.ClassBytes))
	kernel.Suspects(suspects[:whole], data[l.start:])
	for ; whole < n; whole++ {
		var p [kernel.ClassBytes + kernel.SuspectAhead]byte
		copy(p[:], data[l.start+whole*kernel.ClassBytes:])
		kernel.Suspects(suspects[whole:whole+1], p[:])
	}
	heads.Mark(l.marks[:n], data, l.start)
	for k, w := range suspects {
		l.marks[k] |= w
	}
}

// spread returns the bits of w and the seventeen behind each, also behind those of before, which w follows.
func spread(w, before uint64) uint64 {
	for _, n := range [...]int{1, 2, 4, 8, 2} {
		w, before = w|w<<n|before>>(64-n), before|before<<n
	}
	return w
}

// dull returns the end of the digits of one byte a character that begin at data[i], if they are all of their run
// in b and nothing is marked among them; else i.
func (l *lines) dull(data []byte, i int, b block) int {
	if i > b.start && i > 0 && runChar[data[i-1]] {
		return i
	}
	end := l.skip(i)
	if end >= min(b.end, l.end) || runChar[data[end]] || l.marked(i, end) {
		return i
	}
	return end
}

// marked reports whether an anchor may begin, or text be encoded, among the characters [start, end), of one byte
// each. It does not know of other blocks.
func (l *lines) marked(start, end int) bool {
	if l == nil || start < l.start || end > l.end {
		return true
	}
	start, end = start-l.start, end-l.start
	for k := start / kernel.ClassBytes; k*kernel.ClassBytes < end; k++ {
		if l.marks[k] != 0 && textmap.Clip(l.marks[k], k*kernel.ClassBytes, start, end) != 0 {
			return true
		}
	}
	return false
}
