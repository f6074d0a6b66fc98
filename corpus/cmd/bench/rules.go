package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	// moreRules is how many rules are added to those that are built in.
	moreRules = 100
	// turns is how often the search is run with and without them.
	turns = 5
)

// hundred prints what a hundred further rules cost a scan of the dump at path, in processor time: the least
// of several runs by turns. Half of the rules have a prefix, as "abcde_" and 36 characters; the others
// a name, an assignment and 32 hexadecimal digits.
func (b *bench) hundred(path string, n int64) {
	file := filepath.Join(filepath.Dir(path), "rules.toml")
	if err := os.WriteFile(file, []byte(ruleFile(moreRules)), 0o600); err != nil {
		fmt.Println("more rules: left out:", err)
		return
	}
	defer os.Remove(file)
	least := [2]time.Duration{}
	for range turns {
		for k, args := range [][]string{{"scan", "--quiet", "--jobs", "1", path}, {"scan", "--quiet", "--jobs", "1", "--rules", file, path}} {
			r, err := once(b.ctx, []int{3}, b.bin, args...)
			if err != nil {
				fmt.Println("more rules: left out:", err)
				return
			}
			if least[k] == 0 || r.cpu < least[k] {
				least[k] = r.cpu
			}
		}
	}
	fmt.Printf("scan of %d MiB, processor seconds: %.3f with the rules that are built in, %.3f with %d more: %+.1f %%\n\n", n>>20,
		least[0].Seconds(), least[1].Seconds(), moreRules, 100*(least[1].Seconds()/least[0].Seconds()-1))
}

// ruleFile returns n rules for tokens of providers that there are not, the same ones in every run.
func ruleFile(n int) string {
	r := rand.New(rand.NewPCG(1, 2))
	var sb strings.Builder
	for i := range n {
		name := ""
		for range 2 + r.IntN(2) {
			name += string("bcdfghklmnprstvz"[r.IntN(16)]) + string("aeiou"[r.IntN(5)])
		}
		pattern := fmt.Sprintf(`(%s_[A-Za-z0-9]{36})`, name)
		if i%2 != 0 {
			pattern = fmt.Sprintf(`(?i)%s[a-z0-9_.-]{0,20}["']?\s{0,3}[=:]\s{0,3}["']?([a-f0-9]{32})`, name)
		}
		fmt.Fprintf(&sb, "[[rules]]\nid = \"%s-%d\"\nregex = '''%s'''\n\n", name, i, pattern)
	}
	return sb.String()
}
