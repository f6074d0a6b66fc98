package privkey

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Number is one private integer or octet string of a key. The zero Number is an
// absent one.
type Number struct {
	Bytes []byte      // big-endian, or the octets; leading zeros allowed
	At    probe.Range // where it lies in what the parser was given
	Cut   bool        // only its beginning is present: there is no value
}

const (
	// fillRun is how many fill bytes in a row make redacted data: random data
	// holds eight of one given byte once in 2^64 positions.
	fillRun = 8
	// minPrivate is how many private octets must be left of a key that is cut. A
	// redacted copy holds at least one run of the fill byte then, and less
	// than 64 bits of a key help nobody.
	minPrivate = fillRun
	// minValue is the shortest value, in octets, that is worth a search for its
	// copies: anything shorter occurs by chance.
	minValue = 16
)

// Redacted reports whether p is redacted data or holds a piece of it.
func Redacted(p []byte) bool {
	run := 0
	for _, b := range p {
		if b != probe.Fill {
			run = 0
			continue
		}
		if run++; run == fillRun {
			return true
		}
	}
	return run > 0 && run == len(p)
}

// present reports whether n is there and not redacted.
func (n Number) present() bool { return len(n.Bytes) > 0 && !Redacted(n.Bytes) }

// value returns n without leading zeros, or nil when its value is unknown.
func (n Number) value() []byte {
	if n.Cut || !n.present() {
		return nil
	}
	return der.Trim(n.Bytes)
}

// octets returns n if it has exactly size octets, else nil.
func (n Number) octets(size int) []byte {
	if n.Cut || len(n.Bytes) != size || !n.present() {
		return nil
	}
	return n.Bytes
}

// gather begins a key with the private numbers that are left. Numbers of a key
// that is not proven must look random. The identity is the first number that has
// a value, else the first as it lies; the public half replaces it when known.
func gather(kind string, at probe.Range, proven bool, numbers ...Number) (Key, bool) {
	k, total := Key{Kind: kind, Confidence: probe.Likely, Range: at}, 0
	if proven {
		k.Confidence = probe.Confirmed
	}
	for _, n := range numbers {
		if !n.present() || !proven && Junk(n.Bytes) {
			continue
		}
		if k.Identity == nil {
			k.Identity = n.Bytes
		}
		k.Private = append(k.Private, n.At)
		total += len(n.Bytes)
		if v := n.value(); len(v) >= minValue {
			if len(k.Values) == 0 {
				k.Identity = v
			}
			k.Values = append(k.Values, v)
		}
	}
	slices.SortFunc(k.Private, func(a, b probe.Range) int { return a.Start - b.Start })
	return k, total >= minPrivate
}

// public gives k its public half.
func (k *Key) public(spki []byte) {
	if spki != nil {
		k.SPKI, k.Identity = spki, spki
	}
}

// Junk reports whether p, which should be random, is obviously not: of few
// distinct values, or nothing but printable ASCII and NUL. Thirty-two random
// octets fail this test once in 2^44.
func Junk(p []byte) bool {
	var seen [256]bool
	distinct, text := 0, true
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			distinct++
		}
		if b != 0 && b != '\t' && b != '\n' && b != '\r' && (b < ' ' || b > '~') {
			text = false
		}
	}
	return text || distinct < min(8, len(p)/2)
}
