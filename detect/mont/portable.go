package mont

import "math/bits"

// mulBelow256 sets z to x·y/R for a prime 2^256 - d with d below 2^64, as that of secp256k1 is,
// one limb of x at a time (Koç, Acar, Kaliski: "Analyzing and comparing Montgomery
// multiplication algorithms", CIOS). n0 is -1/p modulo 2^64.
// The multiple m of it that makes the lowest limb of t zero is m·2^256 less m·d, of
// which the lowest limb is t's.
func mulBelow256(z, x, y *[4]uint64, d, n0 uint64) {
	var t0, t1, t2, t3, t4, t5, b, c uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, t5 = bits.Add64(t4, 0, c)
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5 += c

		m := t0 * n0
		hi, _ := bits.Mul64(m, d)
		t0, b = bits.Sub64(t1, hi, 0)
		t1, b = bits.Sub64(t2, 0, b)
		t2, b = bits.Sub64(t3, 0, b)
		t3, b = bits.Sub64(t4, 0, b)
		t4 = t5 - b
		t3, c = bits.Add64(t3, m, 0)
		t4 += c
	}
	// t is below 2p; it is p or more exactly when t + d has bit 256.
	s0, c := bits.Add64(t0, d, 0)
	s1, c := bits.Add64(t1, 0, c)
	s2, c := bits.Add64(t2, 0, c)
	s3, c := bits.Add64(t3, 0, c)
	take := -(t4 + c) // all ones: the sum was p or more
	z[0] = t0 ^ (s0^t0)&take
	z[1] = t1 ^ (s1^t1)&take
	z[2] = t2 ^ (s2^t2)&take
	z[3] = t3 ^ (s3^t3)&take
}

// mulP25519 is the same for 2^255 - 19: the multiple m of it is m·2^255 less 19·m, of which
// the lowest limb is t's.
func mulP25519(z, x, y *[4]uint64, n0 uint64) {
	const d, top = 19, 1 << 63
	var t0, t1, t2, t3, t4, t5, b, c uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, t5 = bits.Add64(t4, 0, c)
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5 += c

		m := t0 * n0
		hi, _ := bits.Mul64(m, d)
		t0, b = bits.Sub64(t1, hi, 0)
		t1, b = bits.Sub64(t2, 0, b)
		t2, b = bits.Sub64(t3, 0, b)
		t3, b = bits.Sub64(t4, 0, b)
		t4 = t5 - b
		t2, c = bits.Add64(t2, m<<63, 0)
		t3, c = bits.Add64(t3, m>>1, c)
		t4 += c
	}
	// t is below 2p; it is p or more exactly when t + 19 has bit 255.
	s0, c := bits.Add64(t0, d, 0)
	s1, c := bits.Add64(t1, 0, c)
	s2, c := bits.Add64(t2, 0, c)
	s3, _ := bits.Add64(t3, 0, c)
	take := -(s3 >> 63)
	z[0] = t0 ^ (s0^t0)&take
	z[1] = t1 ^ (s1^t1)&take
	z[2] = t2 ^ (s2^t2)&take
	z[3] = t3 ^ (s3&^top^t3)&take
}

// mulP256 is the same for the prime of P-256, 2^256 - 2^224 + 2^192 + 2^96 - 1, whose
// form leaves one of five multiplications for each limb that is reduced: t0·p
// added to t makes limb 0 zero and adds t0·2^96 and t0·p3·2^192.
func mulP256(z, x, y *[4]uint64) {
	const p0, p1, p3 = 1<<64 - 1, 1<<32 - 1, 0xffffffff00000001
	var t0, t1, t2, t3, t4, t5, c uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, t5 = bits.Add64(t4, 0, c)
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5 += c

		h, l := bits.Mul64(t0, p3)
		t1, c = bits.Add64(t1, t0<<32, 0)
		t2, c = bits.Add64(t2, t0>>32, c)
		t3, c = bits.Add64(t3, l, c)
		t4, c = bits.Add64(t4, h, c)
		t0, t1, t2, t3, t4 = t1, t2, t3, t4, t5+c
	}
	s0, b := bits.Sub64(t0, p0, 0)
	s1, b := bits.Sub64(t1, p1, b)
	s2, b := bits.Sub64(t2, 0, b)
	s3, b := bits.Sub64(t3, p3, b)
	_, b = bits.Sub64(t4, 0, b)
	keep := -b // all ones: the sum was below p
	z[0] = s0 ^ (s0^t0)&keep
	z[1] = s1 ^ (s1^t1)&keep
	z[2] = s2 ^ (s2^t2)&keep
	z[3] = s3 ^ (s3^t3)&keep
}
