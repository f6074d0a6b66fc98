package source

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
)

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

func open(t *testing.T, data []byte) *os.File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// all reads src in pieces of n bytes.
func all(t *testing.T, src Source, n int) []byte {
	t.Helper()
	var out []byte
	p := make([]byte, n)
	for off := int64(0); off < src.Size(); off += int64(n) {
		k, err := src.ReadAt(p, off)
		if err != nil && err != io.EOF {
			t.Fatal(err)
		}
		out = append(out, p[:k]...)
	}
	return out
}

func TestFileReadsLikeTheFile(t *testing.T) {
	data := random(1<<20 + 777)
	s, err := NewFile(open(t, data), false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	for _, n := range []int{1000, mapThreshold - 1, mapThreshold + 13, 256 << 10, 4 << 20} {
		if !bytes.Equal(all(t, s, n), data) {
			t.Errorf("in pieces of %d bytes: other bytes", n)
		}
	}
	if _, err := s.ReadAt(make([]byte, 1), s.Size()); err != io.EOF {
		t.Errorf("reading at the end: %v", err)
	}
}

// A file that shrinks under a mapping raises SIGBUS, which must become an error.
func TestShrinkingFileIsAnError(t *testing.T) {
	for _, n := range []int{1000, 512 << 10} {
		f := open(t, random(1<<20))
		s, err := NewFile(f, false)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Truncate(100); err != nil {
			t.Fatal(err)
		}
		if _, err := s.ReadAt(make([]byte, n), 256<<10); !errors.Is(err, ErrChanged) {
			t.Errorf("reading %d bytes: %v, want %v", n, err, ErrChanged)
		}
		if err := s.Unchanged(); !errors.Is(err, ErrChanged) {
			t.Errorf("Unchanged: %v", err)
		}
		s.Close()
	}
}

func TestHolesAreKnown(t *testing.T) {
	f := open(t, nil)
	s0 := int64(8 << 20)
	if err := f.Truncate(s0); err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte("data"), 4<<20); err != nil {
		t.Fatal(err)
	}
	s, err := NewFile(f, false)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	start, end := s.NextData(0)
	if start > 4<<20 || end <= 4<<20 {
		t.Errorf("data in [%d, %d), want around %d", start, end, 4<<20)
	}
	if start, end := s.NextData(end); start != s0 || end != s0 {
		t.Errorf("after the data: [%d, %d)", start, end)
	}
}

func TestSpoolGivesBackWhatItTook(t *testing.T) {
	for _, n := range []int{0, 1, spoolBlock - 1, spoolBlock, 3*spoolBlock + 5} {
		data := random(n)
		if n > 2*spoolBlock {
			clear(data[spoolBlock : 2*spoolBlock])
		}
		s, err := NewSpool(t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		for rest := data; len(rest) > 0; {
			k := min(1+len(rest)/3, len(rest))
			if _, err := s.Write(bytes.Clone(rest[:k])); err != nil {
				t.Fatal(err)
			}
			rest = rest[k:]
		}
		if err := s.Finish(); err != nil {
			t.Fatal(err)
		}
		for _, piece := range []int{17, spoolBlock, 1 << 20} {
			if !bytes.Equal(all(t, s, piece), data) {
				t.Errorf("%d bytes in pieces of %d: other bytes", n, piece)
			}
		}
		s.Close()
	}
}

// The spool has no name, and what is on the disk is not what was written.
func TestSpoolIsUnlinkedAndEncrypted(t *testing.T) {
	dir := t.TempDir()
	s, err := NewSpool(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	secret := bytes.Repeat([]byte("this must not be on the disk. "), 10000)
	if _, err := s.Write(bytes.Clone(secret)); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	if names, _ := os.ReadDir(dir); len(names) != 0 {
		t.Errorf("the spool has a name: %v", names)
	}
	stored, err := os.ReadFile("/proc/self/fd/" + strconv.Itoa(int(s.f.Fd())))
	if err != nil {
		t.Fatal(err)
	}
	if len(stored) == 0 || bytes.Contains(stored, secret[:16]) {
		t.Errorf("%d bytes stored, in the clear: %t", len(stored), bytes.Contains(stored, secret[:16]))
	}
	// Equal blocks must not look equal.
	if bytes.Equal(stored[:4096], stored[spoolBlock:spoolBlock+4096]) {
		t.Error("two blocks share a key stream")
	}
}

func TestSpoolKnowsItsZeros(t *testing.T) {
	s, err := NewSpool(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Write(make([]byte, 5*spoolBlock)); err != nil {
		t.Fatal(err)
	}
	if _, err := s.Write([]byte("end")); err != nil {
		t.Fatal(err)
	}
	if err := s.Finish(); err != nil {
		t.Fatal(err)
	}
	if start, end := s.NextData(0); start != 5*spoolBlock || end != s.Size() {
		t.Errorf("data in [%d, %d)", start, end)
	}
}

func pack(t *testing.T, data []byte, kinds ...string) []byte {
	t.Helper()
	for _, k := range kinds {
		var b bytes.Buffer
		var w io.WriteCloser = gzip.NewWriter(&b)
		if k == "zstd" {
			z, err := zstd.NewWriter(&b)
			if err != nil {
				t.Fatal(err)
			}
			w = z
		}
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		data = b.Bytes()
	}
	return data
}

func TestOpenTakesOffContainers(t *testing.T) {
	data := random(300000)
	in, err := Open(open(t, pack(t, data, "gzip", "zstd")), Options{SpoolDir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if !bytes.Equal(all(t, in, 4096), data) || len(in.Containers) != 2 || in.Containers[0].String() != "zstd" {
		t.Errorf("containers %v", in.Containers)
	}
	raw := pack(t, data, "gzip")
	in, err = Open(open(t, raw), Options{SpoolDir: t.TempDir(), Raw: true})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if !bytes.Equal(all(t, in, 4096), raw) {
		t.Error("raw: the container is taken off")
	}
}

func TestBombsAndNestsAreRefused(t *testing.T) {
	bomb := pack(t, make([]byte, 10<<20), "zstd")
	if _, err := Open(open(t, bomb), Options{SpoolDir: t.TempDir(), MaxBytes: 1 << 20}); !errors.Is(err, ErrTooBig) {
		t.Errorf("bomb: %v", err)
	}
	nest := pack(t, []byte("x"), "gzip", "gzip", "gzip", "gzip", "gzip")
	if _, err := Open(open(t, nest), Options{SpoolDir: t.TempDir()}); err == nil {
		t.Error("five containers are opened")
	}
}

func TestStreamsAreCutAndDrained(t *testing.T) {
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	data := random(500000)
	wrote := make(chan error, 1)
	go func() {
		_, err := w.Write(data)
		wrote <- errors.Join(err, w.Close())
	}()
	in, err := Open(r, Options{SpoolDir: t.TempDir(), CutAt: 100000})
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	if err := <-wrote; err != nil {
		t.Errorf("the writer was not let go: %v", err)
	}
	if !in.Cut || !bytes.Equal(all(t, in, 4096), data[:100000]) {
		t.Errorf("cut %t, %d bytes", in.Cut, in.Size())
	}
}
