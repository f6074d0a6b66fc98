package survey

import (
	"math"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

const (
	// join is how many bytes between two ranges are not worth a call of their own.
	join = 64
	// maxGate is the longest run and maxNear the farthest that a gate may ask for.
	maxGate, maxNear = 16, 128
	// Deep is how far from other bytes zeros are that no gate leaves.
	Deep = maxNear + maxGate*word
	// margin is how far around a block its bitmap must reach: what is joined does not
	// depend on where blocks begin.
	margin = maxNear + join + 2*maxGate*word
	// bitmap is how many words of 64 bits there may be of a block: the bits of one word of 64 bits
	// count them.
	bitmap = (Block+2*margin+(2*maxGate+4)*word)/kernel.WordBytes + 3
)

// Possible reports whether a gate is one that [Survey.Left] knows.
func Possible(g probe.Gate) bool {
	return g.Words >= 1 && g.Words <= maxGate && g.Others >= 0 && g.Others <= 2 && g.Near >= 0 && g.Near <= maxNear
}

// Reach returns how far from a place, in bytes, lies what decides whether a gate leaves it.
func Reach(g probe.Gate) int { return join + g.Near + g.Words*word + kernel.PatternBack }

// lattice says of each word at a multiple of eight of memory whether it looks random and follows no
// pattern; beyond the ends of what is known every word does.
type lattice struct {
	bits  [bitmap]uint64
	first int // index in the data of word 0; may be negative
	n     int // how many elements of bits there are, but for an empty one behind them
	// some are the elements of bits that are not zero, and pairs those in which two such words begin in a row.
	some, pairs uint64

	// marks are where runs begin of as many words, with so many others, as run says; of none at first. Only the
	// elements that are marked have a meaning.
	marks  [bitmap]uint64
	marked uint64
	run    probe.Gate
}

// look fills l with what m says.
func (l *lattice) look(m *wordmap.Map, data []byte) {
	const before = maxGate + 1
	l.first, l.run = m.First, probe.Gate{}
	known := (len(data) - m.First) / word
	if known = min(known, m.Len); m.First > 0 {
		copy(l.bits[:], m.Patternless)
		clear(l.bits[len(m.Patternless):])
	} else {
		// What lies before memory, and a first word that is not whole.
		low := uint64(1)<<before - 1
		if m.First == 0 {
			low >>= 1
		}
		skip := bits.Len64(low)
		if m.First < 0 {
			skip--
		}
		for i := range l.bits {
			w := uint64(0)
			if i < len(m.Patternless) {
				w = m.Patternless[i]
			}
			l.bits[i], low = w<<skip|low, w>>(64-skip)
		}
		l.first, known = l.first-skip*word, known+skip
	}
	for k := known; k < known+before; k++ {
		l.bits[k>>6] |= 1 << (k & 63)
	}
	l.n = (known+before)>>6 + 1
	l.some, l.pairs = 0, 0
	for i, w := range l.bits[:l.n] {
		if w != 0 {
			l.some |= 1 << i
			if w&(w>>1|l.bits[i+1]<<63) != 0 {
				l.pairs |= 1 << i
			}
		}
	}
}

// ranges calls yield for the parts of [lo, hi) that g leaves, in ascending order.
func (l *lattice) ranges(g probe.Gate, lo, hi int, yield func(lo, hi int)) {
	near, size := g.Near, g.Words*word
	if g.Near = 0; g != l.run {
		l.mark(g)
	}
	from, to := 0, math.MinInt/2 // the range that is being made
	flush := func() {
		if a, b := max(from, lo), min(to, hi); a < b {
			yield(a, b)
		}
	}
	for live := l.marked; live != 0; live &= live - 1 {
		i := bits.TrailingZeros64(live)
		m := l.marks[i]
		at := l.first + i*64*word
		for k := 0; m != 0; {
			z := bits.TrailingZeros64(m)
			ones := bits.TrailingZeros64(^(m >> z))
			k += z
			a, b := at+k*word-near, at+(k+ones-1)*word+size+near
			if a > to+join {
				flush()
				from = a
			}
			to = b
			k += ones
			if z+ones >= 64 {
				break
			}
			m >>= z + ones
		}
	}
	flush()
}

// mark makes the marks of g.
func (l *lattice) mark(g probe.Gate) {
	l.run, l.marked = g, 0
	live := l.some
	if g.Words > 2*g.Others+1 {
		live = l.pairs // of so many words with so few others between them, two lie in a row
	}
	// A run that begins in an element has such a word there or in the next one.
	for live |= live >> 1; live != 0; live &= live - 1 {
		i := bits.TrailingZeros64(live)
		if m := l.runs(i, g); m != 0 {
			l.marks[i] = m
			l.marked |= 1 << i
		}
	}
}

// runs returns at which words of element i a run as g wants it begins.
func (l *lattice) runs(i int, g probe.Gate) uint64 {
	low, high := l.bits[i], l.bits[i+1]
	none, one, two := low, ^uint64(0), ^uint64(0) // no exception so far, one at most, two
	for range g.Words - 1 {
		low, high = low>>1|high<<63, high>>1
		two &= one | low
		one &= none | low
		none &= low
	}
	switch g.Others {
	case 0:
		return none
	case 1:
		return one
	}
	return two
}
