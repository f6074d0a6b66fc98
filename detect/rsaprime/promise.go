package rsaprime

import "math/bits"

const (
	// lostLimbs is how many limbs of a prime are lost at most, see lost.
	lostLimbs = 4
	// spare is how many bits more than x has the numbers of [scratch.promises] are allowed: so many bits of its
	// answer are certain, but for one.
	spare = 24
	// ratioLimbs and cofactorLimbs are the lengths of its numbers, for the most that is lost.
	ratioLimbs, cofactorLimbs = 2*lostLimbs + 1, lostLimbs + 1
)

// promises reports whether [complete] may find a prime of n of which the limbs a are known, but for the lowest, which
// are zero and gone of which are lost. It is always true for a prime, and for one other number in 2^22; complete costs ten
// times as much.
//
// For a prime a + x and another one b - y, x·β - y = ρ but for less than 2^-38, where β is n/a² and ρ is n/a less an
// integer. Some c below 2^(m+spare) makes c·β an integer but for less than 2^-(m+spare), and one such c comes from
// Euclid's algorithm on β and 1, as for continued fractions. It makes c·ρ one but for 2^-spare, since x has m bits.
func (s *scratch) promises(n, a []uint64, gone int) bool {
	known, ratio := a[gone:], 2*gone+1
	norm := uint(bits.LeadingZeros64(known[len(known)-1]))
	v := s.divisor[:len(known)]
	shift(v, known, norm)
	// The quotient n/a has gone+1 limbs behind its point.
	u := s.dividend[:len(n)+2]
	u[0] = 0
	u[len(n)+1] = shift(u[1:len(n)+1], n, norm)
	q := s.digits[:len(u)-len(v)]
	divide(q, u, v)
	var rho [cofactorLimbs]uint64
	copy(rho[:], q[:gone+1])

	// β with ratio limbs behind its point, of which the divisor's upper limbs and one more of the quotient tell all but the last bits.
	tops := ratio + 1
	var top [ratioLimbs + 1]uint64
	at := top[:tops]
	for i := range min(tops, len(v)) {
		at[tops-1-i] = v[len(v)-1-i]
	}
	u = s.dividend[:ratio+tops+2]
	clear(u)
	for i := range min(tops+1, len(q)) {
		u[ratio+tops-i] = q[len(q)-1-i]
	}
	u[ratio+tops+1] = shift(u[ratio:ratio+tops+1], u[ratio:ratio+tops+1], norm)
	q = s.digits[:ratio+2]
	divide(q, u, at)
	var beta [ratioLimbs]uint64
	copy(beta[:], q[:ratio])

	c, ok := multiplier(&beta, ratio, 64*gone+spare)
	if !ok {
		return true
	}
	var product [cofactorLimbs]uint64
	for i, x := range c[:gone+1] {
		var carry uint64
		for j := range gone + 1 - i {
			h, l := bits.Mul64(x, rho[j])
			var k uint64
			l, k = bits.Add64(l, carry, 0)
			h += k
			product[i+j], k = bits.Add64(product[i+j], l, 0)
			carry = h + k
		}
	}
	const near = 1 << (64 - spare + 1)
	return product[gone]+near < 2*near
}

// multiplier returns a number below 2^size that makes beta, which has n limbs behind its point, an integer but for
// less than 2^-size. It fails where that takes steps that it does not know.
func multiplier(beta *[ratioLimbs]uint64, n, size int) (c [cofactorLimbs]uint64, ok bool) {
	// Each pair is a number c and the distance r of c·β from an integer below it or, of the other pair, above it.
	type pair struct {
		r [ratioLimbs]uint64
		c [cofactorLimbs]uint64
	}
	x, y := &pair{r: *beta}, &pair{}
	x.c[0], y.c[0] = 1, 1
	var borrow uint64
	for i := range n {
		y.r[i], borrow = bits.Sub64(0, beta[i], borrow)
	}
	limb, bit := (64*n-size)/64, uint(64*n-size)%64
	for t := n - 1; ; {
		for t > limb && x.r[t]|y.r[t] == 0 {
			t--
		}
		if less(x.r[:t+1], y.r[:t+1]) {
			x, y = y, x
		}
		small := y.r[limb]>>bit == 0
		for i := t; i > limb && small; i-- {
			small = y.r[i] == 0
		}
		if small {
			return y.c, true
		}
		lead := uint(bits.LeadingZeros64(x.r[t]))
		a, b := x.r[t]<<lead, y.r[t]<<lead
		if t > 0 { // a shift by 64 gives zero
			a, b = a|x.r[t-1]>>(64-lead), b|y.r[t-1]>>(64-lead)
		}
		if b == 0 {
			return c, false
		}
		q := uint64(1)
		if b+1 != 0 {
			q = max(q, a/(b+1)) // no more than there is
		}
		var carry, k uint64
		for i := range t + 1 {
			h, l := bits.Mul64(q, y.r[i])
			l, k = bits.Add64(l, carry, 0)
			carry = h + k
			x.r[i], k = bits.Sub64(x.r[i], l, 0)
			carry += k
		}
		carry = 0
		for i := range (n + 1) / 2 {
			h, l := bits.Mul64(q, y.c[i])
			l, k = bits.Add64(l, carry, 0)
			carry = h + k
			x.c[i], k = bits.Add64(x.c[i], l, 0)
			carry += k
		}
	}
}

// less reports whether x is less than y, which is as long.
func less(x, y []uint64) bool {
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] != y[i] {
			return x[i] < y[i]
		}
	}
	return false
}

// shift sets dst to x·2^by, of fewer bits than a limb, and returns what does not fit into it. They may be the same.
func shift(dst, x []uint64, by uint) (over uint64) {
	for i, limb := range x {
		dst[i] = limb<<by | over
		over = limb >> (64 - by) // a shift by 64 gives zero
	}
	return over
}

// divide sets q to u/v, of which the highest bit of v is set and u, which has as many limbs as both, is less than
// 2^64 to the limbs of q times v. It leaves the rest in u (D. Knuth, "The Art of Computer Programming", 4.3.1, algorithm D).
func divide(q, u, v []uint64) {
	n := len(v)
	first, second := v[n-1], v[n-2]
	for j := len(q) - 1; j >= 0; j-- {
		w := u[j : j+n+1]
		digit := ^uint64(0)
		if w[n] < first {
			var rest uint64
			digit, rest = bits.Div64(w[n], w[n-1], first)
			for {
				h, l := bits.Mul64(digit, second)
				if h < rest || h == rest && l <= w[n-2] {
					break
				}
				digit--
				if rest += first; rest < first {
					break
				}
			}
		}
		var carry, k uint64
		for i, x := range v {
			h, l := bits.Mul64(digit, x)
			l, k = bits.Add64(l, carry, 0)
			carry = h + k
			w[i], k = bits.Sub64(w[i], l, 0)
			carry += k
		}
		for w[n], k = bits.Sub64(w[n], carry, 0); k != 0; k -= carry { // the digit is too large, by two at most
			digit--
			carry = 0
			for i, x := range v {
				w[i], carry = bits.Add64(w[i], x, carry)
			}
			w[n], carry = bits.Add64(w[n], 0, carry)
		}
		q[j] = digit
	}
}
