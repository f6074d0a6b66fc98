package digitpair

import (
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// leastPrime and mostPrime bound primes, in bits.
	leastPrime, mostPrime = 480, 4096
	// ordinary is the public exponent of a key of which nothing else tells it.
	ordinary = 65537
)

// exponents returns the public exponents whose private ones are tried.
func exponents() [4]int64 { return [4]int64{ordinary, 3, 17, 257} }

// mayBePrime reports whether the number at s is odd and long enough.
func (s start) mayBePrime(data []byte) bool {
	return s.digit(data, s.at, 0)&1 != 0 && 8/s.width*(s.words+1)*s.radix >= leastPrime
}

// primes returns the numbers at s that may be primes, by their number of digits.
func (c *company) primes(s start) (ps []*big.Int, digits []int) {
	if !s.mayBePrime(c.data) {
		return nil, nil
	}
	s.lengths(func(n int) bool {
		if p := s.load(c.data, s.at, n); p != nil && p.BitLen() >= leastPrime && p.BitLen() <= mostPrime {
			ps, digits = append(ps, p), append(digits, n)
		}
		return false
	})
	return ps, digits
}

// holds reports whether x begins a run near by.
func (c *company) holds(x *big.Int) bool {
	low := c.number.low(x)
	for i, l := range c.lows {
		if l == low && c.number.lies(c.data, c.around[i].at, x) {
			return true
		}
	}
	return false
}

// prime proves that the number is a prime of a key.
func (c *company) prime() (m probe.Match, ok bool) {
	ps, digits := c.primes(c.number)
	for i, p := range ps {
		q := c.partner(p)
		e := c.exponent(p)
		if q == nil && e == 0 || !p.ProbablyPrime(0) {
			continue
		}
		m = probe.Match{
			Kind: privkey.RSA, Encoding: c.number.encoding(), Confidence: probe.Confirmed,
			Range:    probe.Range{Start: c.number.at, End: c.number.at + digits[i]*c.number.width},
			Identity: p.Bytes(),
		}
		complete(&m, p, q, e)
		return m, true
	}
	return m, false
}

// partner returns the other prime of a product near by.
func (c *company) partner(p *big.Int) *big.Int {
	mask := uint64(1)<<c.number.radix - 1
	low := c.number.low(p)
	for i, s := range c.around {
		if !slices.Contains(c.lows, low*c.lows[i]&mask) {
			continue
		}
		qs, _ := c.primes(s)
		for _, q := range qs {
			if q.Cmp(p) != 0 && c.holds(new(big.Int).Mul(p, q)) && q.ProbablyPrime(0) {
				return q
			}
		}
	}
	return nil
}

// exponent returns the public exponent e of which the private one modulo p-1 lies near by, or zero.
func (c *company) exponent(p *big.Int) int64 {
	p1 := new(big.Int).Sub(p, big.NewInt(1))
	for _, e := range exponents() {
		if d := new(big.Int).ModInverse(big.NewInt(e), p1); d != nil && c.holds(d) {
			return e
		}
	}
	return 0
}

// complete fills in what follows from the primes; q may be nil, and e zero.
func complete(m *probe.Match, p, q *big.Int, e int64) {
	if q == nil {
		p1 := new(big.Int).Sub(p, big.NewInt(1))
		m.Values = [][]byte{p.Bytes(), p1.ModInverse(big.NewInt(e), p1).Bytes()}
		return
	}
	if e == 0 {
		e = ordinary
	}
	exp := big.NewInt(e).Bytes()
	m.SPKI = privkey.SPKIForRSA(new(big.Int).Mul(p, q).Bytes(), exp)
	m.Identity = m.SPKI
	// The order of the primes must not tell which of them was found.
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	if m.Values = privkey.RSADerived(exp, p.Bytes(), q.Bytes()); len(m.Values) == 0 {
		m.Values = [][]byte{p.Bytes(), q.Bytes()}
	}
}
