package ecscalar

import "math/bits"

// mulP384 is field.mul for the prime of P-384, 2^384 - 2^128 - 2^96 + 2^32 - 1. The
// multiple m of it that makes the lowest limb of t zero takes no multiplication: m·p
// is m·2^384 less c = m·(2^128 + 2^96 - 2^32 + 1), of which the lowest limb is t's.
func mulP384(z, x, y, p *[6]uint64) {
	var t0, t1, t2, t3, t4, t5, t6, t7, b, c uint64
	y0, y1, y2, y3, y4, y5 := y[0], y[1], y[2], y[3], y[4], y[5]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		h4, l4 := bits.Mul64(xi, y4)
		h5, l5 := bits.Mul64(xi, y5)
		l1, c = bits.Add64(l1, h0, 0)
		l2, c = bits.Add64(l2, h1, c)
		l3, c = bits.Add64(l3, h2, c)
		l4, c = bits.Add64(l4, h3, c)
		l5, c = bits.Add64(l5, h4, c)
		h5 += c
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, c = bits.Add64(t4, l4, c)
		t5, c = bits.Add64(t5, l5, c)
		t6, t7 = bits.Add64(t6, h5, c)

		m := t0 + t0<<32
		lo, hi := m<<32, m>>32
		_, b = bits.Sub64(m, lo, 0)
		c1, b := bits.Sub64(lo, hi, b)
		c2, c3 := bits.Add64(hi, m, 0)
		c2, b = bits.Sub64(c2, 0, b)
		c3 -= b
		t0, b = bits.Sub64(t1, c1, 0)
		t1, b = bits.Sub64(t2, c2, b)
		t2, b = bits.Sub64(t3, c3, b)
		t3, b = bits.Sub64(t4, 0, b)
		t4, b = bits.Sub64(t5, 0, b)
		t5, b = bits.Sub64(t6, 0, b)
		t6 = t7 - b
		t5, c = bits.Add64(t5, m, 0)
		t6 += c
	}
	s0, b := bits.Sub64(t0, p[0], 0)
	s1, b := bits.Sub64(t1, p[1], b)
	s2, b := bits.Sub64(t2, p[2], b)
	s3, b := bits.Sub64(t3, p[3], b)
	s4, b := bits.Sub64(t4, p[4], b)
	s5, b := bits.Sub64(t5, p[5], b)
	_, b = bits.Sub64(t6, 0, b)
	keep := -b // all ones: the sum was below p
	z[0] = s0 ^ (s0^t0)&keep
	z[1] = s1 ^ (s1^t1)&keep
	z[2] = s2 ^ (s2^t2)&keep
	z[3] = s3 ^ (s3^t3)&keep
	z[4] = s4 ^ (s4^t4)&keep
	z[5] = s5 ^ (s5^t5)&keep
}

// sub6 is field.sub for six limbs.
func sub6(z, x, y, p *[6]uint64) {
	t0, b := bits.Sub64(x[0], y[0], 0)
	t1, b := bits.Sub64(x[1], y[1], b)
	t2, b := bits.Sub64(x[2], y[2], b)
	t3, b := bits.Sub64(x[3], y[3], b)
	t4, b := bits.Sub64(x[4], y[4], b)
	t5, b := bits.Sub64(x[5], y[5], b)
	m := -b
	var c uint64
	z[0], c = bits.Add64(t0, p[0]&m, 0)
	z[1], c = bits.Add64(t1, p[1]&m, c)
	z[2], c = bits.Add64(t2, p[2]&m, c)
	z[3], c = bits.Add64(t3, p[3]&m, c)
	z[4], c = bits.Add64(t4, p[4]&m, c)
	z[5], _ = bits.Add64(t5, p[5]&m, c)
}

// mulP521 is field.mul for the prime of P-521, 2^521 - 1. To make the lowest limb
// zero, t0·p is added, which takes that limb away and adds it 521 bits higher.
func mulP521(z, x, y *[9]uint64) {
	const top = 521 - 8*64 // bits in limb 8
	y0, y1, y2, y3, y4, y5, y6, y7, y8 := y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7], y[8]
	var t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, c uint64
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		h4, l4 := bits.Mul64(xi, y4)
		h5, l5 := bits.Mul64(xi, y5)
		h6, l6 := bits.Mul64(xi, y6)
		h7, l7 := bits.Mul64(xi, y7)
		h8, l8 := bits.Mul64(xi, y8)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, c = bits.Add64(t4, l4, c)
		t5, c = bits.Add64(t5, l5, c)
		t6, c = bits.Add64(t6, l6, c)
		t7, c = bits.Add64(t7, l7, c)
		t8, c = bits.Add64(t8, l8, c)
		t9 = c
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5, c = bits.Add64(t5, h4, c)
		t6, c = bits.Add64(t6, h5, c)
		t7, c = bits.Add64(t7, h6, c)
		t8, c = bits.Add64(t8, h7, c)
		t9, _ = bits.Add64(t9, h8, c) // the sum is below 2^(64+521+1)

		m := t0
		t0, t1, t2, t3, t4, t5, t6 = t1, t2, t3, t4, t5, t6, t7
		t7, c = bits.Add64(t8, m<<top, 0)
		t8, _ = bits.Add64(t9, m>>(64-top), c)
	}
	t := [9]uint64{t0, t1, t2, t3, t4, t5, t6, t7, t8}
	// t is below 2p; it is p or more exactly when t+1 has bit 521, which then falls off.
	var s [9]uint64
	c = 1
	for i := range s {
		s[i], c = bits.Add64(t[i], 0, c)
	}
	if s[8]>>top != 0 {
		s[8] &= 1<<top - 1
		*z = s
		return
	}
	*z = t
}
