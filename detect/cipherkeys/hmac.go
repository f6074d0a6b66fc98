package cipherkeys

import (
	"bytes"
	code "crypto/hmac"
	"crypto/sha256"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// HMACPads is the identifier of the detector of HMAC's pads.
	HMACPads = "hmac-key-pads"
	// HMACKey is what it finds.
	HMACKey = "hmac-key"

	// The masks of FIPS 198-1, section 3.
	ipad, opad = 0x36, 0x5c
	ipads      = 0x3636363636363636
	opads      = 0x5c5c5c5c5c5c5c5c

	// allocated is what lies between two arrays of their own in Java's heap and in glibc's.
	allocated = 16
	// hmacReach covers the farthest pad to either side.
	hmacReach = 2 * (128 + allocated)
	// hmacStep is how far apart the filter looks for two pads: leastPair bytes always
	// hold the eight that it looks at.
	hmacStep = 16
	// leastPair is how many bytes of two pads must agree, 192 bits.
	leastPair = 24
	// leastKey is how many bytes a key has, leastDistinct how many different ones. Keys of
	// zeros are public: the default salt of HKDF.
	leastKey, leastDistinct = 8, 4
	// leastValue is how long a key must be for copies of it to be looked for.
	leastValue = 16
)

type hmac struct{}

// NewHMAC returns the detector of the pads of HMAC, in pairs and alone, with hash functions
// of blocks of 64 and of 128 bytes. It implements [probe.Filter].
func NewHMAC() probe.Detector { return hmac{} }

// Spec implements [probe.Detector].
func (hmac) Spec() probe.Spec {
	return probe.Spec{
		ID:     HMACPads,
		About:  "HMAC keys under the inner and the outer mask, as hash functions take them",
		Kinds:  []string{HMACKey},
		Before: hmacReach, After: hmacReach,
	}
}

// pads are the ways in which two pads lie in memory: a block, and the distance between their first bytes.
func pads() [4]struct{ block, distance int } {
	return [4]struct{ block, distance int }{
		{64, 64}, {64, 64 + allocated}, {128, 128}, {128, 128 + allocated},
	}
}

// Depth implements [probe.Shallow]: one of two words that differ by the masks is not zero.
func (hmac) Depth() int { return 128 + allocated + 8 }

// Gate implements [probe.Gated]: keys may be anything.
func (hmac) Gate() probe.Gate { return probe.Gate{} }

// Filter implements [probe.Filter].
func (hmac) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var marks [8]uint64
	for q := firstStep(base, lo, hmacStep); q < hi; {
		n := 0
		if q >= lo {
			n = min(len(marks), (min(hi, len(data)-kernel.PadAhead)-q)/kernel.WordBytes)
		}
		if n <= 0 {
			padStep(data, q, lo, hi, hit)
			q += hmacStep
			continue
		}
		kernel.Pads(marks[:n], data[q:])
		for _, m := range marks[:n] {
			for m != 0 { // a step has two words
				k := bits.TrailingZeros64(m) &^ 1
				m &^= 3 << k
				padStep(data, q+8*k, lo, hi, hit)
			}
			q += kernel.WordBytes
		}
	}
}

// padStep looks at the step at q.
func padStep(data []byte, q, lo, hi int, hit func(i int)) {
	const (
		mask = ipads ^ opads
		far  = 128 + allocated + 8
	)
	if q < lo || q+far > len(data) {
		edge(data, q, lo, hi, hit)
		return
	}
	w := data[q:][:far]
	x, y := load64(w, 0), load64(w, 8)
	if x == ipads || x == opads || y == ipads || y == opads {
		edge(data, q, lo, hi, hit)
		return
	}
	x ^= mask
	if x == load64(w, 64) || x == load64(w, 64+allocated) || x == load64(w, 128) || x == load64(w, 128+allocated) {
		hit(q)
	}
}

// edge looks at the step at q with care: it may lie at an end of the data, or in a padding.
func edge(data []byte, q, lo, hi int, hit func(i int)) {
	for i := q; i < min(q+hmacStep, hi); i += 8 {
		if i < lo || i+8 > len(data) {
			continue
		}
		x := load64(data, i)
		// A run is a candidate once.
		found := (x == ipads || x == opads) && (i < 8 || load64(data, i-8) != x)
		if i == q {
			for _, p := range pads() {
				found = found || i+p.distance+8 <= len(data) && x^load64(data, i+p.distance) == ipads^opads
			}
		}
		if found {
			hit(i)
		}
	}
}

// Detect emits the pads around v.At.
func (hmac) Detect(v probe.View, emit func(probe.Match)) {
	paired := false
	for _, p := range pads() {
		if m, ok := pair(v.Data, v.At, p.block, p.distance); ok {
			emit(m)
			paired = true
		}
		// The second of two is found at the first.
		_, second := pair(v.Data, v.At-p.distance, p.block, p.distance)
		paired = paired || second
	}
	if paired {
		return
	}
	if m, ok := single(v.Data, v.At); ok {
		emit(m)
	}
}

// pair judges two pads, of which the first holds the byte at i.
func pair(data []byte, i, block, distance int) (m probe.Match, ok bool) {
	related := func(j int) bool {
		return j >= 0 && j+distance < len(data) && data[j]^data[j+distance] == ipad^opad
	}
	first, last := i, i
	for last < i+block && related(last) {
		last++
	}
	for first > i-block && related(first-1) {
		first--
	}
	if last == i || last-first < leastPair {
		return m, false
	}
	first, last = within(data, i, first, last, block)
	mask := byte(ipad)
	if data[last-1] == opad {
		mask = opad
	}
	key := unmask(data[first:last], mask)
	if len(key) < leastKey || entropy.Distinct(key) < leastDistinct {
		return m, false
	}
	m = keyed(key, probe.Confirmed)
	if block == sha256.BlockSize && len(key) == sha256.Size {
		m.Values = append(m.Values, recordKey(key))
	}
	second := last + distance
	if second == len(data) {
		last = min(first+block, first+distance) // the end of the data cuts the second
	}
	m.Range = probe.Range{Start: first, End: second}
	m.Redact = []probe.Range{{Start: first, End: last}, {Start: first + distance, End: second}}
	if last-first == block && data[last-1] != ipad && data[last-1] != opad && len(m.Values) > 0 {
		// Nothing says which mask is which: the key may be that under the other one.
		m.Values = append(m.Values, unmask(data[first:last], opad))
	}
	return m, true
}

// within returns the block around i that ends where a padding does, else one that
// ends where the relation does, which holds for [first, last).
func within(data []byte, i, first, last, block int) (int, int) {
	if last-first <= block {
		return first, last
	}
	for end := i + 1; end <= last; end++ {
		b := data[end-1]
		if (b == ipad || b == opad) && (end == last || data[end] != b) && end-8 >= first && data[end-8] == b && end-block >= first {
			return end - block, end
		}
	}
	start := first + (i-first)/block*block
	return start, min(start+block, last)
}

// single judges a pad alone: dense bytes, with a run up to the end of a block.
func single(data []byte, i int) (m probe.Match, ok bool) {
	if i >= len(data) || data[i] != ipad && data[i] != opad {
		return m, false
	}
	mask := data[i]
	first, last := i, i
	for last < len(data) && last < i+128 && data[last] == mask {
		last++
	}
	for first > 0 && first > i-128 && data[first-1] == mask {
		first--
	}
	for _, block := range []int{64, 128} {
		start := last - block
		// Keys have the sizes of hash values, and 16 and 24 bytes.
		switch first - start {
		case 16, 20, 24, 28, 32, 48:
		case 64:
			if block == 64 {
				continue
			}
		default:
			continue
		}
		if start < 0 || !dense(data[start:first]) {
			continue
		}
		m = keyed(unmask(data[start:last], mask), probe.Likely)
		m.Range = probe.Range{Start: start, End: last}
		m.Redact = []probe.Range{m.Range}
		return m, true
	}
	return m, false
}

func keyed(key []byte, c probe.Confidence) probe.Match {
	m := probe.Match{Kind: HMACKey, Encoding: probe.Expanded, Confidence: c, Identity: key}
	if len(key) >= leastValue {
		m.Values = [][]byte{key}
	}
	return m
}

// recordKey returns the key of ChaCha20 that follows from an HMAC key if that is a traffic secret of TLS 1.3 (RFC
// 8446, section 7.3): HKDF makes HMAC keys of those, and a key that is never expanded may lie anywhere, alone.
func recordKey(secret []byte) []byte {
	h := code.New(sha256.New, secret)
	h.Write([]byte("\x00\x20\x09tls13 key\x00\x01"))
	return h.Sum(nil)
}

// unmask returns the key under a mask, without the zeros behind it.
func unmask(pad []byte, mask byte) []byte {
	key := make([]byte, len(pad))
	for i, b := range pad {
		key[i] = b ^ mask
	}
	return bytes.TrimRight(key, "\x00")
}
