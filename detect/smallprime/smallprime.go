// Package smallprime tells numbers that have a small factor and are no prime therefore: before
// a candidate for the factor of a modulus is tried, for that costs more.
//
// Numbers are limbs of 64 bits, the least significant first.
package smallprime

import "math/bits"

// Largest is the last prime that is tried. It leaves one in five odd numbers; a
// limit five times as high would leave one in six.
const Largest = 199

// Tiny reports whether the number has a factor of 3, 5 or 17, which half of all have: they divide
// 2^64-1, and modulo that a number is the sum of its limbs.
func Tiny(p []uint64) bool {
	var sum, carry uint64
	for _, x := range p {
		sum, carry = bits.Add64(sum, x, carry)
	}
	sum, carry = bits.Add64(sum, 0, carry)
	r := (sum + carry) % 255
	return r%3 == 0 || r%5 == 0 || r%17 == 0
}

// Sieve finds the other factors up to [Largest]. Small primes are multiplied up to 64 bits, so that one
// pass over the limbs serves a dozen of them.
type Sieve []batch

type batch struct {
	product, inverse uint64 // modulo 2^64
	primes           []factor
}

// factor is a prime: what is a multiple of it, times the inverse, is at most the largest quotient there is.
type factor struct{ inverse, most uint64 }

// NewSieve returns a sieve of the odd primes that [Tiny] does not look for.
func NewSieve() Sieve {
	var s Sieve
	b := batch{product: 1}
	for p := uint64(7); p <= Largest; p += 2 {
		if p == 17 || !isPrime(p) {
			continue
		}
		hi, lo := bits.Mul64(b.product, p)
		if hi != 0 {
			s = append(s, b)
			b, lo = batch{}, p
		}
		b.product, b.inverse = lo, inverse(lo)
		b.primes = append(b.primes, factor{inverse(p), ^uint64(0) / p})
	}
	return append(s, b)
}

func isPrime(n uint64) bool {
	for d := uint64(3); d*d <= n; d += 2 {
		if n%d == 0 {
			return false
		}
	}
	return n%2 != 0
}

// inverse returns the inverse of the odd x modulo 2^64.
func inverse(x uint64) uint64 {
	y := x // right modulo 8, and to twice as many bits each time
	for range 5 {
		y *= 2 - x*y
	}
	return y
}

// Smooth reports whether the number has one of these factors. It looks at most batches of them,
// those of the smallest primes first: each is a pass over the limbs.
func (s Sieve) Smooth(p []uint64, most int) bool {
	s = s[:min(most, len(s))]
	for ; len(s) >= 2; s = s[2:] {
		a, b := &s[0], &s[1]
		if x, y := rests(p, a, b); a.divides(x) || b.divides(y) {
			return true
		}
	}
	if len(s) == 0 {
		return false
	}
	x, _ := rests(p, &s[0], &s[0])
	return s[0].divides(x)
}

// rests returns numbers that have those factors of the products of a and b that p has: p over a power of 2^64,
// modulo the product, by Hensel's division from the lowest limb on. It is two long chains of multiplications, which a processor does at
// the same time.
func rests(p []uint64, a, b *batch) (x, y uint64) {
	for _, limb := range p {
		l, k := bits.Sub64(limb, x, 0)
		x, _ = bits.Mul64(l*a.inverse, a.product)
		x += k
		l, k = bits.Sub64(limb, y, 0)
		y, _ = bits.Mul64(l*b.inverse, b.product)
		y += k
	}
	return x, y
}

// divides reports whether a prime of the batch divides x.
func (b *batch) divides(x uint64) bool {
	for _, f := range b.primes {
		if x*f.inverse <= f.most {
			return true
		}
	}
	return false
}
