package probetest

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Find returns what ds find in data.
func Find(t testing.TB, data []byte, ds ...probe.Detector) []search.Found {
	t.Helper()
	s, err := search.New(ds)
	if err != nil {
		t.Fatal(err)
	}
	return Matches(s, data, len(data))
}

// One returns the only match of ds in data, and fails when there is none or another.
func One(t testing.TB, data []byte, ds ...probe.Detector) search.Found {
	t.Helper()
	fs := Find(t, data, ds...)
	if len(fs) != 1 {
		t.Fatalf("%d matches, want 1", len(fs))
	}
	return fs[0]
}

// Sound checks what s owes to any data, and returns what it finds there: what goes lies inside the match, in
// order, every match has an identity, and the redacted copy holds none. It is for fuzz targets.
func Sound(t testing.TB, s *search.Searcher, data []byte) []search.Found {
	t.Helper()
	fs := Matches(s, data, len(data))
	for _, m := range fs {
		last := m.Start
		for _, r := range m.Redact {
			if r.Start < last || r.End <= r.Start || r.End > m.End || m.End > len(data) {
				t.Fatalf("redacted range %d to %d lies outside %d to %d or out of order", r.Start, r.End, m.Start, m.End)
			}
			last = r.End
		}
		if m.Start < 0 || len(m.Redact) == 0 || len(m.Identity) == 0 {
			t.Fatal("a match of nothing")
		}
	}
	red := Redact(data, fs)
	for _, m := range Matches(s, red, len(red)) {
		t.Fatalf("%s/%s from %d to %d is found in the redacted copy", m.Kind, m.Confidence, m.Start, m.End)
	}
	return fs
}

// Chunks checks that s finds the same in data in chunks of n bytes as in one.
func Chunks(t testing.TB, s *search.Searcher, data []byte, n int) {
	t.Helper()
	whole, cut := Matches(s, data, len(data)), Matches(s, data, n)
	if !equal(whole, cut) {
		t.Fatalf("%d matches in chunks of %d bytes, %d in one, or others", len(cut), n, len(whole))
	}
}
