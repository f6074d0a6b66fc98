package rsapair

import "math/bits"

// sieve finds small factors. Small primes are multiplied up to 64 bits, so that one
// pass over the limbs serves a dozen of them.
type sieve []batch

type batch struct {
	product uint64
	primes  []uint64
}

// largestSmall is the last prime that is tried. It leaves one in five odd numbers; a
// limit five times as high would leave one in six.
const largestSmall = 199

func newSieve() sieve {
	var s sieve
	b := batch{product: 1}
	for p := uint64(3); p <= largestSmall; p += 2 {
		if !isPrime(p) {
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
	return true
}

// tiny reports whether the number with the given limbs has a factor of 3, 5 or 17, which half of all have.
func tiny(p []uint64) bool {
	// They divide 2^64-1, modulo which a number is the sum of its limbs.
	var sum, carry uint64
	for _, x := range p {
		sum, carry = bits.Add64(sum, x, carry)
	}
	sum, carry = bits.Add64(sum, 0, carry)
	r := (sum + carry) % 255
	return r%3 == 0 || r%5 == 0 || r%17 == 0
}

// smooth reports whether the number with the given limbs, least significant first,
// has a small factor.
func (s sieve) smooth(p []uint64) bool {
	if tiny(p) {
		return true
	}
	for i := range s {
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
