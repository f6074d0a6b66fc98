package rule

import (
	"fmt"
	"strconv"
	"strings"
)

// parser reads filter expressions: disjunctions of calls that it knows. What lies
// outside that is read over, counting brackets, up to the next || or && of its level.
type parser struct {
	toks   []token
	at     int
	depth  int
	opaque []string
}

// maxDepth bounds the brackets of an expression.
const maxDepth = 64

func (p *parser) peek() string {
	if p.at < len(p.toks) && p.toks[p.at].kind != 's' {
		return p.toks[p.at].text
	}
	return ""
}

func (p *parser) accept(s string) bool {
	if p.peek() == s {
		p.at++
		return true
	}
	return false
}

// program is definitions and an expression. What uses a definition is unknown.
func (p *parser) program() (expression, error) {
	for p.accept("let") {
		name := p.peek()
		for p.at < len(p.toks) && !p.accept(";") {
			p.at++
		}
		p.opaque = append(p.opaque, "let "+name)
	}
	x, err := p.or()
	if err == nil && p.at < len(p.toks) {
		err = fmt.Errorf("%q is not expected", p.toks[p.at].text)
	}
	return x, err
}

func (p *parser) or() (expression, error) {
	x, err := p.and()
	for err == nil && (p.accept("||") || p.accept("or")) {
		var y expression
		if y, err = p.and(); err == nil {
			x = any2{x, y}
		}
	}
	return x, err
}

func (p *parser) and() (expression, error) {
	x, err := p.unary()
	for err == nil && (p.accept("&&") || p.accept("and")) {
		var y expression
		if y, err = p.unary(); err == nil {
			x = both{x, y}
		}
	}
	return x, err
}

func (p *parser) unary() (expression, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, fmt.Errorf("brackets are nested too deeply")
	}
	defer func() { p.depth-- }()
	start := p.at
	switch {
	case p.accept("!"), p.accept("not"):
		x, err := p.unary()
		return negation{x}, err
	case p.accept("("):
		x, err := p.or()
		if err == nil && p.accept(")") && p.ends() {
			return x, nil
		}
	default:
		if x, ok := p.call(); ok && p.ends() {
			return x, nil
		}
	}
	return p.skip(start)
}

// ends reports whether a term of the expression ends here.
func (p *parser) ends() bool {
	switch p.peek() {
	case "||", "&&", ")", "or", "and":
		return true
	}
	return p.at == len(p.toks)
}

// skip reads over a term that is not understood, from token start on.
func (p *parser) skip(start int) (expression, error) {
	level := 0
	name := ""
	for p.at = start; p.at < len(p.toks); p.at++ {
		if level == 0 && p.at > start && p.ends() {
			break
		}
		t := p.toks[p.at]
		if t.kind == 'n' && (name == "" || name == "(") {
			name = t.text
		}
		if t.kind != 'o' {
			continue
		}
		switch t.text {
		case "(", "[", "{":
			level++
		case ")", "]", "}":
			if level--; level < 0 {
				return nil, fmt.Errorf("brackets do not match")
			}
		}
	}
	if p.at == start || level != 0 {
		return nil, fmt.Errorf("an expression is missing or does not end")
	}
	p.opaque = append(p.opaque, name)
	return opaque{}, nil
}

// call reads one of the functions of a finding's text that are known.
func (p *parser) call() (expression, bool) {
	name := strings.TrimPrefix(p.peek(), "filter.")
	p.at++
	if !p.accept("(") {
		return nil, false
	}
	target, ok := p.target()
	if !ok {
		return nil, false
	}
	switch name {
	case "entropy", "len":
		of := entropy
		if name == "len" {
			of = func(b []byte) float64 { return float64(len(b)) }
		}
		if !p.accept(")") {
			return nil, false
		}
		op := p.peek()
		p.at++
		limit, err := strconv.ParseFloat(p.peek(), 64)
		p.at++
		return compared{of, target, op, limit}, err == nil && strings.ContainsAny(op, "<>=")
	case "matchesAny", "containsAny":
		list, ok := p.list()
		if !ok || !p.accept(")") {
			return nil, false
		}
		if name == "containsAny" {
			return holding{target, newWordList(list)}, true
		}
		pattern, err := anyOf(list)
		return matching{target, pattern}, err == nil && pattern != nil
	}
	return nil, false
}

// target reads finding["secret"], or another text of the finding.
func (p *parser) target() (string, bool) {
	if !p.accept("finding") || !p.accept("[") || p.at >= len(p.toks) || p.toks[p.at].kind != 's' {
		return "", false
	}
	name := p.toks[p.at].text
	p.at++
	return name, p.accept("]") && (name == "secret" || name == "match" || name == "line")
}

// list reads a list of texts after a comma.
func (p *parser) list() (texts []string, ok bool) {
	if !p.accept(",") || !p.accept("[") {
		return nil, false
	}
	for p.at < len(p.toks) && p.toks[p.at].kind == 's' {
		texts = append(texts, p.toks[p.at].text)
		p.at++
		if !p.accept(",") {
			break
		}
	}
	return texts, p.accept("]")
}
