package elfcore

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// vectorCore makes a core of these notes alone.
func vectorCore(order byteOrder, wide bool, machine uint16, notes func(n *writer)) []byte {
	w := &writer{order: order, wide: wide}
	ehsize, phsize := 52, 32
	if wide {
		ehsize, phsize = 64, 56
	}
	n := w.sub()
	n.zeros(ehsize + phsize)
	notes(n)
	w.ehdr(ehdr{typ: 4, machine: machine, phoff: uint64(ehsize), ehsize: uint16(ehsize), phnum: 1})
	w.phdr(4, uint64(ehsize+phsize), 0, uint64(len(n.out)-ehsize-phsize), 0, 0)
	return append(w.out, n.out[ehsize+phsize:]...)
}

// sveHead is a struct user_sve_header.
func sveHead(order byteOrder, vl, flags uint16) []byte {
	d := &writer{order: order}
	d.u32(0, 0)
	d.u16(vl, vl, flags, 0)
	return d.out
}

func TestVectorNotes(t *testing.T) {
	rest := func(head []byte, n int) []byte { return append(head, make([]byte, n)...) }
	for _, tt := range []struct {
		machine uint16
		owner   string
		typ     uint32
		desc    []byte
		want    []layout.Span // in the descriptor
	}{
		{62, "CORE", 2, make([]byte, 512), []layout.Span{{Off: 32, Len: 384}}},
		{62, "FreeBSD", 2, make([]byte, 512), []layout.Span{{Off: 32, Len: 384}}},
		{62, "OTHER", 2, make([]byte, 512), nil},
		{62, "CORE", 2, make([]byte, 20), nil},
		{62, "LINUX", 0x202, make([]byte, 2696), []layout.Span{{Off: 32, Len: 384}, {Off: 576, Len: 2120}}},
		{62, "LINUX", 0x202, make([]byte, 300), []layout.Span{{Off: 32, Len: 268}}},
		{3, "CORE", 2, make([]byte, 108), []layout.Span{{Off: 28, Len: 80}}},
		{3, "LINUX", 0x46e62b7f, make([]byte, 512), []layout.Span{{Off: 32, Len: 384}}},
		{183, "CORE", 2, make([]byte, 528), []layout.Span{{Off: 0, Len: 512}}},
		{183, "LINUX", 0x405, rest(sveHead(little, 32, 1), 32*32+17*4+16), []layout.Span{{Off: 16, Len: 32*32 + 17*4}}},
		{183, "LINUX", 0x405, rest(sveHead(little, 32, 0), 528), []layout.Span{{Off: 16, Len: 512}}},
		{183, "LINUX", 0x40b, sveHead(little, 32, 0), nil},
		{183, "LINUX", 0x405, rest(sveHead(little, 7, 1), 100), []layout.Span{{Off: 16, Len: 100}}},
		{183, "LINUX", 0x405, make([]byte, 15), nil},
		{183, "LINUX", 0x40c, rest(sveHead(little, 32, 0), 1024), []layout.Span{{Off: 16, Len: 1024}}},
		{183, "LINUX", 0x407, make([]byte, 64), []layout.Span{{Off: 0, Len: 64}}},
		{183, "LINUX", 0x408, make([]byte, 16), []layout.Span{{Off: 0, Len: 16}}},
		{183, "LINUX", 0x406, make([]byte, 16), nil}, // masks are no keys
		{21, "LINUX", 0x100, make([]byte, 544), []layout.Span{{Off: 0, Len: 512}}},
		{21, "LINUX", 0x102, make([]byte, 256), []layout.Span{{Off: 0, Len: 256}}},
		{21, "CORE", 2, make([]byte, 264), []layout.Span{{Off: 0, Len: 256}}},
		{22, "CORE", 2, make([]byte, 136), []layout.Span{{Off: 8, Len: 128}}},
		{22, "LINUX", 0x309, make([]byte, 128), []layout.Span{{Off: 0, Len: 128}}},
		{22, "LINUX", 0x30a, make([]byte, 256), []layout.Span{{Off: 0, Len: 256}}},
		{243, "CORE", 2, make([]byte, 264), []layout.Span{{Off: 0, Len: 256}}},
		{999, "CORE", 2, make([]byte, 512), nil},
	} {
		t.Run(fmt.Sprintf("%d-%s-%x-%d", tt.machine, tt.owner, tt.typ, len(tt.desc)), func(t *testing.T) {
			var desc layout.Span
			wide := tt.machine != 3
			l := open(t, vectorCore(little, wide, tt.machine, func(n *writer) { desc = n.note(4, tt.owner, tt.typ, tt.desc) }))
			var got []layout.Span
			for _, s := range l.Vectors {
				got = append(got, layout.Span{Off: s.Off - desc.Off, Len: s.Len})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("%v, want %v", got, tt.want)
			}
		})
	}
}

func TestStackPointers(t *testing.T) {
	// Each word of the registers holds its own number.
	status := func(order byteOrder, wide bool) []byte {
		d := &writer{order: order, wide: wide}
		head := 72
		if wide {
			head = 112
		}
		d.zeros(head)
		for i := range uint64(40) {
			d.word(0x1000 + i)
		}
		return d.out
	}
	for _, tt := range []struct {
		arch    string
		machine uint16
		order   byteOrder
		wide    bool
		sp, tls uint64
	}{
		{"x86-64", 62, little, true, 0x1013, 0x1015},
		{"x32", 62, little, false, 0, 0},
		{"i386", 3, little, false, 0x100f, 0x77},
		{"arm64", 183, little, true, 0x101f, 0x99},
		{"ppc64", 21, big, true, 0x1001, 1<<64 - 0x7000 + 0x100d},
		{"s390x", 22, big, true, 0x1011, 0x1012},
		{"riscv64", 243, little, true, 0x1002, 0x1004},
		{"sparc64", 43, big, true, 0, 0},
	} {
		t.Run(tt.arch, func(t *testing.T) {
			l := open(t, vectorCore(tt.order, tt.wide, tt.machine, func(n *writer) {
				n.note(4, "CORE", 1, status(tt.order, tt.wide))
				d := n.sub()
				d.u32(6, 0x77, 0xfffff, 0x51)
				n.note(4, "LINUX", 0x200, d.out)
				d = n.sub()
				d.word(0x99, 0)
				n.note(4, "LINUX", 0x401, d.out)
				d = n.sub()
				d.word(6, 4096, 25, 0x7000, 31, 0x7fee, 0, 0)
				n.note(4, "CORE", 6, d.out)
			}))
			if len(l.Threads) != 1 || l.Threads[0].SP != tt.sp || l.Threads[0].TLS != tt.tls {
				t.Errorf("threads %x, want SP %x TLS %x", l.Threads, tt.sp, tt.tls)
			}
			if l.MainStack != 0x7fee {
				t.Errorf("main stack at %#x", l.MainStack)
			}
		})
	}
}

// In real cores that hold their stacks every stack pointer lies in memory, the main stack's too, and
// there are vectors where there are threads.
func TestSampleStacks(t *testing.T) {
	dir := dumptest.MustFolder(t)
	for _, name := range []string{
		"elf-linux-i386-sse.core", "elf-linux-aarch64.core.bz2", "elf-linux-s390x-be64.core",
		"elf-linux-x86_64.core", "gen-kernel-i386.core.zst", "gen-kernel-x86_64.core.zst",
		"gen-gcore-x86_64.core.zst", "gen-qemu-user-aarch64.core.zst", "gen-qemu-user-s390x.core.zst",
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(dir, name)
			if _, err := os.Stat(path); err != nil {
				t.Skip("no such sample")
			}
			s := openSample(t, path)
			l, err := Open(s, s.size)
			if err != nil {
				t.Fatal(err)
			}
			holds := func(addr uint64) bool {
				return slices.ContainsFunc(l.Memory, func(e layout.Extent) bool { return addr >= e.Addr && addr-e.Addr < uint64(e.Len) })
			}
			for _, th := range l.Threads {
				if !holds(th.SP) {
					t.Errorf("thread %d: no memory at its stack pointer %#x", th.ID, th.SP)
				}
			}
			if !holds(l.MainStack) {
				t.Errorf("no memory at %#x, in the main stack", l.MainStack)
			}
			if len(l.Vectors) == 0 && !strings.Contains(name, "qemu") {
				t.Error("no vectors")
			}
		})
	}
}
