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
	product uint64
	primes  []uint64
}

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
		b.product, b.primes = lo, append(b.primes, p)
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

// Smooth reports whether the number has one of these factors. It looks at most batches of them,
// those of the smallest primes first: each is a pass over the limbs.
func (s Sieve) Smooth(p []uint64, most int) bool {
	for i := range s[:min(most, len(s))] {
		b := &s[i]
		var rest uint64
		for k := len(p) - 1; k >= 0; k-- {
			rest = bits.Rem64(rest, p[k], b.product)
		}
		for _, x := range b.primes {
			if rest%x == 0 {
				return true
			}
		}
	}
	return false
}
