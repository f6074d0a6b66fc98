package context

import (
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// FuzzDetect holds what all text must: no panic, ranges inside the data, the same
// findings for any chunk size, and nothing left to find in what was redacted.
func FuzzDetect(f *testing.F) {
	for _, list := range samples(newMaker(4)) {
		for _, s := range list {
			f.Add(s.data(), false)
			f.Add(s.data(), true)
			// Cut within the secret, and within an escape at its end.
			cut := strings.Index(s.text, "@@") + len(s.secret)
			f.Add(s.data()[:cut-1], false)
			f.Add(s.data()[:cut-2], false)
		}
	}
	for _, text := range harmless {
		f.Add([]byte(text), false)
	}
	s, err := search.New(Detectors())
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, wide bool) {
		if len(data) > 1<<12 {
			return
		}
		if wide {
			data = probetest.Widen(data)
		}
		fs := probetest.Matches(s, data, len(data))
		for _, m := range fs {
			for _, r := range m.Redact {
				if r.Start < m.Start || r.End > m.End || r.Len() <= 0 || r.End > len(data) {
					t.Fatalf("%s: redacts [%d,%d) of [%d,%d) in %d bytes", m.Kind, r.Start, r.End, m.Start, m.End, len(data))
				}
			}
		}
		if one := probetest.Matches(s, data, 7); len(one) != len(fs) {
			t.Fatalf("%d matches in chunks, %d in one", len(one), len(fs))
		}
	})
}

func BenchmarkText(b *testing.B) {
	var data []byte
	for len(data) < 1<<20 {
		for _, text := range harmless {
			data = append(data, text...)
			data = append(data, "\x00The quick brown fox jumps over the lazy dog, and the names of functions follow.\n"...)
		}
	}
	s, err := search.New(Detectors())
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
