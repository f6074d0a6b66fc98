package elfcore

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

func open(t testing.TB, data []byte) *layout.Layout {
	t.Helper()
	l, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	checkTiles(t, l, int64(len(data)))
	return l
}

// checkTiles checks what a layout owes whoever scans it.
func checkTiles(t testing.TB, l *layout.Layout, size int64) {
	t.Helper()
	pos := int64(0)
	for _, r := range l.Regions {
		if r.Off != pos || r.Len <= 0 {
			t.Fatalf("%v after offset %d", r, pos)
		}
		pos = r.End()
	}
	if pos != size || l.Size != size {
		t.Fatalf("regions end at %d of %d, the layout says %d", pos, size, l.Size)
	}
	for _, e := range l.Memory {
		if e.Off < 0 || e.Len <= 0 || e.Off > size-e.Len {
			t.Fatalf("extent %v in a file of %d", e, size)
		}
	}
	if l.Truncated != (l.Missing > 0) || l.Missing < 0 {
		t.Fatalf("truncated %v, missing %d", l.Truncated, l.Missing)
	}
}

// at returns the one region that covers s.
func at(t *testing.T, l *layout.Layout, s layout.Span) layout.Region {
	t.Helper()
	r := l.Regions[l.At(s.Off)]
	if r.Off > s.Off || r.End() < s.End() {
		t.Fatalf("%v is not one region: %v", s, r)
	}
	return r
}

func threadIDs(l *layout.Layout) []uint64 {
	var ids []uint64
	for _, th := range l.Threads {
		ids = append(ids, th.ID)
	}
	return ids
}

func TestMachines(t *testing.T) {
	for _, tt := range []struct {
		arch    string
		machine uint16
		wide    bool
		order   byteOrder
	}{
		{"x86-64", 62, true, little},
		{"x32", 62, false, little},
		{"i386", 3, false, little},
		{"arm64", 183, true, little},
		{"arm64be", 183, true, big},
		{"arm", 40, false, little},
		{"armeb", 40, false, big},
		{"ppc", 20, false, big},
		{"ppc64", 21, true, big},
		{"ppc64le", 21, true, little},
		{"s390", 22, false, big},
		{"s390x", 22, true, big},
		{"riscv64", 243, true, little},
		{"riscv32", 243, false, little},
		{"mips", 8, false, big},
		{"mipsel", 8, false, little},
		{"mips64", 8, true, big},
		{"mips64el", 8, true, little},
		{"loongarch64", 258, true, little},
		{"sparc64", 43, true, big},
		{"ia64", 50, true, little},
		{"alpha", 0x9026, true, little},
		{"hppa", 15, false, big},
		{"sh", 42, false, little},
		{"", 999, true, little},
	} {
		t.Run(fmt.Sprintf("%s-%d", tt.arch, tt.machine), func(t *testing.T) {
			s := linuxCore(tt.order, tt.wide, tt.machine, 2)
			l := open(t, s.data)
			if l.Arch != tt.arch || l.Format != "elf-core" {
				t.Errorf("format %q arch %q", l.Format, l.Arch)
			}
			if got := threadIDs(l); !slices.Equal(got, []uint64{100, 101}) {
				t.Errorf("threads %v", got)
			}
			want := []layout.Extent{
				{Addr: memoryBase, Span: layout.Span{Off: int64(s.memory), Len: memorySize}},
				{Addr: memoryBase + memorySize, Span: layout.Span{Off: int64(s.memory) + memorySize, Len: memorySize}},
			}
			if !slices.Equal(l.Memory, want) {
				t.Errorf("memory %v, want %v", l.Memory, want)
			}
			if l.Truncated {
				t.Errorf("%d bytes missing", l.Missing)
			}
		})
	}
}

// TestRegions checks which bytes are structure, to the byte: what a finding may
// not overlap.
func TestRegions(t *testing.T) {
	s := linuxCore(little, true, 62, 1)
	l := open(t, s.data)
	for name, want := range map[string]layout.Region{
		"prstatus": {Kind: layout.Registers, Name: "NT_PRSTATUS"},
		"fpregset": {Kind: layout.Registers, Name: "NT_FPREGSET"},
		"xstate":   {Kind: layout.Registers, Name: "NT_X86_XSTATE"},
		"prpsinfo": {Kind: layout.Text, Name: "NT_PRPSINFO"},
		"file":     {Kind: layout.Text, Name: "NT_FILE"},
		"auxv":     {Kind: layout.Registers, Name: "NT_AUXV"},
		"unknown":  {Kind: layout.Unclaimed},
	} {
		got := at(t, l, s.descs[name])
		if got.Kind != want.Kind || got.Name != want.Name {
			t.Errorf("%s is %v", name, got)
		}
		if want.Kind != layout.Unclaimed && got.Span != s.descs[name] {
			t.Errorf("%s covers %v of %v", name, got.Span, s.descs[name])
		}
	}
	// Seven notes: five of CORE, and of LINUX and OTHER one each; 12 bytes and
	// 8 of name.
	if got, want := l.Bytes(layout.Structure), int64(64+3*56+7*20); got != want {
		t.Errorf("%d bytes of structure, want %d", got, want)
	}
	if r := l.Regions[0]; r.Name != "ELF header" || r.Len != 64 {
		t.Errorf("first region %v", r)
	}
	if r := l.Regions[1]; r.Name != "program header" || r.Len != 3*56 {
		t.Errorf("second region %v", r)
	}
	if r := l.Regions[len(l.Regions)-1]; r.Name != "PT_LOAD" || r.Addr != memoryBase || r.Len != 2*memorySize {
		t.Errorf("last region %v", r)
	}
}

// TestEveryPrefix cuts a core at every length. Whatever holds the ELF header has
// a layout, and what is missing is what was cut off.
func TestEveryPrefix(t *testing.T) {
	for _, wide := range []bool{false, true} {
		s := linuxCore(big, wide, 21, 2)
		header := 52
		if wide {
			header = 64
		}
		for n := range s.data {
			l, err := Open(bytes.NewReader(s.data[:n]), int64(n))
			var e *layout.Error
			if n < header {
				if !errors.As(err, &e) {
					t.Fatalf("%d bytes: error %v", n, err)
				}
				continue
			}
			if err != nil {
				t.Fatalf("%d bytes: %v", n, err)
			}
			checkTiles(t, l, int64(n))
			if !l.Truncated {
				t.Fatalf("%d bytes of %d are whole", n, len(s.data))
			}
			if n >= s.memory && l.Missing != int64(len(s.data)-n) {
				t.Fatalf("%d of %d bytes: %d missing", n, len(s.data), l.Missing)
			}
		}
	}
}

// TestCutNote checks that what is left of a register set is still one.
func TestCutNote(t *testing.T) {
	s := linuxCore(little, true, 62, 1)
	x := s.descs["xstate"]
	l := open(t, s.data[:x.Off+50])
	r := l.Regions[len(l.Regions)-1]
	if r.Name != "NT_X86_XSTATE" || r.Off != x.Off || r.Len != 50 {
		t.Errorf("last region %v", r)
	}
}

func TestNotACore(t *testing.T) {
	s := linuxCore(little, true, 62, 1)
	program := slices.Clone(s.data)
	program[16] = 3 // ET_DYN
	_, err := Open(bytes.NewReader(program), int64(len(program)))
	var u *layout.Unsupported
	if !errors.As(err, &u) || u.Format != "elf" {
		t.Errorf("shared object: error %v", err)
	}
	// An ELF file cut right behind its type is told apart all the same.
	if _, err := Open(bytes.NewReader(program[:18]), 18); !errors.As(err, &u) {
		t.Errorf("shared object of 18 bytes: error %v", err)
	}
	for name, change := range map[string]func([]byte){
		"magic":       func(b []byte) { b[1] = 'e' },
		"class":       func(b []byte) { b[4] = 3 },
		"no class":    func(b []byte) { b[4] = 0 },
		"byte order":  func(b []byte) { b[5] = 0 },
		"e_phentsize": func(b []byte) { b[54] = 32 },
	} {
		data := slices.Clone(s.data)
		change(data)
		_, err := Open(bytes.NewReader(data), int64(len(data)))
		var e *layout.Error
		if !errors.As(err, &e) || e.Format != "elf-core" {
			t.Errorf("%s: error %v", name, err)
		}
	}
}

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		"\x7fELF": true, "\x7fELF\x02\x01": true, "": false, "\x7fEL": false,
		"\x7felf": false, "MDMP": false, "x\x7fELF": false,
	} {
		if Sniff([]byte(head)) != want {
			t.Errorf("%q", head)
		}
	}
}

// TestQEMU has the order of QEMU's dump-guest-memory: e_ehsize 8, and the section
// headers before the program headers.
func TestQEMU(t *testing.T) {
	w := &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 192, shoff: 64, ehsize: 8, phnum: 2, shnum: 2, shent: 64})
	w.shdr(0, 0, 0, 0)
	w.shdr(3, 0, 0, 0)
	n := w.sub()
	n.zeros(304)
	n.note(4, "CORE", 1, w.prstatus(1))
	cpu := n.note(4, "QEMU", 0, repeat('q', 440))
	info := n.note(4, "VMCOREINFO", 0, []byte("OSRELEASE=6.1\n"))
	w.phdr(4, 304, 0, uint64(len(n.out)-304), 0, 0)
	w.phdr(1, uint64(len(n.out)), 0x3000000, 64, 64, 0)
	w.out = append(w.out, n.out[304:]...)
	w.out = append(w.out, repeat('m', 64)...)
	l := open(t, w.out)
	if r := at(t, l, cpu); r.Kind != layout.Registers {
		t.Errorf("CPU state is %v", r)
	}
	if r := at(t, l, info); r.Kind != layout.Text {
		t.Errorf("vmcoreinfo is %v", r)
	}
	if r := at(t, l, layout.Span{Off: 64, Len: 128}); r.Name != "section header" {
		t.Errorf("section headers are %v", r)
	}
	if len(l.Memory) != 1 || l.Memory[0].Addr != 0x3000000 || l.Truncated {
		t.Errorf("memory %v, %d missing", l.Memory, l.Missing)
	}
}

// TestXen has sections and no program headers: all but headers is unclaimed.
func TestXen(t *testing.T) {
	w := &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 0, shoff: 64, ehsize: 64, phnum: 0, shnum: 2, shent: 64})
	w.shdr(0, 0, 0, 0)
	w.shdr(1, 192, 4096, 0)
	w.out = append(w.out, repeat('p', 4096)...)
	l := open(t, w.out)
	if len(l.Memory) != 0 || l.Bytes(layout.Unclaimed) != 4096 || l.Bytes(layout.Structure) != 192 {
		t.Errorf("regions %v", l.Regions)
	}
}

// failingReader fails after n reads.
type failingReader struct {
	io.ReaderAt
	n int
}

func (r *failingReader) ReadAt(p []byte, off int64) (int, error) {
	if r.n--; r.n < 0 {
		return 0, io.ErrClosedPipe
	}
	return r.ReaderAt.ReadAt(p, off)
}

// TestReaderErrors: an error of the disk is no truncated core.
func TestReaderErrors(t *testing.T) {
	small := linuxCore(little, true, 62, 40).data // more notes than one window
	large := pnxnumCore(70000, 70000, true)
	for _, tt := range []struct {
		data []byte
		step int // between the numbers of reads that succeed
	}{{small, 1}, {large, 9}} {
		for n := 0; ; n += tt.step {
			_, err := Open(&failingReader{bytes.NewReader(tt.data), n}, int64(len(tt.data)))
			if err == nil {
				if n < 10 {
					t.Errorf("%d reads were enough", n)
				}
				break
			}
			if !errors.Is(err, io.ErrClosedPipe) {
				t.Fatalf("after %d reads: %v", n, err)
			}
		}
	}
}

// TestSectionCount has what e_shnum of zero can mean.
func TestSectionCount(t *testing.T) {
	const many = 0xff00 // SHN_LORESERVE
	for _, tt := range []struct {
		name  string
		typ   uint32 // of section 0
		count uint64 // its sh_size
		shent uint16
		size  int // of the file behind the header
		want  int64
	}{
		{"count in section 0", 0, many, 64, many * 64, many * 64},
		{"no count", 0, 0, 64, 4096, 64},
		{"a count for e_shnum", 0, 3, 64, 4096, 64},
		{"more than the file holds", 0, many, 64, 4096, 64},
		{"hostile count", 0, 1 << 63, 64, 4096, 64},
		{"no section 0", 1, many, 64, many * 64, 0},
		{"another size", 0, many, 40, many * 64, 0},
	} {
		w := &writer{order: little, wide: true}
		w.ehdr(ehdr{typ: 4, machine: 62, shoff: 64, shent: tt.shent})
		w.shdr(tt.typ, 0, tt.count, 0)
		w.zeros(tt.size - 64)
		l := open(t, w.out)
		if got := l.Bytes(layout.Structure) - 64; got != tt.want || l.Truncated {
			t.Errorf("%s: %d bytes of section headers, want %d; %d missing", tt.name, got, tt.want, l.Missing)
		}
	}
}
