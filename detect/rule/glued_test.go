package rule_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// gluedIn returns what the detectors of glued tokens emit for text.
func gluedIn(t testing.TB, set *rule.Set, text string) []search.Found {
	t.Helper()
	s, err := search.New(set.Glued())
	if err != nil {
		t.Fatal(err)
	}
	var fs []search.Found
	s.Search(search.Window{Data: []byte(text), Hi: len(text)}, func(f search.Found) { fs = append(fs, f) })
	return fs
}

func TestGlued(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 9))
	tok, letters := "tst_"+secret(r, 36), secret(r, 50)
	fixed := "[[rules]]\nid='a'\nglue=false\nkeywords=['tst_']\nregex='''\\b(tst_[a-z0-9]{36})" + suffix + "'''\n"
	ranged := "[[rules]]\nid='a'\nkeywords=['tst_']\nregex='''\\b(tst_[a-z0-9]{30,40})" + suffix + "'''\n"
	named := "[[rules]]\nid='a'\nregex='''(?i)acme_key=([a-z0-9]{32})" + suffix + "'''\n"
	for _, c := range []struct {
		name, file, text string
		want             bool
		secret           int
		lead             bool
		low, high        int // of the lengths that are possible
	}{
		{"at the right", fixed, "\x00" + tok + letters, true, 0, false, 40, 40},
		{"at both sides", fixed, letters + tok + letters, true, 0, true, 40, 40},
		{"at the left", fixed, letters + tok + "\x00", true, 0, true, 40, 40},
		{"of several lengths", ranged, "\x00" + tok + letters, true, 0, false, 34, 44},
		{"of several lengths, cut, which is a finding", ranged, letters + tok[:38] + "\x00", false, 0, false, 0, 0},
		{"a name before it", named, "\x00ACME_KEY=" + tok[4:36] + letters, true, 9, false, 41, 41},
		{"a finding", fixed, "\x00" + tok + "\x00" + letters, false, 0, false, 0, 0},
		{"too short", fixed, letters + tok[:30] + "\x00", false, 0, false, 0, 0},
		{"another character", fixed, "\x00" + tok[:20] + "!" + tok[21:] + letters, false, 0, false, 0, 0},
		{"entropy", fixed + "entropy=3.0", "\x00tst_" + strings.Repeat("ab", 18) + letters, false, 0, false, 0, 0},
		{"entropy of several lengths", ranged + "entropy=3.0", "\x00" + tok + letters, true, 0, false, 34, 44},
		{"no length of enough entropy", ranged + "entropy=3.0", "\x00tst_" + strings.Repeat("s", 90), false, 0, false, 0, 0},
		{"stopword", fixed + "[[rules.allowlists]]\nstopwords=['" + tok[9:15] + "']", "\x00" + tok + letters, false, 0, false, 0, 0},
		{"redacted", fixed, "\x00[REDACTED:a#1]" + strings.Repeat("*", 26) + letters, false, 0, false, 0, 0},
		{"no keyword near", strings.Replace(fixed, "['tst_']", "['acme']", 1), "\x00" + tok + letters, false, 0, false, 0, 0},
	} {
		fs := gluedIn(t, parse(t, c.file), c.text)
		if len(fs) > 1 || (len(fs) == 1) != c.want {
			t.Errorf("%s: %d texts, want one: %v", c.name, len(fs), c.want)
			continue
		}
		if !c.want {
			continue
		}
		g := fs[0].Glued
		if g == nil || g.Secret != c.secret || g.Lead != c.lead || g.Min != c.low || g.Max != c.high || g.Kind != "a" || g.Detector != "a" {
			t.Errorf("%s: secret, lead or lengths are wrong", c.name)
			continue
		}
		n := min(g.Max, 40+c.secret-max(0, 8*(c.secret/9)))
		text := []byte(c.text[fs[0].Start : fs[0].Start+n])
		m, ok := g.Judge(text)
		if !ok || m.Confidence != probe.Likely || m.Redact[0] != (probe.Range{Start: c.secret, End: n}) || string(m.Identity) != string(text[c.secret:]) {
			t.Errorf("%s: the rule does not know its token", c.name)
		}
		for _, bad := range []string{string(text) + "!", string(text[:g.Min-1]), c.text[fs[0].Start:], "", "\x00" + string(text)} {
			if _, ok := g.Judge([]byte(bad)); ok && len(bad) != n {
				t.Errorf("%s: a text of %d characters passes for the token", c.name, len(bad))
			}
		}
	}
}

// FuzzGlued holds the lengths to what there is, and runs every verdict.
func FuzzGlued(f *testing.F) {
	f.Add("a\\b(abc_[a-z]{9,12})\\b", "xabc_abcdefghijklm")
	f.Fuzz(func(t *testing.T, regex, text string) {
		if strings.Contains(regex, "'''") {
			return
		}
		set, err := rule.Parse([]byte("[[rules]]\nid='a'\nregex='''"+regex+"'''"), rule.Options{})
		if err != nil || len(set.Glued()) == 0 {
			return
		}
		s, err := search.New(set.Glued())
		if err != nil {
			return
		}
		s.Search(search.Window{Data: []byte(text), Hi: len(text)}, func(f search.Found) {
			g := f.Glued
			if g.Min > g.Max || f.End > len(text) || f.End-f.Start != g.Max {
				t.Errorf("lengths %d to %d at [%d, %d) of %d", g.Min, g.Max, f.Start, f.End, len(text))
			}
			for n := g.Min; n <= g.Max; n++ {
				if m, ok := g.Judge([]byte(text[f.Start : f.Start+n])); ok && (m.Redact[0].Len() <= 0 || m.Redact[0].End > n) {
					t.Errorf("the secret is %v of %d characters", m.Redact[0], n)
				}
			}
		})
	})
}

func TestGluedNames(t *testing.T) {
	file := ""
	for _, id := range []string{"a", "a-glued", "a-glued-glued"} {
		file += "[[rules]]\nid='" + id + "'\nglue=false\nregex='''(tst_[a-z0-9]{36})'''\n"
	}
	set := parse(t, file)
	if _, err := search.New(append(set.Detectors(), set.Glued()...)); err != nil || len(set.Glued()) != 3 {
		t.Errorf("%d detectors: %v", len(set.Glued()), err)
	}
}

// A token of several lengths that chance never makes is found where it runs on into other
// text, as long as it may be; one with a word for a name, or one that chance makes, is not.
func TestRunOn(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 11))
	token, letters := "tst_"+secret(r, 36), secret(r, 50)
	for _, c := range []struct {
		name, regex string
		text        string
		want        int // characters
	}{
		{"at the right", `\b(tst_[a-z0-9]{30,38})`, "\x00" + token + letters, 42},
		{"at both sides", `\b(tst_[a-z0-9]{30,38})`, letters + token + letters, 42},
		{"alone", `\b(tst_[a-z0-9]{30,38})`, "\x00" + token + "\x00", 40},
		{"named", `acme=(tst_[a-z0-9]{30,38})`, "\x00acme=" + token + letters, 0},
		{"by chance", `\b(t[a-z0-9_]{30,38})`, "\x00" + token + letters, 0},
	} {
		set := parse(t, "[[rules]]\nid='a'\nkeywords=['t']\nregex='''"+c.regex+suffix+"'''\n")
		s, err := search.New(set.Detectors())
		if err != nil {
			t.Fatal(err)
		}
		got := 0
		s.Search(search.Window{Data: []byte(c.text), Hi: len(c.text)}, func(f search.Found) { got = f.Redact[0].Len() })
		if got != c.want {
			t.Errorf("%s: %d characters, want %d", c.name, got, c.want)
		}
	}
}
