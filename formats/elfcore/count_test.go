package elfcore

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// pnxnumCore makes a core of n segments as Linux does: the first holds one
// thread's notes, the others 16 bytes each, and sh_info says info where section
// says that there is a section 0 at the end.
func pnxnumCore(n int, info uint32, section bool) []byte {
	w := &writer{order: little, wide: true}
	notes := w.sub()
	notes.note(4, "CORE", 1, w.prstatus(7))
	table := 64 + n*56
	memory := table + len(notes.out)
	end := memory + (n-1)*16
	h := ehdr{typ: 4, machine: 62, phoff: 64, ehsize: 64, phnum: 0xffff, shnum: 1, shent: 64}
	h.shoff = uint64(end)
	w.ehdr(h)
	w.phdr(4, uint64(table), 0, uint64(len(notes.out)), 0, 4)
	for i := range n - 1 {
		w.phdr(1, uint64(memory+16*i), uint64(i)<<16, 16, 4096, 4096)
	}
	w.out = append(w.out, notes.out...)
	w.zeros(end - memory)
	if section {
		w.shdr(0, 0, 1, info)
	}
	return w.out
}

func TestExtendedCount(t *testing.T) {
	for _, tt := range []struct {
		name     string
		data     []byte
		segments int    // of memory
		fails    string // field of the error
	}{
		{"both counts", pnxnumCore(70000, 70000, true), 69999, ""},
		{"exactly PN_XNUM", pnxnumCore(0xffff, 0xffff, true), 0xfffe, ""},
		{"PN_XNUM, and zero in section 0", pnxnumCore(0xffff, 0, true), 0xfffe, ""},
		{"section 0 cut off", pnxnumCore(70000, 0, false), 69999, ""},
		{"sh_info too small", pnxnumCore(70000, 69000, true), 0, "sh_info"},
		{"sh_info too large", pnxnumCore(70000, 71000, true), 0, "sh_info"},
		{"sh_info zero", pnxnumCore(70000, 0, true), 0, "sh_info"},
		{"sh_info below PN_XNUM", pnxnumCore(70000, 5, true), 0, "sh_info"},
		{"sh_info enormous", pnxnumCore(70000, 0xffffffff, true), 0, "sh_info"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := Open(bytes.NewReader(tt.data), int64(len(tt.data)))
			if tt.fails != "" {
				var e *layout.Error
				if !errors.As(err, &e) || e.Field != tt.fails {
					t.Fatalf("error %v, want one about %s", err, tt.fails)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			checkTiles(t, l, int64(len(tt.data)))
			if len(l.Memory) != tt.segments || len(l.Threads) != 1 {
				t.Errorf("%d segments, %d threads", len(l.Memory), len(l.Threads))
			}
		})
	}
}

// TestExtendedCountCut cuts such a core everywhere around its parts: the count
// is then in the place of the notes alone.
func TestExtendedCountCut(t *testing.T) {
	const n = 70000
	whole := pnxnumCore(n, n, true)
	table := 64 + n*56
	for _, size := range []int{table + 100, table, table - 1, table - 56, 64 + 66000*56, 64 + 56*3 + 7} {
		l := open(t, whole[:size])
		if !l.Truncated {
			t.Errorf("%d bytes of %d are whole", size, len(whole))
		}
		if got, want := l.Missing, int64(len(whole)-size); size >= table && got != want {
			t.Errorf("%d bytes: %d missing, want %d", size, got, want)
		}
	}
	// Without the first program header nothing tells the count.
	var e *layout.Error
	if _, err := Open(bytes.NewReader(whole[:100]), 100); !errors.As(err, &e) || e.Field != "e_phnum" {
		t.Errorf("no program header: error %v", err)
	}
}

// TestExtendedCountElsewhere has the two writers that do not put the notes
// behind the headers: gcore, where the distance may divide by chance, and
// createdump, which puts section 0 between.
func TestExtendedCountElsewhere(t *testing.T) {
	const n = 70000
	w := &writer{order: little, wide: true}
	table := 64 + n*56
	notes := table + 100*56 // as if there were 100 more headers
	notesData := w.sub()
	notesData.note(4, "CORE", 1, w.prstatus(7))
	end := notes + len(notesData.out)
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, shoff: uint64(end), ehsize: 64, phnum: 0xffff, shnum: 1, shent: 64})
	w.phdr(4, uint64(notes), 0, uint64(len(notesData.out)), 0, 1)
	for i := range n - 1 {
		w.phdr(1, uint64(table), uint64(i)<<16, 16, 4096, 1)
	}
	w.zeros(100 * 56)
	w.out = append(w.out, notesData.out...)
	w.shdr(0, 0, 1, n)
	if l := open(t, w.out); len(l.Memory) != n-1 || len(l.Threads) != 1 {
		t.Errorf("gcore: %d segments, %d threads", len(l.Memory), len(l.Threads))
	}

	w = &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, shoff: uint64(table), ehsize: 64, phnum: 0xffff, shnum: 1, shent: 64})
	w.phdr(4, uint64(table)+64, 0, uint64(len(notesData.out)), 0, 1)
	for i := range n - 1 {
		w.phdr(1, uint64(table)+64, uint64(i)<<16, 16, 4096, 1)
	}
	w.shdr(0, 0, 1, n)
	w.out = append(w.out, notesData.out...)
	if l := open(t, w.out); len(l.Memory) != n-1 || len(l.Threads) != 1 {
		t.Errorf("createdump: %d segments, %d threads", len(l.Memory), len(l.Threads))
	}
}

// TestExtendedCount32 reads sh_info where ELFCLASS32 has it, big-endian.
func TestExtendedCount32(t *testing.T) {
	const n = 0x10001
	w := &writer{order: big}
	table := 52 + n*32
	w.ehdr(ehdr{typ: 4, machine: 20, phoff: 52, shoff: uint64(table) + 16, ehsize: 52, phnum: 0xffff, shnum: 1, shent: 40})
	w.phdr(4, uint64(table), 0, 0, 0, 0)
	for i := range n - 1 {
		w.phdr(1, uint64(table), uint64(i)<<12, 16, 4096, 4096)
	}
	w.zeros(16)
	w.shdr(0, 0, 1, n)
	if l := open(t, w.out); len(l.Memory) != n-1 {
		t.Errorf("%d segments", len(l.Memory))
	}
}

type countingReader struct {
	io.ReaderAt
	reads int
	bytes int64
}

func (r *countingReader) ReadAt(p []byte, off int64) (int, error) {
	r.reads++
	r.bytes += int64(len(p))
	return r.ReaderAt.ReadAt(p, off)
}

// TestManySegments reads as many headers as the largest core seen had.
func TestManySegments(t *testing.T) {
	data := pnxnumCore(131104, 131104, true)
	r := &countingReader{ReaderAt: bytes.NewReader(data)}
	l, err := Open(r, int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Memory) != 131103 {
		t.Errorf("%d segments", len(l.Memory))
	}
	if limit := 131104*56/blockSize + 50; r.reads > limit {
		t.Errorf("%d reads, more than %d", r.reads, limit)
	}
}

func TestTooManySegments(t *testing.T) {
	data := pnxnumCore(maxSegments+1, maxSegments+1, true)
	_, err := Open(bytes.NewReader(data), int64(len(data)))
	if err == nil || !strings.Contains(err.Error(), "more segments") {
		t.Errorf("error %v", err)
	}
}
