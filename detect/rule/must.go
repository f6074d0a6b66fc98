package rule

import (
	"bytes"
	"regexp/syntax"
	"slices"
	"strings"
)

// must is what a window has to hold for one alternative of a pattern to match: of
// each set one text, in lower case. Looking for it is far cheaper than the pattern.
type must [][]string

// musts returns the conditions of the alternatives of a pattern.
func musts(re *syntax.Regexp) []must {
	for re.Op == syntax.OpCapture {
		re = re.Sub[0]
	}
	if re.Op != syntax.OpAlternate {
		return []must{mustOf(elements(re))}
	}
	var ms []must
	for _, s := range re.Sub {
		ms = append(ms, mustOf(elements(s)))
	}
	return ms
}

func mustOf(es []element) (m must) {
	text := ""
	flush := func() {
		if len(text) >= minAnchor {
			m = append(m, []string{text})
		}
		text = ""
	}
	for _, e := range es {
		l, finite := language(e.node)
		switch {
		case finite && len(l.texts) == 1:
			text += strings.ToLower(l.texts[0])
			continue
		case finite && e.min >= 2:
			low := make([]string, len(l.texts))
			for i, s := range l.texts {
				low[i] = strings.ToLower(s)
			}
			m = append(m, low)
		}
		flush()
	}
	flush()
	return m
}

// possible reports whether a text, given in lower case, can hold a match of one of
// the alternatives.
func possible(ms []must, low []byte) bool {
	for _, m := range ms {
		if m.in(low) {
			return true
		}
	}
	return false
}

func (m must) in(low []byte) bool {
	for _, set := range m {
		found := false
		for _, s := range set {
			if found = bytes.Contains(low, []byte(s)); found {
				break
			}
		}
		if !found {
			return false
		}
	}
	return true
}

// maxBranches bounds the sequences that a pattern's alternatives are written out to.
const maxBranches = 64

// branches writes the alternatives in es out, as long as they are few: each
// sequence then says more than the union of all.
func branches(es []element) [][]element {
	out := [][]element{nil}
	for _, e := range es {
		subs := [][]element{{e}}
		if e.node.Op == syntax.OpAlternate && len(out)*len(e.node.Sub) <= maxBranches {
			subs = nil
			for _, s := range e.node.Sub {
				subs = append(subs, elements(s))
			}
		}
		var next [][]element
		for _, o := range out {
			for _, s := range subs {
				next = append(next, append(o[:len(o):len(o)], s...))
			}
		}
		out = next
	}
	return widest(out)
}

// widest leaves out the sequences of which every match is one of another that stays.
func widest(all [][]element) (kept [][]element) {
	for i, a := range all {
		if !slices.ContainsFunc(all[i+1:], func(b []element) bool { return inOther(a, b) }) &&
			!slices.ContainsFunc(kept, func(b []element) bool { return inOther(a, b) }) {
			kept = append(kept, a)
		}
	}
	return kept
}

// inOther reports whether each element of a is a narrower one than that of b.
func inOther(a, b []element) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		both := a[i].set
		both.union(b[i].set)
		if both != b[i].set || a[i].min < b[i].min || a[i].max > b[i].max {
			return false
		}
	}
	return true
}
