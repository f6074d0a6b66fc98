package rsapair

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

// modulusDetector finds the moduli of keys of which a prime was proven, wherever they lie: of all numbers
// as long as one, what the prime divides is it. It redacts nothing.
type modulusDetector struct {
	primes  []factor
	longest int // bytes of a modulus
}

// factor is a prime whose modulus is looked for.
type factor struct {
	p, e  *big.Int
	limbs []uint64 // of p, least significant first
	inv   uint64   // of the lowest limb, modulo 2^64
}

// around is what the gate needs, in bytes.
const around = 160

// mostModulus is the length of the longest modulus, in limbs.
const mostModulus = 2 * mostBytes / 8

// NewModulus returns the harvester of the moduli of primes that were proven without one, as limbs or octets where
// runs of words begin that look random, or nil when there are none.
func NewModulus(f probe.Facts) probe.Detector {
	d := &modulusDetector{}
	for _, x := range f.Primes {
		p := new(big.Int).SetBytes(x.P)
		n := (p.BitLen() + 63) / 64
		if p.Bit(0) == 0 || n < 8 || 2*n > mostModulus {
			continue
		}
		q := factor{p: p, e: new(big.Int).SetBytes(x.E), limbs: make([]uint64, n)}
		b := p.FillBytes(make([]byte, 8*n))
		for i := range q.limbs {
			q.limbs[i] = binary.BigEndian.Uint64(b[len(b)-8*i-8:])
		}
		q.inv = q.limbs[0]
		for range 5 { // right modulo 8, and to twice as many bits each time
			q.inv *= 2 - q.limbs[0]*q.inv
		}
		d.primes, d.longest = append(d.primes, q), max(d.longest, 16*n)
	}
	if len(d.primes) == 0 {
		return nil
	}
	return d
}

// Spec implements [probe.Detector].
func (d *modulusDetector) Spec() probe.Spec {
	return probe.Spec{
		ID: "public-key-multiple", About: "RSA moduli that a proven prime divides, as limbs or octets",
		Kinds: []string{publickey.Kind}, Before: around, After: max(around, d.longest),
	}
}

// Depth implements [probe.Shallow].
func (*modulusDetector) Depth() int { return 0 }

// Gate implements [probe.Gated]: the shortest modulus has 16 words, and the first may be any.
func (*modulusDetector) Gate() probe.Gate { return probe.Gate{Words: 7, Others: 2, Near: 16} }

// Filter implements [probe.Filter].
func (d *modulusDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, lo, hi)
	d.FilterWords(data, &m, lo, hi, hit)
}

// FilterWords names the beginnings of moduli: words with which a run begins, or the ones before those. Of the seven
// words behind it two may not look random.
func (d *modulusDetector) FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int)) {
	const behind, most = 7, 2
	for i := m.At(m.Index(lo + 7)); i < hi && i+8 <= len(data); i += 8 {
		if next := wordmap.Ahead(m.Random, m.Index(i)+1); bits.OnesCount64(^next&(1<<behind-1)) > most ||
			denseAt(data, i-8) || next&1 == 0 && !denseAt(data, i) {
			continue
		}
		if _, _, _, ok := d.at(data, i); ok {
			hit(i)
		}
	}
}

// at returns the modulus that begins at data[i:], of which prime, in which order.
func (d *modulusDetector) at(data []byte, i int) (n *big.Int, p *factor, o order, ok bool) {
	for k := range d.primes {
		p := &d.primes[k]
		size := 16 * len(p.limbs)
		if i+size > len(data) {
			continue
		}
		for _, o := range orders() {
			var limbs [mostModulus]uint64
			for j := range size / 8 {
				limbs[j] = o.limb(data, i+o.place(size, j))
			}
			if p.divides(limbs[:size/8]) {
				b := make([]byte, 0, size)
				for j := size/8 - 1; j >= 0; j-- {
					b = binary.BigEndian.AppendUint64(b, o.limb(data, i+o.place(size, j)))
				}
				return new(big.Int).SetBytes(b), p, o, true
			}
		}
	}
	return nil, nil, 0, false
}

// divides reports whether p divides the odd number n, which it destroys: multiples of p are subtracted that make
// one limb after the other zero (T. Jebelean, "An algorithm for exact division", 1993).
func (p *factor) divides(n []uint64) bool {
	k := len(p.limbs)
	if n[0]&1 == 0 {
		return false
	}
	for i := range len(n) - k {
		m := n[i] * p.inv
		var high, borrow uint64
		for j, x := range p.limbs {
			h, l := bits.Mul64(m, x)
			var c uint64
			l, c = bits.Add64(l, high, 0)
			high = h + c
			n[i+j], borrow = bits.Sub64(n[i+j], l, borrow)
		}
		for j := i + k; j < len(n); j++ {
			n[j], borrow = bits.Sub64(n[j], high, borrow)
			if high = 0; borrow == 0 {
				break
			}
		}
		if borrow != 0 {
			return false // the product would be longer
		}
	}
	for _, x := range n[len(n)-k:] {
		if x != 0 {
			return false
		}
	}
	return true
}

// Detect emits the modulus at v.At, unless its other factor is no prime.
func (d *modulusDetector) Detect(v probe.View, emit func(probe.Match)) {
	n, p, o, ok := d.at(v.Data, v.At)
	if !ok {
		return
	}
	if spki := Modulus(n, p.p, p.e); spki != nil {
		emit(probe.Match{
			Kind: publickey.Kind, Encoding: o.encoding(), Confidence: probe.Confirmed,
			Range: probe.Range{Start: v.At, End: v.At + 16*len(p.limbs)}, Public: true, SPKI: spki, Identity: spki,
		})
	}
}

// Modulus returns the public key of n, when it is p times a prime about as long as p, and else nil.
func Modulus(n, p, e *big.Int) []byte {
	q, rest := new(big.Int).QuoRem(n, p, new(big.Int))
	if rest.Sign() != 0 || 4*q.BitLen() < 3*p.BitLen() || 3*q.BitLen() > 4*p.BitLen() || !q.ProbablyPrime(0) {
		return nil
	}
	if !privkey.RSAPublic(n.Bytes(), e.Bytes()) {
		return nil
	}
	return privkey.SPKIForRSA(n.Bytes(), e.Bytes())
}
