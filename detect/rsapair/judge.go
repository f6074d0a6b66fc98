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
	// mates is how many partners are tried by the inverses that a key holds, which
	// cost two divisions each.
	mates = 32
)

// exponents returns the public exponents whose private ones are tried.
func exponents() [4]int64 { return [4]int64{65537, 3, 17, 257} }

// ordinary is the exponent of a key of which nothing else tells it.
const ordinary = 65537

// neighbourhood is what lies around a candidate.
type neighbourhood struct {
	d      *detector
	data   []byte
	words  words
	looked bool    // around is filled in
	around []place // see survey
}

// prime is a candidate with its number.
type prime struct {
	window
	low uint64 // least significant limb
	n   *big.Int
}

func (p *prime) probable() bool { return p.n.ProbablyPrime(0) }

// read returns the candidate in w, if it is one.
func (v *neighbourhood) read(w *place, o order) (p prime, ok bool) {
	var n number
	if !v.d.candidate(&n, v.data, w, o) {
		return p, false
	}
	return prime{w.window, n[0], new(big.Int).SetBytes(n.bytes(w.size))}, true
}

// judge decides on the candidate in w.
func (v *neighbourhood) judge(w *place, o order) (m probe.Match, ok bool) {
	p, ok := v.read(w, o)
	if !ok {
		return m, false
	}
	partners := v.partners(&p, o)
	e, byExponent, q := v.evidence(&p, partners, o)
	m = probe.Match{
		Kind: privkey.RSA, Encoding: o.encoding(), Confidence: probe.Confirmed,
		Range: probe.Range{Start: w.at, End: w.at + w.size}, Identity: p.n.Bytes(),
	}
	switch {
	case q != nil && p.probable():
		if !byExponent {
			e = ordinary
		}
	case byExponent && p.probable():
		q = v.mate(&p, partners, o)
	default:
		if q = v.alone(&p, partners); q == nil {
			return m, false
		}
		// The other one may be proven, and an inverse tie them together.
		if e, byExponent, _ = v.evidence(q, nil, o); !byExponent || v.mate(q, []prime{p}, o) == nil {
			m.Confidence = probe.Likely
			return m, true
		}
	}
	complete(&m, &p, q, e)
	return m, true
}
