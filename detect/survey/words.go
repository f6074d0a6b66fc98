package survey

import (
	"math"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// join is how many bytes between two ranges are not worth a call of their own.
	join = 64
	// maxGate is the longest run and maxNear the farthest that a gate may ask for.
	maxGate, maxNear = 16, 128
	// Deep is how far from other bytes zeros are that no gate leaves.
	Deep = maxNear + maxGate*word
	// margin is how far around a block its bitmap reaches: what is joined does not
	// depend on where blocks begin.
	margin = maxNear + join + 2*maxGate*word
	// bitmap is how many words of 64 bits there may be of a block.
	bitmap = (Block+2*margin+2*word)/kernel.WordBytes + 3
)

// Possible reports whether a gate is one that [Survey.Left] knows.
func Possible(g probe.Gate) bool {
	return g.Words >= 1 && g.Words <= maxGate && g.Others >= 0 && g.Others <= 2 && g.Near >= 0 && g.Near <= maxNear
}

// Reach returns how far from a place, in bytes, lies what decides whether a gate leaves it.
func Reach(g probe.Gate) int { return join + g.Near + g.Words*word + kernel.PatternBack }

// Words looks which words of the block's beginning, up to hi, and around it look random.
func (s *Survey) Words(hi int) { s.words.look(s.Data, s.Base, s.Lo, hi) }

// Left calls yield for the parts of the block's beginning, up to hi, that g leaves, in ascending order.
// [Survey.Words] was called before.
func (s *Survey) Left(g probe.Gate, hi int, yield func(lo, hi int)) {
	s.words.ranges(g, s.Lo, hi, yield)
}

// lattice says of each word at a multiple of eight of memory whether it looks random and follows no
// pattern.
type lattice struct {
	bits  [bitmap]uint64
	pairs [bitmap + 1]uint64 // where two such words begin
	first int                // index in the data of word 0; may be negative
	n     int                // words

	// marks are where runs begin of as many words, with so many others, as run says; of none at first.
	marks [bitmap]uint64
	run   probe.Gate
}

// look fills l for the words around data[lo:hi). base is the address of data[0].
func (l *lattice) look(data []byte, base int64, lo, hi int) {
	start := max(lo-margin, -maxGate*word)
	l.first = start - int((base+int64(start))&(word-1))
	end := min(hi+margin, len(data))
	l.n = (end - l.first + word - 1) / word
	full := (l.n + 63) / 64
	// Words of which a part is not there count as random.
	whole := l.first
	for whole < 0 {
		whole += word
	}
	skip := (whole - l.first) / word
	whole = min(whole, end)
	p := data[whole:end]
	n := len(p) / kernel.WordBytes
	if whole >= kernel.PatternBack {
		kernel.Patternless(l.bits[:n], data[whole-kernel.PatternBack:])
	} else if n > 0 {
		l.patternless(0, data[:whole+kernel.WordBytes], whole)
		kernel.Patternless(l.bits[1:n], data[whole+kernel.WordBytes-kernel.PatternBack:])
	}
	rest := len(p) - n*kernel.WordBytes
	l.patternless(n, data[:end], whole+n*kernel.WordBytes)
	known := n*64 + rest/word
	clear(l.bits[n+1:])
	if skip > 0 {
		low := uint64(1)<<skip - 1
		for i := range l.bits[:full+1] {
			l.bits[i], low = l.bits[i]<<skip|low, l.bits[i]>>(64-skip)
		}
		known += skip
	}
	// Behind the end of what is known every word counts as random.
	for k := known; k < known+maxGate+1 && k>>6 < len(l.bits); k++ {
		l.bits[k>>6] |= 1 << (k & 63)
	}
	l.n = max(l.n, known) + maxGate
	for i, m := range l.bits[:len(l.bits)-1] {
		l.pairs[i] = m & (m>>1 | l.bits[i+1]<<63)
	}
	l.pairs[bitmap-1], l.run = l.bits[bitmap-1]&(l.bits[bitmap-1]>>1), probe.Gate{}
}

// patternless fills word i of the bitmap for what data holds from at on, with zeros where nothing is.
func (l *lattice) patternless(i int, data []byte, at int) {
	var room [kernel.PatternBack + kernel.WordBytes]byte
	back := max(0, at-kernel.PatternBack)
	copy(room[kernel.PatternBack-(at-back):], data[back:])
	kernel.Patternless(l.bits[i:i+1], room[:])
}

// ranges calls yield for the parts of [lo, hi) that g leaves, in ascending order.
func (l *lattice) ranges(g probe.Gate, lo, hi int, yield func(lo, hi int)) {
	from, to := 0, math.MinInt/2 // the range that is being made
	near, size := g.Near, g.Words*word
	flush := func() {
		if a, b := max(from, lo), min(to, hi); a < b {
			yield(a, b)
		}
	}
	if g.Near = 0; g != l.run {
		l.run = g
		for i := 0; i*64 < l.n; i++ {
			l.marks[i] = l.runs(i, g)
		}
	}
	for i, m := range l.marks[:(l.n+63)/64] {
		if m == 0 {
			continue
		}
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

// runs returns at which words of word i of the bitmap a run as g wants it begins.
func (l *lattice) runs(i int, g probe.Gate) uint64 {
	low, high := l.bits[i], uint64(0)
	if i+1 < len(l.bits) {
		high = l.bits[i+1]
	}
	if low|high == 0 {
		return 0
	}
	// Of so many words with so few others between them, two lie in a row.
	if g.Words > 2*g.Others+1 && l.pairs[i]|l.pairs[i+1]&(1<<g.Words-1) == 0 {
		return 0
	}
	most := [3]uint64{^uint64(0), ^uint64(0), ^uint64(0)} // no exception so far, one at most, two
	for n := range g.Words {
		w := low>>n | high<<(64-n)
		most[2] &= most[1] | w
		most[1] &= most[0] | w
		most[0] &= w
	}
	return most[g.Others]
}
