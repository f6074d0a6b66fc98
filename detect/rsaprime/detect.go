package rsaprime

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ID names the detector.
	ID = "rsa-prime"
	// lead is how far before a candidate its neighbourhood is looked at: what malloc overwrites,
	// and the chunk's size before it.
	lead = 40
	// trail is that after it: the word that it ends in, and three words.
	trail = 32
	// alignment is that of numbers amid other random data, as in memory from which a
	// runtime takes objects of one size side by side. Elsewhere lengths stand between.
	alignment = 16
)

// detector holds what is searched for, which never changes.
type detector struct {
	classes []*class
	orders  []order
	asked   uint8 // a bit for each of the orders
	swap    bool  // digits are big-endian words
	tops    tops
	sizes   []size
	shorter int // words of the smallest class
	longer  int // and of the largest
	reach   int
	stumps  []stump
	idle    sync.Pool // of work
}

// New returns the prover of the raw private numbers of the RSA keys in the facts,
// or nil when there are none. It implements [probe.Filter].
func New(f probe.Facts) probe.Detector {
	ms := moduli(f)
	if len(ms) == 0 {
		return nil
	}
	d := &detector{classes: classesOf(ms), swap: f.BigEndian, tops: topsOf(f.BigEndian), orders: ordersOf(f)}
	for _, o := range d.orders {
		d.asked |= 1 << o
	}
	d.shorter = d.classes[0].words
	for _, c := range d.classes {
		d.reach = max(d.reach, c.longest+trail)
		d.longer = max(d.longer, c.words)
	}
	d.sizes, d.stumps = sizesOf(d.classes), stumpsOf(d.classes)
	return d
}

// ordersOf returns the orders in which the machine of the facts may keep numbers.
func ordersOf(f probe.Facts) []order {
	os := []order{littleEndian, bigEndian, words32}
	if f.BigEndian || f.Arch == "" {
		os = append(os, limbs64)
	}
	if f.BigEndian {
		os = append(os, limbs32)
	}
	return os
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

// work is what one search at a time needs memory for.
type work struct {
	runs dense
	scratch
}

// Filter names the beginnings of the numbers that it proves.
func (d *detector) Filter(data []byte, base int64, lo, hi int, report func(i int)) {
	w, ok := d.idle.Get().(*work)
	if !ok {
		w = new(work)
	}
	defer func() {
		w.runs.data = nil
		d.idle.Put(w)
	}()
	runs, s, next := &w.runs, &w.scratch, hole{}
	s.fresh()
	runs.look(data, base, lo-lead, hi+d.reach)
	var found hit
	for k := 0; runs.first+8*k < hi; k++ {
		a := runs.ahead(k)
		if a&31 == 0 {
			k += max(0, bits.TrailingZeros64(a)-5) // nothing begins more than four words before a dense one
			continue
		}
		if bits.OnesCount64(a&d.sizes[0].span) < d.sizes[0].few {
			continue
		}
		at := runs.first + 8*k
		s.inner = (base+int64(at))%alignment != 0
		edges := next.after(runs, k-1) <= k+d.longer+1 // a run may begin or end where a number would
		digits := d.hopes(s, data, runs, k, edges)
		// Inside of a long run nothing begins but at such places.
		// What is no number of the smallest size is none of another.
		number := digits != 0 || runs.patterned(k+1, d.shorter-2) <= d.sizes[0].astray
		if number && (edges || !s.inner || digits != 0 || zeroBefore(data, at)) && d.near(s, runs, k, digits, edges) {
			for m := s.bytes(data, at); m != 0; m &= m - 1 {
				i := bits.TrailingZeros8(m)
				if at := at + i; at >= max(lo, 0) && at < hi && d.begins(s, data, at, i, &found) {
					report(at)
					s.reported = s.reported || i == 0
				}
			}
		}
		if at >= max(lo, 0) && at < hi && !s.reported && d.damaged(s, data, runs, k, &found) {
			report(at)
		}
		s.reported = false
	}
}

// bytes returns at which bytes of the word at data[at:] a number may begin: see begins.
func (s *scratch) bytes(data []byte, at int) uint8 {
	m := s.some.digits
	switch {
	case s.some.edge:
		return 0xff
	case s.some.plain:
		if !s.inner {
			m |= 1
		}
		for i := range 8 {
			if at+i > 0 && at+i <= len(data) && data[at+i-1] == 0 {
				m |= 1 << i
			}
		}
	}
	return m
}

// begins reports whether a number begins at data[at:], byte i of the word that
// s.places describes. Any word may be the beginning of one, and any half of a word that
// of one in digits; where a dense run begins or ends, any byte; behind a zero byte, that
// of a big-endian one, since DER, SSH and PGP put one before a number with its top bit set.
func (d *detector) begins(s *scratch, data []byte, at, i int, found *hit) bool {
	zero := at > 0 && data[at-1] == 0
	var w widths
	if s.some.digits>>i&1 != 0 {
		w = s.widths[i]
	}
	plain := s.some.plain && (s.some.edge || zero || i == 0 && !s.inner)
	if w == 0 && !plain || at+8 > len(data) {
		return false
	}
	first := binary.LittleEndian.Uint64(data[at:])
	for x := range s.places {
		p := &s.places[x]
		plain := p.plain && (p.edge || zero || i == 0 && !s.inner)
		if w == 0 || p.digits>>i&1 == 0 {
			if plain && d.plain(s, data, p, at, i, first, p.candidates(i), found) {
				return true
			}
			continue
		}
		for y, c := range p.classes() {
			if d.digits(s, data, c, at, w, p.edge, found) || plain && d.plain(s, data, p, at, i, first, p.classes()[y:y+1], found) {
				return true
			}
		}
	}
	return false
}

// plain tries numbers of the classes in whole words at data[at:], byte i of the word that p describes.
func (d *detector) plain(s *scratch, data []byte, p *place, at, i int, first uint64, classes []*class, found *hit) bool {
	all := p.sharp && i == 0
	for _, c := range classes {
		if !all && c.near == 0 {
			continue
		}
		m := c.orders(data, at, first, all) & d.asked
		if !p.edge && i != 0 {
			m &= 1 << bigEndian
		}
		for ; m != 0; m &= m - 1 {
			if o := order(bits.TrailingZeros8(m)); (c.exponents || s.random(data, at)) && c.try(s, data, at, o, all, found) {
				return true
			}
		}
	}
	return false
}

// digits tries a number in digits of those widths.
func (d *detector) digits(s *scratch, data []byte, c *class, at int, w widths, all bool, found *hit) bool {
	return w&eights != 0 && c.tryDigits(s, data, at, 8, d.swap, all, found) ||
		w&fours != 0 && c.tryDigits(s, data, at, 4, d.swap, all, found)
}

// zeroBefore reports whether a byte of the word at data[at:] may follow a byte that is zero.
func zeroBefore(data []byte, at int) bool {
	if at < 1 || at+7 > len(data) {
		return true
	}
	w := binary.LittleEndian.Uint64(data[at-1:])
	return (w-ones)&^w&highs != 0
}

// Detect emits the number that begins at v.At.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	var s scratch
	var found hit
	var m probe.Match
	for _, c := range d.classes {
		ok := d.digits(&s, v.Data, c, v.At, widthsAt(v.Data, v.At, d.swap), true, &found)
		for _, o := range d.orders {
			ok = ok || c.try(&s, v.Data, v.At, o, true, &found)
		}
		for _, gone := range lost() {
			ok = ok || c.tryDamaged(&s, v.Data, v.At, gone, &found)
		}
		switch {
		case ok && m.Kind == "":
			m = found.match()
		case ok && m.Factor == nil:
			// Of a key of four primes two look like a key of their own where their product lies near, as OpenSSL
			// has it.
			m.Factor = found.match().Factor
		}
	}
	if m.Kind != "" {
		emit(m)
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
		m.Values = h.factors()
		m.Factor = &probe.Factor{N: h.m.n.Bytes(), E: h.m.e.Bytes(), P: h.p}
	} else if vs := privkey.RSADerived(h.m.e.Bytes(), h.p, h.q); len(vs) > 0 {
		m.Values = vs
	}
	return m
}

// factors returns what two factors tell of which one at least is no prime: themselves and, of
// a prime, its exponent and its residues. The rest is told by all primes together.
func (h *hit) factors() [][]byte {
	vs := [][]byte{h.p, h.q}
	for _, p := range [][]byte{h.p, h.q} {
		vs = append(vs, privkey.RSAPrimeDerived(h.m.e.Bytes(), p)...)
	}
	return vs
}
