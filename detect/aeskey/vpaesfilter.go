package aeskey

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// vpaesStep is how far apart the filter looks. Its multiples come to either half
	// of a round key within two steps, and of the reversed AES-192, where one round
	// key in three cannot be noticed, to one of the others within two more.
	vpaesStep = kernel.ColumnStep
	// vpaesBack and vpaesAhead are how far from a step relations read.
	vpaesBack, vpaesAhead = kernel.ColumnBack, kernel.ColumnAhead
	ones                  = 0x0101010101010101
)

// vpaesRun is one distance between the words of a linear column: as row zero is
// never rotated, its bytes obey the recurrence where they lie, but for the sum.
type vpaesRun struct {
	nk, far int
	dec     bool
	at      int // the first of two columns lies so far behind the step, or up to three bytes farther
	columns [2]int
}

// vpaesRuns returns the runs in the order in which the filter tries them. The
// columns that may stand first are those of which the next, too, is linear and has
// its third word at the same distance.
func vpaesRuns() [7]vpaesRun {
	return [7]vpaesRun{
		{nk: 4, far: -16, columns: [2]int{1, 2}},
		{nk: 6, far: -24, columns: [2]int{1, 2}},
		{nk: 8, far: -32, columns: [2]int{1, 2}},
		{nk: 4, far: 16, dec: true, columns: [2]int{1, 2}},
		{nk: 8, far: 32, dec: true, columns: [2]int{1, 2}},
		{nk: 6, far: 8, dec: true, columns: [2]int{2, 2}},
		{nk: 6, far: 8, dec: true, at: 4, columns: [2]int{2, 2}},
	}
}

// Depth implements [probe.Shallow]: columns that are equal are passed over.
func (*vpaes) Depth() int { return 256 }

// Gate implements [probe.Gated], as that of standard schedules does.
func (*vpaes) Gate() probe.Gate { return probe.Gate{Words: 4, Others: 1, Near: 64} }

// Filter names the steps at which two columns of a row obey a recurrence.
func (d *vpaes) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	judge := func(q int) {
		for i := range d.runs {
			if d.runs[i].rows(data, q) != 0 {
				hit(q)
				return
			}
		}
	}
	for q := lo + int((vpaesStep-(base+int64(lo))%vpaesStep)%vpaesStep); q < hi; {
		n := 0
		if q >= vpaesBack {
			n = min(64, (hi-q+vpaesStep-1)/vpaesStep, (len(data)-vpaesAhead-q)/vpaesStep+1)
		}
		if n <= 0 || q+vpaesAhead > len(data) {
			judge(q)
			q += vpaesStep
			continue
		}
		for m := kernel.Columns(data[q-vpaesBack:], n, encSum*ones, decSum*ones); m != 0; m &= m - 1 {
			judge(q + vpaesStep*bits.TrailingZeros64(m))
		}
		q += vpaesStep * n
	}
}

// rows returns the set of the offsets, zero to three, from the run's place at step q
// at which the bytes of row zero may begin.
func (r *vpaesRun) rows(data []byte, q int) (set uint) {
	i := q + r.at
	low, high := min(i-4, i+r.far), max(i, i+r.far)+8
	if low < 0 || high > len(data) {
		return 0
	}
	y := load(data, i) ^ load(data, i-4)
	x := y ^ load(data, i+r.far) ^ encSum*ones
	if r.dec {
		x ^= (encSum ^ decSum) * ones
	}
	for k := range 4 {
		const pair = 0xff000000ff
		// Where both columns equal those before them, they are regular data.
		if x>>(8*k)&pair == 0 && y>>(8*k)&pair != 0 && r.third(data, i+k) {
			set |= 1 << k
		}
	}
	return set
}

// third reports whether the column before or behind the two at i obeys the
// recurrence as well. Of reversed AES-192 two is all there is, and of AES-192 there
// may be no more where the run ends.
func (r *vpaesRun) third(data []byte, i int) bool {
	if r.nk == 6 {
		return true
	}
	sum := func(i int) bool {
		if min(i-4, i+r.far) < 0 || max(i, i+r.far) >= len(data) {
			return false
		}
		x := data[i] ^ data[i-4] ^ data[i+r.far]
		return x == encSum && !r.dec || x == decSum && r.dec
	}
	return sum(i-4) || sum(i+8)
}

func load(p []byte, i int) uint64 { return binary.LittleEndian.Uint64(p[i:]) }
