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

// The file appears in the directory that was there at first, not in what was put
// in its place.
func TestDirectoryIsHeld(t *testing.T) {
	root := t.TempDir()
	dir, moved, trap := filepath.Join(root, "dir"), filepath.Join(root, "moved"), filepath.Join(root, "trap")
	for _, d := range []string{dir, trap} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	u := create(t, filepath.Join(dir, "out"), "text")
	if err := errors.Join(os.Rename(dir, moved), os.Symlink(trap, dir)); err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(u.Link(false), u.SyncDir()); err != nil {
		t.Fatal(err)
	}
	if n := names(t, trap); len(n) != 0 {
		t.Errorf("the trap holds %v", n)
	}
	if n := names(t, moved); len(n) != 1 {
		t.Errorf("the directory holds %v", n)
	}
	if err := u.Unlink(); err != nil || len(names(t, moved)) != 0 {
		t.Errorf("unlinking: %v", err)
	}
}

// A link in the place of the output is not followed.
func TestLinkInPlaceOfTheOutput(t *testing.T) {
	dir := t.TempDir()
	path, other := filepath.Join(dir, "out"), filepath.Join(dir, "other")
	if err := errors.Join(os.WriteFile(other, []byte("other"), 0o600), os.Symlink(other, path)); err != nil {
		t.Fatal(err)
	}
	if err := create(t, path, "text").Link(false); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want %v", err, fs.ErrExist)
	}
	if err := create(t, path, "text").Link(true); err != nil {
		t.Fatal(err)
	}
	if got, _ := os.ReadFile(other); string(got) != "other" {
		t.Errorf("the link's target holds %q", got)
	}
}
