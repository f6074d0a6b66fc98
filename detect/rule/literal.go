package rule

import (
	"cmp"
	"math/bits"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// minAnchor is the shortest anchor of the engine.
const minAnchor = 3

// The most literals that one anchor of a rule may have, and their longest.
const (
	maxLiterals = 48
	maxAnchor   = 32
)

// required is a set of literals of which one stands in every match: at the start
// of element first of the pattern when exact, else somewhere in that element.
type required struct {
	texts []string
	fold  bool
	first int
	exact bool
}

// literals is a finite language: all strings that a node matches, with fold when
// they stand for either case.
type literals struct {
	texts []string
	fold  bool
}

// language returns all strings that re matches, when they are few.
func language(re *syntax.Regexp) (l literals, ok bool) {
	switch re.Op {
	case syntax.OpEmptyMatch:
		return literals{texts: []string{""}}, true
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r >= 0x80 {
				return l, false
			}
		}
		s, fold := string(re.Rune), re.Flags&syntax.FoldCase != 0
		if fold {
			s = strings.ToLower(s)
		}
		return literals{[]string{s}, fold}, true
	case syntax.OpCharClass:
		c, _ := single(re)
		if low, ok := c.folded(); ok && low.count() <= maxLiterals {
			return literals{letters(low), true}, true
		} else if ok {
			return l, false
		}
		if c.has(probe.NotASCII) || c.count() > maxLiterals {
			return l, false
		}
		return literals{texts: letters(c)}, c.count() > 0
	case syntax.OpCapture:
		return language(re.Sub[0])
	case syntax.OpQuest:
		if l, ok = language(re.Sub[0]); ok {
			l.texts = append(l.texts, "")
		}
		return l, ok
	case syntax.OpConcat:
		l.texts = []string{""}
		for _, s := range re.Sub {
			m, ok := language(s)
			if !ok {
				return l, false
			}
			if l, ok = l.cross(m); !ok {
				return l, false
			}
		}
		return l, true
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			m, ok := language(s)
			if !ok {
				return l, false
			}
			l.texts, l.fold = append(l.texts, m.texts...), l.fold || m.fold
		}
		return l, len(l.texts) <= maxLiterals
	case syntax.OpRepeat:
		if re.Min != re.Max || re.Min < 1 || re.Min > maxAnchor {
			return l, false
		}
		subs := slices.Repeat([]*syntax.Regexp{re.Sub[0]}, re.Min)
		return language(&syntax.Regexp{Op: syntax.OpConcat, Sub: subs})
	}
	return l, false
}

// letters returns the members of c, each as a text.
func letters(c class) []string {
	texts := make([]string, 0, c.count())
	for b := range 0x80 {
		if c.has(byte(b)) {
			texts = append(texts, ascii7[b:b+1])
		}
	}
	return texts
}

// ascii7 is every ASCII character once.
var ascii7 = func() string {
	var b [0x80]byte
	for i := range b {
		b[i] = byte(i)
	}
	return string(b[:])
}()

// cross returns every string of l followed by every one of m, when they are few.
func (l literals) cross(m literals) (literals, bool) {
	if len(l.texts)*len(m.texts) > maxLiterals {
		return l, false
	}
	out := literals{texts: make([]string, 0, len(l.texts)*len(m.texts)), fold: l.fold || m.fold}
	for _, a := range l.texts {
		for _, b := range m.texts {
			if len(a)+len(b) > maxAnchor {
				return l, false
			}
			out.texts = append(out.texts, a+b)
		}
	}
	return out, true
}

// anchors returns the best set of literals that every match of es holds.
func anchors(es []element) (best required, ok bool) {
	top := 0.0
	try := func(r required) {
		if s := r.score(); s > top {
			best, top, ok = r, s, true
		}
	}
	for i := 0; i < len(es); i++ {
		// The longest run of elements with a finite language, from i on.
		l, j := literals{texts: []string{""}}, i
		for ; j < len(es); j++ {
			m, finite := language(es[j].node)
			if !finite {
				if next, few := l.cross(prefixes(es[j].node)); few {
					try(required{next.texts, next.fold, i, true})
				}
				break
			}
			next, few := l.cross(m)
			if !few || len(m.texts) > wide && j-i >= minAnchor {
				break
			}
			l = next
			try(required{l.texts, l.fold, i, true})
		}
		if j == i {
			if l, inside := within(es[i].node); inside {
				try(required{l.texts, l.fold, i, false})
			}
			continue
		}
		i = j - 1
	}
	best.tidy()
	return best, ok
}

// wide is how many literals one more character may make of each, where there are
// enough characters without it.
const wide = 8

// prefixes returns literals of which one begins every match of re; the empty one
// says nothing.
func prefixes(re *syntax.Regexp) literals {
	if l, ok := language(re); ok {
		return l
	}
	nothing := literals{texts: []string{""}}
	switch re.Op {
	case syntax.OpCapture:
		return prefixes(re.Sub[0])
	case syntax.OpConcat:
		l := nothing
		for _, s := range re.Sub {
			m, whole := language(s)
			if !whole {
				m = prefixes(s)
			}
			next, few := l.cross(m)
			if !few || len(m.texts) > wide && len(l.texts[0]) >= minAnchor {
				break
			}
			if l = next; !whole {
				break
			}
		}
		return l
	case syntax.OpAlternate:
		var l literals
		for _, s := range re.Sub {
			m := prefixes(s)
			l.texts, l.fold = append(l.texts, m.texts...), l.fold || m.fold
		}
		if len(l.texts) <= maxLiterals {
			return l
		}
	case syntax.OpPlus, syntax.OpRepeat:
		if low, _ := bounds(re); low > 0 {
			return prefixes(re.Sub[0])
		}
	}
	return nothing
}

// within returns literals of which one stands in every match of re, wherever.
func within(re *syntax.Regexp) (l literals, ok bool) {
	switch re.Op {
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			r, ok := anchors(elements(s))
			if !ok {
				return l, false
			}
			l.texts, l.fold = append(l.texts, r.texts...), l.fold || r.fold
		}
		return l, len(l.texts) <= maxLiterals
	case syntax.OpPlus, syntax.OpRepeat:
		if low, _ := bounds(re); low > 0 {
			r, ok := anchors(elements(re.Sub[0]))
			return literals{r.texts, r.fold}, ok
		}
	}
	return l, false
}

// tidy brings r into the form that engines want: one case under fold, no literal
// twice, none that begins with another.
func (r *required) tidy() {
	r.texts = slices.Clone(r.texts)
	if r.fold {
		for i, s := range r.texts {
			r.texts[i] = strings.ToLower(s)
		}
	}
	slices.SortFunc(r.texts, func(a, b string) int { return cmp.Or(len(a)-len(b), strings.Compare(a, b)) })
	var kept []string
	for _, s := range r.texts {
		if !slices.ContainsFunc(kept, func(p string) bool { return strings.HasPrefix(s, p) }) {
			kept = append(kept, s)
		}
	}
	r.texts = kept
}

// score says how rarely the literals of r are met, in bits: those of the
// commonest, less the number of the literals. Zero is unusable.
func (r *required) score() float64 {
	least := 1e9
	for _, s := range r.texts {
		if len(s) < minAnchor {
			return 0
		}
		bits := 0.0
		for i := range min(len(s), 10) {
			switch b := s[i]; {
			case b >= 'a' && b <= 'z':
				bits += 4
			case b == ' ':
				bits += 2
			default:
				bits += 5.5
			}
		}
		least = min(least, bits)
	}
	if len(r.texts) == 0 {
		return 0
	}
	s := least - float64(bits.Len(uint(len(r.texts))))
	if r.exact {
		s += 2
	}
	return s
}
