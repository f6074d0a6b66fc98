package cipherkeys

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// Camellia is the identifier of the detector of Camellia's subkeys and what it finds.
	Camellia = "camellia-key-schedule"

	camelliaLong  = 8 * 34 // of 192 and 256 bits
	camelliaShort = 8 * 26
	// camelliaFewest is how many subkeys must be what the key says, of those that are not
	// the key itself, rotated: of regular data rotations are alike.
	camelliaFewest = 5
	// What the pairs of subkeys are: the key (L, R), or made from it (A, B).
	camelliaShortPairs = "LALAALAALLALA"
	camelliaLongPairs  = "LBRARBLALRBLARALB"
)

// arrangement is a way in which the 64-bit subkeys lie in memory.
type arrangement struct {
	// order is 64 for native numbers on a little-endian machine, 32 for pairs of
	// such words, the upper one first, and 8 for octets.
	order    int
	reversed bool // for decryption: all subkeys but the pairs at the ends
	long     bool
	// KL appears rotated by 45 and by 77 bits, which is by one word of 32 bits: three
	// words in a row, from run on, lie distance bytes on once more.
	run, distance int
}

func arrangements() [10]arrangement {
	return [10]arrangement{
		{64, false, false, 80, 52}, {64, false, true, 96, 84},
		{32, false, false, 84, 44}, {32, false, true, 100, 76},
		{32, true, false, 64, 52}, {32, true, true, 80, 84},
		{8, false, false, 84, 44}, {8, false, true, 100, 76},
		{8, true, false, 64, 52}, {8, true, true, 80, 84},
	}
}

type camellia struct{ arrangements [10]arrangement }

// NewCamellia returns the detector of the subkeys of Camellia as the standard names
// them, which OpenSSL and Mbed TLS store. It implements [probe.Filter].
func NewCamellia() probe.Detector { return &camellia{arrangements()} }

// Spec implements [probe.Detector].
func (*camellia) Spec() probe.Spec {
	return probe.Spec{
		ID:     Camellia,
		About:  "expanded Camellia keys, as OpenSSL and Mbed TLS store them",
		Kinds:  []string{Camellia},
		Before: camelliaLong, After: camelliaLong,
	}
}

// Depth implements [probe.Shallow]: a candidate has a byte that is not ASCII.
func (*camellia) Depth() int { return 256 }

// Gate implements [probe.Gated]: a candidate stands among subkeys, of which a key takes 16 and more.
func (*camellia) Gate() probe.Gate { return probe.Gate{Words: 16, Others: 2, Near: 32} }

// Filter implements [probe.Filter]. Of twelve bytes in a row, eight begin at a multiple of four.
func (*camellia) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	end := min(hi, len(data)-camelliaFar)
	q := firstStep(base, lo, 4)
	if q < lo {
		q += 4
	}
	var marks [16]uint64
	for q < end {
		// The last word may extend beyond what is ours.
		n := min(len(marks), (end-q+kernel.RepeatBytes-1)/kernel.RepeatBytes, (len(data)-kernel.RepeatAhead-q)/kernel.RepeatBytes)
		if n <= 0 {
			if repeated(data[q:]) {
				hit(q)
			}
			q += 4
			continue
		}
		kernel.Repeats(marks[:n], data[q:])
		for _, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				if at := q + 4*bits.TrailingZeros64(m); at < end && repeated(data[at:]) {
					hit(at)
				}
			}
			q += kernel.RepeatBytes
		}
	}
}

// camelliaFar is how many bytes repeated looks at.
const camelliaFar = 84 + 8

// repeated reports whether w begins with eight bytes that look random and come again.
func repeated(w []byte) bool {
	w = w[:camelliaFar]
	x := load64(w, 0)
	if x != load64(w, 44) && x != load64(w, 52) && x != load64(w, 76) && x != load64(w, 84) {
		return false
	}
	// Of eight random bytes six or more differ, but once in five thousand times.
	return !pointerLike(x) && x&highBits != 0 && entropy.Distinct(w[:8]) >= 6
}

// Detect emits the subkeys of which a run holds the eight bytes at v.At.
func (d *camellia) Detect(v probe.View, emit func(probe.Match)) {
	for i := range d.arrangements {
		a := &d.arrangements[i]
		for start := v.At - 4; start <= v.At; start++ {
			if start < 0 || start+a.distance+12 > len(v.Data) ||
				string(v.Data[start:start+12]) != string(v.Data[start+a.distance:start+a.distance+12]) {
				continue
			}
			if m, ok := a.find(v.Data, start-a.run); ok {
				emit(m)
				return
			}
		}
	}
}

// size returns how many subkeys there are.
func (a *arrangement) size() int {
	if a.long {
		return camelliaLong / 8
	}
	return camelliaShort / 8
}

// slot returns where subkey i lies, counted from the lowest address.
func (a *arrangement) slot(i int) int {
	n := a.size()
	switch {
	case !a.reversed:
		return i
	case i < 2:
		return n - 2 + i
	case i >= n-2:
		return i - (n - 2)
	}
	return n - 1 - i
}

// get reads a subkey.
func (a *arrangement) get(p []byte) uint64 {
	switch a.order {
	case 64:
		return binary.LittleEndian.Uint64(p)
	case 32:
		return uint64(binary.LittleEndian.Uint32(p))<<32 | uint64(binary.LittleEndian.Uint32(p[4:]))
	}
	return binary.BigEndian.Uint64(p)
}

// find returns the subkeys that begin at base. The key is taken from KL rotated
// by 45 bits and, of a long one, KR by 15.
func (a *arrangement) find(data []byte, base int) (m probe.Match, ok bool) {
	pair := func(i int) (wide, bool) {
		p, q := base+8*a.slot(i), base+8*a.slot(i+1)
		if min(p, q) < 0 || max(p, q)+8 > len(data) {
			return wide{}, false
		}
		return wide{a.get(data[p:]), a.get(data[q:])}, true
	}
	var kl, kr wide
	if a.long {
		if kr, ok = pair(4); !ok {
			return m, false
		}
		kr = kr.rotate(128 - 15)
		kl, ok = pair(12)
	} else {
		kl, ok = pair(10)
	}
	if !ok {
		return m, false
	}
	kl = kl.rotate(128 - 45)
	if !a.rotated(data, base, kl) {
		return m, false
	}
	var room [camelliaLong / 8]uint64
	want := camelliaSubkeys(room[:0], kl, kr, a.long)
	held, proof := 0, 0
	pairs := camelliaShortPairs
	if a.long {
		pairs = camelliaLongPairs
	}
	var is [camelliaLong / 8]bool
	for i, k := range want {
		at := base + 8*a.slot(i)
		if at >= 0 && at+8 <= len(data) && a.get(data[at:]) == k {
			is[a.slot(i)] = true
			held++
			if c := pairs[i/2]; (c == 'A' || c == 'B') && (a.long || i != 13) {
				proof++
			}
		}
	}
	if proof < camelliaFewest {
		return m, false
	}
	return a.match(data, base, is[:len(want)], held, camelliaKey(kl, kr, a.long)), true
}

// rotated reports whether KL lies there rotated by 111 bits, in full, or lies
// there as it is: all of this costs less than one round of the cipher.
func (a *arrangement) rotated(data []byte, base int, kl wide) bool {
	holds := func(i int, w wide) bool {
		p, q := base+8*a.slot(i), base+8*a.slot(i+1)
		return min(p, q) >= 0 && max(p, q)+8 <= len(data) && a.get(data[p:]) == w.hi && a.get(data[q:]) == w.lo
	}
	last := 22
	if a.long {
		last = 30
	}
	return holds(last, kl.rotate(111)) || holds(0, kl)
}

// match returns the subkeys in the slots that are held.
func (a *arrangement) match(data []byte, base int, is []bool, held int, key []byte) probe.Match {
	m := probe.Match{
		Kind: Camellia, Encoding: direction(a.reversed), Confidence: probe.Likely,
		Identity: key, Values: [][]byte{key},
	}
	if held == len(is) {
		m.Confidence = probe.Confirmed
	}
	for s, ok := range is {
		if !ok {
			continue
		}
		r := probe.Range{Start: base + 8*s, End: base + 8*s + 8}
		if n := len(m.Redact); n > 0 && m.Redact[n-1].End == r.Start {
			m.Redact[n-1].End = r.End
		} else {
			m.Redact = append(m.Redact, r)
		}
	}
	last := &m.Redact[len(m.Redact)-1]
	if len(data)-last.End < 8 && last.End < base+8*len(is) {
		last.End = len(data) // a subkey that the end of the data cuts
	}
	m.Range = probe.Range{Start: m.Redact[0].Start, End: last.End}
	return m
}
