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
	// stride is the distance of the positions that are looked at: runs of eight
	// bytes hold four at a multiple of four, longer ones at a multiple of eight.
	stride int
	// What follows from these: the forms that the relation cannot tell apart, the
	// distances to the first and the last word, and the columns to verify.
	forms           []Form
	lowest, highest int
	columns         []column
	// period is the distance of the same run in the next round keys, and tie the
	// column that lies between the two; 0 where they do not follow so simply.
	period, tie int
}

// maxRun is the longest run of any schedule plus one: five linear columns of
// AES-192. What comes after is zero by chance at most.
const maxRun = 24

// steady are the relations whose runs contain four bytes at a multiple of eight
// (of four, for the last), wherever they begin.
func steady() []relation {
	linear, block := []int{-1, 3}, []int{0, 4}
	return []relation{
		relation{nk: 4, far: -16, run: 12, limit: 16, stride: 8, period: 16}.derived([]int{0}, linear),
		relation{nk: 6, far: -24, run: 12, limit: maxRun, stride: 8, period: 24}.derived([]int{0}, []int{-1, 5, -2, 4, -3, 3}),
		relation{nk: 8, far: -32, run: 12, limit: 16, stride: 8, period: 16}.derived([]int{0}, linear),
		relation{nk: 4, rev: true, far: 16, run: 12, limit: 16, stride: 8, period: 16, tie: 1}.derived([]int{4}, block),
		relation{nk: 8, rev: true, far: 32, run: 12, limit: 16, stride: 8, period: 16, tie: 1}.derived([]int{4}, block),
		// Of reversed AES-192 only columns 2 and 3 find their third word in the
		// round key before, and so beside them.
		relation{nk: 6, rev: true, far: 8, run: 8, limit: maxRun, stride: 4}.derived([]int{8}, []int{0, 4, -2, 6}),
	}
}

// drifting are the relations of the orders of POWER. Some of their runs are four
// bytes long, in a period of eight or sixteen, so that positions of all residues
// must be tried in turn.
func drifting() []relation {
	linear, block, even := []int{-1, 3}, []int{0, 4}, []int{0, -2, 2}
	six := []int{-1, 5, -2, 4, -3, 3}
	return []relation{
		relation{nk: 4, order: Swapped128, far: -20, run: 12, limit: 16, stride: 8}.derived([]int{4}, block),
		relation{nk: 8, order: Swapped128, far: -36, run: 12, limit: 16, stride: 8}.derived([]int{4}, block),
		relation{nk: 6, order: Swapped128, far: -12, run: 8, limit: maxRun, stride: 8}.derived([]int{4}, []int{0, 4, -2, 6}),
		relation{nk: 4, order: Swapped128, rev: true, far: 12, run: 12, limit: 16, stride: 8}.derived([]int{8}, linear),
		relation{nk: 8, order: Swapped128, rev: true, far: 28, run: 12, limit: 16, stride: 8}.derived([]int{8}, linear),
		relation{nk: 6, order: Swapped128, rev: true, far: 20, run: 12, limit: maxRun, stride: 8}.derived([]int{8}, six),
		relation{nk: 4, order: Swapped64, far: -20, run: 4, limit: 8, again: 8, stride: 8}.derived([]int{4, 12}, block),
		relation{nk: 8, order: Swapped64, far: -36, run: 4, limit: 8, again: 8, stride: 8}.derived([]int{4, 12}, block),
		relation{nk: 6, order: Swapped64, far: -28, run: 4, limit: 8, again: 8, stride: 8}.derived([]int{4, 12}, even),
		relation{nk: 4, order: Swapped64, rev: true, far: 12, run: 4, limit: 8, again: 8, stride: 8}.derived([]int{4, 12}, block),
		relation{nk: 8, order: Swapped64, rev: true, far: 28, run: 4, limit: 8, again: 8, stride: 8}.derived([]int{4, 12}, block),
		relation{nk: 6, order: Swapped64, rev: true, far: 4, run: 4, limit: 8, again: 16, stride: 8}.derived([]int{12}, even),
	}
}

// derived fills in what follows from the rest. shifts are the distances from the
// round key with words 0 to 3, in the relation's own numbers, to the run's
// beginning; links the numbers of the words that may be verified.
func (r relation) derived(shifts, links []int) relation {
	r.lowest, r.highest = min(-4, r.far), max(0, r.far)
	r.forms = []Form{{Order: r.order, Reversed: r.rev}}
	if r.order == Plain {
		r.forms = []Form{{Plain, r.rev, false}, {Plain, r.rev, true}, {Swapped, r.rev, false}, {Swapped, r.rev, true}}
	}
	for _, s := range shifts {
		for _, n := range links {
			p := place{form: r.forms[0], nk: r.nk, origin: -s}
			c := column{n: n, shift: s, word: p.at(n), prev: p.at(n - 1), old: p.at(n - r.nk)}
			c.lowest, c.highest = min(c.word, c.prev, c.old), max(c.word, c.prev, c.old)
			r.columns = append(r.columns, c)
		}
	}
	return r
}

// inside reports whether the sum of n bytes at i can be computed.
func (r *relation) inside(data []byte, i, n int) bool {
	return i+r.lowest >= 0 && i+r.highest+n <= len(data)
}

// sum8 returns the sums of the eight bytes at i, the first in the lowest place.
func (r *relation) sum8(data []byte, i int) uint64 {
	return binary.LittleEndian.Uint64(data[i:]) ^ binary.LittleEndian.Uint64(data[i-4:]) ^
		binary.LittleEndian.Uint64(data[i+r.far:])
}

func (r *relation) sum4(data []byte, i int) uint32 {
	return word(data, i) ^ word(data, i-4) ^ word(data, i+r.far)
}

// noticed reports whether the sums of the four bytes at i are zero, and not
// because the words are.
func (r *relation) noticed(data []byte, i int) bool {
	if !r.inside(data, i, 4) {
		return false
	}
	x := word(data, i) ^ word(data, i-4)
	return x != 0 && x == word(data, i+r.far)
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
	if !r.noticed(data, i) || !r.likely(data, i) {
		return 0, 0, false
	}
	a, b := r.around(data, i)
	if b-a < r.run || b-a >= r.limit {
		return 0, 0, false
	}
	for k := i - (i-a)&^3; k+4 <= b; k += 4 {
		// Sparse data obeys any sum of words by being zero.
		if word(data, k) == word(data, k-4) {
			return 0, 0, false
		}
	}
	return a, b - r.run, true
}

// likely looks at no more than the words beside the noticed one at i, so that
// regular data costs little. It says no only where begins would too.
func (r *relation) likely(data []byte, i int) bool {
	if r.again > 0 {
		return r.noticed(data, i-r.again) || r.noticed(data, i+r.again)
	}
	if r.run < 12 || !r.inside(data, i-8, 20) {
		return true
	}
	before, after := r.sum4(data, i-4) == 0, r.sum4(data, i+4) == 0
	if before && after && r.limit == 16 && (r.sum4(data, i-8) == 0 || r.sum4(data, i+8) == 0) {
		return false
	}
	// Of a run of twelve bytes, four to one side of any four are a part as well.
	return before && word(data, i-4) != word(data, i-8) || after && word(data, i+4) != word(data, i)
}

// verified calls yield for every verified column at a run that begins in
// [first, last], until yield returns false.
func (r *relation) verified(data []byte, first, last int, yield func(link) bool) {
	// Places four bytes apart differ in the numbers of the words only.
	last = min(last, first+3)
	for at := first; at <= last; at++ {
		for k := range r.columns {
			if !r.verify(data, at, &r.columns[k], yield) {
				return
			}
		}
	}
}

// verify calls yield for every form in which column c is verified when the run begins at
// at, and returns what the last call returned, or true.
func (r *relation) verify(data []byte, at int, c *column, yield func(link) bool) bool {
	if at+c.lowest < 0 || at+c.highest+4 > len(data) {
		return true
	}
	prev := word(data, at+c.prev)
	diff := word(data, at+c.word) ^ word(data, at+c.old)
	for _, f := range r.forms {
		j, ok := f.verify(r.nk, diff, prev)
		if ok && !yield(link{place{f, r.nk, at - c.shift}, c.n, j}) {
			return false
		}
	}
	return true
}

// column is a word that may be a column which is not linear, and where its
// neighbours lie from the beginning of a run on.
type column struct {
	n, shift        int
	word, prev, old int
	lowest, highest int
}

// link is a verified column: word n of place, where the numbers are the
// relation's own.
type link struct {
	place
	n     int
	round int // the round whose constant was found, 0 for a column without one
}

// verify reports whether a word that follows prev and differs from the one nk
// words before by diff is a column that is not linear, and of which round; 0
// when the column has no constant. Both words are as [word] reads them.
func (f Form) verify(nk int, diff, prev uint32) (round int, ok bool) {
	if f.Order == Plain {
		diff, prev = bits.ReverseBytes32(diff), bits.ReverseBytes32(prev)
	}
	if f.Mixed {
		diff, prev = mix(diff), mix(prev)
	}
	// Most are rejected by one byte.
	if nk == 8 && byte(diff) == sbox[byte(prev)] && diff == sub(prev) {
		return 0, true
	}
	if byte(diff) != sbox[byte(prev>>24)] {
		return 0, false
	}
	round = roundOf(diff ^ bits.RotateLeft32(sub(prev), 8))
	return round, round > 0 && round*nk < words(nk)
}
