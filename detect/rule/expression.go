package rule

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// verdict is a truth value of a filter expression.
type verdict int8

const (
	unknown verdict = iota
	no
	yes
)

func truth(b bool) verdict {
	if b {
		return yes
	}
	return no
}

// expression is a filter expression of betterleaks: what is certainly true
// discards a finding.
type expression interface{ eval(f finding) verdict }

type (
	both     struct{ a, b expression }
	any2     struct{ a, b expression }
	negation struct{ x expression }
	opaque   struct{}
	// compared is a number that depends on a text, compared with a constant.
	compared struct {
		of     func([]byte) float64
		target string
		op     string
		limit  float64
	}
	// matching is whether a text matches a pattern.
	matching struct {
		target  string
		pattern func() *regexp.Regexp
	}
	// holding is whether a text holds one of some words.
	holding struct {
		target string
		words  *wordList
	}
)

func (opaque) eval(finding) verdict { return unknown }

func (x both) eval(f finding) verdict {
	return min3(x.a.eval(f), func() verdict { return x.b.eval(f) })
}

// min3 is the conjunction of three-valued logic.
func min3(a verdict, b func() verdict) verdict {
	if a == no {
		return no
	}
	switch v := b(); {
	case v == no:
		return no
	case a == yes:
		return v
	}
	return unknown
}

func (x any2) eval(f finding) verdict {
	a := x.a.eval(f)
	if a == yes {
		return yes
	}
	switch b := x.b.eval(f); {
	case b == yes:
		return yes
	case a == no:
		return b
	}
	return unknown
}

func (x negation) eval(f finding) verdict {
	switch x.x.eval(f) {
	case yes:
		return no
	case no:
		return yes
	}
	return unknown
}

func (x compared) eval(f finding) verdict {
	v := x.of(f.part(x.target))
	switch x.op {
	case "<":
		return truth(v < x.limit)
	case "<=":
		return truth(v <= x.limit)
	case ">":
		return truth(v > x.limit)
	case ">=":
		return truth(v >= x.limit)
	case "==":
		return truth(v == x.limit)
	}
	return truth(v != x.limit)
}

func (x matching) eval(f finding) verdict { return truth(x.pattern().Match(f.part(x.target))) }
func (x holding) eval(f finding) verdict  { return truth(x.words.in(f.part(x.target))) }

// part returns what filters call finding[name].
func (f finding) part(name string) []byte {
	switch name {
	case "match":
		return f.match
	case "line":
		return f.line
	}
	return f.secret
}

// parseFilters parses the expressions of a rule. What it does not understand is
// unknown, and named in the second result.
func parseFilters(src string) ([]expression, []string, error) {
	var xs []expression
	var opaque []string
	for part := range strings.SplitSeq(src, filterSeparator) {
		if strings.TrimSpace(part) == "" {
			continue
		}
		toks, err := lex(part)
		if err != nil {
			return nil, nil, err
		}
		p := parser{toks: toks}
		x, err := p.program()
		if err != nil {
			return nil, nil, err
		}
		xs = append(xs, x)
		opaque = append(opaque, p.opaque...)
	}
	slices.Sort(opaque)
	return xs, slices.Compact(opaque), nil
}

// token is a lexical unit: a name, a number, a text or an operator.
type token struct {
	kind byte // 'n', '0', 's', or 'o'
	text string
}

var operators = [...]string{"||", "&&", "<=", ">=", "==", "!=", "??", "?.", "..", "<", ">", "!", "(", ")", "[", "]", "{", "}", ",", ";", ":", "?", "=", "+", "-", "*", "/", "%", ".", "|", "#"}

func lex(s string) ([]token, error) {
	var toks []token
	for i := 0; i < len(s); {
		c := s[i]
		switch {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i++
		case strings.HasPrefix(s[i:], "//"):
			for i < len(s) && s[i] != '\n' {
				i++
			}
		case wordByte(c) || c == '_':
			j := i
			for j < len(s) && (wordByte(s[j]) || s[j] == '_' || s[j] == '.') {
				j++
			}
			kind := byte('n')
			if c >= '0' && c <= '9' {
				kind = '0'
			}
			toks = append(toks, token{kind, s[i:j]})
			i = j
		case c == '"' || c == '\'' || c == '`':
			text, n, err := quoted(s[i:])
			if err != nil {
				return nil, err
			}
			toks = append(toks, token{'s', text})
			i += n
		default:
			k := slices.IndexFunc(operators[:], func(o string) bool { return strings.HasPrefix(s[i:], o) })
			if k < 0 {
				return nil, fmt.Errorf("character %q is in no expression", c)
			}
			toks = append(toks, token{'o', operators[k]})
			i += len(operators[k])
		}
	}
	return toks, nil
}

// quoted returns the text of the quotation that s begins with, and its length.
func quoted(s string) (string, int, error) {
	var sb strings.Builder
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == s[0]:
			return sb.String(), i + 1, nil
		case s[i] == '\\' && s[0] != '`' && i+1 < len(s):
			i++
			switch s[i] {
			case 'n':
				sb.WriteByte('\n')
			case 't':
				sb.WriteByte('\t')
			case 'r':
				sb.WriteByte('\r')
			default:
				sb.WriteByte(s[i])
			}
		default:
			sb.WriteByte(s[i])
		}
	}
	return "", 0, fmt.Errorf("a quotation does not end")
}
