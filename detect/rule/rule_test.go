package rule_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// parse loads a rule file of which every regex begins behind the word regex.
func parse(t testing.TB, text string) *rule.Set {
	t.Helper()
	set, err := rule.Parse([]byte(text), rule.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

const suffix = `(?:[\x60'"\s;]|\\[nr]|$)`

func secret(r *rand.Rand, n int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[r.IntN(len(alphabet))]
	}
	return string(b)
}

func found(t testing.TB, set *rule.Set, text string) []search.Found {
	t.Helper()
	s, err := search.New(set.Detectors())
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, []byte(text), len(text))
}

func TestAccept(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 9))
	tok := "tst_" + secret(r, 36)
	set := parse(t, "[[rules]]\nid='test-token'\nkeywords=['tst_']\nregex='''\\b(tst_[a-z0-9]{36})"+suffix+"'''")
	probetest.Accept(t, set.Detectors()[0], probetest.Case{
		Name: "prefixed", Data: []byte(tok), Text: true, Kind: "test-token", Encoding: probe.ASCII,
		Confidence: probe.Likely, Private: [][]byte{[]byte(tok)},
	})
	for name, text := range map[string]string{"short": tok[:39], "wrong": strings.Replace(tok, "tst_", "tst-", 1), "alphabet": tok[:20] + "!" + tok[21:]} {
		probetest.Reject(t, set.Detectors()[0], name, []byte("\x00"+text+"\x00"))
	}
}

// TestSemantics holds what gitleaks documents of its rules.
func TestSemantics(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 9))
	value := secret(r, 32)
	rule32 := "[[rules]]\nid='acme'\nkeywords=['acme']\nregex='''(?i)[\\w.-]{0,50}?(?:acme)(?:[ \\t\\w.-]{0,20})\\s{0,3}(?:=|:)\\s{0,3}([a-z0-9]{32})" + suffix + "'''\n"
	for _, c := range []struct {
		name, file, text string
		want             int
	}{
		{"context", rule32, "MY_ACME_KEY=" + value, 1},
		{"value too long", rule32, "MY_ACME_KEY=" + value + "a", 0},
		{"a letter outside the alphabet behind", rule32, "acme=" + value + "_", 1},
		{"entropy", rule32 + "entropy=3.0", "acme=" + strings.Repeat("ab", 16), 0},
		{"stopword", rule32 + "[[rules.allowlists]]\nstopwords=['" + value[3:9] + "']", "acme=" + value, 0},
		{"old form", rule32 + "[rules.allowlist]\nregexes=['^" + value[:4] + "']", "acme=" + value, 0},
		{"match target", rule32 + "[[rules.allowlists]]\nregexTarget='match'\nregexes=['^NOT_']", "NOT_ACME=" + value, 0},
		{"line target", rule32 + "[[rules.allowlists]]\nregexTarget='line'\nregexes=['sample']", "x acme=" + value + " sample\n", 0},
		{"AND with paths", rule32 + "[[rules.allowlists]]\ncondition='AND'\npaths=['x']\nregexes=['.']", "acme=" + value, 1},
		{"global", "[allowlist]\nregexes=['" + value[5:12] + "']\n" + rule32, "acme=" + value, 0},
		{"targeted", rule32 + "[[allowlists]]\ntargetRules=['acme']\nregexes=['" + value[5:12] + "']", "acme=" + value, 0},
		{"filter", rule32 + "filter='''entropy(finding[\"secret\"]) <= 9 || other(1)'''", "acme=" + value, 0},
		{"unknown filter", rule32 + "filter='''other(finding[\"secret\"]) && entropy(finding[\"secret\"]) < 9'''", "acme=" + value, 1},
		{"skipReport", rule32 + "skipReport=true", "acme=" + value, 0},
		{"redacted", rule32, "acme=[REDACTED:acme#1]****************", 0},
		{"no literal", "[[rules]]\nid='h'\nregex='[a-f0-9]{40}'", "\x00" + strings.Repeat("0a1b2c3d4e", 4) + "\x00", 1},
		{"long run", "[[rules]]\nid='h'\nregex='x[a-f0-9]{40}y'", "\x00" + strings.Repeat("0a1b2c3d4e", 100) + "x" + strings.Repeat("0a1b2c3d4e", 4) + "y\x00", 1},
	} {
		if fs := found(t, parse(t, c.file), c.text); len(fs) != c.want {
			t.Errorf("%s: %d findings, want %d", c.name, len(fs), c.want)
		}
	}
}

func TestRequired(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 9))
	a, b := "aaa_"+secret(r, 20), "bbb_"+secret(r, 20)
	set := parse(t, "[[rules]]\nid='a'\nregex='aaa_[a-z0-9]{20}'\n[[rules.required]]\nid='b'\nwithinLines=1\n[[rules]]\nid='b'\nregex='bbb_[a-z0-9]{20}'\nskipReport=true")
	for gap, want := range map[int]probe.Confidence{10: probe.Likely, 1000: probe.Possible} {
		fs := found(t, set, a+strings.Repeat(" ", gap)+b)
		if len(fs) != 1 || fs[0].Confidence != want {
			t.Errorf("%d characters between: %v, want one that is %v", gap, len(fs), want)
		}
	}
}

// Bytes that are no text do not move what a rule requires.
func TestRequiredAmongOtherBytes(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 6))
	set := parse(t, "[[rules]]\nid='a'\nregex='aaa_[a-z0-9]{20}'\n[[rules.required]]\nid='b'\n[[rules]]\nid='b'\nregex='(?i)bbb_[a-z0-9]{20}'\nskipReport=true")
	a, b := "aaa_"+secret(r, 20), "bbb_"+secret(r, 20)
	for _, text := range []string{a + strings.Repeat("\xff", 300) + b, a + "\x00" + strings.Repeat("\xff", 700) + b} {
		fs := found(t, set, text)
		if len(fs) != 1 || fs[0].Confidence != probe.Likely {
			t.Errorf("%d findings, want one that is likely", len(fs))
		}
	}
}

func TestErrors(t *testing.T) {
	for name, file := range map[string]string{
		"does not compile": "[[rules]]\nid='bad-rule'\nregex='a('",
		"group":            "[[rules]]\nid='bad-rule'\nregex='abc'\nsecretGroup=1",
		"nothing":          "[[rules]]\nid='bad-rule'",
		"empty match":      "[[rules]]\nid='bad-rule'\nregex='a*'",
		"allowlist":        "[[rules]]\nid='bad-rule'\nregex='abcd'\n[[rules.allowlists]]\nregexes=['(']",
		"required":         "[[rules]]\nid='bad-rule'\nregex='abcd'\n[[rules.required]]\nid='x'",
		"twice":            "[[rules]]\nid='bad-rule'\nregex='abcd'\n[[rules]]\nid='bad-rule'\nregex='abcd'",
	} {
		if _, err := rule.Parse([]byte(file), rule.Options{}); err == nil || !strings.Contains(err.Error(), "bad-rule") {
			t.Errorf("%s: %v, want an error that names the rule", name, err)
		}
	}
}

func TestRevision(t *testing.T) {
	seen := map[string]bool{}
	for _, extra := range []string{"", "entropy=2", "secretGroup=1", "[[rules.allowlists]]\nstopwords=['x']"} {
		s := parse(t, "[[rules]]\nid='a'\nregex='abcd([a-z]{9})'\n"+extra).Detectors()[0].Spec()
		if seen[s.Revision] {
			t.Errorf("%q does not change the revision", extra)
		}
		seen[s.Revision] = true
	}
}

func TestExamples(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 9))
	tok := "tst_" + secret(r, 24)
	file := fmt.Sprintf("[[rules]]\nid='a'\nregex='(tst_[a-z0-9]{24})'\nexamples=['%s']\ncounterexamples=['%s']", tok, tok[:20])
	fs, err := parse(t, file).Rules[0].Test()
	if err != nil || len(fs) > 0 {
		t.Errorf("right examples fail: %v %v", fs, err)
	}
	wrong := fmt.Sprintf("[[rules]]\nid='a'\nregex='(tst_[a-z0-9]{24})'\nexamples=['%s']\ncounterexamples=['%s']", tok[:20], tok)
	if fs, _ := parse(t, wrong).Rules[0].Test(); len(fs) < 5 {
		t.Errorf("wrong examples pass: %v", fs)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("[[rules]]\nid='a'\nregex='''\\b(abc_[a-z]{9})\\b'''\nfilter='''!(len(finding[\"secret\"]) < 3) || x(1)'''", "abc_abcdefghi")
	f.Add("[[rules]]\nid='a'\nregex='(?i)(?:ab|cd)[a-z]+x|[0-9]{9}'", "\x00123456789x")
	f.Fuzz(func(t *testing.T, file, text string) {
		set, err := rule.Parse([]byte(file), rule.Options{})
		if err != nil {
			return
		}
		s, err := search.New(set.Detectors())
		if err != nil {
			return
		}
		probetest.Matches(s, []byte(text), len(text)+1)
	})
}
