package rule

import (
	"regexp/syntax"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// surroundings is what must stand around an anchor in some of the ways in which a
// pattern can match.
type surroundings struct {
	before *automaton // backwards from the anchor, nil for anything
	from   int        // the tails begin so many characters behind the anchor
	more   int        // or up to so many further on
	any    *automaton // what all tails have in common up to a long gap, nil where there is but one
	tails  []tail
}

// tail is one sequence of what may follow.
type tail struct {
	head   *automaton // of what comes before the first long gap, nil when behind is no longer
	behind *automaton
	es     []element // what behind was made of, which may say less: see follows
}

// tailsOf returns the sequences of es, and what they have in common up to a long gap.
func tailsOf(es []element) (any *automaton, all []tail) {
	for _, t := range branches(es) {
		all = append(all, tail{headOf(t), newAutomaton(t), t})
	}
	if len(all) == 1 {
		return nil, all
	}
	if any = headOf(es); any == nil {
		any = newAutomaton(es)
	}
	return any, all
}

// maxFollow is up to what length of a match counting its gaps pays.
const maxFollow = 1024

// around returns what must stand around an anchor at element req.first of es.
func around(es []element, req required) []surroundings {
	if req.exact {
		return []surroundings{sides(es[:req.first], es[req.first:])}
	}
	e, rest := es[req.first], es[req.first+1:]
	node := e.node
	for node.Op == syntax.OpCapture {
		node = node.Sub[0]
	}
	if node.Op == syntax.OpAlternate {
		var all []surroundings
		for _, s := range node.Sub {
			inner := elements(s)
			r, ok := anchors(inner)
			if !ok || !r.exact {
				all = nil
				break
			}
			before := slices.Concat(es[:req.first], inner[:r.first])
			all = append(all, sides(before, slices.Concat(inner[r.first:], rest)))
		}
		if all != nil {
			return all
		}
	}
	s := surroundings{from: minAnchor, more: max(e.max-minAnchor, 0)}
	s.any, s.tails = tailsOf(rest)
	return []surroundings{s}
}

func sides(before, behind []element) (s surroundings) {
	if len(before) > 0 {
		before = slices.Clone(before)
		slices.Reverse(before)
		s.before = newAutomaton(before)
	}
	s.any, s.tails = tailsOf(behind)
	return s
}

// longGap is from how many characters on a gap is long: an automaton does not count
// them, and runs on over text that may be all gap.
const longGap = 256

// headOf returns an automaton for es up to the least of its first long gap, which
// sees no further than that; nil where there is none.
func headOf(es []element) *automaton {
	for i := range es {
		if e := es[i]; e.max-e.min >= longGap {
			e.max = e.min
			return newAutomaton(append(es[:i:i], e))
		}
	}
	return nil
}

// Glance implements [probe.Glancer].
func (d anchored) Glance(data []byte, pos int, wide bool) bool {
	return d.code().plausible(data, pos, wide)
}

// plausible says quickly that no match can hold the anchor at data[pos].
func (c *code) plausible(data []byte, pos int, wide bool) bool {
	width := 1
	if wide {
		width = 2
	}
	if c.left && c.preMax == 0 && pos >= width {
		b := ascii(data[pos-width])
		if (!wide || data[pos-1] == 0) && c.glued(b) {
			return false
		}
	}
	return c.surrounded(data, pos, wide)
}

// surrounded is plausible for whatever stands before a match.
func (c *code) surrounded(data []byte, pos int, wide bool) bool {
	width := 1
	if wide {
		width = 2
	}
	// No further than the reach.
	data = data[:min(len(data), pos+c.after*width)]
	around := c.around()
	for i := range around {
		s := &around[i]
		start := pos + s.from*width
		if s.before != nil && !s.before.run(data, pos-width, -width, wide, 0) || s.any != nil && !s.any.run(data, start, width, wide, s.more) {
			continue
		}
		for k := range s.tails {
			t := &s.tails[k]
			if (t.head == nil || t.head.run(data, start, width, wide, s.more)) && t.behind.run(data, start, width, wide, s.more) {
				// Gaps that the automaton did not count are bounded here.
				if _, most := span(t.es); most > maxFollow {
					return true
				}
				text, at := probe.TextOf(probe.View{Data: data, At: pos, Wide: wide})
				if follows(t.es, text, at+s.from, at+s.from+s.more) {
					return true
				}
			}
		}
	}
	return false
}
