package mont

import "math/bits"

// Prime names a prime.
type Prime uint8

// The primes; zero is none.
const (
	P256      Prime = iota + 1 // 2^256 - 2^224 + 2^192 + 2^96 - 1
	Secp256k1                  // 2^256 - 2^32 - 977
	P25519                     // 2^255 - 19
)

// Limbs is how many limbs a number has.
const Limbs = 4

// Modulus returns the prime.
func (p Prime) Modulus() [Limbs]uint64 {
	const all = 1<<64 - 1
	switch p {
	case P256:
		return [Limbs]uint64{all, 1<<32 - 1, 0, 0xffffffff00000001}
	case Secp256k1:
		return [Limbs]uint64{all - (1<<32 + 976), all, all, all}
	}
	return [Limbs]uint64{all - 18, all, all, all >> 1}
}

// Mul sets z to x·y/R.
func (p Prime) Mul(z, x, y *[Limbs]uint64) {
	const k256Inverse, c25519Inverse = 0xd838091dd2253531, 0x86bca1af286bca1b // of 2^32+977, of 19
	switch p {
	case P256:
		mulP256(z, x, y)
	case Secp256k1:
		mulBelow256(z, x, y, 1<<32+977, k256Inverse)
	default:
		mulP25519(z, x, y, c25519Inverse)
	}
}

// Sub sets z to x - y.
func (p Prime) Sub(z, x, y *[Limbs]uint64) {
	switch p {
	case P256:
		sub4(z, x, y, 1<<64-1, 1<<32-1, 0, 0xffffffff00000001)
	case Secp256k1:
		sub4(z, x, y, 1<<64-1-(1<<32+976), 1<<64-1, 1<<64-1, 1<<64-1)
	default:
		sub4(z, x, y, 1<<64-19, 1<<64-1, 1<<64-1, 1<<63-1)
	}
}

// Products sets the numbers in z to the products of those in x and y, divided by R, in
// ascending order, or in descending order if down. x or y may be parts of the same array as z that
// lie behind in that order: then each product is a factor of a later one.
func (p Prime) Products(z, x, y []uint64, down bool) {
	x, y = x[:len(z)], y[:len(z)]
	if len(z) == 0 || p.products(z, x, y, down) {
		return
	}
	if down {
		for i := len(z) - Limbs; i >= 0; i -= Limbs {
			p.Mul((*[Limbs]uint64)(z[i:]), (*[Limbs]uint64)(x[i:]), (*[Limbs]uint64)(y[i:]))
		}
		return
	}
	for i := 0; i < len(z); i += Limbs {
		p.Mul((*[Limbs]uint64)(z[i:]), (*[Limbs]uint64)(x[i:]), (*[Limbs]uint64)(y[i:]))
	}
}

// Chords sets the first point of each pair in pairs to the sum of both on a curve
// y² = x³ + a·x² + …, where inv holds 1/(x2-x1) for each pair. a must be zero but on Curve25519.
func (p Prime) Chords(pairs, inv []uint64, a *[Limbs]uint64) {
	const pair = 4 * Limbs
	n := len(inv) / Limbs
	pairs = pairs[:n*pair]
	if n == 0 || p.chords(pairs, inv, a, n) {
		return
	}
	for i := range n {
		q := pairs[i*pair:][:pair]
		x1, y1 := (*[Limbs]uint64)(q), (*[Limbs]uint64)(q[Limbs:])
		x2, y2 := (*[Limbs]uint64)(q[2*Limbs:]), (*[Limbs]uint64)(q[3*Limbs:])
		var l, t [Limbs]uint64
		p.Sub(&t, y2, y1)
		p.Mul(&l, &t, (*[Limbs]uint64)(inv[i*Limbs:]))
		p.Mul(&t, &l, &l)
		p.Sub(&t, &t, a)
		p.Sub(&t, &t, x1)
		p.Sub(&t, &t, x2)
		p.Sub(x1, x1, &t)
		p.Mul(&l, &l, x1)
		p.Sub(y1, &l, y1)
		*x1 = t
	}
}

// sub4 sets z to x - y modulo the prime of which the limbs are given.
func sub4(z, x, y *[Limbs]uint64, p0, p1, p2, p3 uint64) {
	t0, b := bits.Sub64(x[0], y[0], 0)
	t1, b := bits.Sub64(x[1], y[1], b)
	t2, b := bits.Sub64(x[2], y[2], b)
	t3, b := bits.Sub64(x[3], y[3], b)
	m := -b
	var c uint64
	z[0], c = bits.Add64(t0, p0&m, 0)
	z[1], c = bits.Add64(t1, p1&m, c)
	z[2], c = bits.Add64(t2, p2&m, c)
	z[3], _ = bits.Add64(t3, p3&m, c)
}

// Sum asks for the sum of points P and Q of an array, each of which is x and y. The rest is for the caller.
type Sum struct{ Owner, To, P, Q int32 }

// Pairs puts the points of each sum side by side, as [Prime.Chords] takes them, and the differences of their x, that
// of Q less that of P, to den.
func (p Prime) Pairs(pairs, den, points []uint64, sums []Sum) {
	const point = 2 * Limbs
	pairs, den = pairs[:2*point*len(sums)], den[:Limbs*len(sums)]
	for i := range sums { // as the assembly does not
		_, _ = points[point*int(sums[i].P):][:point], points[point*int(sums[i].Q):][:point]
	}
	if len(sums) == 0 || p.pairs(pairs, den, points, sums) {
		return
	}
	for i := range sums {
		a, b := points[point*int(sums[i].P):][:point], points[point*int(sums[i].Q):][:point]
		copy(pairs[2*point*i:], a)
		copy(pairs[2*point*i+point:], b)
		p.Sub((*[Limbs]uint64)(den[Limbs*i:]), (*[Limbs]uint64)(b), (*[Limbs]uint64)(a))
	}
}
