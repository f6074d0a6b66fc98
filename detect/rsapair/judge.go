package rsapair

import (
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// near is how far apart two primes may begin that nothing but their nature proves.
	near = 2 << 10
	// leastAlone is how many bytes such a prime has at least.
	leastAlone = 128
	// unseen is how far from a proven prime its partner is looked for among numbers that nothing
	// tells from other memory.
	unseen = 1 << 10
	// mates is how many partners are tried by the inverses that a key holds, which
	// cost two divisions each.
	mates = 32
	// arrayNumbers is how many numbers of one size a key has between its primes at most: two exponents.
	arrayNumbers = 3
)

// exponents returns the public exponents whose private ones are tried.
func exponents() [4]int64 { return [4]int64{65537, 3, 17, 257} }

// ordinary is the exponent of a key of which nothing else tells it.
const ordinary = 65537

// neighbourhood is what lies around a candidate.
type neighbourhood struct {
	d       *detector
	data    []byte
	words   words
	around  [5]surroundings // by size, as sizes has them
	room    []prime         // of partners
	lows    []uint64        // of evidence
	guessed []prime
}

// surroundings are the places of numbers of one size, when survey has looked for them.
type surroundings struct {
	looked bool
	places []place
}

// reset makes v that of another candidate.
func (v *neighbourhood) reset(data []byte, first int) {
	v.data = data
	v.words.look(data, first, len(data))
	for i := range v.around {
		v.around[i] = surroundings{places: v.around[i].places[:0]}
	}
}

// prime is a candidate.
type prime struct {
	window
	low uint64   // least significant limb
	n   *big.Int // the number, once it was asked for
}

// number returns what p, which lies in order o, is.
func (v *neighbourhood) number(p *prime, o order) *big.Int {
	if p.n == nil {
		var n number
		o.load(&n, v.data, p.at, p.size)
		p.n = new(big.Int).SetBytes(n.bytes(p.size))
	}
	return p.n
}

// probable reports whether p, which lies in order o, is a prime. A server has its primes many times.
func (v *neighbourhood) probable(p *prime, o order) bool {
	n := v.number(p, o)
	digest := v.d.primes.Digest(n.Bytes(), 0)
	if v.d.primes.Has(digest) {
		return true
	}
	if v.d.others.Has(digest) {
		return false
	}
	is := n.ProbablyPrime(0)
	if is {
		v.d.primes.Add(digest)
	} else {
		v.d.others.Add(digest)
	}
	return is
}

// read returns the candidate in w, if it is one.
func (v *neighbourhood) read(w *place, o order) (p prime, ok bool) {
	var n number
	if !v.d.candidate(&n, v.data, w, o) {
		return p, false
	}
	return prime{window: w.window, low: n[0]}, true
}

// beside returns the numbers of p's size right before and behind it that could be primes: in an
// array of the numbers of a key nothing bounds them.
func (v *neighbourhood) beside(p *prime, o order) (qs []prime) {
	for k := -arrayNumbers; k <= arrayNumbers; k++ {
		w := place{window: window{at: p.at + k*p.size, size: p.size}}
		if k == 0 || w.at < 0 || w.at+w.size > len(v.data) {
			continue
		}
		if q, ok := v.read(&w, o); ok {
			qs = append(qs, q)
		}
	}
	return qs
}

// unseen returns the numbers of p's size near it that could be primes but for a word at an end that
// does not look random, as one prime in a hundred has: the nearest ones first.
func (v *neighbourhood) unseen(p *prime, o order) (qs []prime) {
	for away := p.size; away <= unseen && len(qs) < mates; away += 8 {
		for _, at := range [...]int{p.at - away, p.at + away} {
			if at < 0 || at+p.size > len(v.data) {
				continue
			}
			if q, ok := v.read(&place{window: window{at: at, size: p.size}}, o); ok {
				qs = append(qs, q)
			}
		}
	}
	return qs
}

// judge decides on the candidate in w.
func (v *neighbourhood) judge(w *place, o order) (m probe.Match, ok bool) {
	p, ok := v.read(w, o)
	if !ok {
		return m, false
	}
	guesses := v.guesses(&p, o)
	e, byExponent, q := v.evidence(&p, guesses, o)
	switch {
	case q != nil && v.probable(&p, o):
		if !byExponent {
			e = ordinary
		}
	case byExponent && v.probable(&p, o):
		if q = v.mate(&p, v.partners(&p, o), o); q == nil {
			q = v.mate(&p, v.beside(&p, o), o)
		}
		if q == nil {
			q = v.mate(&p, v.unseen(&p, o), o)
		}
	default:
		if q = v.alone(&p, guesses, o); q == nil {
			return m, false
		}
		// The other one may be proven, and an inverse tie them together.
		if e, byExponent, _ = v.evidence(q, nil, o); !byExponent || v.mate(q, []prime{p}, o) == nil {
			return v.match(&p, o, probe.Likely), true
		}
	}
	if q != nil {
		v.number(q, o)
	}
	m = v.match(&p, o, probe.Confirmed)
	complete(&m, &p, q, e)
	if q == nil {
		v.companions(&m, &p, o, e)
	}
	return m, true
}

// companions adds what follows from p and each prime near by that its exponent proves for the same e.
func (v *neighbourhood) companions(m *probe.Match, p *prime, o order, e int64) {
	partners := v.partners(p, o)
	for i := range partners[:min(len(partners), mates)] {
		q := &partners[i]
		if f, byExponent, _ := v.evidence(q, nil, o); byExponent && f == e && v.probable(q, o) {
			m.Values = append(m.Values, derived(p, q, e)...)
		}
	}
}

// match returns the finding of p, without what follows from its company.
func (v *neighbourhood) match(p *prime, o order, c probe.Confidence) probe.Match {
	return probe.Match{
		Kind: privkey.RSA, Encoding: o.encoding(), Confidence: c,
		Range: probe.Range{Start: p.at, End: p.at + p.size}, Identity: v.number(p, o).Bytes(),
	}
}
