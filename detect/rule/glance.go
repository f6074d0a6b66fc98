package rule

import (
	"regexp/syntax"
	"slices"
)

// surroundings is what must stand around an anchor in one of the ways in which a
// pattern can match.
type surroundings struct {
	behind *automaton // from the anchor on, or from more characters behind it on
	from   int
	more   int
	before *automaton // backwards from the anchor, nil for anything
}

// around returns what must stand around an anchor at element req.first of es.
func around(es []element, req required) []surroundings {
	if req.exact {
		return sides(es[:req.first], es[req.first:])
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
			all = append(all, sides(before, slices.Concat(inner[r.first:], rest))...)
		}
		if all != nil {
			return all
		}
	}
	var all []surroundings
	for _, tail := range branches(rest) {
		all = append(all, surroundings{behind: newAutomaton(tail), from: minAnchor, more: max(e.max-minAnchor, 0)})
	}
	return all
}

func sides(before, behind []element) []surroundings {
	var back *automaton
	if len(before) > 0 {
		before = slices.Clone(before)
		slices.Reverse(before)
		back = newAutomaton(before)
	}
	var all []surroundings
	for _, tail := range branches(behind) {
		all = append(all, surroundings{behind: newAutomaton(tail), before: back})
	}
	return all
}

// Glance implements [probe.Glancer].
func (d anchored) Glance(data []byte, pos int, wide bool) bool {
	return d.code.plausible(data, pos, wide)
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
	// No further than the reach.
	data = data[:min(len(data), pos+c.after*width)]
	around := c.around()
	for i := range around {
		s := &around[i]
		if s.behind.run(data, pos+s.from*width, width, wide, s.more) &&
			(s.before == nil || s.before.run(data, pos-width, -width, wide, 0)) {
			return true
		}
	}
	return false
}
