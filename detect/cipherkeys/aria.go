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

type aria struct{ boxes *ariaBoxes }

// NewARIA returns the detector of the round keys of ARIA, as octets or in native
// 32-bit words, for encryption and for decryption. It implements [probe.Filter].
func NewARIA() probe.Detector { return &aria{newARIABoxes()} }

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
	q := firstStep(base, lo, ariaStep)
	if q <= -ariaBlock {
		q += ariaStep // nothing begins before data
	}
	var marks [17]uint64
	var rest [2 * kernel.WordBytes]byte
	for q < hi && q+ariaFar <= len(data) {
		p := data[q+ariaBlock:]
		if len(p) < len(rest) {
			clear(rest[copy(rest[:], p):])
			p = rest[:]
		}
		n := min(len(marks), len(p)/kernel.WordBytes)
		kernel.Random(marks[:n], p)
		for k, m := range marks[:n-1] {
			far := m>>(ariaPartner/8) | marks[k+1]<<(64-ariaPartner/8)
			// One of the two words at a step, and one of their partners, look random.
			m = (m | m>>1) & (far | far>>1) & 0x1111111111111111
			for ; m != 0; m &= m - 1 {
				if at := q + kernel.WordBytes*k + 8*bits.TrailingZeros64(m); at < hi && at+ariaFar <= len(data) {
					ariaPairs(data, at, lo, hi, hit)
				}
			}
		}
		q += kernel.WordBytes * (n - 1)
	}
}

// ariaPairs looks at the sixteen places from q on, which may be negative.
func ariaPairs(data []byte, q, lo, hi int, hit func(i int)) {
	judge := func(p int) {
		if p >= lo && p < hi && ariaPair(data, p) && (ariaPair(data, p-ariaBlock) || ariaPair(data, p+ariaBlock)) &&
			(ariaThird(data, p) || ariaThird(data, p-ariaBlock) || ariaThird(data, p+ariaBlock)) {
			hit(p)
		}
	}
	if e := q + ariaBlock; load64(data, e) == load64(data, e+ariaPartner) || load64(data, e+8) == load64(data, e+8+ariaPartner) {
		return // the same bytes again
	}
	if q < 0 {
		for p := range q + ariaBlock {
			judge(p)
		}
		return
	}
	w := data[q:][:ariaFar]
	e0, e1 := load64(w, 0)^load64(w, ariaPartner), load64(w, 8)^load64(w, ariaPartner+8)
	e2, e3 := load64(w, 16)^load64(w, ariaPartner+16), load64(w, 24)^load64(w, ariaPartner+24)
	middle := octetSums(e1, e2)
	for z := zeroOctets(octetSums(e0, e1) ^ middle); z != 0; z &= z - 1 {
		judge(q + bits.TrailingZeros64(z)/8)
	}
	for z := zeroOctets(middle ^ octetSums(e2, e3)); z != 0; z &= z - 1 {
		judge(q + 8 + bits.TrailingZeros64(z)/8)
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

// octetSums returns for each byte of x the sum, without carries, of it and the seven behind it, which
// y continues.
func octetSums(x, y uint64) uint64 {
	x ^= x>>8 | y<<56
	y ^= y >> 8
	x ^= x>>16 | y<<48
	y ^= y >> 16
	return x ^ (x>>32 | y<<32)
}

// zeroOctets returns the top bit of each byte of x that is zero.
func zeroOctets(x uint64) uint64 {
	const low = ^uint64(highBits)
	return ^(x&low + low | x) & highBits
}
