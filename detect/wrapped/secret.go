package wrapped

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// minPrivate is how many octets of a secret that is cut off must be there:
	// fewer help nobody and match by chance.
	minPrivate = 8
	// minValue is the shortest secret that is worth a search for its copies.
	minValue = 16
)

// live reports whether p, which a full parse says is a secret, holds one: it is
// neither redacted nor of one value throughout.
func live(p []byte) bool {
	if len(p) == 0 || privkey.Redacted(p) {
		return false
	}
	for _, b := range p {
		if b != p[0] {
			return true
		}
	}
	return false
}

// random reports whether p, of which only the shape of its surroundings says that
// it is a secret, looks like one.
func random(p []byte) bool { return live(p) && !privkey.Junk(p) }

// secrets gathers the private parts of one structure.
type secrets struct {
	ranges []probe.Range
	values [][]byte
	first  []byte
}

// add notes the secret p, which lies at g, unless it is not live.
func (s *secrets) add(p []byte, g probe.Range) {
	if !live(p) {
		return
	}
	s.ranges = append(s.ranges, g)
	v := der.Trim(p)
	if s.first == nil {
		s.first = v
	}
	if len(v) >= minValue {
		s.values = append(s.values, v)
	}
}

// match returns the match of what was gathered, false when there is nothing.
func (s *secrets) match(kind, encoding string, c probe.Confidence, at probe.Range) (probe.Match, bool) {
	return probe.Match{
		Kind: kind, Encoding: encoding, Confidence: c, Range: at,
		Redact: s.ranges, Identity: s.first, Values: s.values,
	}, len(s.ranges) > 0
}

// hexDigit returns the value of a hexadecimal digit, or -1.
func hexDigit(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}

// hexRun returns the end of the run of hexadecimal digits that begins at
// character i, looking at no more than most of them.
func hexRun(t probe.Text, i, most int) int {
	end := i
	for end-i < most && hexDigit(t.At(end)) >= 0 {
		end++
	}
	return end
}

// unhex decodes the hexadecimal digits [i, end); of an odd one at the end nothing
// is left.
func unhex(t probe.Text, i, end int) []byte {
	p := make([]byte, (end-i)/2)
	for k := range p {
		p[k] = byte(hexDigit(t.At(i+2*k))<<4 | hexDigit(t.At(i+2*k+1)))
	}
	return p
}

// torn reports whether c, the character behind a run of digits that is too short,
// cannot be there in text: the rest of the run was overwritten or is not in the dump.
func torn(c byte) bool {
	return c == probe.NotASCII || c < ' ' && c != '\t' && c != '\n' && c != '\r'
}
