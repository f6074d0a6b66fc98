package encoded

import (
	"bytes"
	"encoding/base64"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// counter is a detector that counts its calls.
type counter struct {
	anchor string
	text   bool
	n      *int
}

func (c counter) Spec() probe.Spec {
	return probe.Spec{ID: "counter-" + c.anchor, Kinds: []string{"x"}, Anchors: []string{c.anchor}, Text: c.text, After: len(c.anchor)}
}

func (c counter) Detect(probe.View, func(probe.Match)) { *c.n++ }

// TestManyAnchors counts how often the anchors in one long run are met: each is
// once, or once more for each other phase, and not once for each other anchor.
func TestManyAnchors(t *testing.T) {
	n := 0
	ds, err := New([]probe.Detector{counter{"\x02\x01\x00\x30", false, &n}, counter{"password=", true, &n}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := search.New(ds)
	if err != nil {
		t.Fatal(err)
	}
	const anchors = 6000
	data := []byte(base64.StdEncoding.EncodeToString(bytes.Repeat([]byte("\x02\x01\x00\x30password=xyz"), anchors)))
	s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	if n < 2*anchors-2 || n > 2*anchors+2 {
		t.Errorf("%d anchors met of %d", n, 2*anchors)
	}
}

// hostileTexts are made to cost much, each a MiB.
func hostileTexts() map[string][]byte {
	const size = 1 << 20
	nested := []byte(strings.Repeat("password=%2Fxyz\\n", size/8))
	for range 3 {
		nested = []byte(base64.StdEncoding.EncodeToString(nested))
	}
	short := strings.Repeat("%2B"+base64.StdEncoding.EncodeToString([]byte("abcdefghijklmnop"))[:20]+"%3D", size/26)
	return map[string][]byte{
		"nested": nested[:size], "escapes": bytes.Repeat([]byte(`\\\n%25`), size/7), "percent": bytes.Repeat([]byte("%2"), size/2),
		"short": []byte(short), "slashes": bytes.Repeat([]byte(`\`), size), "u": bytes.Repeat([]byte("U"), size), "hex": bytes.Repeat([]byte("4142"), size/4),
		"lines": bytes.Repeat([]byte("QUJDREVGR0hJSktMTU5P\n"), size/21),
	}
}

func hostileSearcher(t testing.TB, n *int) *search.Searcher {
	t.Helper()
	ds, err := New([]probe.Detector{counter{"\x02\x01\x00\x30", false, n}, counter{"password=", true, n}})
	if err != nil {
		t.Fatal(err)
	}
	s, err := search.New(ds)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestHostile runs over text made to cost much: it is decoded once at each depth, so that what
// it holds is met no more often than it is there, whole or cut. BenchmarkHostile says what it takes.
func TestHostile(t *testing.T) {
	n := 0
	s := hostileSearcher(t, &n)
	for name, data := range hostileTexts() {
		n = 0
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
		want := 0
		if name == "nested" {
			want = len(data) * 27 / 64 / len("password=%2Fxyz\\n")
		}
		if n < want-2 || n > want+2 {
			t.Errorf("%s: %d anchors are met, want %d", name, n, want)
		}
	}
}

func BenchmarkHostile(b *testing.B) {
	n := 0
	s := hostileSearcher(b, &n)
	for name, data := range hostileTexts() {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
			}
		})
	}
}

// TestDropped lists which anchors are too short to be looked for in digits.
func TestDropped(t *testing.T) {
	n := 0
	h, err := newHeads([]probe.Detector{counter{"abc", false, &n}, counter{"abcd", false, &n}, counter{"xyz", true, &n}})
	if err != nil || !slices.Equal(h.dropped, []string{"abc"}) {
		t.Errorf("dropped %q, error %v", h.dropped, err)
	}
	for phase := range 3 {
		for _, s := range base64Forms("\xfb\xff\x00\x30", phase) {
			if len(s) < minAnchor {
				t.Errorf("%q at phase %d is too short", s, phase)
			}
		}
	}
}

func BenchmarkRandomBase64(b *testing.B) { benchmark(b, true) }
func BenchmarkRandom(b *testing.B)       { benchmark(b, false) }

func benchmark(b *testing.B, digits bool) {
	n := 0
	ds, _ := New([]probe.Detector{counter{"\x02\x01\x00\x30", false, &n}, counter{"password=", true, &n}})
	s, err := search.New(ds)
	if err != nil {
		b.Fatal(err)
	}
	data := make([]byte, 16<<20)
	r := rand.NewChaCha8([32]byte{7})
	r.Read(data)
	if digits {
		data = []byte(base64.StdEncoding.EncodeToString(data))
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
