package tokens_test

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"regexp"
	"regexp/syntax"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/tokens"
)

// random writes texts that match a pattern, without regard to what its author had
// in mind: repetitions and classes are drawn evenly.
type random struct{ *rand.Rand }

func (g random) append(b []byte, re *syntax.Regexp) []byte {
	switch re.Op {
	case syntax.OpLiteral:
		for _, r := range re.Rune {
			b = append(b, byte(r))
		}
	case syntax.OpCharClass:
		var all []byte
		for i := 0; i < len(re.Rune); i += 2 {
			for r := max(re.Rune[i], ' '+1); r <= min(re.Rune[i+1], '~'); r++ {
				all = append(all, byte(r))
			}
		}
		if len(all) == 0 {
			all = []byte{byte(re.Rune[0])}
		}
		b = append(b, all[g.IntN(len(all))])
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		b = append(b, byte('a'+g.IntN(26)))
	case syntax.OpAlternate:
		b = g.append(b, re.Sub[g.IntN(len(re.Sub))])
	case syntax.OpCapture, syntax.OpConcat:
		for _, s := range re.Sub {
			b = g.append(b, s)
		}
	case syntax.OpQuest, syntax.OpStar, syntax.OpPlus, syntax.OpRepeat:
		low, high := re.Min, re.Max
		switch re.Op {
		case syntax.OpQuest:
			low, high = 0, 1
		case syntax.OpStar:
			low, high = 0, -1
		case syntax.OpPlus:
			low, high = 1, -1
		}
		const more = 12 // characters beyond the least
		if high < 0 || high > low+more {
			high = low + more
		}
		for range low + g.IntN(high-low+1) {
			b = g.append(b, re.Sub[0])
		}
	}
	return b
}

// Random tokens of every rule, which no example's author has seen, are found by the
// whole set in noise, in every wrapping.
func TestRecall(t *testing.T) {
	const (
		each  = 20
		least = 0.75  // of one rule: entropy and placeholders reject some by chance
		whole = 0.995 // of all
	)
	var file struct {
		Rules []struct {
			ID          string
			Regex       string
			SecretGroup int
		}
	}
	if _, err := toml.Decode(string(tokens.File()), &file); err != nil {
		t.Fatal(err)
	}
	rules := map[string]*rule.Rule{}
	for _, r := range tokens.Rules().Rules {
		rules[r.ID] = r
	}
	s, err := search.New(detect.Default())
	if err != nil {
		t.Fatal(err)
	}
	g := random{rand.New(rand.NewPCG(4, 40))}
	wraps := []string{"NUL", "quotes", "glued", "utf16", "base64"}
	found, tried := map[string]int{}, map[string]int{}
	for i, r := range file.Rules {
		if testing.Short() && i%20 != 0 {
			continue
		}
		tree, err := syntax.Parse(r.Regex, syntax.Perl)
		if err != nil {
			t.Fatal(err)
		}
		re := regexp.MustCompile(r.Regex)
		for _, w := range wraps {
			if w == "glued" && !rules[r.ID].Glue {
				continue
			}
			hits := 0
			for range each {
				text := g.append(nil, tree)
				loc := re.FindSubmatchIndex(text)
				if loc == nil || loc[2*r.SecretGroup] < 0 {
					t.Fatalf("%s: the generator is wrong", r.ID)
				}
				if seen(s, g, w, rules[r.ID].Confidence, text, loc[2*r.SecretGroup], loc[2*r.SecretGroup+1]) {
					hits++
				}
			}
			found[w] += hits
			tried[w] += each
			if hits < each*19/20 {
				t.Logf("%s: %s: %d of %d", r.ID, w, hits, each)
			}
			if float64(hits) < least*each {
				t.Errorf("%s: %s: %d of %d", r.ID, w, hits, each)
			}
		}
	}
	for _, w := range wraps {
		t.Logf("%-7s %d of %d", w, found[w], tried[w])
		if float64(found[w]) < whole*float64(tried[w]) {
			t.Errorf("%s: too few are found", w)
		}
	}
}

// seen lays text in noise and reports whether its secret, [start, end), is found
// with at least the confidence that its rule promises.
func seen(s *search.Searcher, g random, wrapping string, least probe.Confidence, text []byte, start, end int) bool {
	noise := probetest.Noise(g.Uint64(), 64)
	before, after := []byte{0}, []byte{0}
	switch wrapping {
	case "quotes":
		before, after = []byte(` "`), []byte("\",\n")
	case "glued":
		before, after = []byte("\x00Zq"), []byte("Wz\x00")
	case "utf16":
		text, start, end = probetest.Widen(text), 2*start, 2*end
		before, after = []byte{0, 0}, []byte{0, 0}
	case "base64":
		lead := bytes.Repeat([]byte{'"'}, g.IntN(3))
		text = []byte(base64.StdEncoding.EncodeToString(append(lead, text...)))
		start, end = (len(lead)+start)*8/6, (len(lead)+end)*8/6
	}
	data := bytes.Join([][]byte{noise, before, text, after, noise}, nil)
	start += len(noise) + len(before)
	end += len(noise) + len(before)
	all := false
	s.Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) {
		for _, r := range f.Redact {
			all = all || f.Confidence >= least && r.Start <= start && end <= r.End
		}
	})
	return all
}
