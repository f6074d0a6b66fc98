package rsapair

import (
	"cmp"
	"math/big"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// partners returns the candidates of p's size and order within reach, the nearest
// ones first.
func (v *neighbourhood) partners(p *prime, o order) []prime {
	var ps []prime
	v.survey()
	for i := range v.around {
		w := &v.around[i]
		if w.size != p.size || distance(w.at, p.at) < p.size {
			continue
		}
		if q, ok := v.read(w, o); ok && q.n.Cmp(p.n) != 0 {
			ps = append(ps, q)
		}
	}
	slices.SortStableFunc(ps, func(a, b prime) int {
		return cmp.Compare(distance(a.at, p.at), distance(b.at, p.at))
	})
	return ps
}

// survey lists the places of numbers within reach, whatever their order, once.
func (v *neighbourhood) survey() {
	if v.looked {
		return
	}
	v.looked = true
	for block, dense := range v.words.bits {
		for c := v.words.promising(block) & dense; c != 0; c &= c - 1 {
			v.words.windows(block<<6+bits.TrailingZeros64(c), func(w window) {
				if w.at+w.size <= len(v.data) {
					v.around = append(v.around, place{window: w})
				}
			})
		}
	}
}

func distance(a, b int) int { return max(a-b, b-a) }

// query is a number of which the lowest limb is looked for.
type query struct {
	low   uint64
	value func() *big.Int
	found func()
}

// look calls found for each query whose number lies in order o on the lattice.
func (v *neighbourhood) look(o order, qs []query) {
	var bitmap [64]uint64
	slot := func(w uint64) (int, uint64) {
		h := w * 0x9E3779B97F4A7C15 >> 52
		return int(h >> 6), 1 << (h & 63)
	}
	by := make(map[uint64]int, len(qs))
	for i := range qs {
		by[qs[i].low] = i
		k, bit := slot(qs[i].low)
		bitmap[k] |= bit
	}
	for at := v.words.first & 7; at+8 <= len(v.data); at += 8 {
		w := o.limb(v.data, at)
		if k, bit := slot(w); bitmap[k]&bit == 0 {
			continue
		}
		if i, ok := by[w]; ok && o.lies(v.data, at, qs[i].value()) {
			qs[i].found()
		}
	}
}

func known(x *big.Int) query { return query{low: limbOf(x), value: func() *big.Int { return x }} }

// limbOf returns x modulo 2^64.
func limbOf(x *big.Int) uint64 {
	return new(big.Int).And(x, new(big.Int).SetUint64(1<<64-1)).Uint64()
}

// crt returns 1/e modulo p-1, or nil when there is none.
func crt(p *big.Int, e int64) *big.Int {
	E, p1 := big.NewInt(e), new(big.Int).Sub(p, big.NewInt(1))
	// The inverse is (k·(p-1) + 1)/e for k = -1/(p-1) modulo e.
	k := new(big.Int).ModInverse(new(big.Int).Mod(p1, E), E)
	if k == nil {
		return nil
	}
	k.Sub(E, k)
	return k.Div(k.Add(k.Mul(k, p1), big.NewInt(1)), E)
}

// evidence looks for what only the prime of a key has beside it: e and byExponent
// tell of an exponent, q is the other prime of a product. Whether p is a prime
// remains to be seen.
func (v *neighbourhood) evidence(p *prime, partners []prime, o order) (e int64, byExponent bool, q *prime) {
	var qs []query
	for _, x := range exponents() {
		if d := crt(p.n, x); d != nil {
			c := known(d)
			c.found = func() {
				if !byExponent {
					e, byExponent = x, true
				}
			}
			qs = append(qs, c)
		}
	}
	for i := range partners {
		other := &partners[i]
		qs = append(qs, query{
			low:   p.low * other.low,
			value: func() *big.Int { return new(big.Int).Mul(p.n, other.n) },
			found: func() {
				if q == nil && other.probable() {
					q = other
				}
			},
		})
	}
	v.look(o, qs)
	return e, byExponent, q
}

// mate returns the partner that makes a key with p: one of the two inverses, or the product,
// that a key consists of besides lies near by.
func (v *neighbourhood) mate(p *prime, partners []prime, o order) (q *prime) {
	var qs []query
	for i := range partners[:min(len(partners), mates)] {
		other := &partners[i]
		for _, x := range []*big.Int{
			new(big.Int).ModInverse(other.n, p.n), new(big.Int).ModInverse(p.n, other.n),
		} {
			if x == nil {
				continue
			}
			c := known(x)
			c.found = func() {
				if q == nil && other.probable() {
					q = other
				}
			}
			qs = append(qs, c)
		}
	}
	v.look(o, qs)
	return q
}

// alone returns the other prime when p is likely to be one of a key though nothing proves it,
// else nil.
func (v *neighbourhood) alone(p *prime, partners []prime) *prime {
	if !p.usual() {
		return nil
	}
	tested, good := false, false
	for i := range partners {
		q := &partners[i]
		if distance(p.at, q.at) > near {
			return nil
		}
		diff := new(big.Int).Sub(p.n, q.n)
		if !q.usual() || diff.BitLen() <= 8*p.size-100 { // FIPS 186-5, appendix A.1.3
			continue
		}
		if !tested {
			tested, good = true, p.probable() && !p.safe()
		}
		if !good {
			return nil
		}
		if q.probable() && !q.safe() {
			return q
		}
	}
	return nil
}

// leastTop is the top limb of the square root of a half, below which no prime is
// (FIPS 186-5, appendix A.1.3).
const leastTop = 0xB504F333F9DE6484

// usual reports whether p looks as primes of RSA keys do: bounded, not short, with more
// than the square root of a half at the top, coprime to the ordinary exponent, and no prime of a group.
func (p *prime) usual() bool {
	top := new(big.Int).Rsh(p.n, uint(8*p.size-64)).Uint64()
	if !p.bounded || p.size < leastAlone || top < leastTop || crt(p.n, ordinary) == nil {
		return false
	}
	switch top {
	case 0xB10B8F96A080E01D, 0xAD107E1E9123A9D0, 0x87A8E61DB4B6663C: // RFC 5114, section 2
		return false
	}
	return true
}

// safe reports whether (p-1)/2 is a prime too, as in groups of Diffie-Hellman.
func (p *prime) safe() bool { return new(big.Int).Rsh(p.n, 1).ProbablyPrime(0) }

// complete fills in what follows from the primes; q may be nil.
func complete(m *probe.Match, p, q *prime, e int64) {
	if q == nil {
		m.Values = [][]byte{p.n.Bytes(), crt(p.n, e).Bytes()}
		return
	}
	exp := big.NewInt(e).Bytes()
	m.SPKI = privkey.SPKIForRSA(new(big.Int).Mul(p.n, q.n).Bytes(), exp)
	m.Identity = m.SPKI
	// The order of the primes must not tell which of them was found.
	a, b := p.n.Bytes(), q.n.Bytes()
	if p.n.Cmp(q.n) < 0 {
		a, b = b, a
	}
	if m.Values = privkey.RSADerived(exp, a, b); len(m.Values) == 0 {
		m.Values = [][]byte{a, b}
	}
}
