package cipherkeys

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// HashState is the identifier of the detector of hash contexts that have
	// taken one block.
	HashState = "hmac-hash-state"
	// paired is how far apart two contexts of one HMAC lie at most: libraries put them
	// into one structure or allocate one after the other; OpenSSL fetches the
	// function between the first two, 6 KiB.
	paired = 8192
	// stateReach covers the longest context before and behind its count, on
	// either side of the other one.
	stateReach = paired + 256
)

// context describes how a library stores a hash function in progress, from the
// field on that counts what has been hashed, a little-endian number of 64 bits. Small
// numbers beside bytes that could be random are common, so each has something
// more to show.
type context struct {
	count       uint64 // after exactly one block
	state, size int    // where the words of the state begin, and their bytes
	pending     field  // how many bytes wait to be hashed: none
	check       field  // a field with one of few values, if any
	// The block that waits to be filled and never was, bytes that are zero, if
	// the library clears it at first.
	blank, blanks int
	pointer       int // where a pointer lies, if not zero
	// distance is how far apart the contexts of one key are, if always so far.
	distance int
	alone    bool // that there is but one is worth telling
}

// field is a little-endian number with its place and its values, a set of bits.
type field struct {
	at, width int
	values    uint64
	wide      bool // of 64, too, is a value
}

// hashContexts returns the contexts of C's structures on 64-bit machines, and Go's.
func hashContexts() []context {
	const none = 1
	digests := uint64(1<<28 | 1<<32 | 1<<48)
	return []context{
		// OpenSSL's SHA256_CTX, SHA512_CTX and SHA_CTX count bits in two words.
		{count: 512, state: -32, size: 32, pending: field{72, 4, none, false}, check: field{76, 4, digests, false}, blank: 8, blanks: 64, alone: true},
		{count: 1024, state: -64, size: 64, pending: field{144, 4, none, false}, check: field{148, 4, digests, true}, blank: 8, blanks: 136, alone: true},
		{count: 512, state: -20, size: 20, pending: field{72, 4, none, false}, blank: 8, blanks: 64},
		// Mbed TLS counts bytes.
		{count: 64, state: 8, size: 32, pending: field{4, 4, none, false}, check: field{104, 4, 3, false}, blank: 40, blanks: 64, alone: true},
		{count: 128, state: 16, size: 64, pending: field{8, 8, none, false}, check: field{208, 4, 3, false}, blank: 80, blanks: 128, alone: true},
		{count: 64, state: 8, size: 20, pending: field{4, 4, none, false}, blank: 28, blanks: 64},
		// Nettle counts blocks. A longer state ends like a shorter one, and comes first.
		{count: 1, state: -64, size: 64, pending: field{16, 4, none, false}, check: field{8, 8, none, false}, distance: 216},
		{count: 1, state: -32, size: 32, pending: field{8, 4, none, false}, distance: 112},
		{count: 1, state: -24, size: 20, pending: field{8, 4, none, false}, distance: 104},
		// So does libgcrypt; the check is the logarithm of the block's size.
		{count: 1, state: 32, size: 64, pending: field{16, 4, none, false}, check: field{20, 4, 1 << 7, false}, blank: 8, blanks: 8, pointer: 24, alone: true},
		{count: 1, state: 32, size: 32, pending: field{16, 4, none, false}, check: field{20, 4, 1 << 6, false}, blank: 8, blanks: 8, pointer: 24, alone: true},
		{count: 1, state: 32, size: 20, pending: field{16, 4, none, false}, check: field{20, 4, 1 << 6, false}, blank: 8, blanks: 8, pointer: 24, alone: true},
		// Go's crypto/sha256, sha512 and sha1 count bytes behind the block.
		{count: 64, state: -104, size: 32, pending: field{-8, 8, none, false}, check: field{8, 1, 3, false}, blank: -72, blanks: 64, alone: true},
		{count: 128, state: -200, size: 64, pending: field{-8, 8, none, false}, blank: -136, blanks: 128},
		{count: 64, state: -96, size: 20, pending: field{-8, 8, none, false}, blank: -76, blanks: 64},
	}
}

// hashState holds the contexts by the logarithm of their count.
type hashState struct {
	contexts [11][]context
	// states holds, for each of them, where states may begin.
	states [11][]int
}

// NewHashState returns the detector of hash functions in progress of which exactly
// one block has been hashed, as HMAC keeps them in place of its pads: with the two of a
// key anybody computes codes as with the key. It implements [probe.Filter].
func NewHashState() probe.Detector {
	d := new(hashState)
	for _, c := range hashContexts() {
		k := bits.TrailingZeros64(c.count)
		d.contexts[k] = append(d.contexts[k], c)
		if !slices.Contains(d.states[k], c.state) {
			d.states[k] = append(d.states[k], c.state)
		}
	}
	return d
}

// Spec implements [probe.Detector].
func (*hashState) Spec() probe.Spec {
	return probe.Spec{
		ID:     HashState,
		About:  "hash states of HMAC's inner and outer key, as OpenSSL, Mbed TLS, nettle, libgcrypt and Go compute with them",
		Kinds:  []string{HMACKey},
		Before: stateReach, After: stateReach,
	}
}

// Depth implements [probe.Shallow]: a candidate is a count.
func (*hashState) Depth() int { return 8 }

// Gate implements [probe.Gated]: counts may stand anywhere.
func (*hashState) Gate() probe.Gate { return probe.Gate{} }

// Filter names the counts beside what could be a state. A count ends with a byte of one bit and six
// zeros; that byte is its first one, or, where bits are counted, its second.
func (d *hashState) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	var marks [64]uint64
	var rest [kernel.CountBytes + kernel.CountAhead]byte
	// The byte of one bit of what is ours may be the one behind it.
	for q := lo; q <= hi && q < len(data); {
		p := data[q:]
		if len(p) < len(rest) {
			clear(rest[copy(rest[:], p):])
			p = rest[:]
		}
		// The last word may extend beyond what is ours.
		n := min(len(marks), (hi-q)/kernel.CountBytes+1, (len(p)-kernel.CountAhead)/kernel.CountBytes)
		kernel.Counts(marks[:n], p)
		for _, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				i := q + bits.TrailingZeros64(m)
				if i >= len(data) {
					break
				}
				switch data[i] {
				case 2, 4:
					i--
				case 1, 64, 128:
				default:
					continue
				}
				if i >= lo && i < hi && d.promising(data, i) {
					hit(i)
				}
			}
			q += kernel.CountBytes
		}
	}
}

// promising reports whether any context lies around a count at i.
func (d *hashState) promising(data []byte, i int) bool {
	if i < 0 || i+8 > len(data) {
		return false
	}
	candidates := d.of(load64(data, i))
	if len(candidates) == 0 {
		return false
	}
	// Most counts are none, and have a state at no place.
	for _, state := range d.states[bits.TrailingZeros64(candidates[0].count)] {
		if !stateAt(data, i+state) {
			continue
		}
		for k := range candidates {
			if c := &candidates[k]; c.state == state && c.at(data, i) && (c.alone || c.other(data, i)) {
				return true
			}
		}
	}
	return false
}

// stateAt reports whether a state may begin at data[start:]: most of what stands beside a
// small number is a pointer or another one.
func stateAt(data []byte, start int) bool {
	if start < 0 || start+16 > len(data) {
		return false
	}
	a, b := load64(data, start), load64(data, start+8)
	return (a|b)&highBits != 0 && !pointerLike(a) && !pointerLike(b)
}

// of returns the contexts with this count.
func (d *hashState) of(count uint64) []context {
	if count == 0 || count >= 1<<len(d.contexts) || count&(count-1) != 0 {
		return nil
	}
	return d.contexts[bits.TrailingZeros64(count)]
}

// at reports whether the context lies around the count at i.
func (c *context) at(data []byte, i int) bool {
	start := i + c.state
	if i < 0 || i+8 > len(data) || start < 0 || start+c.size > len(data) || load64(data, i) != c.count {
		return false
	}
	if !stateAt(data, start) {
		return false
	}
	if !c.pending.holds(data, i) || !c.check.holds(data, i) || i+c.blank+c.blanks > len(data) {
		return false
	}
	if p := i + c.pointer; c.pointer != 0 && (p+8 > len(data) || !pointerLike(load64(data, p)) || load64(data, p) < 1<<16) {
		return false
	}
	for k := i + c.blank; k < i+c.blank+c.blanks; k++ {
		if k < 0 || data[k] != 0 {
			return false
		}
	}
	return dense(data[start:start+min(c.size, 16)]) && dense(data[start:start+c.size]) && !limbs(data[start:start+c.size])
}

// limbs reports whether a state of eight words rather holds those of a coordinate in digits of 58
// bits: OpenSSL's tables for P-521 have points of three times nine, of which the last is 1, and so
// lie as nettle's contexts do.
func limbs(state []byte) bool {
	const words, digit = 8, 58
	if len(state) != 8*words {
		return false
	}
	all := uint64(0)
	for i := 0; i < len(state); i += 8 {
		all |= load64(state, i)
	}
	return all>>digit == 0
}

// holds reports whether the field of the context at i has one of its values. It may be
// cut off.
func (f field) holds(data []byte, i int) bool {
	i += f.at
	if f.width == 0 {
		return true
	}
	if i < 0 || i+f.width > len(data) {
		return false
	}
	var n uint64
	switch f.width {
	case 1:
		n = uint64(data[i])
	case 4:
		n = uint64(binary.LittleEndian.Uint32(data[i:]))
	default:
		n = load64(data, i)
	}
	return n < 64 && f.values>>n&1 == 1 || n == 64 && f.wide
}

// Detect emits the state beside the count at v.At. Nothing in it shows that
// the block was a pad: so alone it is Possible, and Likely with another such
// state near it. Contexts that have little to show but a count are reported
// in pairs only.
func (d *hashState) Detect(v probe.View, emit func(probe.Match)) {
	if v.At+8 > len(v.Data) {
		return
	}
	candidates := d.of(load64(v.Data, v.At))
	for k := range candidates {
		c := &candidates[k]
		if !c.at(v.Data, v.At) {
			continue
		}
		pair := c.other(v.Data, v.At)
		if !pair && !c.alone {
			continue
		}
		r := probe.Range{Start: v.At + c.state, End: v.At + c.state + c.size}
		state := v.Data[r.Start:r.End]
		m := probe.Match{
			Kind: HMACKey, Encoding: probe.Expanded, Confidence: probe.Possible,
			Range: r, Redact: []probe.Range{r}, Identity: state,
		}
		if pair {
			m.Confidence = probe.Likely
		}
		emit(m)
		return
	}
}

// other reports whether a context of the same kind but with another state lies
// near the one at i.
func (c *context) other(data []byte, i int) bool {
	state := string(data[i+c.state : i+c.state+c.size])
	first, last, step := (c.size+8+3)&^3, paired, 4
	if c.distance > 0 {
		// Of three in a row the last is a copy of the second.
		first, last, step = c.distance, 2*c.distance, c.distance
	}
	for d := first; d <= last; d += step {
		for _, at := range [2]int{i - d, i + d} {
			if d > step && c.distance > 0 && !c.at(data, (i+at)/2) {
				continue
			}
			if c.at(data, at) && string(data[at+c.state:at+c.state+c.size]) != state {
				return true
			}
		}
	}
	return false
}
