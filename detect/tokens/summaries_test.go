package tokens

import (
	"bytes"
	"crypto/sha256"
	"flag"
	"fmt"
	"go/format"
	"os"
	"reflect"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

var update = flag.Bool("update", false, "write the summaries of the rule file anew")

// TestSummaries: what is known of the rules ahead is what the rule file says.
func TestSummaries(t *testing.T) {
	want, err := rule.Summaries(file)
	if err != nil {
		t.Fatal(err)
	}
	sum := fmt.Sprintf("%x", sha256.Sum256([]byte(file)))
	if *update {
		src, err := format.Source(source(sum, want))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile("summaries.go", src, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if sum != summariesOf || !reflect.DeepEqual(summaries, want) {
		t.Error("summaries.go is not that of rules.toml: run go generate ./detect/tokens")
	}
}

// source is the Go file that holds the summaries. Equal texts are not written twice.
func source(sum string, ss []rule.Summary) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated from rules.toml by go generate. DO NOT EDIT.\n\npackage tokens\n\n")
	fmt.Fprintf(&b, "import (\n\"github.com/dumpscrub/dumpscrub/detect/probe\"\n\"github.com/dumpscrub/dumpscrub/detect/rule\"\n)\n\n")
	fmt.Fprintf(&b, "// summariesOf is the SHA-256 of the file.\nconst summariesOf = %q\n\n", sum)
	fmt.Fprintf(&b, "// summaries are those of its rules, in its order.\nvar summaries = []rule.Summary{\n")
	for _, s := range ss {
		p := &s.Spec
		fmt.Fprintf(&b, "{Spec: probe.Spec{ID: %q, About: %q, Kinds: %#v, Anchors: %#v, ", p.ID, p.About, p.Kinds, p.Anchors)
		fmt.Fprintf(&b, "Text: %t, Fold: %t, Before: %d, After: %d, Revision: %q}, ", p.Text, p.Fold, p.Before, p.After, p.Revision)
		fmt.Fprintf(&b, "Loose: %t, Start: %d, End: %d},\n", s.Loose, s.Start, s.End)
	}
	fmt.Fprintf(&b, "}\n")
	return b.Bytes()
}

// TestSummarized: the rules that are read one by one find the same as those of the file read in whole.
func TestSummarized(t *testing.T) {
	if summarized() == Rules() {
		t.Fatal("the summaries are not those of the rule file")
	}
	var data []byte
	for _, r := range Rules().Rules {
		for _, e := range append(r.Examples, r.Counterexamples...) {
			data = append(append(data, e...), 0, 0, 0)
		}
	}
	find := func(ds []probe.Detector) (found []string) {
		s, err := search.New(ds)
		if err != nil {
			t.Fatal(err)
		}
		s.Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) {
			found = append(found, fmt.Sprint(s.Spec(f.Detector).ID, f.Hit, f.Kind, f.Confidence, f.Range, f.Redact, f.Identity))
			if g := f.Glued; g != nil {
				found = append(found, fmt.Sprint(g.Detector, g.Kind, g.Addr, g.Secret, g.Min, g.Max, g.Lead))
			}
		})
		return found
	}
	if one, all := find(Detectors()), find(Rules().Detectors()); len(all) < minRules || !reflect.DeepEqual(one, all) {
		t.Errorf("%d and %d findings, which differ", len(one), len(all))
	}
	if one, all := find(Glued()), find(Rules().Glued()); !reflect.DeepEqual(one, all) {
		t.Errorf("%d and %d glued findings, which differ", len(one), len(all))
	}
}
