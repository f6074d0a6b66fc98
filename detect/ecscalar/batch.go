package ecscalar

import (
	"crypto/sha512"
	"math/big"
)

// maxLanes is how many single scalars are computed at once: enough for their few
// inversions to cost little beside them, few enough to stay in the cache.
const maxLanes = 256

// lane is a row of words, least significant first, of which each window as long
// as a scalar is a candidate. With A(k) the multiple of G by the first k words, the
// scalar s of window k has 2^(64k)·s·G = A(k+words) - A(k): a window of a long lane costs a word
// and two additions.
type lane struct {
	id    int // what the caller calls it
	first int // index of its first word
	count int // words
	dead  bool
}

// batch computes the windows of many lanes in step: first the multiples that the words stand
// for, as trees of table entries, then their sums.
type batch struct {
	g     *group
	lanes []lane
	words []uint64 // of all lanes
	used  int      // words
	of    []int32  // of each word: its lane
	sums  sums
}

// newBatch returns a batch for as many single scalars.
func newBatch(g *group, maxLanes int) *batch {
	words := maxLanes*g.words + g.span - g.words
	return &batch{
		g: g, lanes: make([]lane, 0, maxLanes), words: make([]uint64, words), of: make([]int32, words),
		sums: newSums(g, words*g.rows),
	}
}

// full reports whether run must be called before next.
func (b *batch) full() bool { return b.used+b.g.span > len(b.words) }

// next returns the words of a new lane, for the caller to fill.
func (b *batch) next(id, count int) []uint64 {
	at := b.used
	b.lanes = append(b.lanes, lane{id: id, first: at, count: count})
	b.used += count
	return b.words[at:b.used:b.used]
}

// run computes all lanes and calls emit with the x coordinate of each window k of
// lane id, and with nil where an addition had no chord and nothing is known. Of a curve of which numbers are turned, k is one
// for the turned number.
func (b *batch) run(emit func(id, k int, x []uint64)) {
	if b.g.turns {
		b.turn(emit)
		b.lanes, b.used = b.lanes[:0], 0
		return
	}
	b.spread()
	b.gather()
	b.single()
	b.prefixes()
	for i := range b.lanes {
		l := &b.lanes[i]
		switch {
		case l.dead && l.count <= b.g.words:
			emit(l.id, 0, b.g.another(b.words[l.first:l.first+l.count]))
		case l.dead:
			for k := 0; k+b.g.words <= l.count; k++ {
				emit(l.id, k, nil)
			}
		case l.count <= b.g.words:
			emit(l.id, 0, b.sums.x(b.at(l.first)))
		default:
			emit(l.id, 0, b.sums.x(b.at(l.first+b.g.words-1)))
		}
	}
	b.windows(emit)
	b.lanes, b.used = b.lanes[:0], 0
}

// at returns the index of the point of a word.
func (b *batch) at(word int) int { return word * b.g.rows }

// spread puts the sums of every two table entries for the digits of each word, and the entry of the last digit
// where their number is odd, where the points of the word will be.
func (b *batch) spread() {
	g, s := b.g, &b.sums
	mask := uint64(1)<<g.bits - 1
	for i := range b.lanes {
		l := &b.lanes[i]
		for k := range l.count {
			w, at := b.words[l.first+k], b.at(l.first+k)
			b.of[l.first+k] = int32(i)
			entry := func(r int) int { return (k*g.rows+r)<<g.bits + int(w>>(r*g.bits)&mask) }
			for r := range g.rows / 2 {
				s.add(i, at+r, entry(2*r), entry(2*r+1))
			}
			if last := g.rows - 1; last%2 == 0 {
				size := 2 * g.f.limbs
				copy(s.point(at+last/2), g.table[entry(last)*size:][:size])
			}
		}
	}
	s.runOf(g.table, b.fail)
}

// gather adds what spread has put there of each word.
func (b *batch) gather() {
	s := &b.sums
	for m := (b.g.rows + 1) / 2; m > 1; m = (m + 1) / 2 {
		for w := range b.used {
			at := b.at(w)
			for i := range m / 2 {
				s.add(int(b.of[w]), at+i, at+2*i, at+2*i+1)
			}
		}
		b.settle()
		if m%2 != 0 {
			for w := range b.used {
				s.move(b.at(w)+m/2, b.at(w)+m-1)
			}
		}
	}
}

// single adds the words of the lanes of one window.
func (b *batch) single() {
	s := &b.sums
	for m := b.g.words; m > 1; m = (m + 1) / 2 {
		for i := range b.lanes {
			l := &b.lanes[i]
			if l.dead || l.count != b.g.words {
				continue
			}
			for k := range m / 2 {
				s.add(i, b.at(l.first+k), b.at(l.first+2*k), b.at(l.first+2*k+1))
			}
		}
		b.settle()
		if m%2 == 0 {
			continue
		}
		for i := range b.lanes {
			if l := &b.lanes[i]; l.count == b.g.words {
				s.move(b.at(l.first+m/2), b.at(l.first+m-1))
			}
		}
	}
}

// prefixes makes the point of each word of a long lane A of the words up to it.
func (b *batch) prefixes() {
	for k := 1; k < b.g.span; k++ {
		for i := range b.lanes {
			l := &b.lanes[i]
			if !l.dead && l.count > max(k, b.g.words) {
				b.sums.add(i, b.at(l.first+k), b.at(l.first+k-1), b.at(l.first+k))
			}
		}
		b.settle()
	}
}

// windows computes the differences A(k+words) - A(k).
func (b *batch) windows(emit func(id, k int, x []uint64)) {
	s := &b.sums
	for k := 1; k+b.g.words <= b.g.span; k++ {
		for i := range b.lanes {
			l := &b.lanes[i]
			if l.dead || l.count < b.g.words+k {
				continue
			}
			// Where the first entry of the word was is room.
			from, to := b.at(l.first+k-1), b.at(l.first+k)+1
			s.mirror(to, from)
			s.add(i, to, b.at(l.first+k+b.g.words-1), to)
		}
		var failed map[int]bool
		s.run(func(i int) {
			if failed == nil {
				failed = map[int]bool{}
			}
			failed[i] = true
		})
		for i := range b.lanes {
			l := &b.lanes[i]
			if l.dead || l.count < b.g.words+k {
				continue
			}
			var x []uint64
			if !failed[i] {
				x = s.x(b.at(l.first+k) + 1)
			}
			emit(l.id, k, x)
		}
	}
}

// settle runs the additions that were asked for.
func (b *batch) settle() { b.sums.run(b.fail) }

// fail notes that words of lane i met no chord.
func (b *batch) fail(i int) { b.lanes[i].dead = true }

// another computes the multiple of G by a number of which the words met no chord, as those
// do of which one is zero: as the sum of two others. One pair in 256 has such a
// word again on P-521, of which the top word has nine bits.
func (g *group) another(words []uint64) []uint64 {
	const attempts = 8
	for try := range byte(attempts) {
		h, more := sha512.Sum512([]byte{try}), sha512.Sum512([]byte{try, try})
		part := new(big.Int).SetBytes(append(h[:], more[:]...))
		part.Mod(part, g.order)
		rest := new(big.Int).Sub(fromWords(words), part)
		rest.Mod(rest, g.order)
		b := newBatch(g, 2)
		toWords(part, b.next(0, g.words))
		toWords(rest, b.next(1, g.words))
		b.spread()
		b.gather()
		b.single()
		b.sums.add(0, b.at(0), b.at(0), b.at(g.words))
		b.settle()
		if !b.lanes[0].dead && !b.lanes[1].dead {
			return b.sums.x(b.at(0))
		}
	}
	return nil
}
