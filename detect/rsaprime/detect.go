package rsaprime

import (
	"encoding/binary"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ID names the detector.
	ID = "rsa-prime"
	// lead is how far before a candidate its neighbourhood is looked at: the word
	// that it begins in, and one word.
	lead = 16
	// trail is that after it: the word that it ends in, and one word.
	trail = 24
)

// detector holds what is searched for, which never changes.
type detector struct {
	classes []*class
	orders  []order
	swap    bool // digits are big-endian words
	shorter int  // words of the smallest class
	reach   int
}

// New returns the prover of the raw private numbers of the RSA keys in the facts,
// or nil when there are none. It implements [probe.Filter].
func New(f probe.Facts) probe.Detector {
	ms := moduli(f)
	if len(ms) == 0 {
		return nil
	}
	d := &detector{classes: classesOf(ms), swap: f.BigEndian, orders: []order{littleEndian, bigEndian, words32, limbs64}}
	if f.BigEndian {
		d.orders = append(d.orders, limbs32)
	}
	d.shorter = d.classes[0].words
	for _, c := range d.classes {
		d.reach = max(d.reach, c.longest+trail)
	}
	return d
}

// Spec implements [probe.Detector].
func (d *detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     ID,
		About:  "primes and private exponents of known RSA public keys, as integers of many layouts",
		Kinds:  []string{privkey.RSA},
		Before: lead, After: d.reach,
	}
}

// Filter names the beginnings of the numbers that it proves.
func (d *detector) Filter(data []byte, base int64, lo, hi int, report func(i int)) {
	runs := densityOf(data, base, lo-lead, hi+d.reach)
	var s scratch
	var found hit
	for k := 0; runs.first+8*k < hi; k++ {
		if runs.quiet(k) {
			k += 61 // nothing begins two words before a dense one, but one
			continue
		}
		if !runs.at(k) && !runs.at(k+1) || runs.count(k, d.shorter) < d.shorter*2/3 {
			continue
		}
		at := runs.first + 8*k
		for i := range 8 {
			if at+i >= lo && at+i < hi && at+i >= 0 && d.begins(&s, data, &runs, k, i, &found) {
				report(at + i)
			}
		}
	}
}

// quiet reports whether no word of the 64 from k on is dense.
func (d *dense) quiet(k int) bool { return k>>6+1 < len(d.bits) && d.ahead(k) == 0 }

// begins reports whether a number begins at byte i of word k. Every eighth byte
// may be the beginning of one, and every fourth that of one in digits; in the
// words where a dense run begins or ends, every byte; behind a zero byte, that of a
// big-endian one, since DER, SSH and PGP put one before a number with its top bit set.
func (d *detector) begins(s *scratch, data []byte, runs *dense, k, i int, found *hit) bool {
	at := runs.first + 8*k + i
	start := !runs.at(k-1) || !runs.at(k)
	zero := at > 0 && data[at-1] == 0
	for _, c := range d.classes {
		n := runs.count(k, c.words)
		if n < min(c.words, 64)*2/3 {
			continue
		}
		edge := start || !runs.at(k+c.words) || !runs.at(k+c.words+1)
		if edge || i&3 == 0 {
			if d.digits(s, data, c, at, edge, found) {
				return true
			}
		}
		if n < min(c.words, 64)-sparse(c.words) {
			continue
		}
		for _, o := range d.orders {
			if (edge || i == 0 || zero && o == bigEndian) && c.try(s, data, at, o, edge, found) {
				return true
			}
		}
	}
	return false
}

// digits tries a number in digits at data[at:].
func (d *detector) digits(s *scratch, data []byte, c *class, at int, all bool, found *hit) bool {
	if at+8 > len(data) {
		return false
	}
	// The top bit of no digit is set, nor is that of the next one.
	const top = 1 << 63
	w := binary.LittleEndian.Uint64(data[at:])
	if d.swap {
		w = binary.BigEndian.Uint64(data[at:])
	}
	if w&top != 0 {
		return false
	}
	return c.tryDigits(s, data, at, 8, d.swap, all, found) ||
		w&(1<<31) == 0 && c.tryDigits(s, data, at, 4, d.swap, all, found)
}

// Detect emits the number that begins at v.At.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	var s scratch
	var found hit
	for _, c := range d.classes {
		ok := d.digits(&s, v.Data, c, v.At, true, &found)
		for _, o := range d.orders {
			ok = ok || c.try(&s, v.Data, v.At, o, true, &found)
		}
		if ok {
			emit(found.match())
			return
		}
	}
}

// match returns the hit as a match.
func (h *hit) match() probe.Match {
	m := probe.Match{
		Kind: privkey.RSA, Encoding: h.encoding, Confidence: probe.Confirmed,
		Range:    probe.Range{Start: h.start, End: h.start + h.extent},
		Identity: h.m.spki, SPKI: h.m.spki,
	}
	if h.p == nil {
		return m
	}
	m.Values = [][]byte{h.p, h.q}
	if h.multi {
		m.Values = h.primes()
	} else if k, ok := privkey.RSAFromPrimes(h.m.e.Bytes(), h.p, h.q); ok {
		m.Values = [][]byte{k.P, k.Q, k.D, k.DP, k.DQ, k.QInv}
		if string(k.DPhi) != string(k.D) {
			m.Values = append(m.Values, k.DPhi)
		}
	}
	return m
}

// primes returns what one prime of three tells: itself, its exponent and the
// product of the others.
func (h *hit) primes() [][]byte {
	p, q := h.p, h.q
	if len(p) > len(q) {
		p, q = q, p
	}
	p1 := new(big.Int).SetBytes(p)
	p1.Sub(p1, big.NewInt(1))
	vs := [][]byte{p, q}
	if e := new(big.Int).ModInverse(h.m.e, p1); e != nil {
		vs = append(vs, e.Bytes())
	}
	return vs
}
