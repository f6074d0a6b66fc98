package corpus

import (
	"bytes"
	"encoding/hex"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/corpus/dump"
	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// few options give every variant with secrets that are fast to make.
func few() Options {
	return Options{Seed: 2, Size: 1 << 19, Copies: 1, Forms: func(name string) bool {
		return strings.Contains(name, "ed25519") || strings.Contains(name, "p256") || strings.HasPrefix(name, "cng-ec")
	}}
}

func TestWrittenTruthHolds(t *testing.T) {
	dir := t.TempDir()
	seen := map[string]bool{}
	for s := range Samples(few()) {
		path, truthPath, err := s.Write(dir)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		truth, err := Read(truthPath)
		if err != nil {
			t.Fatal(err)
		}
		if int64(len(data)) != truth.Size || len(truth.Secrets) == 0 || truth.Warning == "" {
			t.Errorf("%s: %d bytes and %d secrets", truth.Name, len(data), len(truth.Secrets))
		}
		for _, x := range truth.Secrets {
			seen[x.Form] = true
			checkSecret(t, truth, x, data)
		}
		info, err := os.Stat(truthPath)
		if err != nil || info.Mode().Perm()&0o077 != 0 && info.Mode().Type() == fs.FileMode(0) && os.PathSeparator == '/' {
			t.Errorf("%s: others may read the truth: %v", truth.Name, err)
		}
	}
	for _, f := range secret.Forms() {
		if few().Forms(f.Name) && !seen[f.Name] {
			t.Errorf("%s: in no sample", f.Name)
		}
	}
}

// checkSecret checks that the private spans lie in the structure and, where the
// key lies there as it is, in one piece, that they hold a value.
func checkSecret(t *testing.T, truth Truth, x Secret, data []byte) {
	t.Helper()
	for _, p := range x.Private {
		inside := slices.ContainsFunc(x.Spans, func(s Span) bool { return s.Off <= p.Off && p.Off+p.Len <= s.Off+s.Len })
		if !inside || p.Len <= 0 || p.Off+p.Len > truth.Size {
			t.Errorf("%s in %s: private span outside its structure", x.Form, truth.Name)
			return
		}
	}
	raw := x.Encoding == "der" || x.Encoding == "cng" || x.Encoding == "openssh"
	if !raw || !x.Complete || len(x.Spans) != 1 || len(x.Values) != 1 {
		return
	}
	p := x.Private[0]
	if got := data[p.Off : p.Off+p.Len]; hex.EncodeToString(got) != x.Values[0] {
		t.Errorf("%s in %s: the private span holds something else", x.Form, truth.Name)
	}
}

func TestEverySecretIsDealtToDifferentSamples(t *testing.T) {
	o := few()
	o.Copies = 2
	hands := o.deal(o.source().Fork("deal"), dump.Variants())
	count := map[string]int{}
	for _, h := range hands {
		for _, f := range h {
			count[f.Name]++
		}
	}
	for name, n := range count {
		if n != 2 {
			t.Errorf("%s: dealt %d times", name, n)
		}
	}
}

// A choice of nothing makes nothing.
func TestNoVariant(t *testing.T) {
	o := few()
	o.Variants = func(string) bool { return false }
	for s := range Samples(o) {
		t.Errorf("made %s", s.Truth.Name)
	}
}

// The names by which dumps are chosen are those of their files.
func TestVariantsAreChosenByFileName(t *testing.T) {
	o := few()
	o.Variants = regexp.MustCompile(`^elf-i386\.core$`).MatchString
	n := 0
	for s := range Samples(o) {
		if n++; s.Truth.Name != "elf-i386.core" || len(s.Truth.Secrets) == 0 {
			t.Errorf("%s with %d secrets", s.Truth.Name, len(s.Truth.Secrets))
		}
	}
	if n != 1 {
		t.Errorf("%d samples", n)
	}
}

func TestCleanSamples(t *testing.T) {
	o := few()
	var total int64
	n := 0
	for s := range Clean(o, 1<<20) {
		if len(s.Truth.Secrets) != 0 {
			t.Errorf("%s: %d secrets", s.Truth.Name, len(s.Truth.Secrets))
		}
		total += s.Truth.Size
		n++
	}
	if total < 1<<20 || n < 2 {
		t.Errorf("%d samples of %d bytes", n, total)
	}
}

func TestFreshKeysDiffer(t *testing.T) {
	o := few()
	o.Fresh = true
	o.Variants = func(name string) bool { return name == "elf-arm64" }
	var outs [2]bytes.Buffer
	var places [2][]Span
	for i := range outs {
		for s := range Samples(o) {
			if _, err := s.dump.WriteTo(&outs[i]); err != nil {
				t.Fatal(err)
			}
			if s.Truth.Seed != 0 {
				t.Error("a seed that does not give these keys")
			}
			for _, x := range s.Truth.Secrets {
				if strings.HasPrefix(x.Form, "cng") {
					places[i] = append(places[i], x.Spans...)
				}
			}
		}
	}
	if bytes.Equal(outs[0].Bytes(), outs[1].Bytes()) {
		t.Error("fresh keys are equal")
	}
	if len(places[0]) == 0 || len(places[0]) != len(places[1]) {
		t.Errorf("%d and %d places", len(places[0]), len(places[1]))
	}
}
