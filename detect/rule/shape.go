package rule

import "regexp/syntax"

// What repetitions without an end are cut to, in characters, and what no match is
// longer than. A repetition of nearly everything is the body of a PEM block.
const (
	maxRun   = 4 << 10
	maxBody  = 12 << 10
	maxMatch = 16 << 10
)

// lengths returns how many characters a node matches at least and at most.
func lengths(re *syntax.Regexp) (least, most int) {
	switch re.Op {
	case syntax.OpLiteral:
		return len(re.Rune), len(re.Rune)
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		return 1, 1
	case syntax.OpCapture:
		return lengths(re.Sub[0])
	case syntax.OpConcat:
		for _, s := range re.Sub {
			a, b := lengths(s)
			least, most = least+a, most+b
		}
	case syntax.OpAlternate:
		for i, s := range re.Sub {
			a, b := lengths(s)
			if i == 0 || a < least {
				least = a
			}
			most = max(most, b)
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		low, high := bounds(re)
		a, b := lengths(re.Sub[0])
		least = a * low
		if high < 0 {
			most = maxRun
			if c, ok := single(re.Sub[0]); ok && c.count() > 96 {
				most = maxBody
			}
			most = max(most, b*low)
		} else {
			most = b * high
		}
	}
	return min(least, maxMatch), min(most, maxMatch)
}

// bounds returns how often a repetition repeats; -1 stands for without end.
func bounds(re *syntax.Regexp) (low, high int) {
	switch re.Op {
	case syntax.OpStar:
		return 0, -1
	case syntax.OpPlus:
		return 1, -1
	case syntax.OpQuest:
		return 0, 1
	}
	return re.Min, re.Max
}

// element is a piece of a pattern: between min and max characters of set.
type element struct {
	set      class
	min, max int
	node     *syntax.Regexp
}

// elements flattens a pattern to a sequence that every match follows. What is not
// a plain sequence is widened: to the characters and lengths of all its branches.
func elements(re *syntax.Regexp) []element {
	switch re.Op {
	case syntax.OpCapture:
		return elements(re.Sub[0])
	case syntax.OpConcat:
		var es []element
		for _, s := range re.Sub {
			es = append(es, elements(s)...)
		}
		return es
	case syntax.OpLiteral:
		es := make([]element, 0, len(re.Rune))
		for _, r := range re.Rune {
			lit := &syntax.Regexp{Op: syntax.OpLiteral, Flags: re.Flags, Rune: []rune{r}}
			es = append(es, element{runeClass(r, re.Flags&syntax.FoldCase != 0), 1, 1, lit})
		}
		return es
	}
	least, most := lengths(re)
	if most == 0 {
		return nil
	}
	return []element{{characters(re), least, most, re}}
}

// characters returns every character that a match of re can hold.
func characters(re *syntax.Regexp) (c class) {
	if s, ok := single(re); ok {
		return s
	}
	if re.Op == syntax.OpLiteral {
		for _, r := range re.Rune {
			c.union(runeClass(r, re.Flags&syntax.FoldCase != 0))
		}
	}
	for _, s := range re.Sub {
		c.union(characters(s))
	}
	return c
}

// span returns how many characters es match at least and at most.
func span(es []element) (least, most int) {
	for _, e := range es {
		least, most = least+e.min, most+e.max
	}
	return min(least, maxMatch), min(most, maxMatch)
}

// maxLines is how many line ends a match may hold for its window to end behind them.
const maxLines = 64

// newlines returns how many line ends a match of re can hold; any number above
// maxLines stands for without end.
func newlines(re *syntax.Regexp) (n int) {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			if r == '\n' {
				n++
			}
		}
	case syntax.OpCharClass, syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		if c, _ := single(re); c.has('\n') {
			n = 1
		}
	case syntax.OpCapture:
		return newlines(re.Sub[0])
	case syntax.OpConcat:
		for _, s := range re.Sub {
			n += newlines(s)
		}
	case syntax.OpAlternate:
		for _, s := range re.Sub {
			n = max(n, newlines(s))
		}
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		_, most := bounds(re)
		if n = newlines(re.Sub[0]); n > 0 && most < 0 {
			return maxLines + 1
		}
		n *= most
	}
	return min(n, maxLines+1)
}
