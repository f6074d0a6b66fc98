package elfcore

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// noteCore puts one PT_NOTE segment around what fill writes.
func noteCore(order byteOrder, wide bool, align uint64, fill func(w *writer)) []byte {
	w := &writer{order: order, wide: wide}
	header, start, machine := uint64(64), 64+56, uint16(62)
	if !wide {
		header, start, machine = 52, 52+32, 3
	}
	n := w.sub()
	n.zeros(start)
	fill(n)
	w.ehdr(ehdr{typ: 4, machine: machine, phoff: header, phnum: 1})
	w.phdr(4, uint64(start), 0, uint64(len(n.out)-start), 0, align)
	return append(w.out, n.out[start:]...)
}

// TestPadding has names and descriptors padded to 4 and to 8, under each p_align
// that is met.
func TestPadding(t *testing.T) {
	for _, tt := range []struct {
		pad   int
		align uint64
	}{{4, 0}, {4, 1}, {4, 4}, {8, 8}, {4, 8}} {
		var descs []layout.Span
		data := noteCore(little, true, tt.align, func(w *writer) {
			for i := range 5 {
				descs = append(descs,
					w.note(tt.pad, "CORE", 1, w.prstatus(uint32(50+i))),
					w.note(tt.pad, "LINUX", 0x202, repeat('x', 100+i)))
			}
		})
		l := open(t, data)
		if got := threadIDs(l); !slices.Equal(got, []uint64{50, 51, 52, 53, 54}) {
			t.Errorf("padded to %d, p_align %d: threads %v", tt.pad, tt.align, got)
		}
		for _, d := range descs {
			if r := at(t, l, d); r.Kind != layout.Registers || r.Span != d {
				t.Errorf("padded to %d, p_align %d: %v is %v", tt.pad, tt.align, d, r)
			}
		}
	}
}

func TestBSDThreads(t *testing.T) {
	for _, wide := range []bool{true, false} {
		data := noteCore(little, wide, 4, func(w *writer) {
			w.note(4, "FreeBSD", 3, repeat('p', 100))
			w.note(4, "FreeBSD", 1, w.freebsdPRStatus(100123))
			w.note(4, "FreeBSD", 2, repeat('f', 64))
			w.note(4, "FreeBSD", 7, repeat('t', 24))
			w.note(4, "FreeBSD", 1, w.freebsdPRStatus(100124))
		})
		if got := threadIDs(open(t, data)); !slices.Equal(got, []uint64{100123, 100124}) {
			t.Errorf("FreeBSD, 64 bit %v: threads %v", wide, got)
		}
	}
	for _, owner := range []string{"NetBSD-CORE", "OpenBSD"} {
		data := noteCore(little, true, 4, func(w *writer) {
			w.note(4, owner, 1, repeat('p', 160))
			w.note(4, owner+"@2", 33, repeat('r', 208))
			w.note(4, owner+"@2", 35, repeat('f', 512))
			w.note(4, owner+"@11", 33, repeat('r', 208))
			w.note(4, owner+"@x", 33, repeat('r', 208))
			w.note(4, owner+"@", 33, repeat('r', 208))
			w.note(4, owner+"@99999999999", 33, repeat('r', 208))
		})
		if got := threadIDs(open(t, data)); !slices.Equal(got, []uint64{2, 11}) {
			t.Errorf("%s: threads %v", owner, got)
		}
	}
	// m68k aligns a long to two bytes.
	data := noteCore(big, false, 4, func(w *writer) {
		d := w.sub()
		d.u32(11, 0, 1)
		d.u16(11)
		d.word(0x11111111, 0x22222222)
		d.u32(4711, 1, 1, 1)
		w.note(4, "CORE", 1, d.out)
	})
	data[19] = 4
	if l := open(t, data); l.Arch != "m68k" || !slices.Equal(threadIDs(l), []uint64{4711}) {
		t.Errorf("m68k: %q, threads %v", l.Arch, l.Threads)
	}
}

func TestKinds(t *testing.T) {
	for _, tt := range []struct {
		owner string
		typ   uint32
		name  string
		kind  layout.Kind
	}{
		{"CORE", 1, "NT_PRSTATUS", layout.Registers},
		{"CORE", 0x53494749, "NT_SIGINFO", layout.Registers},
		{"CORE", 13, "NT_PSINFO", layout.Text},
		{"LINUX", 0x46e62b7f, "NT_PRXFPREG", layout.Registers},
		{"LINUX", 0x110, "NT_PPC_PKEY", layout.Registers},
		{"LINUX", 0x112, "NT_PPC_HASHKEYR", layout.Registers},
		{"LINUX", 0x203, "x86 registers", layout.Registers},
		{"LINUX", 0x204, "NT_X86_SHSTK", layout.Registers},
		{"LINUX", 0x205, "NT_X86_XSAVE_LAYOUT", layout.Registers},
		{"LINUX", 0x30a, "NT_S390_VXRS_HIGH", layout.Registers},
		{"LINUX", 0x30e, "NT_S390_PV_CPU_DATA", layout.Registers},
		{"LINUX", 0x405, "NT_ARM_SVE", layout.Registers},
		{"LINUX", 0x407, "NT_ARM_PACA_KEYS", layout.Registers},
		{"LINUX", 0x40c, "NT_ARM_ZA", layout.Registers},
		{"LINUX", 0x410, "NT_ARM_GCS", layout.Registers},
		{"LINUX", 0x4ff, "Arm registers", layout.Registers},
		{"LINUX", 0x600, "NT_ARC_V2", layout.Registers},
		{"LINUX", 0x802, "NT_MIPS_MSA", layout.Registers},
		{"LINUX", 0x901, "NT_RISCV_VECTOR", layout.Registers},
		{"LINUX", 0xa03, "NT_LOONGARCH_LASX", layout.Registers},
		{"LINUX", 0x700, "", layout.Unclaimed}, // a device's own dump
		{"LINUX", 0xb00, "", layout.Unclaimed},
		{"GDB", 0xff000000, "NT_GDB_TDESC", layout.Text},
		{"GDB", 0x900, "NT_RISCV_CSR", layout.Registers},
		{"FreeBSD", 9, "NT_PROCSTAT_FILES", layout.Text},
		{"FreeBSD", 0x202, "NT_X86_XSTATE", layout.Registers},
		{"FreeBSD", 99, "", layout.Unclaimed},
		{"NetBSD-CORE", 1, "NT_NETBSDCORE_PROCINFO", layout.Text},
		{"NetBSD-CORE@1", 1, "NetBSD registers", layout.Registers},
		{"OpenBSD@5", 20, "NT_OPENBSD_REGS", layout.Registers},
		{"VMCOREINFO", 0, "VMCOREINFO", layout.Text},
		{"QEMU", 0, "QEMU CPU state", layout.Registers},
		{"", 1, "", layout.Unclaimed},
		{"CORES", 1, "", layout.Unclaimed},
	} {
		if name, kind := classify(tt.owner, tt.typ); name != tt.name || kind != tt.kind {
			t.Errorf("%s %#x is %q, %v", tt.owner, tt.typ, name, kind)
		}
	}
	for typ := range uint32(0x1000) { // no name is empty, none is structure
		for _, owner := range []string{"CORE", "FreeBSD", "NetBSD-CORE", "OpenBSD@1"} {
			if name, kind := classify(owner, typ); (name == "") != (kind == layout.Unclaimed) || kind == layout.Structure {
				t.Errorf("%s %#x is %q, %v", owner, typ, name, kind)
			}
		}
	}
}

// TestNoteStops has what ends the walk through a segment: what follows must be
// unclaimed, and so be searched.
func TestNoteStops(t *testing.T) {
	tail := repeat('S', 64)
	for name, bad := range map[string]func(w *writer){
		"zeros":                   func(w *writer) { w.zeros(12) },
		"owner too long":          func(w *writer) { w.u32(65, 0, 1); w.out = append(w.out, repeat('o', 65)...) },
		"owner past the segment":  func(w *writer) { w.u32(0xffffffff, 4, 1) },
		"owner not text":          func(w *writer) { w.u32(4, 0, 1, 0x01020304) },
		"descriptor past the end": func(w *writer) { w.note(4, "CORE", 3, nil); w.u32(5, 0x10000, 3) },
		"descriptor enormous":     func(w *writer) { w.u32(4, 0xffffffff, 3, 0x45524f43) },
	} {
		var first layout.Span
		var stop int
		data := noteCore(little, true, 4, func(w *writer) {
			first = w.note(4, "CORE", 1, w.prstatus(7))
			stop = len(w.out)
			bad(w)
			w.out = append(w.out, tail...)
			w.padTo(0, 4)
			w.note(4, "CORE", 1, w.prstatus(8))
		})
		l := open(t, data)
		if got := threadIDs(l); !slices.Equal(got, []uint64{7}) {
			t.Errorf("%s: threads %v", name, got)
		}
		if r := at(t, l, first); r.Kind != layout.Registers {
			t.Errorf("%s: the note before it is %v", name, r)
		}
		if name != "descriptor past the end" {
			if r := l.Regions[l.At(int64(stop))]; r.Kind != layout.Unclaimed || r.End() != int64(len(data)) {
				t.Errorf("%s: the rest is %v", name, r)
			}
		}
		secret := int64(bytes.Index(data, tail))
		if r := at(t, l, layout.Span{Off: secret, Len: 64}); r.Kind != layout.Unclaimed {
			t.Errorf("%s: what follows is %v", name, r)
		}
	}
}

// TestOverlappingNoteSegments: thousands of segments over the same notes must not
// be walked thousands of times, nor give a thread twice.
func TestOverlappingNoteSegments(t *testing.T) {
	const segments, notes = 40000, 20000
	w := &writer{order: little, wide: true}
	n := w.sub()
	for i := range notes {
		n.note(4, "CORE", 1, w.prstatus(uint32(i)))
	}
	start := 64 + segments*56
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, phnum: segments})
	for i := range segments {
		align := uint64(4 + 4*(i%2))
		w.phdr(4, uint64(start), 0, uint64(len(n.out)-i%7), 0, align)
	}
	w.out = append(w.out, n.out...)
	r := &countingReader{ReaderAt: bytes.NewReader(w.out)}
	l, err := Open(r, int64(len(w.out)))
	if err != nil {
		t.Fatal(err)
	}
	checkTiles(t, l, int64(len(w.out)))
	if len(l.Threads) != notes {
		t.Errorf("%d threads of %d", len(l.Threads), notes)
	}
	if r.bytes > 4*int64(len(w.out)) {
		t.Errorf("read %d bytes of %d", r.bytes, len(w.out))
	}
}

// TestTinyNotes: a file of notes without contents ends in an error, not in a
// layout of the size of the file.
func TestTinyNotes(t *testing.T) {
	for _, align := range []uint64{4, 8} {
		data := noteCore(little, true, align, func(w *writer) {
			for range maxNotes + 1 {
				w.u32(0, 0, 1)
			}
		})
		_, err := Open(bytes.NewReader(data), int64(len(data)))
		var e *layout.Error
		if !errors.As(err, &e) || !strings.HasPrefix(e.What, "more ") {
			t.Errorf("p_align %d: error %v", align, err)
		}
	}
}

// TestTwoNoteSegments reads both, in the order of the file.
func TestTwoNoteSegments(t *testing.T) {
	w := &writer{order: little, wide: true}
	start := 64 + 2*56
	n := w.sub()
	n.note(4, "CORE", 1, w.prstatus(1))
	half := len(n.out)
	n.note(4, "CORE", 1, w.prstatus(2))
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, phnum: 2})
	w.phdr(4, uint64(start+half), 0, uint64(len(n.out)-half), 0, 4)
	w.phdr(4, uint64(start), 0, uint64(half), 0, 4)
	w.out = append(w.out, n.out...)
	if got := threadIDs(open(t, w.out)); !slices.Equal(got, []uint64{1, 2}) {
		t.Errorf("threads %v", got)
	}
}
