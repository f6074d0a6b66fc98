package score

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// fakeMode is the environment variable that makes the test program play
// dumpscrub, with one fault or none.
const fakeMode = "SCORE_TEST_FAKE"

func TestMain(m *testing.M) {
	if mode := os.Getenv(fakeMode); mode != "" {
		if err := fake(mode, os.Args[1:]); err != nil {
			os.Stderr.WriteString(err.Error())
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// fake scrubs by looking at the truth.
func fake(mode string, args []string) error {
	flag := func(name string) string { return args[slices.Index(args, name)+1] }
	rep := report{Schema: 1, Findings: []finding{}}
	if args[0] == "scan" {
		if mode == "finds again" {
			rep.Findings = append(rep.Findings, finding{Kind: "jwt", Spans: []corpus.Span{{Off: 1, Len: 2}}})
		}
		data, _ := json.Marshal(rep)
		if err := os.WriteFile(flag("--report"), data, 0o600); err != nil {
			return err
		}
		if len(rep.Findings) > 0 {
			os.Exit(exitFindings)
		}
		return nil
	}
	switch mode {
	case "error":
		return errors.New("no such luck")
	case "hang":
		time.Sleep(time.Hour) // longer than any test may take
	}
	truth, err := corpus.Read(args[1] + ".truth.json")
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := os.ReadFile(args[1])
	if err != nil {
		return err
	}
	extra := ""
	for i, s := range truth.Secrets {
		if mode == "blind" && s.Complete && i%2 == 0 {
			continue
		}
		spans := s.Private
		if mode == "short" {
			spans = []corpus.Span{{Off: spans[0].Off, Len: spans[0].Len - 1}}
		}
		if mode == "chatty" {
			extra = string(data[spans[0].Off : spans[0].Off+spans[0].Len])
		}
		if mode == "hex" && len(s.Values) > 0 {
			extra = s.Values[0]
		}
		for _, x := range spans {
			if mode != "liar" {
				copy(data[x.Off:x.Off+x.Len], bytes.Repeat([]byte{0xdb}, int(x.Len)))
			}
		}
		rep.Findings = append(rep.Findings, finding{s.Form, s.Kind, s.Encoding, s.Confidence, spans, true})
	}
	if mode == "eager" {
		at := int64(len(data) / 2)
		copy(data[at:], bytes.Repeat([]byte{0xdb}, 600))
		rep.Findings = append(rep.Findings, finding{"x", "jwt", "text", "likely", []corpus.Span{{Off: at, Len: 600}}, true})
	}
	if mode == "longer" {
		data = append(data, 0)
	}
	text, err := json.Marshal(rep)
	if err != nil {
		return err
	}
	return errors.Join(os.WriteFile(flag("-o"), data, 0o600), os.WriteFile(flag("--report"), text, 0o600),
		os.WriteFile(flag("--receipt"), []byte(`{"note":"`+extra+`"}`), 0o600))
}

// small options give a few small dumps in little time.
func small() Options {
	o := Options{
		Options: corpus.Options{Seed: 1, Size: 1 << 17, Copies: 1, Forms: func(name string) bool {
			return strings.Contains(name, "ed25519") && !strings.Contains(name, "pkcs12") || strings.Contains(name, "aes-128")
		}},
		CleanBytes: 1, CleanSize: 1 << 17,
	}
	o.Variants = func(name string) bool { return name == "minidump-shuffled" }
	return o
}

func boardOf(t *testing.T, mode string, timeout time.Duration, o Options) *Board {
	t.Helper()
	t.Setenv(fakeMode, mode)
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	b, err := Run(context.Background(), Program{self, timeout}, o)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestBoard(t *testing.T) {
	if runtime.GOOS == "js" {
		t.Skip("needs processes")
	}
	for _, c := range []struct {
		mode    string
		verdict []string
	}{
		{"perfect", nil},
		{"blind", []string{"recall of complete secrets is below 1", "private bytes survive"}},
		{"short", []string{"recall of complete secrets is below 1", "private bytes survive"}},
		{"liar", []string{"private bytes survive"}},
		{"chatty", []string{"private bytes survive"}},
		{"hex", []string{"private bytes survive"}},
		{"eager", []string{"too many bytes changed in dumps without secrets", "too many bytes changed beside planted secrets"}},
		{"error", []string{"recall of complete secrets is below 1", "runs failed"}},
		{"longer", []string{"recall of complete secrets is below 1", "runs failed"}},
		{"finds again", []string{"something is found in scrubbed dumps"}},
	} {
		t.Run(c.mode, func(t *testing.T) {
			b := boardOf(t, c.mode, time.Minute, small())
			if got := b.Verdict(); !slices.Equal(got, c.verdict) {
				t.Errorf("verdict %q, want %q", got, c.verdict)
			}
			var text bytes.Buffer
			if err := b.Print(&text, 5); err != nil || !strings.Contains(text.String(), "ed25519-private-key") {
				t.Errorf("no table: %v", err)
			}
			if strings.Contains(text.String(), "NOT GOOD ENOUGH") != (c.verdict != nil) {
				t.Error("the table hides the verdict")
			}
			if _, err := json.Marshal(b); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestHangIsAFailure(t *testing.T) {
	o := small()
	o.Copies = 0
	o.CleanBytes = 0
	path := filepath.Join(t.TempDir(), "x.core")
	if err := os.WriteFile(path, []byte("nothing"), 0o600); err != nil {
		t.Fatal(err)
	}
	o.CleanPaths = []string{path}
	b := &Board{}
	t.Setenv(fakeMode, "hang")
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.real(context.Background(), Program{self, 200 * time.Millisecond}, o, path); err != nil {
		t.Fatal(err)
	}
	if len(b.Failures) != 1 {
		t.Errorf("failures %v", b.Failures)
	}
}

func TestCountsAdd(t *testing.T) {
	b := boardOf(t, "blind", time.Minute, small())
	for _, r := range b.Rows {
		if r.CompleteRedacted > r.Complete || r.CutRedacted != r.Cut || r.False != 0 {
			t.Errorf("%+v", r)
		}
	}
	if b.Clean.Dumps != 1 || b.Clean.Changed != 0 || b.Planted.Dumps != 1 {
		t.Errorf("clean %+v, planted %+v", b.Clean, b.Planted)
	}
}

func TestSet(t *testing.T) {
	s := setOf([]corpus.Span{{Off: 10, Len: 5}, {Off: 30, Len: 2}, {Off: 12, Len: 8}, {Off: 20, Len: 1}, {Off: 50, Len: 0}})
	want := set{{Off: 10, Len: 11}, {Off: 30, Len: 2}}
	if !slices.Equal(s, want) {
		t.Fatalf("%v, want %v", s, want)
	}
	for _, c := range []struct {
		x    corpus.Span
		want int64
	}{
		{corpus.Span{Off: 0, Len: 100}, 13}, {corpus.Span{Off: 0, Len: 10}, 0}, {corpus.Span{Off: 20, Len: 11}, 2},
		{corpus.Span{Off: 31, Len: 1}, 1}, {corpus.Span{Off: 32, Len: 9}, 0},
	} {
		if got := s.covered(c.x); got != c.want {
			t.Errorf("covered(%v) = %d, want %d", c.x, got, c.want)
		}
	}
	for off := int64(0); off < 60; off++ {
		if s.has(off) != (s.covered(corpus.Span{Off: off, Len: 1}) == 1) {
			t.Errorf("has(%d) and covered disagree", off)
		}
	}
}

func TestSearchFindsPiecesAcrossReads(t *testing.T) {
	x := &index{filter: make([]uint64, 1<<(filterBits-6)), owner: map[[piece]byte]origin{}}
	needle := []byte("0123456789abcdefghij")
	x.add(needle, origin{form: "planted"})
	x.add(make([]byte, 64), origin{form: "zeros"})
	data := make([]byte, 3<<20)
	places := []int{0, 1<<20 - 7, 1<<20 + 9, 2<<20 - 1, len(data) - len(needle)}
	for _, p := range places {
		copy(data[p:], needle)
	}
	found := map[int64]int{}
	err := x.search(&oneByOne{data}, func(off int64, w [piece]byte) {
		if o := x.owner[w]; o.form != "planted" {
			t.Errorf("found %s", o.form)
		}
		found[off]++
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range places {
		for i := range len(needle) - piece + 1 {
			if p == 1<<20-7 && i > 0 {
				continue // overwritten by the next one
			}
			if found[int64(p+i)] != 1 {
				t.Errorf("piece at %d found %d times", p+i, found[int64(p+i)])
			}
		}
	}
}

// oneByOne returns odd amounts.
type oneByOne struct{ left []byte }

func (r *oneByOne) Read(p []byte) (int, error) {
	n := copy(p[:min(len(p), 7919)], r.left)
	r.left = r.left[n:]
	if n == 0 {
		return 0, io.EOF
	}
	return n, nil
}

func TestCommonPiecesAreNoEvidence(t *testing.T) {
	common, own := []byte("aHR0cHM6Ly9hcGkuZXhhbXBsZQ"), []byte("Zq81LxTfP0mWv7RkYbA2cD93Hs")
	data := slices.Concat(common, make([]byte, 100), common, own, make([]byte, 100))
	at := int64(len(common) + 100)
	span := []corpus.Span{{Off: at, Len: int64(len(common) + len(own))}}
	truth := corpus.Truth{Secrets: []corpus.Secret{{Spans: span, Private: span}}}
	path := filepath.Join(t.TempDir(), "dump")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	x, err := newIndex(truth, path)
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := x.owner[[piece]byte(common)]; ok {
		t.Error("a piece that stands outside the plants too is taken for evidence")
	}
	if _, ok := x.owner[[piece]byte(own)]; !ok {
		t.Error("a piece of the secret alone is forgotten")
	}
}
