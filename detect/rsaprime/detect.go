package rsaprime

import (
	"encoding/binary"
	"math/bits"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
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
	d := &detector{classes: classesOf(ms), swap: f.BigEndian, orders: []order{littleEndian, bigEndian, words32}}
	if f.BigEndian || f.Arch == "" {
		d.orders = append(d.orders, limbs64)
	}
	if f.BigEndian {
		d.orders = append(d.orders, limbs32)
	}
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
		if runs.quiet(k) {
			k += 58 // nothing begins more than four words before a dense one
			continue
		}
		if runs.ahead(k)&31 == 0 || runs.count(k, d.shorter) < d.shorter*3/8 {
			continue
		}
		at := runs.first + 8*k
		s.inner = (base+int64(at))%alignment != 0
		digits := d.digitsIn(data, at)
		// Inside of a long run nothing begins but at such places.
		// What is no number of the smallest size is none of another.
		number := digits != 0 || runs.patterned(k+1, d.shorter-2) <= d.sizes[0].astray
		if number && (!s.inner || digits != 0 || next.after(runs, k-1) <= k+d.longer+1 || zeroBefore(data, at)) && d.near(s, runs, k, digits) {
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

// wholes are the bytes of a word at which a digit of four bytes begins.
const wholes = 1<<0 | 1<<4

// digitsIn returns at which bytes of the word at data[at:] digits of four or eight bytes may
// begin: the highest bits of some later ones, as many as numbers of all sizes have, are clear,
// and those of other bytes are not, as in text. Of eight bytes of digits two have a
// highest bit that is always clear; of the other six, three have in eight words or more once in 10^6,
// and five in four words once in 10^5.
func (d *detector) digitsIn(data []byte, at int) uint8 {
	set, most := uint64(0), 4
	if d.shorter < 10 {
		most = 6
	}
	for i := at + 8; i < at+8*d.shorter-8; i += 8 {
		if i+8 > len(data) {
			most = 8
			break
		}
		if set |= binary.LittleEndian.Uint64(data[i:]); set&highs == highs {
			return 0
		}
	}
	// Bit i of tops is the highest bit of byte i of all these words.
	tops := uint8((set & highs >> 7) * 0x0102040810204080 >> 56)
	if 8-bits.OnesCount8(tops) > most {
		return 0
	}
	if !d.swap {
		tops = bits.RotateLeft8(tops, 1) // the highest byte of what begins at byte i is i-1
	}
	return ^tops
}

// begins reports whether a number begins at data[at:], byte i of the word that
// s.places describes. Any word may be the beginning of one, and any half of a word that
// of one in digits; where a dense run begins or ends, any byte; behind a zero byte, that
// of a big-endian one, since DER, SSH and PGP put one before a number with its top bit set.
func (d *detector) begins(s *scratch, data []byte, at, i int, found *hit) bool {
	zero := at > 0 && data[at-1] == 0
	width := 0
	if s.some.digits>>i&1 != 0 {
		if width = d.width(data, at); width > 0 && d.hopeless(data, at, width) {
			width = 0
		}
	}
	plain := s.some.plain && (s.some.edge || zero || i == 0 && !s.inner)
	if width == 0 && !plain || at+8 > len(data) {
		return false
	}
	first := binary.LittleEndian.Uint64(data[at:])
	for x := range s.places {
		p := &s.places[x]
		plain := p.plain && (p.edge || zero || i == 0 && !s.inner)
		if width == 0 || p.digits>>i&1 == 0 {
			if plain && d.plain(s, data, p, at, i, first, p.candidates(i), found) {
				return true
			}
			continue
		}
		for y, c := range p.classes() {
			if d.digits(s, data, c, at, width, p.edge, found) || plain && d.plain(s, data, p, at, i, first, p.classes()[y:y+1], found) {
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

// digits tries a number in digits of the width that width found.
func (d *detector) digits(s *scratch, data []byte, c *class, at, width int, all bool, found *hit) bool {
	return width > 0 && c.tryDigits(s, data, at, 8, d.swap, all, found) ||
		width > 4 && c.tryDigits(s, data, at, 4, d.swap, all, found)
}

// width looks at four words and returns 0 when there are no digits at data[at:], 8
// when there may be some of eight bytes each or four, and 4 if only of eight.
func (d *detector) width(data []byte, at int) int {
	const half = 1 << 31
	var or uint64
	for i := at; i < at+32; i += 8 {
		if i+8 > len(data) {
			return 0
		}
		w := binary.LittleEndian.Uint64(data[i:])
		if d.swap {
			w = binary.BigEndian.Uint64(data[i:])
		}
		if or |= w; or>>63 != 0 { // the top bit of no digit is set
			return 0
		}
	}
	if or&half != 0 {
		return 4
	}
	return 8
}

// hopeless reports whether data[at:] holds no digits of the width that width found, whatever the class: [radixAt]
// would say so of the first ones, which all classes have, or their lower bits have patterns, which takes longest to see.
func (d *detector) hopeless(data []byte, at, width int) bool {
	few := min(16, d.classes[0].bytes/8-1)
	if few < 4 || at+8*few > len(data) {
		return false
	}
	if fewBits(data[at:], few) || !d.swap && highBits(data[at:], width, few) {
		return true
	}
	return few >= entropy.MoreDigits && (width == 4 || patterned(data[at:], 4, d.swap)) && patterned(data[at:], 8, d.swap)
}

// fewBits reports whether so few words, that p begins with, have fewer different bits than digits: minRadix64 in each word or more, of
// which nearly all are set in some words only. Of seven words of random digits, ten bits are the same in all once in 10^8.
func fewBits(p []byte, few int) bool {
	if few < 7 {
		return false
	}
	or, and := uint64(0), ^uint64(0)
	for p := p[:8*few]; len(p) > 0; p = p[8:] {
		w := binary.LittleEndian.Uint64(p)
		or, and = or|w, and&w
	}
	return bits.OnesCount64(or&^and) <= minRadix64-10
}

// highBits reports whether so few little-endian words that p begins with are no digits by the bits that are the
// same in all, or by the highest ones.
func highBits(p []byte, width, few int) bool {
	le := binary.LittleEndian
	or, and := uint64(0), ^uint64(0)
	for i := range 4 {
		w := le.Uint64(p[8*i:])
		or, and = or|w, and&w
	}
	if uniform(or, and) {
		return true
	}
	half := or
	for i := 4; i < few; i++ {
		if or |= le.Uint64(p[8*i:]); i < 8 {
			half = or // sixteen digits of four bytes are looked at, at most
		}
	}
	return or>>63 != 0 && (width == 4 || half&(1<<63|1<<31) != 0)
}

// patterned reports whether what p begins with is no number in digits of the width.
func patterned(p []byte, width int, swap bool) bool {
	return entropy.DigitsPatterned(p, entropy.MoreDigits, entropy.LowBits(width, swap))
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
		ok := d.digits(&s, v.Data, c, v.At, d.width(v.Data, v.At), true, &found)
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
