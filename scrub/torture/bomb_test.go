package torture

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"golang.org/x/sys/unix"
)

const (
	bombSize   = 512 << 20 // of a bomb when it has gone off, in bytes
	bombLimit  = "3000000"
	bombMemory = 400 << 20 // that a run with a bomb may hold, in bytes
	bombTime   = 30 * time.Second
)

// zeros is an endless file.
type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// noise is an endless file without zeros, which take no room in a spool.
type noise struct{ r *rand.Rand }

func (n noise) Read(p []byte) (int, error) { fill(n.r, p); return len(p), nil }

// packed returns the first n bytes in a container.
func packed(t *testing.T, from io.Reader, n int64, wrap func(io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := wrap(&b)
	if err != nil {
		t.Fatal(err)
	}
	_, err = io.Copy(w, io.LimitReader(from, n))
	if err := errors.Join(err, w.Close()); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func gzipWriter(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }

func zstdWriter(w io.Writer) (io.WriteCloser, error) {
	return zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
}

// What unpacks to more than --max-size is refused by every command, at once, with
// little memory, and leaves nothing.
func TestBombs(t *testing.T) {
	bin := buildTool(t)
	bombs := map[string][]byte{
		"gzip": packed(t, zeros{}, bombSize, gzipWriter),
		"zstd": packed(t, zeros{}, bombSize, zstdWriter),
	}
	bombs["gzip in gzip"] = gzipped(t, bombs["gzip"])
	fits := packed(t, zeros{}, 2000000, gzipWriter)
	for name, data := range bombs {
		if len(data) > bombSize/500 {
			t.Fatalf("%s: %d bytes are no bomb", name, len(data))
		}
		lines := []string{"scrub IN -o OUT/out", "scrub - -o OUT/out", "scrub IN -o OUT/out --format elf-core", "scan IN", "scan - --depth deep", "gate IN", "gate IN --copy-to OUT/out", "inspect IN", "inspect -"}
		for i, args := range lines {
			if testing.Short() && (i+len(name))%4 != 0 {
				continue
			}
			dir := folder(t)
			in, out, spool := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "spool")
			if err := errors.Join(os.WriteFile(in, data, 0o600), os.Mkdir(out, 0o700), os.Mkdir(spool, 0o700)); err != nil {
				t.Fatal(err)
			}
			line := strings.Fields(strings.NewReplacer("IN", in, "OUT", out).Replace(args))
			line = append(line, "--max-size", bombLimit)
			if line[0] != "gate" {
				line = append(line, "--spool-dir", spool)
			}
			cmd := exec.CommandContext(t.Context(), bin, line...)
			cmd.Env = append(os.Environ(), "TMPDIR="+spool)
			if strings.Contains(args, " -") {
				cmd.Stdin = bytes.NewReader(data)
			}
			start := time.Now()
			code, text, held := runTool(t, cmd)
			if code != 1 || !strings.Contains(text, "larger than the limit") || !strings.Contains(text, "--max-size") {
				t.Errorf("%s, %s: exit %d: %s", name, args, code, text)
			}
			if took := time.Since(start); held > bombMemory || took > bombTime {
				t.Errorf("%s, %s: %d bytes of memory, %v", name, args, held, took)
			}
			if left := append(listed(t, out), listed(t, spool)...); len(left) != 0 {
				t.Errorf("%s, %s: it leaves %v", name, args, left)
			}
		}
	}
	// What stays below the limit is not refused.
	dir := folder(t)
	in := filepath.Join(dir, "in")
	if err := os.WriteFile(in, fits, 0o600); err != nil {
		t.Fatal(err)
	}
	if code, text, _ := runTool(t, exec.Command(bin, "inspect", in, "--max-size", bombLimit)); strings.Contains(text, "limit") {
		t.Errorf("below the limit: exit %d: %s", code, text)
	}
}

// A spool without room is an error too.
func TestBombFillsSpool(t *testing.T) {
	bin := buildTool(t)
	dir := folder(t)
	in, out, spool := filepath.Join(dir, "in"), filepath.Join(dir, "out"), filepath.Join(dir, "spool")
	if err := errors.Join(os.WriteFile(in, packed(t, noise{random(0)}, 16<<20, gzipWriter), 0o600), os.Mkdir(out, 0o700), os.Mkdir(spool, 0o700)); err != nil {
		t.Fatal(err)
	}
	small(t, spool, 1<<20, 100)
	code, text, _ := runTool(t, exec.Command(bin, "scrub", in, "-o", filepath.Join(out, "out"), "--spool-dir", spool))
	if left := append(listed(t, out), listed(t, spool)...); code != 1 || len(left) != 0 || !strings.Contains(text, unix.ENOSPC.Error()) {
		t.Errorf("exit %d, %v: %s", code, left, text)
	}
}
