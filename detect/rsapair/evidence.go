package rsapair

import (
	"bytes"
	"cmp"
	"math/big"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/smallprime"
)

// partners returns the candidates of p's size and order within reach, the nearest
// ones first. They are valid until the next call.
func (v *neighbourhood) partners(p *prime, o order) []prime {
	ps := v.room[:0]
	around := v.survey(p.size)
	for i := range around {
		w := &around[i]
		if distance(w.at, p.at) < p.size {
			continue
		}
		if q, ok := v.read(w, o); ok && !v.same(&q, p) {
			ps = append(ps, q)
		}
	}
	if len(ps) > 1 {
		slices.SortStableFunc(ps, func(a, b prime) int {
			return cmp.Compare(distance(a.at, p.at), distance(b.at, p.at))
		})
	}
	v.room = ps
	return ps
}

// guesses returns what the partners of p are among: the places of its size and order within reach
// that are odd, have the top bit set and no factor of 3, 5 or 17. They are valid until the next call.
func (v *neighbourhood) guesses(p *prime, o order) []prime {
	qs := v.guessed[:0]
	around := v.survey(p.size)
	var n number
	for i := range around {
		w := &around[i]
		if distance(w.at, p.at) >= p.size && o.load(&n, v.data, w.at, w.size) && !smallprime.Tiny(n[:w.size/8]) && n[0] != p.low {
			qs = append(qs, prime{window: w.window, low: n[0]})
		}
	}
	v.guessed = qs
	return qs
}

// same reports whether two candidates of one size are one number.
func (v *neighbourhood) same(a, b *prime) bool {
	return a.low == b.low && bytes.Equal(v.data[a.at:a.at+a.size], v.data[b.at:b.at+b.size])
}

// survey lists the places of numbers of size bytes within reach, whatever their order, once.
func (v *neighbourhood) survey(size int) []place {
	all := sizes()
	s := &v.around[slices.Index(all[:], size)]
	if s.looked {
		return s.places
	}
	s.looked = true
	for block := range v.words.bits {
		for c := v.words.begins(block, size); c != 0; c &= c - 1 {
			k := block<<6 + bits.TrailingZeros64(c)
			if w, ok := v.words.window(k, size); ok && w.at+w.size <= len(v.data) {
				s.places = append(s.places, place{window: w})
			}
		}
	}
	return s.places
}

func distance(a, b int) int { return max(a-b, b-a) }

// look calls found for each word on the lattice that, in order o, is one of lows, with the
// index of the low limb, the last one of equal ones, and the place.
func (v *neighbourhood) look(o order, lows []uint64, found func(i, at int)) {
	var (
		marks [16]uint64
		rest  [kernel.WordBytes]byte
		turn  [4]uint64
	)
	want := turn[:0]
	for _, low := range lows {
		want = append(want, o.turn(low))
	}
	for at := v.words.first & 7; at+8 <= len(v.data); {
		p := v.data[at:]
		if len(p) < len(rest) {
			clear(rest[copy(rest[:], p):])
			p = rest[:]
		}
		n := min(len(marks), len(p)/kernel.WordBytes)
		kernel.Equal(marks[:n], p, want)
		for k, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				w := at + kernel.WordBytes*k + 8*bits.TrailingZeros64(m)
				if w+8 > len(v.data) {
					continue
				}
				x := o.limb(v.data, w)
				for i := len(lows) - 1; i >= 0; i-- {
					if lows[i] == x {
						found(i, w)
						break
					}
				}
			}
		}
		at += kernel.WordBytes * n
	}
}

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

// inverses appends the lowest limb of 1/e modulo p-1 to lows for each of the exponents that have
// one, which it returns too.
func (v *neighbourhood) inverses(lows []uint64, p *prime, o order) ([]uint64, []int64) {
	var n number
	o.load(&n, v.data, p.at, p.size)
	product := uint64(1)
	for _, e := range exponents() {
		product *= uint64(e)
	}
	var (
		rest uint64
		room [4]int64
	)
	es := room[:0]
	for i := p.size/8 - 1; i >= 0; i-- {
		rest = bits.Rem64(rest, n[i], product)
	}
	for _, x := range exponents() {
		e := uint64(x)
		r := (rest%e + e - 1) % e // p-1 modulo e
		if r == 0 {
			continue
		}
		// e is a prime, so that r^(e-2) is 1/r.
		k := uint64(1)
		for b, x := e-2, r; b != 0; b, x = b>>1, x*x%e {
			if b&1 != 0 {
				k = k * x % e
			}
		}
		k = e - k
		// The division by e leaves nothing, so it is a product modulo 2^64.
		inverse := e // modulo 8
		for range 5 {
			inverse *= 2 - e*inverse
		}
		lows, es = append(lows, (k*(n[0]-1)+1)*inverse), append(es, x)
	}
	return lows, es
}

// evidence looks for what only the prime of a key has beside it: e and byExponent
// tell of an exponent, q is the other prime of a product, a partner among guesses. Whether p is a prime
// remains to be seen.
func (v *neighbourhood) evidence(p *prime, guesses []prime, o order) (e int64, byExponent bool, q *prime) {
	lows, es := v.inverses(v.lows[:0], p, o)
	for i := range guesses {
		lows = append(lows, p.low*guesses[i].low)
	}
	v.lows = lows
	v.look(o, lows, func(i, at int) {
		if i < len(es) {
			x := es[i]
			if byExponent {
				return
			}
			if d := crt(v.number(p, o), x); d != nil && o.lies(v.data, at, d) {
				e, byExponent = x, true
			}
			return
		}
		other := &guesses[i-len(es)]
		if q != nil || !o.lies(v.data, at, new(big.Int).Mul(v.number(p, o), v.number(other, o))) {
			return
		}
		if _, ok := v.read(&place{window: other.window}, o); ok && v.probable(other, o) {
			q = other
		}
	})
	return e, byExponent, q
}

// mate returns the partner that makes a key with p: one of the two inverses, or the product,
// that a key consists of besides lies near by.
func (v *neighbourhood) mate(p *prime, partners []prime, o order) (q *prime) {
	type inverse struct {
		of *prime
		n  *big.Int
	}
	var (
		inverses []inverse
		lows     []uint64
	)
	for i := range partners[:min(len(partners), mates)] {
		other := &partners[i]
		a, b := v.number(p, o), v.number(other, o)
		for _, x := range []*big.Int{new(big.Int).ModInverse(b, a), new(big.Int).ModInverse(a, b)} {
			if x != nil {
				inverses, lows = append(inverses, inverse{other, x}), append(lows, limbOf(x))
			}
		}
	}
	v.look(o, lows, func(i, at int) {
		if x := inverses[i]; q == nil && o.lies(v.data, at, x.n) && v.probable(x.of, o) {
			q = x.of
		}
	})
	return q
}

// alone returns the other prime when p is likely to be one of a key though nothing proves it,
// else nil.
func (v *neighbourhood) alone(p *prime, guesses []prime, o order) *prime {
	if !slices.ContainsFunc(guesses, func(q prime) bool { return distance(p.at, q.at) <= near }) || !v.usual(p, o) {
		return nil
	}
	partners := v.partners(p, o)
	tested, good := false, false
	for i := range partners {
		q := &partners[i]
		if distance(p.at, q.at) > near {
			return nil
		}
		if !v.usual(q, o) {
			continue
		}
		if diff := new(big.Int).Sub(p.n, q.n); diff.BitLen() <= 8*p.size-100 { // FIPS 186-5, appendix A.1.3
			continue
		}
		if !tested {
			tested, good = true, v.probable(p, o) && !p.safe()
		}
		if !good {
			return nil
		}
		if v.probable(q, o) && !q.safe() {
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
// If so, it has its number.
func (v *neighbourhood) usual(p *prime, o order) bool {
	if !p.bounded || p.size < leastAlone {
		return false
	}
	top := o.limb(v.data, p.at+o.place(p.size, p.size/8-1))
	if top < leastTop || crt(v.number(p, o), ordinary) == nil {
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
		m.Factor = &probe.Factor{P: p.n.Bytes(), E: big.NewInt(e).Bytes()}
		return
	}
	m.SPKI = privkey.SPKIForRSA(new(big.Int).Mul(p.n, q.n).Bytes(), big.NewInt(e).Bytes())
	m.Identity = m.SPKI
	m.Values = derived(p, q, e)
}

// derived returns the private numbers of the key of two primes.
func derived(p, q *prime, e int64) [][]byte {
	// The order of the primes must not tell which of them was found.
	a, b := p.n.Bytes(), q.n.Bytes()
	if p.n.Cmp(q.n) < 0 {
		a, b = b, a
	}
	if vs := privkey.RSADerived(big.NewInt(e).Bytes(), a, b); len(vs) > 0 {
		return vs
	}
	return [][]byte{a, b}
}
