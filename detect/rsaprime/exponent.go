package rsaprime

import (
	"math/big"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// wrap tells private exponents by their top limbs. With g a divisor of p-1 and
// q-1, g·e·d is k·(n-p-q+1) + g for a k below g·e, and p+q has but half the bits
// of n: g·e·d/n is an integer but for 2^-500 or less. Shamir and van Someren,
// "Playing hide and seek with stored keys", 1999, make the same use of a small e.
//
// factor is e·cofactors/n, scaled so that the product with the top 128 bits of d has its
// binary point below bit 192. Zero: n or e do not allow the test.
type wrap struct{ hi, lo uint64 }

const (
	// cofactors is the least common multiple of 1 to 24, so that one test covers all these
	// values of g; of random primes one pair in twenty has a larger one.
	cofactors = 5354228880
	// maxExponentBits keeps the integer part of the product to 64 bits: 33 are
	// the cofactors'.
	maxExponentBits = 24
	// slack is how far from an integer the product may be, in units of 2^-64: its
	// error is below 2^-64·2^8 for the factor and the carries, and 2^-128·2^58
	// for the bits of d that are not looked at.
	slack = 1 << 12
)

func wrapOf(n, e *big.Int) wrap {
	if e.BitLen() > maxExponentBits || n.BitLen()%64 != 0 {
		return wrap{}
	}
	f := new(big.Int).Mul(e, big.NewInt(cofactors))
	f.Lsh(f, uint(n.BitLen())+64)
	f.Div(f, n)
	l := limbsOf(f)
	if len(l) != 2 {
		return wrap{}
	}
	return wrap{hi: l[1], lo: l[0]}
}

// fits reports whether a number as long as n with the given top limbs can be a
// private exponent. A random one fits once in 2^51.
func (w wrap) fits(top, next uint64) bool {
	if w.hi == 0 {
		return false
	}
	a, _ := bits.Mul64(top, w.lo)
	x := top*w.hi + a + slack
	if x+w.hi >= w.hi+2*slack {
		return false // whatever next is
	}
	b, _ := bits.Mul64(next, w.hi)
	return x+b < 2*slack
}

// exponent decides whether d, which fits, is a private exponent of m, or the
// order (p-1)·(q-1) that it was made from. The primes are found when d is whole;
// a d of which the low part is lost is proven by its high part alone, and gives them away where no
// more than 32 bytes are lost.
func (m *modulus) exponent(d *big.Int, found *hit) bool {
	if d.Cmp(m.n) >= 0 {
		return false
	}
	if p, q, ok := privkey.RSAFromExponent(m.n.Bytes(), m.e.Bytes(), d.Bytes()); ok {
		*found = hit{m: m, p: p, q: q}
		return true
	}
	// A byte too early, behind a zero, a short exponent looks like one of which the low
	// part is lost; its redaction would take the byte of a chunk's size with it.
	if shift := d.TrailingZeroBits() &^ 7; d.Sign() > 0 && shift > 0 {
		if _, _, ok := privkey.RSAFromExponent(m.n.Bytes(), m.e.Bytes(), new(big.Int).Rsh(d, shift).Bytes()); ok {
			return false
		}
	}
	most := m.n.BitLen() * 5 / 8
	if rest := new(big.Int).Sub(m.n, d); rest.BitLen() < most {
		// The order of the group, or a modulus with damage at its end.
		return m.fromSum(rest.Add(rest, big.NewInt(1)), found)
	}
	// The distance of g·e·d to the next multiple of n is of half its size for a
	// whole d, more for each byte that is lost. Five eighths leave a random number a
	// chance of 2^-384 for the shortest n.
	x := new(big.Int).Mul(d, m.e)
	x.Mul(x, big.NewInt(cofactors))
	x.Mod(x, m.n)
	if y := new(big.Int).Sub(m.n, x); y.Cmp(x) < 0 {
		x = y
	}
	if x.BitLen() >= most {
		return false
	}
	if !m.repair(d, found) {
		*found = hit{m: m}
	}
	return true
}

// repair finds the primes by the high part of a private exponent whose first bytes are lost. g·e·d is
// k·(n+1-s) + g for the sum s of the primes, so that what is wrong in d is wrong in s by g·e/k
// times as much, and in the primes by some bits more; the rest of them is right.
func (m *modulus) repair(d *big.Int, found *hit) bool {
	for g := int64(1); g <= mostCofactor; g++ {
		x := new(big.Int).Mul(d, m.e)
		x.Mul(x, big.NewInt(g))
		k, rest := new(big.Int).QuoRem(x, m.n, new(big.Int))
		k.Add(k, big.NewInt(1))
		rest.Sub(m.n, rest) // k·n - g·e·d
		if rest.BitLen() >= m.n.BitLen()*5/8 {
			continue
		}
		sum := rest.Add(rest, big.NewInt(g))
		sum.Div(sum, k).Add(sum, big.NewInt(1))
		p := m.larger(sum)
		if p == nil {
			continue
		}
		for _, gone := range lost() {
			const slack = 12 // bits: of 1/(p-q), of rounding, and for x to be positive
			wrong := 8*gone + m.e.BitLen() + bits.Len64(uint64(g)) - k.BitLen() + slack
			if 3*wrong+8 >= p.BitLen() {
				break
			}
			a := new(big.Int).Rsh(p, uint(wrong))
			a.Lsh(a.Sub(a, big.NewInt(1)), uint(wrong))
			if x := complete(m.n, a, wrong+2); x != nil && m.factor(x, found) {
				return true
			}
		}
	}
	return false
}

// mostCofactor is the largest g that repair tries: of random primes one pair in twenty has a larger one.
const mostCofactor = 24

// fromSum finds the primes of which the sum is given, if it is that.
func (m *modulus) fromSum(sum *big.Int, found *hit) bool {
	p := m.larger(sum)
	return p != nil && m.factor(p, found)
}

// larger returns the larger of two numbers that have this sum and the product n, or nil when there are none.
func (m *modulus) larger(sum *big.Int) *big.Int {
	square := new(big.Int).Mul(sum, sum)
	square.Sub(square, new(big.Int).Lsh(m.n, 2)) // (p-q)²
	if square.Sign() < 0 {
		return nil
	}
	p := new(big.Int).Add(sum, square.Sqrt(square))
	return p.Rsh(p, 1)
}

// factor decides whether p is a factor of m.
func (m *modulus) factor(p *big.Int, found *hit) bool {
	// A server has each prime many times.
	if s := m.known.Load(); s != nil {
		for i, x := range s.factors {
			if x.Cmp(p) == 0 {
				*found = hit{m: m, p: p.Bytes(), q: s.factors[1-i].Bytes(), multi: s.multi}
				return true
			}
		}
	}
	if n := m.n.BitLen(); p.BitLen() < n/maxPrimes-longer || p.BitLen() > n-n/maxPrimes+longer {
		return false
	}
	q, rest := new(big.Int).QuoRem(m.n, p, new(big.Int))
	if rest.Sign() != 0 {
		return false
	}
	*found = hit{m: m, p: p.Bytes(), q: q.Bytes(), multi: !p.ProbablyPrime(0) || !q.ProbablyPrime(0)}
	m.known.Store(&split{[2]*big.Int{p, q}, found.multi})
	return true
}

// split is the two factors of a modulus that were found last.
type split struct {
	factors [2]*big.Int
	multi   bool // one of them is no prime
}
