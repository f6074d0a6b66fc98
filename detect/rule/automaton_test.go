package rule

import (
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// TestAutomaton compares automata with the patterns that they were made of, over
// random strings: where a pattern matches, forwards and backwards and in UTF-16, the
// automaton must say yes, and it must say no to a good part of the rest.
func TestAutomaton(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	for _, pattern := range []string{
		"abc", "a?b?c?a", "[ab]{2,5}c", "a{0,3}b{1,2}[ac]{0,4}b", "(?:ab|c)[abc]{3}", "a[bc]*a", "[^a]{4}", "a(?s:.){0,20}b",
		"[abc]{70}", "a[ab]{0,9}b?[ab]{0,3}c", "(?:a|bb|ccc)+b", "a+?b+?c", "[ab]{60}c{0,5}a",
	} {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		es := elements(tree)
		forward := newAutomaton(es)
		slices.Reverse(es)
		back := newAutomaton(es)
		re := regexp.MustCompile(`\A(?:` + pattern + `)`)
		yes, no, loose := 0, 0, 0
		for range 20000 {
			b := make([]byte, r.IntN(12))
			if pattern[len(pattern)-1] == '}' || len(pattern) > 13 {
				b = make([]byte, r.IntN(90))
			}
			for i := range b {
				b[i] = "abcab"[r.IntN(5)]
			}
			loc := re.FindIndex(b)
			got := forward.run(b, 0, 1, false, 0)
			if loc == nil {
				if no++; got {
					loose++
				}
				continue
			}
			yes++
			shifted := append([]byte("ca"), b...)
			wide := probetest.Widen(b)
			switch {
			case !got, !forward.run(shifted, 0, 1, false, 2), !forward.run(wide, 0, 2, true, 0):
				t.Fatalf("%s: the automaton overlooks %q", pattern, b)
			case !back.run(b, loc[1]-1, -1, false, 0), !back.run(wide, 2*loc[1]-2, -2, true, 0):
				t.Fatalf("%s: the automaton overlooks %q backwards", pattern, b[:loc[1]])
			}
		}
		if pattern == "abc" && (yes == 0 || loose > 0) {
			t.Errorf("%s: %d matches, %d of %d others taken for some", pattern, yes, loose, no)
		}
	}
}

// TestNewlines holds how many line ends patterns can match.
func TestNewlines(t *testing.T) {
	for pattern, want := range map[string]int{
		"abc": 0, ".*": 0, `a\nb\n`: 2, `\s?x`: 1, `[\r\n]{1,5}`: 5, `(?:a|\n\n)?`: 2, `(?s:.)+`: maxLines + 1, `(?:\n{2,5}x){9}`: 45, `(?:\n{2,5}x){99}`: maxLines + 1,
	} {
		tree, err := syntax.Parse(pattern, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		if got := newlines(tree); got != want {
			t.Errorf("%s: %d line ends, want %d", pattern, got, want)
		}
	}
}
