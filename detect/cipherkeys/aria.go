package cipherkeys

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ARIA is the identifier of the detector of ARIA's round keys and what it finds.
	ARIA = "aria-key-schedule"

	ariaLong = ariaBlock * (ariaMost + 1)
	// ariaStep is how far apart the filter looks. Of the four round keys that have a partner, two
	// begin in the sixteen bytes from such a place on.
	ariaStep = 32
	// ariaPartner is how far apart two round keys of equal sums are.
	ariaPartner = 8 * ariaBlock
	// ariaFar is what the filter looks at from a place on.
	ariaFar = ariaPartner + 2*ariaBlock
	// ariaProof is how many round keys must be what the key says: the words W of the key that were
	// taken from three of them explain a fourth whatever the key schedule.
	ariaProof = 6
)

type aria struct {
	boxes *ariaBoxes
	// made are masks of the octets that A sums to some octets of its result: 0 and 10 together, 0, 14 and 15.
	made [4]wide
}

// NewARIA returns the detector of the round keys of ARIA, as octets or in native
// 32-bit words, for encryption and for decryption. It implements [probe.Filter].
func NewARIA() probe.Detector {
	a, b := ariaMade(0), ariaMade(10)
	return &aria{newARIABoxes(), [4]wide{a.xor(b), a, ariaMade(14), ariaMade(15)}}
}

// Spec implements [probe.Detector].
func (*aria) Spec() probe.Spec {
	return probe.Spec{
		ID:     ARIA,
		About:  "expanded ARIA keys, whole or in part, in both word and round orders",
		Kinds:  []string{ARIA},
		Before: ariaLong, After: ariaLong,
	}
}

// Depth implements [probe.Shallow]: a candidate is followed by bytes that are not zero.
func (*aria) Depth() int { return 256 }

// Gate implements [probe.Gated]: a candidate stands in nine round keys, 17 whole words.
func (*aria) Gate() probe.Gate { return probe.Gate{Words: 16, Others: 2, Near: 32} }

// Filter implements [probe.Filter]. The round keys ek(i) and ek(i+8), i from 1 to 4, are W0 ^ W1 with
// W1 rotated by 19 and by 67 bits. In the sum of a round key's octets the number of a bit
// modulo eight is all that matters, so those two have the same sum. It is the same for the
// decryption keys, since every octet counts seven times in what A makes of the others,
// and in every order of the octets.
func (*aria) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	const words = 16
	var (
		sums  [64*(words+2) + ariaPartner]byte
		marks [words + 2]uint64 // from 64 bytes before q on
	)
	for q := lo; q < hi; {
		n := min(words, (hi-q+63)/64, (len(data)-kernel.OctetsAhead-ariaPartner-64-q)/64)
		if n <= 0 || q < 64 {
			ariaJudge(data, base, q, hit)
			q++
			continue
		}
		s := sums[:64*(n+2)+ariaPartner]
		kernel.Octets(s, data[q-64:])
		kernel.Alike(marks[:n+2], s, ariaPartner)
		// Of every 32 places, the first sixteen.
		places := bits.RotateLeft64(0x0000ffff0000ffff, -int((base+int64(q))&(ariaStep-1)))
		for k := 1; k <= n; k++ {
			m := marks[k] & places & (marks[k]<<ariaBlock | marks[k-1]>>(64-ariaBlock) | marks[k]>>ariaBlock | marks[k+1]<<(64-ariaBlock))
			for ; m != 0; m &= m - 1 {
				if p := q + bits.TrailingZeros64(m); p < hi {
					ariaJudge(data, base, p, hit)
				}
			}
			q += 64
		}
	}
}

// ariaJudge calls hit for p if it is one of the first sixteen places from a step on, and round keys there, and
// beside it, have partners.
func ariaJudge(data []byte, base int64, p int, hit func(i int)) {
	q := firstStep(base, p, ariaStep)
	if p-q >= ariaBlock || q+ariaFar > len(data) {
		return
	}
	if e := q + ariaBlock; load64(data, e) == load64(data, e+ariaPartner) || load64(data, e+8) == load64(data, e+8+ariaPartner) {
		return // the same bytes again
	}
	if ariaPair(data, p) && (ariaPair(data, p-ariaBlock) || ariaPair(data, p+ariaBlock)) &&
		(ariaThird(data, p) || ariaThird(data, p-ariaBlock) || ariaThird(data, p+ariaBlock)) {
		hit(p)
	}
}

// ariaPair reports whether the sixteen bytes at p have the sum of those that are a partner's
// distance behind them.
func ariaPair(data []byte, p int) bool {
	return p >= 0 && p+ariaPartner+ariaBlock <= len(data) && octetSum(data[p:]) == octetSum(data[p+ariaPartner:])
}

// ariaThird reports whether the round key between the two at p may be theirs: what it and the first
// one sum to is V + (V >>> 12), the sum of whose octets is the same when turned by four bits, and in
// what A makes of them, too.
func ariaThird(data []byte, p int) bool {
	if p < 0 || p+ariaFar > len(data) {
		return true
	}
	s := octetSum(data[p:]) ^ octetSum(data[p+ariaPartner/2:])
	return s == bits.RotateLeft8(s, 4)
}

// Detect emits the round keys of which one lies at v.At, or before or behind those there.
func (d *aria) Detect(v probe.View, emit func(probe.Match)) {
	for _, p := range [3]int{v.At, v.At - ariaBlock, v.At + ariaBlock} {
		if p < 0 || p+ariaPartner+ariaBlock > len(v.Data) {
			continue
		}
		for _, swapped := range [2]bool{false, true} {
			for _, reversed := range [2]bool{false, true} {
				if m, ok := d.find(v.Data, ariaOrder{swapped, reversed}, p); ok {
					emit(m)
					return
				}
			}
		}
	}
}

// ariaOrder is how round keys lie in memory.
type ariaOrder struct {
	swapped  bool // native words of a machine of the other byte order
	reversed bool // for decryption
}

// get reads sixteen bytes as a number.
func (o ariaOrder) get(p []byte) wide {
	w := wideOctets(p)
	if o.swapped {
		w.hi, w.lo = swapWords(w.hi), swapWords(w.lo)
	}
	return w
}

// swapWords reverses the octets of each half.
func swapWords(x uint64) uint64 { return bits.RotateLeft64(bits.ReverseBytes64(x), 32) }

// find returns the schedule of which the round keys at p and four and eight behind it are
// ek(i), ek(i+4) and ek(i+8), i from 1 to 3, or, of a reversed one, what A makes of ek(i+8), ek(i+4)
// and ek(i), i being 2 or 3.
func (d *aria) find(data []byte, o ariaOrder, p int) (m probe.Match, ok bool) {
	first, second, third := o.get(data[p:]), o.get(data[p+4*ariaBlock:]), o.get(data[p+8*ariaBlock:])
	if o.reversed {
		first, third = third, first
	}
	// With V for the rotated W: near is V + (V >>> 12), far is V + (V >>> 48), and rotations commute.
	near, far := first.xor(second), first.xor(third)
	if near == (wide{}) || far == (wide{}) {
		return m, false
	}
	if o.reversed {
		if !d.plausible(near, far) {
			return m, false
		}
		near, far = ariaDiffuse(near), ariaDiffuse(far)
	}
	if near.xor(near.rotate(128-48)) != far.xor(far.rotate(128-12)) {
		return m, false
	}
	if o.reversed {
		first = ariaDiffuse(first)
	}
	for n := range uint64(16) {
		v := unrotated(near).xor(wide{n * 0x1111111111111111, n * 0x1111111111111111})
		for i := range 3 {
			for rounds := ariaFewest; rounds <= ariaMost; rounds += 2 {
				slot := i
				if o.reversed {
					slot = rounds - 8 - i
				}
				var w ariaWords
				w[i], w[i+1] = first.xor(v), v.rotate(19)
				d.boxes.complete(&w, i, rounds)
				if m, ok = d.match(data, o, &w, rounds, p-ariaBlock*slot); ok {
					return m, true
				}
			}
		}
	}
	return m, false
}

// plausible looks at the first octet of what find compares when A has been applied to near and far.
func (d *aria) plausible(near, far wide) bool {
	octet := func(w, mask wide) byte {
		x := w.hi&mask.hi ^ w.lo&mask.lo
		x ^= x >> 32
		x ^= x >> 16
		return byte(x ^ x>>8)
	}
	return octet(near, d.made[0]) == octet(far, d.made[1])^octet(far, d.made[2])<<4^octet(far, d.made[3])>>4
}

// ariaMade returns all bits of the octets that A sums to octet i.
func ariaMade(i int) wide {
	var p [ariaBlock]byte
	for k := range p {
		var unit [ariaBlock]byte
		unit[k] = 0xff
		p[k] = ariaDiffuse(wideOctets(unit[:])).octets()[i]
	}
	return wideOctets(p[:])
}

// unrotated returns the v of v + (v >>> 12) = x whose lowest four bits are zero. Each other one
// differs from it in the same way in all groups of four bits.
func unrotated(x wide) (v wide) {
	digit := func(w wide, i int) uint64 {
		if i < 16 {
			return w.lo >> (4 * i) & 15
		}
		return w.hi >> (4 * (i - 16)) & 15
	}
	// Digit i of the sum is that of v and the one three places above it.
	for i, last := 0, uint64(0); ; {
		last ^= digit(x, i)
		if i = (i + 3) % 32; i == 0 {
			return v
		}
		if i < 16 {
			v.lo |= last << (4 * i)
		} else {
			v.hi |= last << (4 * (i - 16))
		}
	}
}

// match returns what lies at base of the schedule of w.
func (d *aria) match(data []byte, o ariaOrder, w *ariaWords, rounds, base int) (m probe.Match, ok bool) {
	var is [ariaMost + 1]bool
	held := 0
	for s := range rounds + 1 {
		at := base + ariaBlock*s
		if at < 0 || at+ariaBlock > len(data) {
			continue
		}
		want := w.roundKey(s)
		if o.reversed {
			want = w.decryptionKey(s, rounds)
		}
		if is[s] = o.get(data[at:]) == want; is[s] {
			held++
		}
	}
	key, ok := d.boxes.key(w, rounds)
	if held < ariaProof || !ok {
		return m, false
	}
	m = probe.Match{
		Kind: ARIA, Encoding: direction(o.reversed), Confidence: probe.Confirmed,
		Identity: key, Values: [][]byte{key}, Redact: slots(base, ariaBlock, is[:rounds+1], len(data)),
	}
	m.Range = probe.Range{Start: m.Redact[0].Start, End: m.Redact[len(m.Redact)-1].End}
	return m, true
}

// slots returns the bytes of the slots that are held, each of size bytes from base on, with what is
// left of the one that the end of the data, of n bytes, cuts.
func slots(base, size int, held []bool, n int) (rs []probe.Range) {
	for s, ok := range held {
		r := probe.Range{Start: base + size*s, End: base + size*s + size}
		if !ok {
			continue
		}
		if k := len(rs); k > 0 && rs[k-1].End == r.Start {
			rs[k-1].End = r.End
		} else {
			rs = append(rs, r)
		}
	}
	last := &rs[len(rs)-1]
	if n-last.End < size && last.End < base+size*len(held) {
		last.End = n
	}
	return rs
}

// octetSum returns the sum, without carries, of the sixteen bytes that p begins with.
func octetSum(p []byte) byte {
	x := binary.LittleEndian.Uint64(p) ^ binary.LittleEndian.Uint64(p[8:])
	x ^= x >> 32
	x ^= x >> 16
	return byte(x ^ x>>8)
}
