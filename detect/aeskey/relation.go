package aeskey

import (
	"encoding/binary"
	"math/bits"
)

// relation is one way in which three words of a schedule lie: a word, the one
// four bytes before it, and one at distance far. Where their sum is zero the
// three may be w[i], w[i-1] and w[i-nk] of a linear column, in this or another
// sequence, each with the same bytes swapped or mixed.
type relation struct {
	nk    int
	order Order // Plain stands for Plain and Swapped alike
	rev   bool  // round keys in reversed order
	far   int
	run   int // how many bytes in a row the sum is zero in the columns concerned
	limit int // from how many on it is a regular pattern, not a schedule
	// again is the distance of the next such run, of which one at least must be
	// there, when one alone is too short to tell anything; else 0.
	again int
	// shifts are the distances from the round key with words 0 to 3, as link
	// numbers them, to the run's beginning.
	shifts []int
	// links are the numbers of the words that may be verified, relative to those.
	links []int
}

// maxRun is the longest run of any schedule plus one: five linear columns of
// AES-192. What comes after is zero by chance at most.
const maxRun = 24

// steady are the relations whose runs contain four bytes at a multiple of eight
// (or of four, for the second), wherever they begin.
func steady() []relation {
	linear, block := []int{-1, 3}, []int{0, 4}
	return []relation{
		{nk: 4, far: -16, run: 12, limit: 16, shifts: []int{0}, links: linear},
		{nk: 6, far: -24, run: 12, limit: maxRun, shifts: []int{0}, links: []int{-1, 5, -2, 4, -3, 3}},
		{nk: 8, far: -32, run: 12, limit: 16, shifts: []int{0}, links: linear},
		{nk: 4, rev: true, far: 16, run: 12, limit: 16, shifts: []int{4}, links: block},
		{nk: 8, rev: true, far: 32, run: 12, limit: 16, shifts: []int{4}, links: block},
		// Of reversed AES-192 only columns 2 and 3 find their third word in the
		// round key before, and so beside them.
		{nk: 6, rev: true, far: 8, run: 8, limit: maxRun, shifts: []int{8}, links: []int{0, 4, -2, 6}},
	}
}

// drifting are the relations of the orders of POWER. Some of their runs are four
// bytes long, in a period of eight or sixteen, so that positions of all residues
// must be tried in turn.
func drifting() []relation {
	linear, block, even := []int{-1, 3}, []int{0, 4}, []int{0, -2, 2}
	six := []int{-1, 5, -2, 4, -3, 3}
	return []relation{
		{nk: 4, order: Swapped128, far: -20, run: 12, limit: 16, shifts: []int{4}, links: block},
		{nk: 8, order: Swapped128, far: -36, run: 12, limit: 16, shifts: []int{4}, links: block},
		{nk: 6, order: Swapped128, far: -12, run: 8, limit: maxRun, shifts: []int{4}, links: []int{0, 4, -2, 6}},
		{nk: 4, order: Swapped128, rev: true, far: 12, run: 12, limit: 16, shifts: []int{8}, links: linear},
		{nk: 8, order: Swapped128, rev: true, far: 28, run: 12, limit: 16, shifts: []int{8}, links: linear},
		{nk: 6, order: Swapped128, rev: true, far: 20, run: 12, limit: maxRun, shifts: []int{8}, links: six},
		{nk: 4, order: Swapped64, far: -20, run: 4, limit: 8, again: 8, shifts: []int{4, 12}, links: block},
		{nk: 8, order: Swapped64, far: -36, run: 4, limit: 8, again: 8, shifts: []int{4, 12}, links: block},
		{nk: 6, order: Swapped64, far: -28, run: 4, limit: 8, again: 8, shifts: []int{4, 12}, links: even},
		{nk: 4, order: Swapped64, rev: true, far: 12, run: 4, limit: 8, again: 8, shifts: []int{4, 12}, links: block},
		{nk: 8, order: Swapped64, rev: true, far: 28, run: 4, limit: 8, again: 8, shifts: []int{4, 12}, links: block},
		{nk: 6, order: Swapped64, rev: true, far: 4, run: 4, limit: 8, again: 16, shifts: []int{12}, links: even},
	}
}

// forms returns the forms that the relation cannot tell apart.
func (r *relation) forms() []Form {
	if r.order != Plain {
		return []Form{{Order: r.order, Reversed: r.rev}}
	}
	return []Form{
		{Plain, r.rev, false}, {Plain, r.rev, true}, {Swapped, r.rev, false}, {Swapped, r.rev, true},
	}
}

// inside reports whether the sum of n bytes at i can be computed.
func (r *relation) inside(data []byte, i, n int) bool {
	return i+min(-4, r.far) >= 0 && i+max(0, r.far)+n <= len(data)
}

// sum8 returns the sums of the eight bytes at i, the first in the lowest place.
func (r *relation) sum8(data []byte, i int) uint64 {
	return binary.LittleEndian.Uint64(data[i:]) ^ binary.LittleEndian.Uint64(data[i-4:]) ^
		binary.LittleEndian.Uint64(data[i+r.far:])
}

// noticed reports whether the sums of the four bytes at i are zero, and not
// because the words are.
func (r *relation) noticed(data []byte, i int) bool {
	if !r.inside(data, i, 4) {
		return false
	}
	x := binary.LittleEndian.Uint32(data[i:]) ^ binary.LittleEndian.Uint32(data[i-4:])
	return x != 0 && x == binary.LittleEndian.Uint32(data[i+r.far:])
}

// around returns the bytes [a, b) around the four noticed ones at i of which the
// sums are zero, looking no farther than maxRun bytes to either side.
func (r *relation) around(data []byte, i int) (a, b int) {
	for a = i; a > i-maxRun; {
		if r.inside(data, a-8, 8) {
			n := bits.LeadingZeros64(r.sum8(data, a-8)) / 8
			a -= n
			if n < 8 {
				break
			}
		} else if r.inside(data, a-1, 1) && r.sum1(data, a-1) == 0 {
			a--
		} else {
			break
		}
	}
	for b = i + 4; b < i+4+maxRun; {
		if r.inside(data, b, 8) {
			n := bits.TrailingZeros64(r.sum8(data, b)) / 8
			b += n
			if n < 8 {
				break
			}
		} else if r.inside(data, b, 1) && r.sum1(data, b) == 0 {
			b++
		} else {
			break
		}
	}
	return a, b
}

func (r *relation) sum1(data []byte, i int) byte { return data[i] ^ data[i-4] ^ data[i+r.far] }

// begins returns where the run around the noticed bytes at i may begin: in
// [first, last]. There is more than one such place when bytes beside it are zero
// by chance. It reports false when it is no run of a schedule.
func (r *relation) begins(data []byte, i int) (first, last int, ok bool) {
	if !r.noticed(data, i) {
		return 0, 0, false
	}
	a, b := r.around(data, i)
	if b-a < r.run || b-a >= r.limit {
		return 0, 0, false
	}
	for k := a; k+4 <= b; k += 4 {
		// Sparse data obeys any sum of words by being zero.
		if binary.LittleEndian.Uint32(data[k:]) == binary.LittleEndian.Uint32(data[k-4:]) {
			return 0, 0, false
		}
	}
	if r.again > 0 && !r.repeats(data, a, b-4) {
		return 0, 0, false
	}
	return a, b - r.run, true
}

// repeats reports whether there is another run beside the one that begins in
// [first, last].
func (r *relation) repeats(data []byte, first, last int) bool {
	for i := first; i <= last; i++ {
		if r.noticed(data, i-r.again) || r.noticed(data, i+r.again) {
			return true
		}
	}
	return false
}

// link is a verified column: word n of place, where the numbers are the
// relation's own.
type link struct {
	place
	n     int
	round int // the round whose constant was found, 0 for a column without one
}

// verified calls yield for every verified column at a run that begins in
// [first, last], until yield returns false.
func (r *relation) verified(data []byte, first, last int, yield func(link) bool) {
	// Places four bytes apart differ in the numbers of the words only.
	last = min(last, first+3)
	for _, f := range r.forms() {
		for at := first; at <= last; at++ {
			for _, s := range r.shifts {
				p := place{form: f, nk: r.nk, origin: at - s}
				for _, n := range r.links {
					if j, ok := p.verify(data, n); ok && !yield(link{p, n, j}) {
						return
					}
				}
			}
		}
	}
}

// verify reports whether word n is a column that is not linear, and of which
// round; 0 when the column has no constant.
func (p place) verify(data []byte, n int) (round int, ok bool) {
	w, ok0 := p.word(data, n)
	prev, ok1 := p.word(data, n-1)
	old, ok2 := p.word(data, n-p.nk)
	if !ok0 || !ok1 || !ok2 {
		return 0, false
	}
	s := sub(prev)
	if p.nk == 8 && w^old == s {
		return 0, true
	}
	round = roundOf(w ^ old ^ bits.RotateLeft32(s, 8))
	return round, round > 0 && round*p.nk < words(p.nk)
}
