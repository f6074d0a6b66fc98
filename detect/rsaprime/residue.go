package rsaprime

import (
	"encoding/binary"
	"math"
	"math/big"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

// residues finds what contexts of Montgomery multiplication keep of a prime p beside p itself: R and R² modulo p, where
// R is 2^64 to the number of p's limbs. p divides R - x, or R² - x, and the modulus; so a greatest common divisor
// tells it. The differences of many candidates are multiplied first, as D. J. Bernstein does ("How to find smooth
// parts of integers", 2004), so that one division and one divisor serve them all.
//
// A candidate stands alone between words that do not look random, as in a chunk of a heap: one divisor is
// cheap, but the interior of encrypted data has a candidate at each word.
type residues struct {
	sizes  []residueSize
	orders []order
	after  int // bytes
}

// residueSize is what is known of primes of so many limbs.
type residueSize struct {
	limbs  int
	fewest int // different octets
	r, rr  *big.Int
	moduli []*modulus
}

const (
	// together is how many candidates are multiplied with each other before they are divided by the moduli.
	together = 16
	// mostTried is how many moduli are tried, of those of trust stores the likeliest only: for each call one costs as
	// much as ten candidates.
	mostTried = 64
	// before is what must be known before a candidate, in bytes: the word that ends what was there.
	before = 16
)

// NewResidues returns the prover of Montgomery residues of the primes of the RSA keys in the facts, or nil
// when there are none. It implements [probe.Filter]. Moduli have a multiple of 128 bits, so that their primes fill
// their limbs.
func NewResidues(f probe.Facts) probe.Detector {
	d := &residues{orders: slices.DeleteFunc(ordersOf(f), func(o order) bool { return o == bigEndian })} // octets are for others
	tried := 0
	for _, m := range moduli(f) {
		n := m.n.BitLen()
		if m.root && !m.near || n%128 != 0 || tried == mostTried {
			continue
		}
		tried++
		limbs := n / 128
		i := 0
		for i < len(d.sizes) && d.sizes[i].limbs != limbs {
			i++
		}
		if i == len(d.sizes) {
			one := big.NewInt(1)
			s := residueSize{limbs: limbs, fewest: fewestDistinct(8 * limbs), r: new(big.Int).Lsh(one, uint(64*limbs)), rr: new(big.Int).Lsh(one, uint(128*limbs))}
			d.sizes, d.after = append(d.sizes, s), max(d.after, 8*(limbs+3))
		}
		d.sizes[i].moduli = append(d.sizes[i].moduli, m)
	}
	if len(d.sizes) == 0 {
		return nil
	}
	return d
}

// Spec implements [probe.Detector].
func (d *residues) Spec() probe.Spec {
	return probe.Spec{
		ID: "rsa-residue", About: "R and R² modulo a prime of a known RSA key, for Montgomery multiplication",
		Kinds: []string{privkey.RSA}, Before: before, After: d.after,
	}
}

// Depth implements [probe.Shallow].
func (*residues) Depth() int { return before }

// candidate is a number at data[at:].
type candidate struct {
	at int
	x  *big.Int
}

// Filter names the places of residues, which it proves itself, as that is cheap for many at once.
func (d *residues) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, max(0, lo-before), min(len(data), hi+d.after))
	trials := make([]trial, len(d.sizes))
	for i := range d.sizes {
		trials[i].residueSize = &d.sizes[i]
	}
	for k := m.Index(lo + wordmap.Word - 1); m.At(k) < hi; k++ {
		ahead := wordmap.Ahead(m.Patternless, k)
		if ahead == 0 {
			k += 56 // of the longest number six words may not look random
			continue
		}
		for i := range trials {
			t := &trials[i]
			if at := m.At(k); at+8*t.limbs <= len(data) && t.alone(data, &m, k, ahead) && t.varied(data[at:at+8*t.limbs]) {
				for _, o := range d.orders {
					t.add(candidate{at, o.number(data, at, t.limbs)})
				}
			}
		}
	}
	for i := range trials {
		trials[i].finish(hit)
	}
}

// alone reports whether a number of so many limbs as s has may begin at word k, of which ahead has the words that look
// random, and nothing before or behind it looks so; heaps that hand out more than was asked for may
// leave a word behind it.
func (s *residueSize) alone(data []byte, m *wordmap.Map, k int, ahead uint64) bool {
	others := bits.OnesCount64(^ahead & (1<<s.limbs - 1)) // a shift by 64 gives zero, and so all ones
	if others > 2+s.limbs/16 {                            // one random word in 110 has a pattern
		return false
	}
	random := func(k int) bool { return k >= 0 && wordmap.Ahead(m.Random, k)&1 != 0 }
	// One random word in 240 does not look so, but none is a pointer or a small number.
	soft := func(k int) bool { return random(k) || !entropy.Hard(binary.LittleEndian.Uint64(data[m.At(k):])) }
	end := k + s.limbs
	return soft(k) && !random(k-1) && soft(end-1) && (!random(end) || !random(end+1))
}

// varied reports whether p has as many different octets as random ones have, which machine code and tables have not.
func (s *residueSize) varied(p []byte) bool {
	return entropy.Distinct(p) >= s.fewest && !entropy.Code(p)
}

// fewestDistinct returns how many different ones n random octets have at least: more than five standard deviations
// below what is expected of them.
func fewestDistinct(n int) int { return int(0.78 * 256 * (1 - math.Exp(-float64(n)/256))) }

// number returns the number of so many limbs at data[at:].
func (o order) number(data []byte, at, limbs int) *big.Int {
	ws := make([]uint64, limbs)
	for i := range ws {
		ws[i] = o.limb(data, at, 8*limbs, i)
	}
	return intOf(ws)
}

// trial tells which candidates of one size share a prime with a modulus.
type trial struct {
	*residueSize
	all      []candidate
	pending  []*big.Int // the differences of the last ones
	products []*big.Int // of all others' differences, modulo each modulus
}

func (t *trial) add(c candidate) {
	t.all, t.pending = append(t.all, c), append(t.pending, t.differences(c.x))
	if len(t.pending) == together {
		t.multiply()
	}
}

// multiply moves what is pending into the products.
func (t *trial) multiply() {
	all := t.pending
	if len(all) == 0 {
		return
	}
	for len(all) > 1 { // pairs, so that both factors are about as long
		for i := range len(all) / 2 {
			all[i].Mul(all[2*i], all[2*i+1])
		}
		if len(all)%2 != 0 {
			all[len(all)/2] = all[len(all)-1]
		}
		all = all[:(len(all)+1)/2]
	}
	if t.products == nil {
		for range t.moduli {
			t.products = append(t.products, big.NewInt(1))
		}
	}
	for i, m := range t.moduli {
		r := new(big.Int).Rem(all[0], m.n)
		t.products[i].Rem(r.Mul(r, t.products[i]), m.n)
	}
	t.pending = t.pending[:0]
}

// finish calls hit for the candidates of which a prime divides a difference.
func (t *trial) finish(hit func(i int)) {
	t.multiply()
	found := false
	for i, p := range t.products {
		found = found || t.divisor(t.moduli[i], p) != nil
	}
	if !found {
		return
	}
	last := -1
	for _, c := range t.all {
		if _, p := t.proven(c.x); p != nil && c.at != last {
			hit(c.at)
			last = c.at
		}
	}
}

// differences returns (R - x)·(R² - x).
func (s *residueSize) differences(x *big.Int) *big.Int {
	d := new(big.Int).Sub(s.r, x)
	return d.Mul(d, new(big.Int).Sub(s.rr, x))
}

// divisor returns what m and x have in common, if that is as long as a prime of m at least.
func (s *residueSize) divisor(m *modulus, x *big.Int) *big.Int {
	g := new(big.Int).Rem(x, m.n)
	if g.GCD(nil, nil, g, m.n); g.BitLen() < 64*s.limbs {
		return nil // false moduli have small factors
	}
	return g
}

// proven returns the modulus of which x tells a prime, and that prime, or nil.
func (s *residueSize) proven(x *big.Int) (*modulus, *big.Int) {
	for _, m := range s.moduli {
		if p := s.divisor(m, s.differences(x)); p != nil && p.Cmp(m.n) < 0 {
			return m, p
		}
	}
	return nil, nil
}

// Detect emits the residue at v.At.
func (d *residues) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.sizes {
		s := &d.sizes[i]
		if v.At+8*s.limbs > len(v.Data) {
			continue
		}
		for _, o := range d.orders {
			m, p := s.proven(o.number(v.Data, v.At, s.limbs))
			if m == nil {
				continue
			}
			q := new(big.Int).Quo(m.n, p)
			if vs := privkey.RSADerived(m.e.Bytes(), p.Bytes(), q.Bytes()); len(vs) > 0 {
				emit(probe.Match{
					Kind: privkey.RSA, Encoding: probe.Mont, Confidence: probe.Confirmed,
					Range:    probe.Range{Start: v.At, End: v.At + 8*s.limbs},
					Identity: m.spki, SPKI: m.spki, Values: vs,
				})
				return
			}
		}
	}
}
