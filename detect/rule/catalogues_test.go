package rule_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"github.com/BurntSushi/toml"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestCatalogues loads the rule files of other programs unchanged, from the
// folder that DUMPSCRUB_RULES names, and measures how many of their rules find a
// random match of their own pattern in each wrapping.
func TestCatalogues(t *testing.T) {
	dir := os.Getenv("DUMPSCRUB_RULES")
	if dir == "" {
		t.Skip("DUMPSCRUB_RULES does not name a folder of rule files")
	}
	for name, least := range map[string]int{"gitleaks.toml": 95, "betterleaks.toml": 90} {
		data, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip(err)
		}
		set, err := rule.Parse(data, rule.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range set.Warnings {
			t.Log(name, w)
		}
		var file struct{ Rules []struct{ ID, Regex string } }
		if err := toml.Unmarshal(data, &file); err != nil {
			t.Fatal(err)
		}
		patterns := map[string]string{}
		for _, r := range file.Rules {
			patterns[r.ID] = r.Regex
		}
		g := generator{rand.New(rand.NewPCG(1, 2))}
		found := map[string]int{}
		tried, weak, filters, glue := 0, 0, 0, 0
		for _, r := range set.Rules {
			s, err := search.New([]probe.Detector{r.Detector()})
			if err != nil {
				t.Fatal(err)
			}
			if r.Confidence == probe.Possible {
				weak++
			}
			if r.Filters {
				filters++
				t.Log(name, r.ID, "has no anchor")
			}
			if r.Glue {
				glue++
			}
			tried++
			text := ""
			compiled := regexp.MustCompile(patterns[r.ID])
			lost := ""
			for i := 0; i < 400 && (text == "" || len(probetest.Matches(s, []byte(text), len(text))) == 0); i++ {
				if m := g.match(patterns[r.ID]); compiled.MatchString(m) {
					text = m
				}
			}
			for wrap, data := range map[string][]byte{
				"alone":   []byte(text),
				"NUL":     []byte("\x00\x01\x02\x00" + text + "\x00\x00"),
				"glued":   []byte("\x00Zq" + text + "Wz\x00"),
				"utf16-0": append(append([]byte{0, 0, 1, 0}, probetest.Widen([]byte(text))...), 0, 0),
				"utf16-1": append(append([]byte{0, 0, 1, 0, 0}, probetest.Widen([]byte(text))...), 0, 0),
			} {
				if len(probetest.Matches(s, data, len(data))) > 0 {
					found[wrap]++
				} else if wrap != "glued" {
					lost += " " + wrap
				}
			}
			if lost != "" {
				t.Logf("%s: %s lost%s %q %v", name, r.ID, lost, text, r.Chance)
			}
		}
		t.Log(name, "rules", tried, "possible", weak, "without anchors", filters, "glue", glue, "found", fmt.Sprint(found))
		for _, w := range []string{"alone", "NUL", "utf16-0"} {
			if 100*found[w] < least*tried {
				t.Errorf("%s: %s: %d of %d rules find their own match", name, w, found[w], tried)
			}
		}
	}
}
