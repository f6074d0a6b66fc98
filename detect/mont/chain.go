package mont

import "math/bits"

// Chain adds points of an array, many with one inversion (Montgomery's trick), four side by side in vectors of AVX2. The x of a point is in
// Montgomery form, as elsewhere in this package, but need only be below 2^256; its y has another factor, [Chain.Factor], which
// saves the vectors a product. Sums are alike.
type Chain struct {
	p   Prime
	one [Limbs]uint64 // what a product with leaves as it is
	// Factor is what the y of a point in Montgomery form is multiplied by.
	Factor [Limbs]uint64
	twice  [Limbs]uint64 // what an inverse in Montgomery form is multiplied by to be one for the vectors
	d, s   []uint64
	room   [6 * rowWords]uint64
}

const (
	vectorLanes = 4 // numbers in a vector
	rowLimbs    = 9 // of 29 bits, of which each has a vector
	radix       = 29
	rowWords    = vectorLanes * rowLimbs
)

// NewChain returns what adds up to most points at once, or nil where vectors are not to be had.
func (p Prime) NewChain(most int) *Chain {
	if !hasVectors {
		return nil
	}
	blocks := (most + vectorLanes - 1) / vectorLanes
	c := &Chain{p: p, d: make([]uint64, blocks*rowWords), s: make([]uint64, (blocks+1)*rowWords)}
	if p == P25519 {
		// Vectors divide a product by nothing, so that slopes have the factor 2^128, and y has 2^384 where x has 2^256.
		c.one, c.Factor = p.power2(0), p.power2(384)
		p.Mul(&c.twice, &c.one, &c.one)
		return c
	}
	// Vectors divide a product by 2^261 and take the square of a slope twice, so that slopes have the factor 2^258 and
	// y has 2^253 where x has 2^256.
	c.one, c.Factor, c.twice = p.power2(radix*rowLimbs), p.power2(253), p.power2(2*radix*rowLimbs-256)
	return c
}

// power2 returns 2^n modulo the prime.
func (p Prime) power2(n int) (z [Limbs]uint64) {
	x := [Limbs + 1]uint64{1}
	for range n {
		for i := Limbs; i >= 0; i-- {
			x[i] <<= 1
			if i > 0 {
				x[i] |= x[i-1] >> 63
			}
		}
		p.lessen(&x)
	}
	copy(z[:], x[:])
	return z
}

// Climb multiplies the differences of x of each fourth sum, and puts these four products, below the prime, to totals. One is zero if
// a sum has points of one x. The number of sums is a multiple of four.
func (c *Chain) Climb(points []uint64, sums []Sum, totals *[vectorLanes * Limbs]uint64) {
	const point = 2 * Limbs
	for i := range sums { // as the assembly does not
		_, _ = points[point*int(sums[i].P):][:point], points[point*int(sums[i].Q):][:point]
	}
	blocks := len(sums) / vectorLanes
	for lane := range vectorLanes {
		toRow(c.s[blocks*rowWords:], lane, c.one[:])
	}
	c.p.climb(points, sums, c.d[:blocks*rowWords], c.s[:(blocks+1)*rowWords])
	for lane := range vectorLanes {
		c.p.fromRow(c.s, lane, totals[lane*Limbs:])
	}
}

// Finish puts the sums of points to members To of out. Of a sum before a later one, To may be a point of the later one only if
// both are among four sums side by side. inverses are those of the totals in Montgomery form.
func (c *Chain) Finish(out, points []uint64, sums []Sum, inverses *[vectorLanes * Limbs]uint64) {
	const point = 2 * Limbs
	for i := range sums {
		_ = out[point*int(sums[i].To):][:point]
	}
	for lane := range vectorLanes {
		var z [Limbs]uint64
		c.p.Mul(&z, (*[Limbs]uint64)(inverses[lane*Limbs:]), &c.twice)
		toRow(c.room[:], lane, z[:])
	}
	blocks := len(sums) / vectorLanes
	c.p.finish(out, points, sums, c.d[:blocks*rowWords], c.s[:(blocks+1)*rowWords], c.room[:])
}

// toRow writes the limbs of a number to a lane of a row.
func toRow(row []uint64, lane int, x []uint64) {
	for k := range rowLimbs {
		word, bit := radix*k/64, radix*k%64
		v := x[word] >> bit
		if bit+radix > 64 && word+1 < Limbs {
			v |= x[word+1] << (64 - bit)
		}
		row[vectorLanes*k+lane] = v & (1<<radix - 1)
	}
}

// fromRow writes the number in a lane of a row, below 2^258, to z, modulo the prime.
func (p Prime) fromRow(row []uint64, lane int, z []uint64) {
	var x [Limbs + 1]uint64
	for k := rowLimbs - 1; k >= 0; k-- {
		for i := Limbs; i > 0; i-- {
			x[i] = x[i]<<radix | x[i-1]>>(64-radix)
		}
		var carry uint64
		x[0], carry = bits.Add64(x[0]<<radix, row[vectorLanes*k+lane], 0)
		for i := 1; carry != 0; i++ {
			x[i], carry = bits.Add64(x[i], 0, carry)
		}
	}
	for p.lessen(&x) {
	}
	copy(z[:Limbs], x[:])
}

// Lessen sets x, below 2^256, to what it is modulo the prime.
func (p Prime) Lessen(x *[Limbs]uint64) {
	t := [Limbs + 1]uint64{x[0], x[1], x[2], x[3]}
	for p.lessen(&t) {
	}
	copy(x[:], t[:])
}

// lessen takes the prime off x unless that is less, and reports whether it did.
func (p Prime) lessen(x *[Limbs + 1]uint64) bool {
	m := p.Modulus()
	var t [Limbs + 1]uint64
	var b uint64
	for i := range m {
		t[i], b = bits.Sub64(x[i], m[i], b)
	}
	if t[Limbs], b = bits.Sub64(x[Limbs], 0, b); b != 0 {
		return false
	}
	*x = t
	return true
}
