package elfcore

import (
	"bytes"
	"cmp"
	"compress/bzip2"
	"debug/elf"
	"io"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/klauspost/compress/zstd"
)

// sparse holds a file without its blocks of zeros: unpacked, the samples are
// 700 MB, nearly all zero.
type sparse struct {
	blocks map[int64][]byte
	size   int64
}

const sparseBlock = 1 << 16

func readSparse(t *testing.T, r io.Reader) *sparse {
	t.Helper()
	s := &sparse{blocks: map[int64][]byte{}}
	zero := make([]byte, sparseBlock)
	buf := make([]byte, sparseBlock)
	for {
		n, err := io.ReadFull(r, buf)
		if n > 0 && !bytes.Equal(buf[:n], zero[:n]) {
			s.blocks[s.size/sparseBlock] = slices.Clone(buf[:n])
		}
		if s.size += int64(n); s.size > maxSample {
			t.Skip("a large sample, read only without the race detector")
		}
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return s
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func (s *sparse) ReadAt(p []byte, off int64) (int, error) {
	n := 0
	for n < len(p) && off < s.size {
		in := off % sparseBlock
		take := min(int64(len(p)-n), sparseBlock-in, s.size-off)
		dst := p[n : n+int(take)]
		clear(dst)
		if block, ok := s.blocks[off/sparseBlock]; ok {
			copy(dst, block[in:])
		}
		n, off = n+int(take), off+take
	}
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

// openSample unpacks the sample at path.
func openSample(t *testing.T, path string) *sparse {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	switch filepath.Ext(path) {
	case ".zst":
		d, err := zstd.NewReader(f, zstd.WithDecoderConcurrency(1))
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		return readSparse(t, d)
	case ".bz2":
		return readSparse(t, bzip2.NewReader(f))
	case ".xz":
		// The standard library has no xz, and the module no other use for one.
		out, err := exec.Command("xz", "-dc", path).Output()
		if err != nil {
			t.Skip("xz is needed to unpack this sample: ", err)
		}
		return readSparse(t, bytes.NewReader(out))
	}
	return readSparse(t, f)
}

// sourceRow is what SOURCES.md tells of a sample: what other readers saw in it.
type sourceRow struct{ headers, threads int }

func readSources(t *testing.T, dir string) map[string]sourceRow {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "SOURCES.md"))
	if err != nil {
		t.Skip("no SOURCES.md beside the sample dumps")
	}
	headers := regexp.MustCompile(`phnum=(\d+)(?: \((\d+)\))?`)
	threads := regexp.MustCompile(`(?:gdb-multiarch|lldb-19):(\d+) threads`)
	rows := map[string]sourceRow{}
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		h := headers.FindStringSubmatch(line)
		th := threads.FindStringSubmatch(line)
		if len(cells) < 3 || h == nil || th == nil {
			continue
		}
		var row sourceRow
		row.headers, _ = strconv.Atoi(cmp.Or(h[2], h[1]))
		row.threads, _ = strconv.Atoi(th[1])
		rows[strings.TrimSpace(cells[1])] = row
	}
	return rows
}

// TestSamples reads every ELF core among the samples and compares with what
// debug/elf decodes and with what gdb, lldb and readelf counted.
func TestSamples(t *testing.T) {
	if testing.Short() {
		t.Skip("unpacks 700 MB")
	}
	dir := dumptest.MustFolder(t)
	rows := readSources(t, dir)
	if len(rows) < 20 {
		t.Errorf("only %d cores in SOURCES.md", len(rows))
	}
	for name, row := range rows {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := openSample(t, filepath.Join(dir, name))
			l, err := Open(s, s.size)
			if err != nil {
				t.Fatal(err)
			}
			checkTiles(t, l, s.size)
			if len(l.Threads) != row.threads {
				t.Errorf("%d threads, other readers saw %d", len(l.Threads), row.threads)
			}
			if l.Arch == "" {
				t.Error("no name for the machine")
			}
			want, missing := segmentsByHand(t, s, row.headers)
			if !slices.Equal(l.Memory, want) {
				t.Errorf("memory %v, want %v", l.Memory, want)
			}
			if l.Missing != missing {
				t.Errorf("%d bytes missing, want %d", l.Missing, missing)
			}
			if strings.Contains(name, "truncated-") != l.Truncated {
				t.Errorf("truncated: %v", l.Truncated)
			}
			checkShares(t, l, row)
		})
	}
}

// TestSampleMutations spoils the headers and notes of small samples.
func TestSampleMutations(t *testing.T) {
	dir := dumptest.MustFolder(t)
	rng := rand.New(rand.NewPCG(5, 6))
	for _, name := range []string{"elf-linux-x86_64-threads.core", "elf-linux-s390x-be64.core", "elf-gcore-i386.core", "elf-netbsd-amd64.core"} {
		whole, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Skip(err)
		}
		for range 500 {
			data := slices.Clone(whole)
			for range 1 + rng.IntN(8) {
				data[rng.IntN(min(len(data), 6000))] = byte(rng.Uint32())
			}
			checkOpen(t, data)
		}
	}
}

// segmentsByHand returns the memory of a sample and how much of its segments the
// file does not hold, as debug/elf decodes them. That stops at 65,535 headers;
// beyond, it is asked about the same file with the further headers put first.
func segmentsByHand(t *testing.T, s *sparse, headers int) ([]layout.Extent, int64) {
	t.Helper()
	f, err := elf.NewFile(s)
	if err != nil {
		t.Fatal(err)
	}
	progs := f.Progs
	if headers >= 0xffff {
		const size = 56
		rest := int64(headers-0xffff) * size
		moved := &patched{ReaderAt: s, off: 64, data: make([]byte, rest)}
		if _, err := s.ReadAt(moved.data, 64+0xffff*size); err != nil {
			t.Fatal(err)
		}
		g, err := elf.NewFile(moved)
		if err != nil {
			t.Fatal(err)
		}
		progs = append(progs, g.Progs[:headers-0xffff]...)
	}
	if len(progs) != headers {
		t.Errorf("debug/elf sees %d program headers, readelf %d", len(progs), headers)
	}
	var out []layout.Extent
	var missing int64
	for _, p := range progs {
		off, n := int64(p.Off), int64(p.Filesz)
		present := min(n, max(0, s.size-off))
		missing += n - present
		if p.Type == elf.PT_LOAD && present > 0 {
			out = append(out, layout.Extent{Addr: p.Vaddr, Span: layout.Span{Off: off, Len: present}})
		}
	}
	slices.SortFunc(out, func(x, y layout.Extent) int {
		return cmp.Or(cmp.Compare(x.Addr, y.Addr), cmp.Compare(x.Off, y.Off))
	})
	return out, missing
}

// patched is a file with other bytes at off.
type patched struct {
	io.ReaderAt
	off  int64
	data []byte
}

func (p *patched) ReadAt(b []byte, off int64) (int, error) {
	n, err := p.ReaderAt.ReadAt(b, off)
	for i := range b[:n] {
		if at := off + int64(i) - p.off; at >= 0 && at < int64(len(p.data)) {
			b[i] = p.data[at]
		}
	}
	return n, err
}

// checkShares checks what is true of every sample: headers are few, a thread of
// Linux has its registers in one note, and the memory is memory.
func checkShares(t *testing.T, l *layout.Layout, row sourceRow) {
	t.Helper()
	if got, limit := l.Bytes(layout.Structure), int64(row.headers*56+8192); got > limit {
		t.Errorf("%d bytes of structure, more than %d", got, limit)
	}
	status := 0
	for _, r := range l.Regions {
		if r.Name == "NT_PRSTATUS" {
			status++
		}
	}
	if status != 0 && status != row.threads {
		t.Errorf("%d NT_PRSTATUS for %d threads", status, row.threads)
	}
	var claimed int64
	for _, e := range l.Memory {
		claimed += e.Len
	}
	if got := l.Bytes(layout.Memory); got != claimed {
		t.Errorf("%d bytes of memory, the segments say %d", got, claimed)
	}
}
