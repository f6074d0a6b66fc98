package rule

import (
	"math"
	"regexp"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// code is a rule compiled.
type code struct {
	kind       string
	confidence probe.Confidence
	edges
	letters     class // the token's alphabet: none of it follows
	leftLetters class // what must not stand before: the same, or of a context its word
	group       int   // the secret's group, or 0 for the first that is not empty
	entropy     float64
	digits      bool // the secret must hold a digit

	anchors        []string
	fold           bool
	around         func() []surroundings
	musts          func() []must
	lines          int // how many line ends a match can hold
	preMin, preMax int // characters from the start of a match to the anchor
	postMax        int // characters from the anchor to the end of a match
	before, after  int // the reach

	filter bool // there is no anchor: runs of the class of element are candidates
	run    element
	// runBytes are the bytes of run.set.
	runBytes *[256]bool

	keywords []string // one must stand within KeywordReach, lower case
	allows   []allowlist
	filters  []expression
	validate validate.Func
	partners []partner
	requires []string

	regexp  func() *regexp.Regexp
	bare    func() *regexp.Regexp // regexp without the border at the right
	open    bool                  // what chance never makes is believed without that border
	exact   func() *regexp.Regexp // for texts that are nothing but a match
	least   int                   // characters of a match
	most    int
	pattern string // as written
	digest  func() string
}

// partner is a rule that must match within near characters.
type partner struct {
	code *code
	near int
}

// place computes where a match lies around an anchor.
func (c *code) place(es []element, req required, found bool) {
	if !found {
		c.placeRun(es)
		return
	}
	c.anchors, c.fold = req.texts, req.fold
	c.preMin, c.preMax = span(es[:req.first])
	if !req.exact {
		c.preMax = min(c.preMax+es[req.first].max, maxMatch)
	}
	_, c.postMax = span(es[req.first:])
	c.around = sync.OnceValue(func() []surroundings { return around(es, req) })
	longest := 0
	for _, a := range c.anchors {
		longest = max(longest, len(a))
	}
	c.before = max(c.preMax+c.leadMax+1, headerReach)
	c.after = max(c.postMax, longest) + staleReach
	if c.keywords != nil {
		c.before, c.after = max(c.before, KeywordReach), max(c.after, KeywordReach)
	}
}

// placeRun chooses the element of which runs are candidates: the one that random
// text has least often.
func (c *code) placeRun(es []element) {
	best := -1.0
	for i, e := range es {
		if e.min == 0 {
			continue
		}
		size := float64(max(e.set.count(), 1))
		if e.set.has(probe.NotASCII) {
			size = 128
		}
		if w := float64(e.min) * (7.01 - math.Log2(size)); w > best {
			best = w
			c.run = e
			c.preMin, c.preMax = span(es[:i])
			_, c.postMax = span(es[i:])
		}
	}
	c.filter = true
	c.runBytes = new([256]bool)
	for b := range c.runBytes {
		c.runBytes[b] = c.run.set.has(ascii(byte(b)))
	}
	// Every alternative would be looked for at every place.
	c.around = sync.OnceValue(func() []surroundings { return []surroundings{{tails: []tail{{behind: newAutomaton(es), es: es}}}} })
	c.before = max(c.preMax+c.leadMax+1, headerReach)
	c.after = runStep + c.postMax + staleReach
}
