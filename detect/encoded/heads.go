package encoded

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// heads finds the anchors of binary structures in digits. The detector's index in
// each searcher is the phase of the anchor's first byte: in base64 that is its
// position in a group of three.
type heads struct {
	base64, hex *search.Searcher
	dropped     []string // what is too short to be looked for in base64
}

// minAnchor is the fewest octets of an anchor that is looked for. In base64 four digits of it are known wherever it
// begins, most often five, and five random digits are those of one anchor once in 2^30 places.
const minAnchor = 4

func newHeads(inner []probe.Detector) (*heads, error) {
	var at [3][]string
	var plain []string
	h := &heads{}
	for _, d := range inner {
		spec := d.Spec()
		if spec.Text {
			continue // what is text shows by that
		}
		for _, a := range spec.Anchors {
			if len(a) < minAnchor {
				h.dropped = append(h.dropped, a)
				continue
			}
			for phase := range at {
				at[phase] = append(at[phase], base64Forms(a, phase)...)
			}
			plain = append(plain, hex.EncodeToString([]byte(a)))
		}
	}
	var stubs []probe.Detector
	for phase, lits := range at {
		slices.Sort(lits)
		if lits = slices.Compact(lits); len(lits) > 0 {
			stubs = append(stubs, marker{fmt.Sprint(phase), lits, false})
		}
	}
	var err error
	if h.base64, err = search.New(stubs); err != nil {
		return nil, err
	}
	slices.Sort(plain)
	if plain = slices.Compact(plain); len(plain) == 0 {
		h.hex, err = search.New(nil)
	} else {
		h.hex, err = search.New([]probe.Detector{marker{"hex", plain, true}})
	}
	return h, err
}

// lead is how many digits of a group of four do not depend on the anchor alone,
// by the phase of its first byte.
var lead = [3]int{0, 2, 3}

// base64Forms returns the digits that are sure when anchor begins at that phase of
// a group of three, in both alphabets.
func base64Forms(anchor string, phase int) []string {
	s := base64.RawStdEncoding.EncodeToString([]byte("\x00\x00"[:phase] + anchor))
	s = s[lead[phase] : (phase+len(anchor))*8/6]
	if url := strings.NewReplacer("+", "-", "/", "_").Replace(s); url != s {
		return []string{s, url}
	}
	return []string{s}
}

// decimal reports whether p is nothing but decimal digits, of which memory has many. What has a key of 16 bytes
// in it is hexadecimal of nothing else once in three million, of the 32 bytes or more of most keys hardly ever, in base64
// still less; so only text is looked for.
func decimal(p []byte) bool {
	for _, c := range p {
		if c-'0' > 9 {
			return false
		}
	}
	return true
}

// phases returns at which phases p holds the anchor of a binary structure in base64.
func (h *heads) phases(p []byte) (set uint8) {
	if decimal(p) {
		return 0
	}
	h.base64.Anchors(p, func(pos, phase int) {
		set |= 1 << ((pos - lead[phase] + 4) & 3)
	})
	return set
}

// hexPhases is the same for hexadecimal digits.
func (h *heads) hexPhases(p []byte) (set uint8) {
	if decimal(p) {
		return 0
	}
	h.hex.Anchors(p, func(pos, _ int) { set |= 1 << (pos & 1) })
	return set
}

// interesting reports whether digits hold anything worth a decode.
func (h *heads) interesting(p []byte) bool {
	if textPhases(p) != 0 || h.phases(p) != 0 {
		return true
	}
	found := false
	hexRuns(p, func(start, end int) {
		found = found || hexText(p[start:end]) != 0 || h.hexPhases(p[start:end]) != 0
	})
	return found
}

// marker is a detector that has anchors and nothing else.
type marker struct {
	id      string
	anchors []string
	fold    bool
}

func (m marker) Spec() probe.Spec {
	longest := 0
	for _, a := range m.anchors {
		longest = max(longest, len(a))
	}
	return probe.Spec{ID: m.id, Anchors: m.anchors, Fold: m.fold, After: longest}
}

func (marker) Detect(probe.View, func(probe.Match)) {}
