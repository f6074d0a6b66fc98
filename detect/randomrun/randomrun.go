// Package randomrun finds what nothing else explains: short runs of bytes that look
// random, as long as a key is, alone between words that do not.
//
// It says what might be a key and no more. Hashes, identifiers and seeds look the
// same, so that the rate of findings tells of a process's habits rather than of its
// secrets; reports count them.
//
// Programs align what they allocate, so only runs of whole 64-bit words at
// multiples of eight bytes are looked at. A run is made of words each of which may
// be random (neither address, small number, text nor a word of few or many bits) and
// ends where words that cannot be begin. Left out are machine code, floating-point
// numbers, compressed pointers, UUIDs, what has too few different bytes, and what adjoins redacted data.
package randomrun

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

// ID and Kind are what findings are called.
const (
	ID   = "random-run"
	Kind = "high-entropy-bytes"
)

const (
	word = 8
	// maxRun is the longest run that is a finding, in bytes; longer ones are bulk.
	maxRun = 128
)

// fewest returns how many different bytes a run of n random ones has at least, but
// for one in some thousands, and 0 when keys do not have n bytes: 128, 192, 256, 384,
// 512, 768 and 1,024 bits.
func fewest(n int) int {
	switch n {
	case 16:
		return 13
	case 24:
		return 19
	case 32:
		return 26
	case 48:
		return 38
	case 64:
		return 49
	case 96:
		return 69
	case 128:
		return 88
	}
	return 0
}

// Detector finds runs. It has no state.
type Detector struct{}

// New returns the detector.
func New() Detector { return Detector{} }

// Spec implements [probe.Detector].
func (Detector) Spec() probe.Spec {
	return probe.Spec{
		ID: ID, About: "isolated runs of random-looking bytes of a key's length", Kinds: []string{Kind},
		Before: 12 * word, After: maxRun + 12*word,
	}
}

// Gate implements [probe.Gated]: the shortest run has two words.
func (Detector) Gate() probe.Gate { return probe.Gate{Words: 2} }

// random reports whether w may be eight random bytes: it has the bits of one and is what
// gates let through. It is false for one random word in 150.
func random(w uint64) bool {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	zeros := (w - ones) &^ w & highs
	return w&highs != 0 && w>>48 != 0xffff && zeros&(zeros-1) == 0 && w != bits.RotateLeft64(w, 8) && even(w)
}

// even reports whether w has about as many bits that are set as not.
func even(w uint64) bool {
	n := bits.OnesCount64(w)
	return n >= 19 && n <= 45
}

// Filter implements [probe.Filter]: candidates are the first words of runs that
// are as long as keys.
func (d Detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	var room wordmap.Room
	m := wordmap.New(&room, data, base, lo, hi)
	d.FilterWords(data, &m, lo, hi, hit)
}

// FilterWords implements [probe.WordFilter]. What [kernel.Random] marks is random but for even.
func (Detector) FilterWords(data []byte, m *wordmap.Map, lo, hi int, hit func(i int)) {
	first, end := m.Index(lo+word-1), m.Index(hi+word-1) // words that begin in [lo, hi)
	is := func(k int) bool { return m.Random[k>>6]>>(k&63)&1 != 0 }
	k := first
	if k > 0 && is(k-1) {
		k-- // a run that begins before is no candidate
	}
	for k < end {
		ahead := wordmap.Ahead(m.Random, k)
		if ahead&(ahead>>1) == 0 {
			k += 63 // no two in a row, but perhaps from the last one on
			continue
		}
		k += bits.TrailingZeros64(ahead & (ahead >> 1))
		// Of these the even ones are runs, until one begins behind what is ours or is longer than a key.
		for start := k; start < end && (k < end || k-start <= maxRun/word); k++ {
			if is(k) && even(binary.LittleEndian.Uint64(data[m.At(k):])) {
				continue
			}
			if start >= first && fewest((k-start)*word) > 0 {
				hit(m.At(start))
			}
			if start = k + 1; !is(k) {
				break
			}
		}
	}
}

// run returns how many bytes of random words begin at i, at most one word more
// than the longest run.
func run(data []byte, i int) int {
	n := 0
	for n <= maxRun && i+n+word <= len(data) && random(binary.LittleEndian.Uint64(data[i+n:])) {
		n += word
	}
	return n
}

// Detect implements [probe.Detector].
func (Detector) Detect(v probe.View, emit func(probe.Match)) {
	if v.At >= word && random(binary.LittleEndian.Uint64(v.Data[v.At-word:])) {
		return
	}
	n := run(v.Data, v.At)
	least := fewest(n)
	if least == 0 {
		return
	}
	p := v.Data[v.At : v.At+n]
	if uuid(p) || !plain(p) || distinct(p) < least || clustered(p) || entropy.Code(p) ||
		beside(v.Data[max(0, v.At-word):v.At]) || beside(v.Data[v.At+n:min(len(v.Data), v.At+n+word)]) {
		return
	}
	emit(probe.Match{
		Kind: Kind, Encoding: probe.Raw, Confidence: probe.Possible,
		Range: probe.Range{Start: v.At, End: v.At + n}, Identity: p,
	})
}

// beside reports whether p, which adjoins a run, is redacted: what is left of a
// longer run is not one of a key's length.
func beside(p []byte) bool {
	n := 0
	for _, b := range p {
		if b == probe.Fill {
			n++
		}
	}
	return n >= 2
}

// distinct returns how many different bytes p has.
func distinct(p []byte) int {
	// A byte for each value: bits would make each step wait for the one before.
	var seen [256]byte
	n := len(p)
	for _, b := range p {
		n -= int(seen[b])
		seen[b] = 1
	}
	return n
}

// uuid reports whether p is a UUID of the versions in use (RFC 9562: 1, 4 and 7), or
// a random one as Windows orders its bytes. One random run of 16 bytes in 16 is.
func uuid(p []byte) bool {
	if len(p) != 16 || p[8]>>6 != 2 {
		return false
	}
	v := p[6] >> 4
	return v == 1 || v == 4 || v == 7 || p[7]>>4 == 4
}

// clustered reports whether more than half of the 32-bit numbers of p lie within a
// sixteenth of what they can be: compressed pointers of Java, .NET and V8 do. Of
// random runs of 16 bytes one in 20 is clustered, of longer ones fewer.
func clustered(p []byte) bool {
	n := len(p) / 4
	if n <= 12 && !crowded(p, n) {
		return false
	}
	for i := range n {
		near := 0
		for k := range n {
			if d := p[4*k+3] - p[4*i+3]; d < 16 {
				near++
			}
		}
		if 2*near > n {
			return true
		}
	}
	return false
}

// crowded reports whether more than half of the n numbers of p, twelve at most, have an upper digit that is one
// of two neighbours, as clustered ones do.
func crowded(p []byte, n int) bool {
	const each = 0x1111111111111111
	var counts uint64 // four bits for each digit
	for ; len(p) >= 4; p = p[4:] {
		counts += 1 << (p[3] >> 4 * 4)
	}
	least := uint64(n/2 + 1)
	return (counts+bits.RotateLeft64(counts, 4)+(8-least)*each)&(8*each) != 0
}

// plain reports whether p has about as many bytes with the top bit as without, within three standard
// deviations, and is no array of numbers: half of its words are doubles then, or three quarters of
// their halves single-precision numbers, of common size, as random words are one time in 16, and
// one time in 8.
func plain(p []byte) bool {
	high, doubles, singles := 0, 0, 0
	for i := 0; i+word <= len(p); i += word {
		w := binary.LittleEndian.Uint64(p[i:])
		high += bits.OnesCount64(w & 0x8080808080808080)
		doubles += within(w>>52&0x7ff, 0x3c0, 0x440)
		singles += within(w>>23&0xff, 0x70, 0x90) + within(w>>55&0xff, 0x70, 0x90)
	}
	d := 2*high - len(p)
	return d*d <= 9*len(p) && (doubles*2*word < len(p) || doubles < 2) && singles*16 < 3*len(p)
}

// within returns 1 if x is in [lo, hi), else 0. A branch would be mispredicted.
func within(x, lo, hi uint64) int { return int((x - lo - (hi - lo)) >> 63 &^ ((x - lo) >> 63)) }
