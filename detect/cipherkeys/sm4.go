package cipherkeys

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// SM4 is the identifier of the detector of SM4 schedules and what it finds.
	SM4 = "sm4-key-schedule"

	sm4Size = 4 * sm4Rounds
	// sm4Step is how far apart the filter looks. The five words at one
	// of 28 places of a schedule must begin in the four bytes from there on.
	sm4Step = 64
	// sm4Fewest is how many round keys a match has: 27 bits of the first
	// five, and 32 of each other one, are no chance.
	sm4Fewest = 7
)

type sm4 struct{ inverse [256]byte }

// NewSM4 returns the detector of the round keys of SM4, as native 32-bit words of
// either byte order, forward and reversed. It implements [probe.Filter].
func NewSM4() probe.Detector { return &sm4{inverse: sm4Inverse()} }

// Spec implements [probe.Detector].
func (d *sm4) Spec() probe.Spec {
	return probe.Spec{
		ID:     SM4,
		About:  "expanded SM4 keys, whole or in part, in both word and round orders",
		Kinds:  []string{SM4},
		Before: sm4Size, After: sm4Size + 4,
	}
}

// Depth implements [probe.Shallow]: 20 bytes are looked at, which are not zero.
func (*sm4) Depth() int { return 256 }

// Gate implements [probe.Gated]: seven round keys have three whole words.
func (*sm4) Gate() probe.Gate { return probe.Gate{Words: 4, Others: 1, Near: 16} }

// Filter implements [probe.Filter].
func (d *sm4) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	for q := firstStep(base, lo, sm4Step); q < hi && q+20 <= len(data); q += sm4Step {
		if q >= 0 {
			// Of sixteen random bytes, one run in 2^14 is turned down here.
			a, b := binary.LittleEndian.Uint64(data[q:]), binary.LittleEndian.Uint64(data[q+8:])
			if (a|b)&highBits == 0 || a == b || pointerLike(a) || pointerLike(b) {
				continue
			}
		}
		for p := max(q, lo); p < q+4 && p < hi; p++ {
			if !d.promising(data, p) {
				continue
			}
			_, little := d.index(data, p, false)
			_, big := d.index(data, p, true)
			if little || big {
				hit(p)
			}
		}
	}
}

// promising does the first half of index for both byte orders. Of random words,
// one in 512 passes.
func (d *sm4) promising(data []byte, p int) bool {
	if p+20 > len(data) {
		return false
	}
	w := data[p:][:20]
	x := binary.LittleEndian.Uint32(w) ^ binary.LittleEndian.Uint32(w[16:])
	m := binary.LittleEndian.Uint32(w[4:]) ^ binary.LittleEndian.Uint32(w[8:]) ^ binary.LittleEndian.Uint32(w[12:])
	// No branches on what is random: they would be mispredicted.
	rest := func(y, n uint32) byte {
		first := d.inverse[y>>24] ^ byte(n>>24)
		return first&3 | (d.inverse[byte(y>>16)] ^ byte(n>>16) ^ (first + 7))
	}
	return rest(sm4Unlinear(x), m) == 0 || rest(sm4Unlinear(bits.ReverseBytes32(x)), bits.ReverseBytes32(m)) == 0
}

// index tells from the five words at p the number of the constant between them. The
// relation is the same forwards and backwards.
func (d *sm4) index(data []byte, p int, big bool) (int, bool) {
	if p < 0 || p+20 > len(data) {
		return 0, false
	}
	w := data[p:][:20]
	x := sm4Unlinear(get32(w, big) ^ get32(w[16:], big))
	m := get32(w[4:], big) ^ get32(w[8:], big) ^ get32(w[12:], big)
	first := d.inverse[x>>24] ^ byte(m>>24) // 28i
	if first&3 != 0 || d.inverse[byte(x>>16)]^byte(m>>16) != first+7 {
		return 0, false
	}
	i := int(first>>2*55) & 63 // 55 is the inverse of 7 modulo 64
	c := sm4Constant(i)
	ok := i >= 4 && i < sm4Rounds && d.inverse[byte(x>>8)]^byte(m>>8) == byte(c>>8) &&
		d.inverse[byte(x)]^byte(m) == byte(c)
	return i, ok
}

// Detect emits the schedule of which five words lie at v.At.
func (d *sm4) Detect(v probe.View, emit func(probe.Match)) {
	for _, big := range []bool{false, true} {
		n, ok := d.index(v.Data, v.At, big)
		if !ok {
			continue
		}
		for _, reversed := range []bool{false, true} {
			if f, ok := newSM4Finding(v.Data, v.At, n, big, reversed); ok {
				emit(f.match(v.Data))
				return
			}
		}
	}
}

// sm4Finding is a schedule at a place.
type sm4Finding struct {
	sm4State
	start         int // of slot 0; may be negative
	big, reversed bool
	first, last   int // the slots that hold what they must: [first, last)
}

// newSM4Finding takes the five words at p for those around constant n, which are the round
// keys n-4 to n.
func newSM4Finding(data []byte, p, n int, big, reversed bool) (f sm4Finding, ok bool) {
	f = sm4Finding{big: big, reversed: reversed}
	for k := range 4 {
		at := p + 4*k
		if reversed {
			at = p + 16 - 4*k
		}
		f.sm4State[n+k] = get32(data[at:], big)
	}
	f.complete(n)
	slot := n - 4
	if reversed {
		slot = sm4Rounds - 1 - n
	}
	f.start = p - 4*slot
	f.first, f.last = slot, slot
	for f.last < sm4Rounds && f.holds(data, f.last) {
		f.last++
	}
	for f.first > 0 && f.holds(data, f.first-1) {
		f.first--
	}
	return f, f.last-f.first >= sm4Fewest
}

func (f *sm4Finding) holds(data []byte, slot int) bool {
	at, i := f.start+4*slot, slot
	if f.reversed {
		i = sm4Rounds - 1 - slot
	}
	return at >= 0 && at+4 <= len(data) && get32(data[at:], f.big) == f.sm4State[i+4]
}

func (f *sm4Finding) match(data []byte) probe.Match {
	key := f.key()
	m := probe.Match{
		Kind: SM4, Encoding: direction(f.reversed), Confidence: probe.Likely,
		Range:    part(f.start, 4, f.first, f.last, sm4Rounds, len(data)),
		Identity: key, Values: [][]byte{key},
	}
	if f.last-f.first == sm4Rounds {
		m.Confidence = probe.Confirmed
	}
	m.Redact = []probe.Range{m.Range}
	return m
}

func direction(reversed bool) string {
	if reversed {
		return probe.SchedDec
	}
	return probe.SchedEnc
}

// part returns the bytes of the slots [first, last) of total, each of size bytes from start
// on, with what is left of a slot that the end of the data, of n bytes, cuts.
func part(start, size, first, last, total, n int) probe.Range {
	r := probe.Range{Start: start + size*first, End: start + size*last}
	if first > 0 && r.Start < size {
		r.Start = 0
	}
	if last < total && n-r.End < size {
		r.End = n
	}
	return r
}
