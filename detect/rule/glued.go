package rule

import (
	"math"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textrun"
	"github.com/dumpscrub/dumpscrub/detect/tokens/validate"
)

// gluedSuffix is what the id of the detector of glued tokens adds to the rule's.
const gluedSuffix = "-glued"

// The bounds of glued tokens, in characters: of a match, and of what a match has
// before its secret. A hostile dump may hold a pair for every length of every token, so
// what one verdict costs is bounded.
const (
	maxGlued     = 512
	maxGluedLead = 256
)

// glued is the detector of texts that a rule would take for a token if they did not
// run on into other text. What it emits are no findings, see [probe.Glued]. It looks
// at one-byte characters only, for those are what strings of Go and Rust consist of.
type glued struct {
	*Rule
	id string
}

// Glued returns the detectors of tokens without an end, for the rules that have an
// anchor and ask for borders.
func (s *Set) Glued() []probe.Detector {
	taken := make(map[string]bool, len(s.Rules))
	for _, r := range s.Rules {
		taken[r.ID] = true
	}
	var ds []probe.Detector
	for _, r := range s.Rules {
		if r.loose {
			id := r.ID + gluedSuffix
			for taken[id] {
				id += gluedSuffix // users may call their rules as they like
			}
			taken[id] = true
			ds = append(ds, glued{r, id})
		}
	}
	return ds
}

// Spec implements [probe.Detector].
func (d glued) Spec() probe.Spec {
	s := d.spec
	s.ID = d.id
	s.Text = false
	return s
}

// Glance implements [probe.Glancer].
func (d glued) Glance(data []byte, pos int, wide bool) bool {
	return d.code().surrounded(data, pos, wide)
}

// Detect implements [probe.Detector].
func (d glued) Detect(v probe.View, emit func(probe.Match)) {
	c := d.code()
	if !c.surrounded(v.Data, v.At, false) {
		return
	}
	t, at := probe.TextOf(v)
	if c.plausible(v.Data, v.At, false) &&
		c.search(v, t, at, at-c.preMax, at-c.preMin, at+c.postMax, func(hit) {}) {
		return // it is a finding already
	}
	g, r, ok := c.loose(v, t, at)
	if !ok {
		return
	}
	g.Detector = d.ID
	emit(probe.Match{Kind: c.kind, Encoding: probe.ASCII, Confidence: c.confidence, Range: r, Text: true, Glued: g})
}

// loose returns what matches around the anchor at character at but for its borders.
func (c *code) loose(v probe.View, t probe.Text, at int) (*probe.Glued, probe.Range, bool) {
	none := probe.Range{}
	first, last := at-c.preMax, at-c.preMin
	run := textrun.Within(v, t, at, first-1, at+min(c.postMax, maxGlued))
	if run.Start == run.End || last < run.Start {
		return nil, none, false
	}
	first = max(first, run.Start)
	w := takeWindow(t, run)
	defer w.release()
	loc := c.bare().FindSubmatchIndex(w.text[first-run.Start:])
	if loc == nil {
		return nil, none, false
	}
	h := hit{start: first + loc[2], end: first + loc[3], run: run}
	h.secret, h.stop = c.secretOf(loc, first)
	g := &probe.Glued{
		Kind: c.kind, Secret: h.secret - h.start, Min: c.least, Max: min(c.most, run.End-h.start, maxGlued), Judge: c.whole,
		Lead: c.left && h.start > run.Start && c.glued(w.at(run, h.start-1)),
	}
	if h.start > last || h.end <= at || h.stop <= h.secret || g.Secret > maxGluedLead || g.Min > g.Max {
		return nil, none, false
	}
	if g.Min == g.Max {
		// There is only one text that it can be.
		if _, ok := c.whole(w.slice(run, h.start, h.end)); !ok {
			return nil, none, false
		}
	} else if c.entropy > 0 && math.Log2(float64(distinct(w.slice(run, h.secret, h.start+g.Max)))) <= c.entropy {
		// No part of it has more. In a run of one letter, as in tables, a token would begin at each.
		return nil, none, false
	}
	named := len(c.keywords) == 0 || hasWord(t, h.start-KeywordReach, h.end+KeywordReach, c.keywords)
	return g, t.Range(h.start, h.start+g.Max), named && c.near(v, t, h)
}

// distinct returns how many different bytes p has.
func distinct(p []byte) (n int) {
	var seen [256]bool
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			n++
		}
	}
	return n
}

// whole is [probe.Glued]'s Judge: it applies the rule to a text that is nothing but
// a match.
func (c *code) whole(text []byte) (probe.Match, bool) {
	t, _ := probe.TextOf(probe.View{Data: text})
	run := textrun.Run{End: t.Len(), Stop: t.Len()}
	w := takeWindow(t, run)
	defer w.release()
	loc := c.exact().FindSubmatchIndex(w.text)
	if loc == nil {
		return probe.Match{}, false
	}
	h := hit{end: run.End, run: run}
	h.secret, h.stop = c.secretOf(loc, 0)
	if h.stop <= h.secret || !c.accept(w, h) {
		return probe.Match{}, false
	}
	r := probe.Range{Start: h.secret, End: h.stop}
	m := probe.Match{
		Kind: c.kind, Encoding: probe.ASCII, Confidence: c.confidence, Text: true,
		Range: probe.Range{End: len(text)}, Redact: []probe.Range{r},
		Identity: append([]byte(nil), w.slice(run, h.secret, h.stop)...),
	}
	if c.validate != nil && c.validate(m.Identity) == validate.Valid {
		m.Confidence = probe.Confirmed
	}
	return m, true
}

// glueChance is how many hits per GiB of random text are never.
const glueChance = 1e-3

// glues reports whether a token is so unlike other text that letters on either
// side do not make it another one: it begins with a literal of four or more
// characters among which is one that separates, or chance never makes it; and its
// end is known by its length.
func glues(es []element, req required, found bool, whole Chance) bool {
	if !found || !req.exact || req.first != 0 || !fixed(es) {
		return false
	}
	for _, s := range req.texts {
		if len(s) < 4 || !strings.ContainsAny(s, "_-.:$/+~=") {
			return max(whole.Worst(), whole.URL) < glueChance
		}
	}
	return true
}

// fixed reports whether the last element has one length.
func fixed(es []element) bool {
	last := es[len(es)-1]
	return last.min == last.max
}
