package rule

import "regexp/syntax"

// edges are the borders of a pattern, which are taken off its tree and checked
// by code instead.
type edges struct {
	left, right bool  // the token must not be glued to its alphabet on this side
	lead        class // characters that the pattern may take before its match proper
	leadMax     int
	// closers end a token at the right whatever its alphabet is: what the pattern names there.
	closers class
}

// strip takes the borders off re and returns what remains.
func strip(re *syntax.Regexp) (*syntax.Regexp, edges) {
	var e edges
	captures := re.MaxCap() > 0
	re = trimRight(re, captures, &e)
	re = trimLeft(re, captures, &e)
	return re, e
}

// trimRight removes borders at the right end of re.
func trimRight(re *syntax.Regexp, captures bool, e *edges) *syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat:
		subs := re.Sub
		for len(subs) > 1 {
			last := subs[len(subs)-1]
			if !isBorder(last) && !(captures && isCloser(last)) {
				break
			}
			e.right = true
			e.closers.union(closersOf(last))
			subs = subs[:len(subs)-1]
		}
		last := trimRight(subs[len(subs)-1], captures, e)
		return concat(append(subs[:len(subs)-1:len(subs)-1], last))
	case syntax.OpCapture:
		return capture(re, trimRight(re.Sub[0], false, e))
	}
	return re
}

// trimLeft removes borders at the left end of re, and, where the secret is a
// group, optional characters before all else: they lengthen the match and decide
// nothing.
func trimLeft(re *syntax.Regexp, captures bool, e *edges) *syntax.Regexp {
	switch re.Op {
	case syntax.OpConcat:
		subs := re.Sub
		for len(subs) > 1 {
			first := subs[0]
			if isBorder(first) {
				e.left = true
			} else if c, n, ok := optional(first); ok && captures && e.leadMax == 0 {
				e.lead, e.leadMax = c, n
			} else {
				break
			}
			subs = subs[1:]
		}
		first := trimLeft(subs[0], captures, e)
		return concat(append([]*syntax.Regexp{first}, subs[1:]...))
	case syntax.OpCapture:
		return capture(re, trimLeft(re.Sub[0], false, e))
	}
	return re
}

func concat(subs []*syntax.Regexp) *syntax.Regexp {
	if len(subs) == 1 {
		return subs[0]
	}
	return &syntax.Regexp{Op: syntax.OpConcat, Sub: subs}
}

func capture(re, sub *syntax.Regexp) *syntax.Regexp {
	return &syntax.Regexp{Op: syntax.OpCapture, Cap: re.Cap, Name: re.Name, Sub: []*syntax.Regexp{sub}}
}

// isBorder reports whether re is an assertion about where a token may begin or
// end, or a choice between such an assertion and at most two characters.
func isBorder(re *syntax.Regexp) bool {
	switch re.Op {
	case syntax.OpWordBoundary, syntax.OpBeginText, syntax.OpEndText, syntax.OpBeginLine, syntax.OpEndLine:
		return true
	case syntax.OpAlternate:
		assertion := false
		for _, s := range re.Sub {
			switch {
			case isBorder(s):
				assertion = true
			case s.Op == syntax.OpNoWordBoundary:
			default:
				if _, most := lengths(s); most > 2 || s.MaxCap() > 0 {
					return false
				}
			}
		}
		return assertion
	}
	return false
}

// closersOf returns the characters of which a border asks for one.
func closersOf(re *syntax.Regexp) class {
	if c, ok := single(re); ok {
		return c
	}
	var c class
	if re.Op == syntax.OpAlternate {
		for _, s := range re.Sub {
			c.union(closersOf(s))
		}
	}
	return c
}

// isCloser reports whether re is one character that only ends a token: a quote or
// whatever is in no alphabet.
func isCloser(re *syntax.Regexp) bool {
	c, ok := single(re)
	if !ok || re.Op != syntax.OpCharClass {
		return false
	}
	for b := byte('0'); b <= 'z'; b++ {
		if wordByte(b) && c.has(b) {
			return false
		}
	}
	return c.has('"') || c.has('\'')
}

func wordByte(b byte) bool {
	return b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z'
}

// optional returns the characters of a repetition that may be empty, and how many
// there are at most.
func optional(re *syntax.Regexp) (c class, most int, ok bool) {
	var n int
	switch re.Op {
	case syntax.OpStar:
		n = maxLead
	case syntax.OpQuest:
		n = 1
	case syntax.OpRepeat:
		if re.Min != 0 {
			return c, 0, false
		}
		if n = re.Max; n < 0 {
			n = maxLead
		}
	default:
		return c, 0, false
	}
	if re.MaxCap() > 0 {
		return c, 0, false
	}
	c, ok = single(re.Sub[0])
	return c, min(n, maxLead), ok
}

// maxLead bounds the optional characters before a match.
const maxLead = 256

// alphabet returns the characters that tokens captured by the pattern consist of:
// those of the character classes in its secret, without the classes that hold a
// blank.
func alphabet(re *syntax.Regexp, group int) class {
	if group == 0 {
		group = 1
	}
	secret := findCapture(re, group)
	if secret == nil {
		secret = re
	}
	var c class
	collect(secret, &c)
	if c.count() == 0 {
		for b := byte('0'); b <= 'z'; b++ {
			if wordByte(b) {
				c.add(b)
			}
		}
	}
	return c
}

func collect(re *syntax.Regexp, c *class) {
	if re.Op == syntax.OpCharClass {
		if s, _ := single(re); !s.has(' ') {
			c.union(s)
		}
	}
	for _, s := range re.Sub {
		collect(s, c)
	}
}

func findCapture(re *syntax.Regexp, group int) *syntax.Regexp {
	if re.Op == syntax.OpCapture && re.Cap == group {
		return re
	}
	for _, s := range re.Sub {
		if f := findCapture(s, group); f != nil {
			return f
		}
	}
	return nil
}
