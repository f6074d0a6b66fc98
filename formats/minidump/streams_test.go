package minidump

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

func TestSniff(t *testing.T) {
	for head, want := range map[string]bool{
		"MDMP\x93\xa7": true, "PMDM": true, "MDM": false, "": false, "PAGEDUMP": false, "\x7fELF": false,
	} {
		if got := Sniff([]byte(head)); got != want {
			t.Errorf("Sniff(%q) = %v", head, got)
		}
	}
}

func TestMemoryStreams(t *testing.T) {
	file := assemble(binary.LittleEndian, 2000,
		streamAt(5, 200, le(2, uint64(0x1000), 16, 600, uint64(0x2000), 8, 616)),
		streamAt(9, 300, le(uint64(2), uint64(700), uint64(0x7f0000001000), uint64(50), uint64(0x7f0000009000), uint64(25))),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	has(t, l, 0x1000, 600, 16)
	has(t, l, 0x2000, 616, 8)
	has(t, l, 0x7f0000001000, 700, 50)
	has(t, l, 0x7f0000009000, 750, 25)
	if len(l.Memory) != 4 {
		t.Errorf("%d extents", len(l.Memory))
	}
	is(t, l, 600, 16, layout.Memory, "memory range")
	is(t, l, 0, 32, layout.Structure, "header")
	is(t, l, 32, 24, layout.Structure, "directory")
	is(t, l, 204, 32, layout.Structure, "memory list")
	is(t, l, 300, 48, layout.Structure, "memory list")
	is(t, l, 348, 100, layout.Unclaimed, "")
	is(t, l, 775, 1000, layout.Unclaimed, "")
}

func TestThreadStreams(t *testing.T) {
	ex := append(thread(9, 0x5000, 32, 1000, 100, 1100), le(uint64(0x6000), 48, 1300)...)
	file := assemble(binary.LittleEndian, 2000,
		streamAt(3, 200, le(2, thread(7, 0x3000, 64, 800, 716, 864), thread(8, 0, 0, 0, 0, 0))),
		streamAt(8, 400, le(2, ex, append(thread(7, 0x3000, 64, 800, 716, 864), zeros(16)...))),
		streamAt(6, 600, le(7, 0, uint32(0xc0000005), 0, uint64(0), uint64(0), 2, 0, zeros(120), 40, 1700)),
		streamAt(24, 780, le(1, 7, uint64(1800))),
		bytesAt(1800, wstring("worker")),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	want := []layout.Thread{{ID: 7, TLS: 0x7ff0000000}, {ID: 8, TLS: 0x7ff0000000}, {ID: 9, TLS: 0x7ff0000000}}
	if len(l.Threads) != len(want) {
		t.Fatalf("threads %v", l.Threads)
	}
	for i := range want {
		if l.Threads[i] != want[i] {
			t.Errorf("thread %d is %v", i, l.Threads[i])
		}
	}
	has(t, l, 0x3000, 800, 64)
	has(t, l, 0x5000, 1000, 32)
	has(t, l, 0x6000, 1300, 48)
	is(t, l, 864, 100, layout.Registers, "CONTEXT")
	is(t, l, 1700, 40, layout.Registers, "CONTEXT")
	is(t, l, 204, 4, layout.Structure, "thread id")
	is(t, l, 208, 20, layout.Unclaimed, "") // priorities and the TEB
	is(t, l, 228, 24, layout.Structure, "thread locations")
	is(t, l, 608, 152, layout.Unclaimed, "") // the exception record and its parameters
	is(t, l, 760, 8, layout.Structure, "exception context location")
	is(t, l, 1800, 4, layout.Structure, "string length")
	is(t, l, 1804, 12, layout.Text, "thread name")
}

func TestModuleStreams(t *testing.T) {
	module := le(uint64(0x400000), 4096, 0, 0, 600, zeros(52), 30, 700, 20, 740, zeros(16))
	file := assemble(binary.LittleEndian, 1200,
		streamAt(4, 200, le(1, module)),
		streamAt(14, 400, le(12, 24, 2, uint64(1), 2, 3, 4, 600, uint64(1), 2, 3, 4, 660)),
		streamAt(0xfff0, 500, le(0)),
		bytesAt(600, wstring(`C:\app.exe`)),
		bytesAt(660, wstring(`C:\old.dll`)),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 224, 4, layout.Structure, "module name location")
	is(t, l, 228, 52, layout.Unclaimed, "")
	is(t, l, 280, 16, layout.Structure, "module record locations")
	is(t, l, 604, 20, layout.Text, "module name")
	is(t, l, 664, 20, layout.Text, "module name")
	is(t, l, 700, 30, layout.Text, "CodeView record")
	is(t, l, 740, 20, layout.Text, "misc record")
	is(t, l, 400, 12, layout.Structure, "list header")
}

func TestSystemStreams(t *testing.T) {
	misc := le(1364, uint32(0xffffffff), zeros(1356))
	file := assemble(binary.LittleEndian, 3000,
		streamAt(7, 200, le(uint16(9), uint16(6), zeros(20), 300, zeros(28))),
		streamAt(15, 1000, misc),
		bytesAt(300, wstring("Service Pack 1")),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if l.Arch != "x86-64" {
		t.Errorf("arch %q", l.Arch)
	}
	is(t, l, 304, 28, layout.Text, "service pack")
	is(t, l, 1064, 64, layout.Text, "time zone name")
	is(t, l, 1148, 64, layout.Text, "time zone name")
	is(t, l, 1232, 600, layout.Text, "build string")
	is(t, l, 1832, 532, layout.Unclaimed, "")
}

func TestArch(t *testing.T) {
	for v, want := range map[uint16]string{
		0: "i386", 5: "arm", 9: "x86-64", 10: "i386", 12: "arm64", 0x8003: "arm64", 0x8002: "ppc64le", 1: "mipsel", 0xffff: "",
	} {
		l, err := open(t, assemble(binary.LittleEndian, 300, streamAt(7, 200, le(v, zeros(54)))))
		if err != nil || l.Arch != want {
			t.Errorf("architecture %#x: %q, %v", v, l.Arch, err)
		}
	}
}

func TestTextStreams(t *testing.T) {
	for kind, name := range map[uint32]string{
		10: "comment", 11: "comment", 20: "JavaScript data", 0x47670003: "cpuinfo", 0x47670004: "process status",
		0x47670005: "lsb-release", 0x47670006: "command line", 0x47670007: "environment", 0x47670009: "memory maps",
		0x4767000b: "process stat", 0x4767000c: "uptime", 0x4767000d: "file descriptors",
		0xfacecafa: "vendor stream", 0xfacedead: "vendor stream", 0x4d7a0004: "vendor stream",
	} {
		l, err := open(t, assemble(binary.LittleEndian, 400, streamAt(kind, 200, []byte("TOKEN=abcdef"))))
		if err != nil {
			t.Fatal(err)
		}
		is(t, l, 200, 12, layout.Text, name)
	}
	for _, kind := range []uint32{13, 16, 17, 18, 19, 21, 22, 23, 0x47670001, 0x47670008, 0x4d7a0002, 0x12345678} {
		l, err := open(t, assemble(binary.LittleEndian, 400, streamAt(kind, 200, zeros(64))))
		if err != nil {
			t.Fatal(err)
		}
		is(t, l, 200, 200, layout.Unclaimed, "")
	}
	l, err := open(t, assemble(binary.LittleEndian, 1200, streamAt(0x47670002, 200, zeros(776))))
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 200, 768, layout.Text, "assertion")
	is(t, l, 968, 200, layout.Unclaimed, "")
}

func TestHandleStream(t *testing.T) {
	h := le(uint64(4), 600, 640, 1, 2, 3, 4, 700, 0)
	file := assemble(binary.LittleEndian, 1000,
		streamAt(12, 200, le(16, 40, 2, 0, h, le(uint64(8), 600, 0, 1, 2, 3, 4, 720, 0))),
		bytesAt(600, wstring("File")),
		bytesAt(640, wstring(`\Device\secret`)),
		bytesAt(700, le(720, 1, 4, "abcd")),
		bytesAt(720, le(700, 2, 4, "efgh")), // back to the first
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 604, 8, layout.Text, "handle type")
	is(t, l, 644, 28, layout.Text, "handle name")
	is(t, l, 224, 8, layout.Structure, "handle name locations")
	is(t, l, 248, 4, layout.Structure, "handle information location")
	is(t, l, 700, 12, layout.Structure, "handle information")
	is(t, l, 712, 4, layout.Unclaimed, "")
	is(t, l, 720, 12, layout.Structure, "handle information")
}

func TestCrashpadStream(t *testing.T) {
	file := assemble(binary.LittleEndian, 2000,
		streamAt(0x43500001, 200, le(1, zeros(32), 12, 300, 16, 320)),
		bytesAt(300, le(1, 400, 440)),                 // simple annotations of the process
		bytesAt(320, le(1, 0, 28, 340)),               // one module
		bytesAt(340, le(1, 8, 500, 12, 520, 16, 540)), // its lists
		bytesAt(400, cstring("channel")), bytesAt(440, cstring("token=abc")),
		bytesAt(500, le(1, 600)), bytesAt(600, cstring("list annotation")),
		bytesAt(520, le(1, 640, 680)), bytesAt(640, cstring("key")), bytesAt(680, cstring("value")),
		bytesAt(540, le(1, 700, uint16(1), uint16(0), 740)), bytesAt(700, cstring("name")), bytesAt(740, cstring("object")),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 204, 32, layout.Text, "report and client id")
	is(t, l, 236, 16, layout.Structure, "annotation locations")
	for _, c := range []struct {
		off  int
		s    string
		name string
	}{
		{404, "channel", "annotation key"}, {444, "token=abc", "annotation"}, {604, "list annotation", "annotation"},
		{644, "key", "annotation key"}, {684, "value", "annotation"}, {704, "name", "annotation key"}, {744, "object", "annotation"},
	} {
		is(t, l, c.off, len(c.s), layout.Text, c.name)
		is(t, l, c.off-4, 4, layout.Structure, "string length")
	}
	is(t, l, 544, 4, layout.Structure, "annotation locations")
	is(t, l, 548, 4, layout.Unclaimed, "")
	is(t, l, 552, 4, layout.Structure, "annotation locations")
}

// TestLinkMap writes the list with each of the entry sizes seen.
func TestLinkMap(t *testing.T) {
	const amd64, x86 = uint16(9), uint16(0)
	for _, c := range []struct {
		name string
		arch uint16
		one  func(rva int) []byte
		at   int // of the name in an entry
	}{
		{"32", x86, func(rva int) []byte { return le(0x1000, rva, 0x2000) }, 4},
		{"64", amd64, func(rva int) []byte { return le(uint64(0x1000), rva, uint64(0x2000)) }, 8},
		{"64 padded", amd64, func(rva int) []byte { return le(uint64(0x1000), rva, "nux-", uint64(0x2000)) }, 8},
	} {
		t.Run(c.name, func(t *testing.T) {
			file := assemble(binary.LittleEndian, 1000,
				streamAt(0x4767000a, 200, le(1, 300, 2, zeros(28))),
				streamAt(7, 120, le(c.arch, zeros(54))),
				bytesAt(300, append(c.one(400), c.one(440)...)),
				bytesAt(400, wstring("/lib/libc.so.6")), bytesAt(440, wstring("/lib/libm.so")),
			)
			l, err := open(t, file)
			if err != nil {
				t.Fatal(err)
			}
			is(t, l, 404, 28, layout.Text, "shared object name")
			is(t, l, 444, 24, layout.Text, "shared object name")
			is(t, l, 300+c.at, 4, layout.Structure, "shared object name location")
			is(t, l, 300, c.at, layout.Unclaimed, "")
		})
	}
}

func TestMacCrashInfo(t *testing.T) {
	l, err := open(t, assemble(binary.LittleEndian, 1000,
		streamAt(0x4d7a0001, 200, le(0x4d7a0001, 1, 24, 60, 500, zeros(152)))))
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 500, 60, layout.Text, "crash message")
	is(t, l, 212, 8, layout.Structure, "crash message locations")
	is(t, l, 220, 100, layout.Unclaimed, "")
}

// TestPaddedCount is Breakpad's habit of putting four bytes behind a count.
func TestPaddedCount(t *testing.T) {
	file := assemble(binary.LittleEndian, 1000,
		streamAt(5, 200, le(1, uint32(0xeeeeeeee), uint64(0x1000), 16, 600)),
		streamAt(3, 300, le(1, 0, thread(77, 0x9000, 8, 700, 4, 800))),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	has(t, l, 0x1000, 600, 16)
	has(t, l, 0x9000, 700, 8)
	if len(l.Threads) != 1 || l.Threads[0].ID != 77 {
		t.Errorf("threads %v", l.Threads)
	}
	is(t, l, 204, 4, layout.Unclaimed, "")
}

// TestAliases: the same stack under two lists, and streams of one type twice.
func TestAliases(t *testing.T) {
	file := assemble(binary.LittleEndian, 1000,
		streamAt(3, 200, le(1, thread(7, 0x3000, 64, 800, 0, 0))),
		streamAt(5, 300, le(1, uint64(0x3000), 64, 800)),
		streamAt(5, 340, le(1, uint64(0x8000), 10, 900)),
		streamAt(3, 400, le(1, thread(8, 0x8000, 10, 900, 0, 0))),
	)
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	if len(l.Memory) != 2 || len(l.Threads) != 2 {
		t.Errorf("extents %v, threads %v", l.Memory, l.Threads)
	}
	is(t, l, 800, 64, layout.Memory, "thread stack")
	if got := l.Bytes(layout.Memory); got != 74 {
		t.Errorf("%d bytes of memory, want each byte counted once", got)
	}
}

func TestBigEndian(t *testing.T) {
	be := func(v ...any) []byte { return pack(binary.BigEndian, v...) }
	file := assemble(binary.BigEndian, 1000,
		streamAt(7, 200, be(uint16(3), zeros(54))),
		streamAt(5, 300, be(1, uint64(0x1000), 16, 600)),
	)
	if !bytes.HasPrefix(file, []byte("PMDM")) {
		t.Fatal("not big-endian")
	}
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	has(t, l, 0x1000, 600, 16)
	if l.Arch != "ppc" {
		t.Errorf("arch %q", l.Arch)
	}
}
