package rsaprime

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// scratch is where a candidate is assembled, so that none costs an allocation.
type scratch struct {
	places   []place
	some     place
	widths   [8]widths // of digits that may begin at the bytes of the word, see hopes
	inner    bool      // the word does not begin where an object would
	reported bool      // a number begins at the word's first byte
	limbs    [maxLimbs]uint64
	reversed [maxLimbs]uint64 // the limbs, most significant first
	quotient [maxLimbs + 2]uint64
	// What promises divides, and what that gives.
	dividend [maxLimbs + 2]uint64
	divisor  [maxLimbs / 2]uint64
	digits   [maxLimbs + 2]uint64
	seen     [2]radixSeen // of digits of four bytes and of eight
	judged   int          // the last place that random was asked about, plus one,
	is       bool         // and its answer
}

// fresh forgets what was seen of other data.
func (s *scratch) fresh() { s.seen, s.judged, s.reported = [2]radixSeen{}, 0, false }

// random reports whether octets inside of a prime at data[at:] have no patterns: the first and the last
// word may not be the prime's alone. Of random ones, one in 14,000 has some.
func (s *scratch) random(data []byte, at int) bool {
	const first, enough = 8, 32
	if s.judged != at+1 {
		s.judged, s.is = at+1, at+first+enough > len(data) || !entropy.Patterned(data[at+first:])
	}
	return s.is
}

// radixSeen is what radixAt said last: most classes ask the same.
type radixSeen struct{ at, count, radix int }

func (s *scratch) radix(data []byte, at, width, count int, swap bool) int {
	r := &s.seen[width>>3]
	if r.at != at || r.count != count {
		*r = radixSeen{at, count, radixAt(data, at, width, count, swap)}
	}
	return r.radix
}

// inverse returns the inverse of the odd x modulo 2^64, by Newton's iteration,
// which doubles the number of right bits. x is its own inverse modulo 8.
func inverse(x uint64) uint64 {
	y := x*3 ^ 2 // five bits are right
	for range 4 {
		y *= 2 - x*y
	}
	return y
}

// divides reports whether p, odd and least significant limb first, divides n,
// with an error of 2^-64. size is one more than the number of limbs that the quotient
// can have.
//
// It is Jebelean's exact division: the quotient modulo 2^(64·size) follows
// from the low limbs alone; if it is the true one, its last limb is zero. The columns
// of the product are summed with p reversed, so that both factors are read upwards.
func (s *scratch) divides(n, p []uint64, inv uint64, size int) bool {
	var lo, mid, hi uint64 // the sum of the column
	q, last := s.quotient[:size], len(p)-1
	for i := range q {
		from := max(0, i-last)
		x := q[from:i]
		y := s.reversed[last-i+from:][:len(x)]
		for j, xj := range x {
			h, l := bits.Mul64(xj, y[j])
			var c uint64
			lo, c = bits.Add64(lo, l, 0)
			mid, c = bits.Add64(mid, h, c)
			hi, _ = bits.Add64(hi, 0, c)
		}
		var limb uint64
		if i < len(n) {
			limb = n[i]
		}
		q[i] = (limb - lo) * inv
		h, l := bits.Mul64(q[i], p[0])
		_, c := bits.Add64(lo, l, 0)
		// The low limb of the column is now n's. The rest is carried.
		lo, c = bits.Add64(mid, h, c)
		mid, hi = hi+c, 0
	}
	return q[size-1] == 0
}
