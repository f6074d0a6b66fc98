package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"

	"github.com/dumpscrub/dumpscrub/scrub/publish"
	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// forge OLD NEW FROM TO replaces text in the statement of a signed receipt and
// leaves its signature.
func forge(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var env map[string]any
	ts.Check(json.Unmarshal(data, &env))
	payload, err := base64.StdEncoding.DecodeString(env["payload"].(string))
	ts.Check(err)
	if !bytes.Contains(payload, []byte(args[2])) {
		ts.Fatalf("the receipt does not say %s", args[2])
	}
	env["payload"] = base64.StdEncoding.EncodeToString(bytes.Replace(payload, []byte(args[2]), []byte(args[3]), 1))
	data, err = json.MarshalIndent(env, "", "  ")
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), append(data, '\n'), 0o600))
}

// pipe NAME makes a named pipe that nobody writes to.
func pipe(ts *testscript.TestScript, _ bool, args []string) {
	ts.Check(unix.Mkfifo(ts.MkAbs(args[0]), 0o600))
}

// empty DIR fails unless the folder is there and holds nothing.
func empty(ts *testscript.TestScript, _ bool, args []string) {
	left, err := os.ReadDir(ts.MkAbs(args[0]))
	ts.Check(err)
	for _, e := range left {
		ts.Fatalf("%s holds %s", args[0], e.Name())
	}
}

// What the gate releases is what it judged, whatever became of the file since.
func TestReleaseIsWhatWasJudged(t *testing.T) {
	dir := t.TempDir()
	path, dest := filepath.Join(dir, "dump"), filepath.Join(dir, "released")
	judged := bytes.Repeat([]byte("what was judged "), 100000)
	if err := os.WriteFile(path, judged, 0o600); err != nil {
		t.Fatal(err)
	}
	o := &gateOptions{copyTo: dest}
	o.spoolDir, o.maxSize, o.policy, o.depth, o.jobs = dir, 1<<30, "standard", "fast", 1
	if err := o.resolveCopy(path); err != nil {
		t.Fatal(err)
	}
	defer o.release.Close()
	err := o.hold(t.Context(), &env{}, path, func(h *held) error {
		sum := sha256.Sum256(judged)
		if h.sha256 != hex.EncodeToString(sum[:]) {
			t.Error("the digest is of other bytes")
		}
		if err := os.WriteFile(path, []byte(strings.Repeat("planted after ", 99)), 0o600); err != nil {
			return err
		}
		return h.release(t.Context(), o.release)
	})
	if err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(dest); err != nil || !bytes.Equal(got, judged) {
		t.Errorf("other bytes were released (error %v)", err)
	}
}

// A spool that does not give back what went in is not released.
func TestReleaseOfOtherBytes(t *testing.T) {
	dir := t.TempDir()
	s, err := source.NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := io.WriteString(s, "other bytes"); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	h := &held{spool: s, sha256: hex.EncodeToString(make([]byte, sha256.Size))}
	u, err := publish.Create(filepath.Join(dir, "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer u.Close()
	if err := h.release(t.Context(), u); !errors.Is(err, errReleased) {
		t.Errorf("error %v, want %v", err, errReleased)
	}
	if left, _ := os.ReadDir(dir); len(left) != 0 {
		t.Errorf("left over: %v", left)
	}
}

// gzip FROM TO
func pack(ts *testscript.TestScript, _ bool, args []string) {
	data, err := os.ReadFile(ts.MkAbs(args[0]))
	ts.Check(err)
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err = w.Write(data)
	ts.Check(errors.Join(err, w.Close()))
	ts.Check(os.WriteFile(ts.MkAbs(args[1]), b.Bytes(), 0o600))
}
