package rule

import (
	"bytes"
	"fmt"
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"sync"
)

// allowlist says which findings are none.
type allowlist struct {
	allowDefinition
	pattern func() *regexp.Regexp // nil without regexes
	words   *wordList             // nil without stopwords
	never   bool                  // it asks for paths or commits too, which a dump has not
}

// compileAllows checks allowlists; their patterns are compiled when first used.
func compileAllows(as []allowlist) ([]allowlist, error) {
	out := slices.Clone(as)
	for i := range out {
		a := &out[i]
		if len(a.Regexes)+len(a.StopWords)+len(a.Paths)+len(a.Commits) == 0 {
			return nil, fmt.Errorf("an allowlist needs commits, paths, regexes or stopwords")
		}
		switch strings.ToUpper(a.Condition) {
		case "", "OR", "||":
		case "AND", "&&":
			a.never = len(a.Paths)+len(a.Commits) > 0
		default:
			return nil, fmt.Errorf("allowlist condition %q: want AND or OR", a.Condition)
		}
		switch a.RegexTarget {
		case "", "secret", "match", "line":
		default:
			return nil, fmt.Errorf("allowlist regexTarget %q: want secret, match or line", a.RegexTarget)
		}
		var err error
		if a.pattern, err = anyOf(a.Regexes); err != nil {
			return nil, fmt.Errorf("allowlist: %w", err)
		}
		if len(a.StopWords) > 0 {
			a.words = newWordList(a.StopWords)
		}
	}
	return out, nil
}

func concatAllows(ds []allowDefinition, more []allowlist) []allowlist {
	as := make([]allowlist, 0, len(ds)+len(more))
	for _, d := range ds {
		as = append(as, allowlist{allowDefinition: d})
	}
	return append(as, more...)
}

// anyOf returns one pattern for several, or nil for none.
func anyOf(patterns []string) (func() *regexp.Regexp, error) {
	if len(patterns) == 0 {
		return nil, nil
	}
	for _, p := range patterns {
		if _, err := syntax.Parse(p, syntax.Perl); err != nil {
			return nil, err
		}
	}
	src := "(?:" + strings.Join(patterns, ")|(?:") + ")"
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(src) }), nil
}

// allows reports whether f is no finding.
func (a *allowlist) allows(f finding) bool {
	if a.never {
		return false
	}
	target := f.secret
	switch a.RegexTarget {
	case "match":
		target = f.match
	case "line":
		target = f.line
	}
	byPattern := a.pattern != nil && a.pattern().Match(target)
	byWord := func() bool { return a.words != nil && a.words.in(f.secret) }
	if c := strings.ToUpper(a.Condition); c == "AND" || c == "&&" {
		return (a.pattern == nil || byPattern) && (a.words == nil || byWord())
	}
	return byPattern || byWord()
}

// wordList finds whether one of many words stands in a text, in either case.
type wordList struct {
	heads map[[2]byte][][]byte // by the first two letters
	short [][]byte
}

func newWordList(words []string) *wordList {
	l := &wordList{heads: map[[2]byte][][]byte{}}
	for _, w := range words {
		b := []byte(strings.ToLower(w))
		if len(b) < 2 {
			l.short = append(l.short, b)
			continue
		}
		h := [2]byte{b[0], b[1]}
		l.heads[h] = append(l.heads[h], b)
	}
	return l
}

func (l *wordList) in(text []byte) bool {
	low := bytes.ToLower(text)
	for _, w := range l.short {
		if bytes.Contains(low, w) {
			return true
		}
	}
	for i := 0; i+1 < len(low); i++ {
		for _, w := range l.heads[[2]byte{low[i], low[i+1]}] {
			if bytes.HasPrefix(low[i:], w) {
				return true
			}
		}
	}
	return false
}
