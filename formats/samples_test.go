package formats

import (
	"bytes"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/container"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// spool writes the sample, decompressed, to a file and opens that. Samples
// unpack to a hundred megabytes of zeros, which a file keeps out of memory.
func spool(t testing.TB, path string, maxSize int64) (*os.File, int64) {
	t.Helper()
	in, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	head := make([]byte, 512)
	n, err := in.ReadAt(head, 0)
	if err != nil && err != io.EOF {
		t.Fatal(err)
	}
	out, err := os.Create(filepath.Join(t.TempDir(), "sample"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { out.Close() })
	var r io.Reader = in
	if k, ok := container.Sniff(head[:n]); ok {
		z, err := container.NewReader(k, in)
		if err != nil {
			t.Fatal(err)
		}
		defer z.Close()
		r = z
	}
	size, err := copySparse(out, io.LimitReader(r, maxSize))
	if err != nil {
		t.Fatal(err)
	}
	return out, size
}

// copySparse copies r to f and leaves holes for blocks of zeros.
func copySparse(f *os.File, r io.Reader) (int64, error) {
	buf, zero := make([]byte, 1<<20), make([]byte, 1<<20)
	var at int64
	for {
		n, err := io.ReadFull(r, buf)
		if n > 0 && !bytes.Equal(buf[:n], zero[:n]) {
			if _, err := f.WriteAt(buf[:n], at); err != nil {
				return at, err
			}
		}
		at += int64(n)
		switch err {
		case nil:
		case io.EOF, io.ErrUnexpectedEOF:
			return at, f.Truncate(at)
		default:
			return at, err
		}
	}
}

// unread are the samples that nobody lays out, by the beginning of their name.
func unread() map[string]string {
	return map[string]string{
		"android-tombstone":   "android-tombstone",
		"gen-avml":            "avml",
		"gen-go.heapdump":     "go-heapdump",
		"gen-kdump-flat":      "flattened-kdump",
		"gen-kdump-lzo":       "kdump",
		"gen-kdump-zlib":      "kdump",
		"gen-lime":            "xz",
		"gen-proc-vmcore":     "xz",
		"gen-qemu-dump-guest": "xz",
		"hprof-":              "hprof",
		"macho-":              "mach-o-core",
		"microdump-":          "breakpad-microdump",
		"windows-kernel-":     "windows-kernel-dump",
	}
}

func TestSamples(t *testing.T) {
	dir := dumptest.MustFolder(t)
	paths, err := filepath.Glob(filepath.Join(dir, "*"))
	if err != nil || len(paths) == 0 {
		t.Fatalf("no samples in %s: %v", dir, err)
	}
	for _, path := range paths {
		name := filepath.Base(path)
		if name == "SOURCES.md" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			for start, want := range unread() {
				if !strings.HasPrefix(name, start) {
					continue
				}
				f, size := spool(t, path, 1<<20) // the first bytes name it
				_, err := Open(f, size, "")
				var u *layout.Unsupported
				if !errors.As(err, &u) || u.Format != want {
					t.Errorf("got %v, want it named %s", err, want)
				}
				return
			}
			f, size := spool(t, path, 1<<30)
			l, err := Open(f, size, "")
			if err != nil {
				t.Fatal(err)
			}
			want := "elf-core"
			if strings.Contains(name, ".dmp") {
				want = "minidump"
			}
			if l.Format != want || l.Size != size {
				t.Errorf("format %s, size %d of %d", l.Format, l.Size, size)
			}
		})
	}
}

// TestSamplesXZ looks inside the samples that only the xz program opens.
func TestSamplesXZ(t *testing.T) {
	dir := dumptest.MustFolder(t)
	xz, err := exec.LookPath("xz")
	if err != nil {
		t.Skip("xz is not installed")
	}
	for name, want := range map[string]string{
		"gen-lime-v1.lime.xz": "lime", "gen-proc-vmcore.vmcore.xz": "elf-core", "gen-qemu-dump-guest.vmcore.xz": "elf-core",
	} {
		path := filepath.Join(dir, name)
		if _, err := os.Stat(path); err != nil {
			t.Logf("%s is not here", name)
			continue
		}
		c := exec.Command(xz, "-dc", path)
		r, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		f, err := os.Create(filepath.Join(t.TempDir(), "sample"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		size, err := copySparse(f, r)
		if e := c.Wait(); err == nil {
			err = e
		}
		if err != nil {
			t.Fatal(err)
		}
		l, err := Open(f, size, "")
		var u *layout.Unsupported
		if errors.As(err, &u) && u.Format == want {
			continue
		}
		if err != nil || l.Format != want {
			t.Errorf("%s: %v, want %s", name, err, want)
		}
	}
}
