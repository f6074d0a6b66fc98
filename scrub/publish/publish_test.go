package publish

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

func create(t *testing.T, path, text string) *Unnamed {
	t.Helper()
	u, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { u.Close() })
	if _, err := u.WriteString(text); err != nil {
		t.Fatal(err)
	}
	return u
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	es, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range es {
		out = append(out, e.Name())
	}
	return out
}

func TestNothingHasANameBeforeLink(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	u := create(t, path, "first")
	if n := names(t, dir); len(n) != 0 {
		t.Fatalf("before Link there is %v", n)
	}
	if err := u.Link(false); err != nil {
		t.Fatal(err)
	}
	st, err := os.Stat(path)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, error %v", st.Mode(), err)
	}
	r, err := u.Reopen()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if _, err := r.Write([]byte("x")); err == nil {
		t.Error("the second handle can write")
	}
}

func TestLinkReplacesOnlyWhenTold(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	if err := create(t, path, "first").Link(false); err != nil {
		t.Fatal(err)
	}
	if err := create(t, path, "second").Link(false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want %v", err, fs.ErrExist)
	}
	if got, _ := os.ReadFile(path); string(got) != "first" {
		t.Errorf("the file holds %q", got)
	}
	if err := create(t, path, "third").Link(true); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(path); string(got) != "third" {
		t.Errorf("the file holds %q", got)
	}
	if n := names(t, dir); len(n) != 1 {
		t.Errorf("left over: %v", n)
	}
}

func TestCreateNeedsItsDirectory(t *testing.T) {
	if _, err := Create(filepath.Join(t.TempDir(), "none", "out")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}
