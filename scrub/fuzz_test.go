package scrub

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/rawmem"
	"github.com/dumpscrub/dumpscrub/scrub/mirror"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// Whatever the input is, a run ends with an error and no output, or with a copy
// of the same length in which a second run finds nothing and changes nothing.
func FuzzScrub(f *testing.F) {
	f.Add(core(segment{0x1000, noise(500)}), false)
	f.Add(core(segment{0x1000, noise(100)}, segment{0x1064, noise(50)}), false)
	f.Add([]byte("-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg\n-----END PRIVATE KEY-----"), true)
	f.Add(dumptest.KeyPEM(), true)
	f.Fuzz(func(t *testing.T, data []byte, raw bool) {
		dir := t.TempDir()
		out, ok := fuzzRun(t, dir, "a", data, raw)
		if !ok {
			return
		}
		if len(out) != len(data) {
			t.Fatalf("%d bytes became %d", len(data), len(out))
		}
		again, ok := fuzzRun(t, dir, "b", out, raw)
		if !ok || !bytes.Equal(again, out) {
			t.Fatal("the second run changes the copy")
		}
	})
}

// fuzzRun scrubs data and returns the copy, or false after an honest error.
func fuzzRun(t *testing.T, dir, name string, data []byte, raw bool) ([]byte, bool) {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	j := &Job{
		Settings: Settings{Detectors: detect.Default(), Deep: detect.Deep(), Provers: detect.Provers, Policy: policy.Standard(), Depth: Deep, Config: Config{Jobs: 2, Chunk: 1000}},
		Input:    in, Options: source.Options{SpoolDir: dir, MaxBytes: 1 << 24}, Output: path + ".out",
	}
	if raw {
		j.Format = rawmem.Format
	}
	r, err := Scrub(t.Context(), j)
	if err != nil {
		if errors.Is(err, ErrResidue) || errors.Is(err, mirror.ErrCollateral) {
			t.Fatalf("verification: %v", err)
		}
		if _, err := os.Stat(j.Output); err == nil {
			t.Fatal("a failed run left an output")
		}
		return nil, false
	}
	if r.Input.Container != "none" {
		return nil, false // packed: the copy is not comparable byte for byte
	}
	out, err := os.ReadFile(j.Output)
	if err != nil {
		t.Fatal(err)
	}
	return out, true
}
