package rsaprime

import "math/bits"

// sieve finds small factors of candidates: with many moduli it is cheaper to see
// that a number is no prime than that it is no factor of any of them. Small primes are
// multiplied up to 64 bits, so that one pass over the limbs serves a dozen.
type sieve []batch

type batch struct {
	product uint64
	primes  []uint64
}

const (
	// largestSmall is the last prime worth a division: beyond it, fewer than one
	// candidate of a hundred is removed by the next batch.
	largestSmall = 199
	// perBatch is how many moduli pay for one more batch.
	perBatch = 3
)

// newSieve returns a sieve of the primes that smooth does not look for.
func newSieve() sieve {
	var s sieve
	b := batch{product: 1}
	for p := uint64(7); p <= largestSmall; p += 2 {
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

// smooth reports whether the limbs have a small factor. It looks no further than
// pays for the given number of moduli.
func (s sieve) smooth(p []uint64, moduli int) bool {
	for i := range s {
		if i >= moduli/perBatch {
			break
		}
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
