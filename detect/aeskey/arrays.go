package aeskey

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// Arrays names the detector of schedules of which each round key is an array of its own.
	Arrays = "aes-schedule-arrays"

	roundKey = 16 // bytes
	// mostGathered is how many round keys a schedule has at most, and two before the first that is
	// known for one.
	mostGathered = maxWords/4 + 2
	// near is how far from a word that looks random the first round key begins, in bytes.
	near = 64
	// mostStride is the largest of [strides].
	mostStride = 40
)

// strides returns the distances of arrays of 16 bytes that a runtime allocates one after the other: 16
// bytes of header with compressed class pointers in the JVM; 24 without them, and in .NET.
func strides() [2]int { return [2]int{32, mostStride} }

// arrays gathers the round keys and has the detector of schedules judge what they make.
type arrays struct{ whole *detector }

// NewArrays returns the detector of expanded AES keys in arrays of four words or 16 bytes, as Bouncy
// Castle keeps them (AESEngine, int[rounds+1][4]). It implements [probe.Filter].
func NewArrays() probe.Detector { return arrays{New().(*detector)} }

// Spec implements [probe.Detector].
func (arrays) Spec() probe.Spec {
	return probe.Spec{
		ID:     Arrays,
		About:  "expanded AES keys of which each round key is an array of a managed runtime",
		Kinds:  []string{Kind},
		Before: reach, After: mostGathered * mostStride,
	}
}

// Depth implements [probe.Shallow]: a candidate begins with random words.
func (arrays) Depth() int { return 8 }

// Gate implements [probe.Gated]: of the first two or three round keys one has a word that looks random,
// wherever words begin, but for one schedule in a hundred thousand.
func (arrays) Gate() probe.Gate { return probe.Gate{Words: 1, Near: near} }

// Filter names the arrays that begin a row. Before each one is a length, and so a zero.
func (arrays) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	const lowBits, topBits = 0x0101010101010101, 0x8080808080808080
	for j := max(lo, 8); j < hi && j+roundKey <= len(data); j += 8 {
		w := binary.LittleEndian.Uint64(data[j-1:])
		if w == 0 {
			continue // zeros begin no array
		}
		// Behind a zero a one may pass for another.
		for z := (w - lowBits) &^ w & topBits; z != 0; z &= z - 1 {
			i := j + bits.TrailingZeros64(z)/8
			if n := word(data, i-4); n != 0 && n != 4 && n != roundKey || word(data, i) == 0 {
				continue
			}
			if i < hi && begins(data, i) > 0 {
				hit(i)
			}
		}
	}
}

// begins returns the distance of the arrays in a row, tied as round keys are, of which the first is at
// data[i], or 0.
func begins(data []byte, i int) int {
	for _, stride := range strides() {
		if i < 8 || i+2*stride+roundKey > len(data) || !array(data, i, stride) {
			continue
		}
		ties := tied(data, i, stride)
		if ties == 0 || !alike(data, i, stride) || !alike(data, i+stride, stride) {
			continue
		}
		before := i - stride
		if before < 8 || !alike(data, before, stride) || tied(data, before, stride)&ties == 0 {
			return stride
		}
	}
	return 0
}

// array reports whether the length before data[i] is that of an array of four words or 16 bytes.
func array(data []byte, i, stride int) bool {
	n := binary.LittleEndian.Uint64(data[i-8:])
	if stride == 32 {
		n >>= 32 // The other half is the class.
	}
	return n == 4 || n == roundKey
}

// alike reports whether what stands before the array at data[i] stands before the next one too.
func alike(data []byte, i, stride int) bool {
	return i+stride <= len(data) && binary.LittleEndian.Uint64(data[i-8:]) == binary.LittleEndian.Uint64(data[i+stride-8:])
}

// tied returns a bit for each sequence of round keys, and each size of the key, for which a word
// of a linear column is what the words before it make it.
func tied(data []byte, i, stride int) (ties uint8) {
	if i < 0 || i+2*stride+roundKey > len(data) {
		return 0
	}
	w := func(k, column int) uint32 { return word(data, i+k*stride+4*column) }
	for bit, t := range [...]struct{ here, c, before, b int }{
		{1, 1, 0, 1}, {0, 1, 1, 1}, // AES-128, in order and reversed
		{1, 3, 0, 1}, {0, 3, 1, 1}, // AES-192
		{2, 1, 0, 1}, {0, 1, 2, 1}, // AES-256
	} {
		if x := w(t.here, t.c) ^ w(t.here, t.c-1); x != 0 && x == w(t.before, t.b) {
			ties |= 1 << bit
		}
	}
	return ties
}

// Detect emits the schedule of which a round key is the array at v.At: the first one, or the first one
// whose words are mixed.
func (d arrays) Detect(v probe.View, emit func(probe.Match)) {
	stride := begins(v.Data, v.At)
	if stride == 0 {
		return
	}
	first := v.At
	for range 2 {
		if before := first - stride; before >= 8 && alike(v.Data, before, stride) {
			first = before
		}
	}
	// Around the round keys are zeros, so that nothing else is a part of the schedule.
	var room [mostGathered*roundKey + 2*reach]byte
	n := 0
	for i := first; n < mostGathered && i+roundKey <= len(v.Data); i += stride {
		copy(room[reach+n*roundKey:], v.Data[i:i+roundKey])
		if n++; !alike(v.Data, i, stride) {
			break
		}
	}
	if m, ok := d.judge(room[:], n); ok {
		d.place(&m, first, stride)
		emit(m)
	}
}

// judge returns the longest schedule in the n round keys at data[reach].
func (d arrays) judge(data []byte, n int) (best probe.Match, ok bool) {
	d.whole.Filter(data, 0, reach, reach+n*roundKey, func(i int) {
		d.whole.Detect(probe.View{Data: data, At: i}, func(m probe.Match) {
			if m.Start >= reach && m.End <= reach+n*roundKey && (!ok || m.Len() > best.Len()) {
				best, ok = m, true
			}
		})
	})
	return best, ok
}

// place puts a match in gathered round keys where they lie, the first at data[at].
func (arrays) place(m *probe.Match, at, stride int) {
	var parts []probe.Range
	for _, r := range m.Redact {
		for i := r.Start; i < r.End; {
			k, in := (i-reach)/roundKey, (i-reach)%roundKey
			n := min(roundKey-in, r.End-i)
			start := at + k*stride + in
			parts = append(parts, probe.Range{Start: start, End: start + n})
			i += n
		}
	}
	m.Redact = parts
	m.Range = probe.Range{Start: parts[0].Start, End: parts[len(parts)-1].End}
}
