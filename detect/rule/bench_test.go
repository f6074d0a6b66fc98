package rule_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/rule"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func benchFile(b *testing.B, name string) []byte {
	dir := os.Getenv("DUMPSCRUB_RULES")
	if dir == "" {
		b.Skip("DUMPSCRUB_RULES does not name a folder of rule files")
	}
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		b.Skip(err)
	}
	return data
}

func BenchmarkParse(b *testing.B) {
	for _, name := range []string{"gitleaks.toml", "betterleaks.toml"} {
		data := benchFile(b, name)
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := rule.Parse(data, rule.Options{}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkSearch measures the rule files over the file that DUMPSCRUB_DATA names,
// or over words.
func BenchmarkSearch(b *testing.B) {
	for _, name := range []string{"gitleaks.toml", "betterleaks.toml"} {
		rules := benchFile(b, name)
		b.Run(name, func(b *testing.B) {
			set, err := rule.Parse(rules, rule.Options{})
			if err != nil {
				b.Fatal(err)
			}
			s, err := search.New(set.Detectors())
			if err != nil {
				b.Fatal(err)
			}
			data := words(8 << 20)
			if path := os.Getenv("DUMPSCRUB_DATA"); path != "" {
				if data, err = os.ReadFile(path); err != nil {
					b.Fatal(err)
				}
			}
			b.SetBytes(int64(len(data)))
			n := 0
			for b.Loop() {
				n = 0
				s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) { n++ })
			}
			b.ReportMetric(float64(n), "matches")
		})
	}
}

// words returns n bytes of words as documentation has them.
func words(n int) []byte {
	r := rand.New(rand.NewPCG(3, 4))
	list := []string{"the ", "access", " token ", "key: ", "of a ", "secret ", "value=", "int ", "api", "_id ", "(see ", "example)", "\n", "AKIA", " http://", "password"}
	var buf bytes.Buffer
	for buf.Len() < n {
		buf.WriteString(list[r.IntN(len(list))])
	}
	return buf.Bytes()[:n]
}
