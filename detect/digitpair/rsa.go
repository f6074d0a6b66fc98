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
	// mates is how many numbers are tried with a prime that its exponent proves.
	mates = 32
)

// exponents returns the public exponents whose private ones are tried.
func exponents() [4]int64 { return [4]int64{ordinary, 3, 17, 257} }

// mayBePrime reports whether the number at s is odd and long enough.
func (s start) mayBePrime(data []byte) bool {
	return s.digit(data, s.at, 0)&1 != 0 && 8/s.width*(s.bridged+1)*s.radix >= leastPrime
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
		if q != nil {
			complete(&m, p, q, e)
		} else {
			c.pair(&m, p, e)
		}
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
	for _, e := range exponents() {
		if d := inverse(p, e); d != nil && c.holds(d) {
			return e
		}
	}
	return 0
}

// inverse returns 1/e modulo p-1, or nil.
func inverse(p *big.Int, e int64) *big.Int {
	return new(big.Int).ModInverse(big.NewInt(e), new(big.Int).Sub(p, big.NewInt(1)))
}

// pair fills in what follows from p and e, and from the primes near by that have the same e, of which one is
// the partner if an inverse or the private exponent lies near by.
func (c *company) pair(m *probe.Match, p *big.Int, e int64) {
	m.Values = [][]byte{p.Bytes(), inverse(p, e).Bytes()}
	m.Factor = &probe.Factor{P: p.Bytes(), E: big.NewInt(e).Bytes()}
	tries := 0
	for _, s := range c.around {
		qs, _ := c.primes(s)
		for _, q := range qs {
			if q.Cmp(p) == 0 || !alike(p, q) || smooth(q) {
				continue
			}
			if tries++; tries > mates {
				return
			}
			tied := c.tied(p, q, e)
			if d := inverse(q, e); !tied && (d == nil || !c.holds(d)) || !q.ProbablyPrime(0) {
				continue
			}
			if tied {
				complete(m, p, q, e)
				return
			}
			m.Values = append(m.Values, derived(p, q, e)...)
		}
	}
}

// alike reports whether the sizes of p and q are as near to each other as those of primes of one key.
func alike(p, q *big.Int) bool {
	a, b := p.BitLen(), q.BitLen()
	return 4*min(a, b) > 3*max(a, b)
}

// smooth reports whether x has one of the odd primes up to 47 as a factor, which two numbers in three have.
func smooth(x *big.Int) bool {
	const product = 3 * 5 * 7 * 11 * 13 * 17 * 19 * 23 * 29 * 31 * 37 * 41 * 43 * 47
	g := new(big.Int).SetUint64(product)
	return g.GCD(nil, nil, g, new(big.Int).Mod(x, g)).BitLen() > 1
}

// tied reports whether a number near by tells that p and q belong to one key: the inverse of one modulo the
// other, or d modulo (p-1)(q-1) or the least common multiple of those.
func (c *company) tied(p, q *big.Int, e int64) bool {
	one := big.NewInt(1)
	p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
	phi := new(big.Int).Mul(p1, q1)
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, p1, q1))
	for _, x := range []*big.Int{
		new(big.Int).ModInverse(q, p), new(big.Int).ModInverse(p, q),
		new(big.Int).ModInverse(big.NewInt(e), lambda), new(big.Int).ModInverse(big.NewInt(e), phi),
	} {
		if x != nil && c.holds(x) {
			return true
		}
	}
	return false
}

// complete fills in what follows from the primes of a key; e may be zero.
func complete(m *probe.Match, p, q *big.Int, e int64) {
	if e == 0 {
		e = ordinary
	}
	m.SPKI = privkey.SPKIForRSA(new(big.Int).Mul(p, q).Bytes(), big.NewInt(e).Bytes())
	m.Identity, m.Factor = m.SPKI, nil
	m.Values = derived(p, q, e)
}

// derived returns the private numbers of a key.
func derived(p, q *big.Int, e int64) [][]byte {
	// The order of the primes must not tell which of them was found.
	if p.Cmp(q) < 0 {
		p, q = q, p
	}
	if vs := privkey.RSADerived(big.NewInt(e).Bytes(), p.Bytes(), q.Bytes()); len(vs) > 0 {
		return vs
	}
	return [][]byte{p.Bytes(), q.Bytes()}
}
