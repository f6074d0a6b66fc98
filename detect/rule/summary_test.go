package rule

import (
	"os"
	"reflect"
	"testing"
)

// TestSummarized: a rule that is read alone, when it is needed, is the rule of the whole file.
func TestSummarized(t *testing.T) {
	data, err := os.ReadFile("../tokens/rules.toml")
	if err != nil {
		t.Fatal(err)
	}
	whole, err := Parse(data, Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	ss, err := Summaries(string(data))
	if err != nil {
		t.Fatal(err)
	}
	one := Summarized(string(data), ss)
	if len(ss) < 400 || len(one.Rules) != len(whole.Rules) {
		t.Fatalf("%d rules of %d", len(one.Rules), len(whole.Rules))
	}
	for i, r := range whole.Rules {
		o := one.Rules[i]
		if o.ID != r.ID || o.Kind != r.Kind || o.Description != r.Description || o.Hidden != r.Hidden || o.Filters != r.Filters {
			t.Errorf("%s: %+v is not %+v", r.ID, o, r)
		}
		if !reflect.DeepEqual(o.spec, r.spec) || o.loose != r.loose {
			t.Errorf("%s: %+v is not %+v", r.ID, o.spec, r.spec)
		}
		sameCode(t, r.ID, o.code(), r.code())
	}
}

// sameCode compares what rules do; of what is made when it is needed, what comes out.
func sameCode(t *testing.T, id string, a, b *code) {
	t.Helper()
	same := func(what string, x, y any) {
		if !reflect.DeepEqual(x, y) {
			t.Errorf("%s: %s: %v is not %v", id, what, x, y)
		}
	}
	same("surroundings", a.around(), b.around())
	same("texts", a.musts(), b.musts())
	same("pattern", a.regexp().String(), b.regexp().String())
	same("pattern without a border", a.bare().String(), b.bare().String())
	same("pattern of a whole text", a.exact().String(), b.exact().String())
	same("digest", a.digest(), b.digest())
	same("validator", reflect.ValueOf(a.validate).Pointer(), reflect.ValueOf(b.validate).Pointer())
	same("number of allowlists", len(a.allows), len(b.allows))
	for i := range min(len(a.allows), len(b.allows)) {
		x, y := a.allows[i], b.allows[i]
		same("allowlist", x.pattern == nil, y.pattern == nil)
		if x.pattern != nil && y.pattern != nil {
			same("pattern of an allowlist", x.pattern().String(), y.pattern().String())
		}
		x.pattern, y.pattern = nil, nil
		same("allowlist", x, y)
	}
	p, q := *a, *b
	for _, c := range []*code{&p, &q} {
		c.around, c.musts, c.regexp, c.bare, c.exact, c.digest = nil, nil, nil, nil, nil, nil
		c.validate, c.allows = nil, nil
	}
	same("code", p, q)
}

// TestSummariesRefuse: what a definition alone does not say has no summary.
func TestSummariesRefuse(t *testing.T) {
	const rule = "[[rules]]\nid = \"a-key\"\nregex = 'akey_([a-z0-9]{20})'\n"
	for name, c := range map[string]struct {
		text string
		ok   bool
	}{
		"plain":          {"title = \"x\"\n\n" + rule, true},
		"not on a line":  {"title = \"x\"\n\n [[rules]]\nid = \"a-key\"\nregex = 'akey_([a-z0-9]{20})'\n", false},
		"hidden":         {"\n" + rule + "skipReport = true\n", false},
		"two in one":     {"\n" + rule + "\n [[rules]]\nid = \"b-key\"\nregex = 'bkey_([a-z0-9]{20})'\n", false},
		"requirement":    {"\n" + rule + "[[rules.required]]\nid = \"a-key\"\n", false},
		"target":         {"[[allowlists]]\ntargetRules = [\"a-key\"]\nstopwords = [\"x\"]\n\n" + rule, false},
		"in a text":      {"\n" + rule + "description = '''\n[[rules]]\n'''\n", false},
		"without anchor": {"\n[[rules]]\nid = \"a-key\"\nregex = '[a-z0-9]{20}'\n", false},
	} {
		if _, err := Summaries(c.text); (err == nil) != c.ok {
			t.Errorf("%s: %v", name, err)
		}
	}
}
