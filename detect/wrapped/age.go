package wrapped

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// AgeKey is the kind of an age identity.
const AgeKey = "age-secret-key"

// ages is the detector of age identities.
type ages struct{}

// NewAge returns the detector of age's secret keys, X25519 and post-quantum.
func NewAge() probe.Detector { return ages{} }

const (
	// ageBody is how many characters stand behind the separator: 32 octets as
	// groups of five bits, and six of check sum (BIP 173, "Bech32").
	ageBody  = 52 + bechSum
	bechSum  = 6
	ageBytes = 32
	// minAge is how many characters of a key that is cut off must be there.
	minAge = 16
)

// Spec implements [probe.Detector]. age writes upper case and reads both.
func (ages) Spec() probe.Spec {
	return probe.Spec{
		ID:      "age-secret-key",
		About:   "secret keys of the file encryption tool age",
		Kinds:   []string{AgeKey},
		Anchors: []string{"AGE-SECRET-KEY-1", "AGE-SECRET-KEY-PQ-1", "age-secret-key-1", "age-secret-key-pq-1"},
		Text:    true,
		After:   len("AGE-SECRET-KEY-PQ-1") + ageBody + 1,
	}
}

// Detect implements [probe.Detector].
func (ages) Detect(v probe.View, emit func(probe.Match)) {
	t, at := probe.TextOf(v)
	i := at
	for t.At(i) != '1' { // the separator ends every anchor
		i++
	}
	lower := t.At(at) == 'a'
	prefix := t.Append(nil, at, i)
	i++
	var groups [ageBody + 1]byte
	n := 0
	for n < len(groups) {
		g := bechGroup(t.At(i+n), lower)
		if g < 0 {
			break
		}
		groups[n] = byte(g)
		n++
	}
	end := i + min(n, ageBody)
	p := regroup(groups[:min(n, ageBody)])
	defer clear(p)
	defer clear(groups[:])
	m := probe.Match{
		Kind: AgeKey, Encoding: t.Encoding(probe.ASCII), Confidence: probe.Likely, Text: true,
		Range: t.Range(at, end), Redact: []probe.Range{t.Range(i, end)}, Identity: p,
	}
	whole := n >= ageBody && bechValid(prefix, groups[:ageBody])
	if !whole && (n < minAge || !random(p)) {
		return
	}
	if whole {
		m.Confidence = probe.Confirmed
		key := p[:ageBytes]
		m.Identity = der.Trim(key)
		m.Values = [][]byte{m.Identity}
		if len(prefix) == len("AGE-SECRET-KEY-") {
			m.SPKI = privkey.SPKIForX25519(privkey.X25519Public(key))
			m.Identity = m.SPKI
		}
	}
	emit(m)
}

// bechAlphabet are the characters of the groups 0 to 31 (BIP 173, "Bech32").
const bechAlphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

// bechGroup returns the five bits of a character, or -1. A key is of one case.
func bechGroup(c byte, lower bool) int {
	switch {
	case !lower && c >= 'A' && c <= 'Z':
		c += 'a' - 'A'
	case c >= '0' && c <= '9', lower && c >= 'a' && c <= 'z':
	default:
		return -1
	}
	for i := range len(bechAlphabet) {
		if bechAlphabet[i] == c {
			return i
		}
	}
	return -1
}

// bechValid verifies the check sum of a prefix, in either case, and the groups
// behind the separator (BIP 173, "Checksum").
func bechValid(prefix, groups []byte) bool {
	sum := uint32(1)
	step := func(g byte) {
		top := sum >> 25
		sum = sum&(1<<25-1)<<5 ^ uint32(g)
		for i, gen := range [...]uint32{0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3} {
			if top>>i&1 == 1 {
				sum ^= gen
			}
		}
	}
	for _, c := range prefix {
		step((c | 0x20) >> 5) // lower case; the hyphen is not changed by it
	}
	step(0)
	for _, c := range prefix {
		step((c | 0x20) & 31)
	}
	for _, g := range groups {
		step(g)
	}
	return sum == 1
}

// regroup returns the octets of groups of five bits, without the bits at the end
// that make no octet.
func regroup(groups []byte) []byte {
	p := make([]byte, 0, len(groups)*5/8+1)
	acc, bits := uint32(0), 0
	for _, g := range groups {
		acc, bits = acc<<5|uint32(g), bits+5
		if bits >= 8 {
			bits -= 8
			p = append(p, byte(acc>>bits))
		}
	}
	return p
}
