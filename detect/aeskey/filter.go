package aeskey

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// back and ahead are how far from a step the filter reads: the farthest word
	// of any relation, from the last byte of a drifting position on.
	back  = kernel.ScheduleBack
	ahead = kernel.ScheduleAhead
	// window is how many bytes that are for one position of a step.
	window = back + ahead - 7
	// never stands in place of a zero difference of words, which proves nothing.
	// It is a word that memory seldom holds; a wrong guess costs a second look.
	never = 0x9E3779B9
)

// Depth implements [probe.Shallow]: a relation is one of sums that are not zero, of words near by.
func (*detector) Depth() int { return 256 }

// Gate implements [probe.Gated]: the least that is found, three round keys, has five whole
// words. A schedule is named where it begins, which may be a key that looks like something else.
func (*detector) Gate() probe.Gate { return probe.Gate{Words: 4, Others: 1, Near: 64} }

// Filter names the positions at which a relation holds and a link is verified.
//
// A run of twelve bytes, wherever it begins, holds four bytes at a multiple of
// eight. So there is one step every eight bytes of the stream, which
// looks at four bytes only, and costs the same whatever they are. The orders of
// POWER have shorter runs, but many of them, and are looked for at one drifting
// position in each step.
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	// The drifting position of a step may belong to us when the step does not.
	least := lo - int((base+int64(lo))&7)
	q := least
	if cycle := lo - int((base+int64(lo))%kernel.Cycle); cycle >= back {
		q = cycle // where the kernel begins
	}
	end := min(hi, len(data)-ahead)
	var marks [8]uint64
	for q < hi {
		n := 0
		if q >= back && (base+int64(q))%kernel.Cycle == 0 {
			// The last word may extend beyond what is ours.
			n = min(len(marks), (hi-q+kernel.WordBytes-1)/kernel.WordBytes, (len(data)-ahead-q)/kernel.WordBytes)
		}
		if n <= 0 {
			if q >= least && (q < back || q >= end || d.noticed(data, base, q)) {
				d.step(data, base, q, lo, hi, hit)
			}
			q += 8
			continue
		}
		kernel.Schedules(marks[:n], data[q-back:])
		for _, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				if i := q + 8*bits.TrailingZeros64(m); i >= least && i < hi && d.noticed(data, base, i) {
					d.step(data, base, i, lo, hi, hit)
				}
			}
			q += kernel.WordBytes
		}
	}
}

// step calls hit for the places of the step at q at which a relation holds and a
// link is verified.
func (d *detector) step(data []byte, base int64, q, lo, hi int, hit func(i int)) {
	steady := q >= lo && d.begin(d.steady, data, q)
	if steady {
		hit(q)
	}
	p := q + kernel.Drift(base+int64(q))
	if p >= lo && p < hi && !(steady && p == q) && d.begin(d.drifting, data, p) {
		hit(p)
	}
}

// begin reports whether a step at q meets a run that no step at a multiple of
// eight before it meets, and that has a link.
func (d *detector) begin(rs []relation, data []byte, q int) bool {
	for k := range rs {
		for i := q; i < q+8; i += rs[k].stride {
			if rs[k].begin(data, i) {
				return true
			}
		}
	}
	return false
}

func (r *relation) begin(data []byte, i int) bool {
	first, last, found := r.begins(data, i)
	if !found || r.order == Plain && i-first >= r.stride || r.chained(data, i, first) {
		return false
	}
	found = false
	r.verified(data, first, last, func(link) bool {
		found = true
		return false
	})
	return found
}

// chained reports whether the run that begins at first, around i, is tied by a
// verified column to the same run one period before. That one is named
// then, so that a schedule is a candidate once, not once for each round key.
func (r *relation) chained(data []byte, i, first int) bool {
	if r.period == 0 {
		return false
	}
	if before, _, ok := r.begins(data, i-r.period); !ok || before != first-r.period {
		return false
	}
	tied := false
	c := &r.columns[r.tie]
	r.verify(data, first, c, func(link) bool {
		tied = true
		return false
	})
	return tied
}

// quick is begin for position i, of which the bytes lie at index back of w and
// something is noticed. Most of that is regular data, and shall cost little.
func (d *detector) quick(rs []relation, data []byte, i int, w []byte) bool {
	w = w[:window]
	here := word(w, back) ^ word(w, back-4)
	after := word(w, back+4) ^ word(w, back)
	for k := range rs {
		r := &rs[k]
		far := back + r.far
		if far < 8 || far > window-12 {
			continue
		}
		if here == word(w, far) && here != 0 && r.promising(w, far) && r.begin(data, i) {
			return true
		}
		if r.stride == 4 && after == word(w, far+4) && after != 0 && r.begin(data, i+4) {
			return true
		}
	}
	return false
}

// promising looks at the words beside the noticed one at index back of w, where
// far is the index of its third word. It says no only where begins would too.
func (r *relation) promising(w []byte, far int) bool {
	w = w[:window]
	before := word(w, back-4) ^ word(w, back-8)
	after := word(w, back+4) ^ word(w, back)
	left, right := before == word(w, far-4), after == word(w, far+4)
	switch {
	case r.run == 4: // nothing beside it, and the next run in its place
		return !left && !right && (r.again != 8 ||
			word(w, back+8)^word(w, back+4) == word(w, far+8) || word(w, back-8)^word(w, back-12) == word(w, far-8))
	case r.run == 8:
		return true
	case left && right && r.limit == 16: // no run has a fourth column
		return word(w, back-8)^word(w, back-12) != word(w, far-8) && word(w, back+8)^word(w, back+4) != word(w, far+8)
	}
	// Of a run of twelve bytes, four to one side of any four are a part as well.
	return left && before != 0 || right && after != 0
}

// noticed reports whether the step at q may meet a run. It needs back bytes before q and ahead
// bytes behind it.
func (d *detector) noticed(data []byte, base int64, q int) bool {
	w := data[q-back:][:back+ahead]
	left := binary.LittleEndian.Uint64(w[back-4:])
	if left|binary.LittleEndian.Uint64(w[back+4:]) == 0 {
		// Zeros up to where this step's drifting position ends: every sum is
		// zero, and says nothing.
		return false
	}
	x := left ^ binary.LittleEndian.Uint64(w[back:])
	lower, upper := uint32(x), uint32(x>>32)
	if lower == 0 {
		lower = never
	}
	if upper == 0 {
		upper = never
	}
	if lower == word(w, back-16) || lower == word(w, back-24) || lower == word(w, back-32) ||
		lower == word(w, back+16) || lower == word(w, back+32) ||
		lower == word(w, back+8) || upper == word(w, back+12) {
		if d.quick(d.steady, data, q, w) {
			return true
		}
	}
	p := kernel.Drift(base + int64(q))
	v := w[p:][:window]
	y := word(v, back) ^ word(v, back-4)
	if y == 0 {
		y = never
	}
	return (y == word(v, back-20) || y == word(v, back-36) || y == word(v, back-12) || y == word(v, back-28) ||
		y == word(v, back+12) || y == word(v, back+28) || y == word(v, back+20) || y == word(v, back+4)) &&
		d.quick(d.drifting, data, q+p, v)
}

func word(p []byte, i int) uint32 { return binary.LittleEndian.Uint32(p[i:]) }
