package minidump

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"runtime"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// header is a bare header over rest.
func header(n, rva uint32, rest ...byte) []byte {
	return append(le("MDMP", 0xa793, n, rva, 0, 0, uint64(0)), rest...)
}

// TestMalformed: files that are refused, and the field that the error names.
func TestMalformed(t *testing.T) {
	max32, max64 := uint32(1<<32-1), uint64(1<<64-1)
	for _, c := range []struct {
		name, field string
		file        []byte
	}{
		{"empty", "MINIDUMP_HEADER", nil},
		{"31 bytes", "MINIDUMP_HEADER", header(0, 0)[:31]},
		{"another signature", "Signature", bytes.Repeat([]byte{'M'}, 64)},
		{"another version", "Version", le("MDMP", 0xa794, 0, 0, 0, 0, uint64(0))},
		{"four billion streams", "NumberOfStreams", header(max32, 32)},
		{"more ranges than the list holds", "NumberOfMemoryRanges",
			assemble(binary.LittleEndian, 400, streamAt(5, 200, le(3, uint64(0), 1, 1, uint64(0), 1, 1)))},
		{"ranges times 16 pass 2^32", "NumberOfMemoryRanges",
			assemble(binary.LittleEndian, 400, streamAt(5, 200, le(0x10000001, uint64(0), 1, 1)))},
		{"threads times 48 pass 2^32", "NumberOfThreads",
			assemble(binary.LittleEndian, 400, streamAt(3, 200, le(0x05555556, thread(1, 0, 0, 0, 0, 0))))},
		{"Memory64 count times 16 passes 2^64", "NumberOfMemoryRanges",
			assemble(binary.LittleEndian, 400, streamAt(9, 200, le(uint64(1<<60+1), uint64(300), uint64(0), uint64(1))))},
		{"Memory64 sizes pass 2^64", "DataSize",
			assemble(binary.LittleEndian, 400, streamAt(9, 200, le(uint64(2), uint64(300), uint64(0), max64-299, uint64(0), uint64(400))))},
		{"Memory64 base past any file", "DataSize",
			assemble(binary.LittleEndian, 400, streamAt(9, 200, le(uint64(1), max64, uint64(0), uint64(1))))},
		{"thread name past any file", "Rva",
			assemble(binary.LittleEndian, 400, streamAt(24, 200, le(1, 7, max64-3)))},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := open(t, c.file)
			var e *layout.Error
			if !errors.As(err, &e) || e.Field != c.field || e.Format != "minidump" {
				t.Errorf("got %v, want an error about %s", err, c.field)
			}
		})
	}
}

// TestBent: files that are odd and yet laid out, with the bytes they miss.
func TestBent(t *testing.T) {
	max32 := uint32(1<<32 - 1)
	for _, c := range []struct {
		name    string
		file    []byte
		missing int64
	}{
		{"no streams", header(0, 0), 0},
		{"writer's own version bits", le("MDMP", 0x6380a793, 0, 0, 0, 0, uint64(0)), 0},
		{"directory past the end", header(3, 32), 36},
		{"directory far past the end", header(3, max32), 36},
		{"directory half there", header(2, 32, le(10, 0, 32)...), 12},
		{"directory entry for the file itself", assemble(binary.LittleEndian, 100, piece{at: 0, kind: 77, size: 100}), 0},
		{"stream past the end", assemble(binary.LittleEndian, 100, piece{at: 90, kind: 10, size: 30}), 20},
		{"one range past the end, named twice", assemble(binary.LittleEndian, 300,
			streamAt(5, 100, le(2, uint64(1), 500, 200, uint64(1), 500, 200))), 400},
		{"one range past the end inside another", assemble(binary.LittleEndian, 300,
			streamAt(5, 100, le(2, uint64(1), 200, 500, uint64(1), 50, 550))), 200},
		{"list over the header", assemble(binary.LittleEndian, 300, streamAt(5, 100, le(1, uint64(0), 300, 0))), 0},
		{"list that names itself", assemble(binary.LittleEndian, 300, streamAt(5, 100, le(1, uint64(0), 20, 100))), 0},
		{"range that ends the address space", assemble(binary.LittleEndian, 300, streamAt(5, 100, le(1, uint64(1<<64-16), 16, 200))), 0},
		{"range that wraps the address space", assemble(binary.LittleEndian, 300, streamAt(5, 100, le(1, uint64(1<<64-4), 16, 200))), 0},
		{"string of odd length", assemble(binary.LittleEndian, 300, streamAt(24, 100, le(1, 7, uint64(200))), bytesAt(200, le(7, "abcdefg"))), 0},
		{"string past the end", assemble(binary.LittleEndian, 300, streamAt(24, 100, le(1, 7, uint64(296))), bytesAt(296, le(max32))), 1<<32 - 1},
		{"string length past the end", assemble(binary.LittleEndian, 300, streamAt(24, 100, le(1, 7, uint64(298)))), 2},
		{"more names than the list holds", assemble(binary.LittleEndian, 300, streamAt(24, 100, le(max32, 7, uint64(200))), bytesAt(200, le(2, "ab"))), 0},
		{"streams too short for their headers", assemble(binary.LittleEndian, 400,
			streamAt(3, 300, zeros(3)), streamAt(4, 300, zeros(3)), streamAt(6, 300, zeros(8)), streamAt(7, 300, zeros(8)),
			streamAt(9, 300, zeros(15)), streamAt(12, 300, zeros(15)), streamAt(14, 300, zeros(11)), streamAt(0x43500001, 300, zeros(51))), 0},
		{"handle sizes of nonsense", assemble(binary.LittleEndian, 400,
			streamAt(12, 300, le(max32, max32, max32, 0)), streamAt(12, 320, le(16, 0, max32, 0)), streamAt(14, 340, le(0, 24, max32))), 0},
		{"link map of nonsense", assemble(binary.LittleEndian, 400, streamAt(0x4767000a, 300, le(1, 310, max32, zeros(28)))), 0},
		{"crashpad list that names itself", assemble(binary.LittleEndian, 400,
			streamAt(0x43500001, 200, le(1, zeros(32), 52, 200, 52, 200))), 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			l, err := open(t, c.file)
			if err != nil {
				t.Fatal(err)
			}
			if l.Missing != c.missing {
				t.Errorf("missing %d, want %d", l.Missing, c.missing)
			}
			is(t, l, 0, 32, layout.Structure, "header")
		})
	}
}

// TestDirectoryOverHeader: the entries mean nothing, but nothing breaks.
func TestDirectoryOverHeader(t *testing.T) {
	l, err := open(t, header(2, 0))
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 0, 32, layout.Structure, "header")
}

func TestOddString(t *testing.T) {
	l, err := open(t, assemble(binary.LittleEndian, 300,
		streamAt(24, 100, le(1, 7, uint64(200))), bytesAt(200, le(7, "abcdefg"))))
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 204, 7, layout.Text, "thread name")
	is(t, l, 211, 80, layout.Unclaimed, "")
}

// TestWrap: a range that passes the last address goes on at zero.
func TestWrap(t *testing.T) {
	l, err := open(t, assemble(binary.LittleEndian, 300, streamAt(5, 100, le(1, uint64(1<<64-4), 16, 200))))
	if err != nil {
		t.Fatal(err)
	}
	has(t, l, 1<<64-4, 200, 4)
	has(t, l, 0, 204, 12)
}

// whole is a dump with something of everything, claimed to its last byte.
func whole() []byte {
	return assemble(binary.LittleEndian, 1500,
		streamAt(7, 220, le(uint16(9), uint16(6), zeros(20), 300, zeros(28))), bytesAt(300, wstring("Linux 6.1")),
		streamAt(3, 340, le(1, thread(7, 0x3000, 64, 800, 100, 900))),
		streamAt(5, 400, le(1, uint64(0x3000), 64, 800)),
		streamAt(4, 440, le(1, uint64(0x400000), 4096, 0, 0, 600, zeros(52), 20, 640, 0, 0, zeros(16))), bytesAt(600, wstring("a.exe")),
		streamAt(24, 560, le(1, 7, uint64(670))), bytesAt(670, wstring("main")),
		streamAt(0x47670007, 700, []byte("A=1\x00B=2\x00")),
		streamAt(12, 720, le(16, 40, 1, 0, uint64(4), 670, 0, 1, 2, 3, 4, 1010, 0)), bytesAt(1010, le(1030, 1, 4, "abcd")), bytesAt(1030, le(1010, 2, 4, "efgh")),
		streamAt(0x43500001, 1100, le(1, zeros(32), 12, 1160, 16, 1180)), bytesAt(1160, le(1, 1200, 1220)),
		bytesAt(1180, le(1, 0, 20, 1240)), bytesAt(1200, cstring("k")), bytesAt(1220, cstring("v")), bytesAt(1240, le(1, 0, 0, 0, 0)),
		streamAt(0x4767000a, 1270, le(1, 1320, 1, zeros(28))), bytesAt(1320, le(uint64(1), 1350, uint64(2))), bytesAt(1350, wstring("so")),
		streamAt(9, 1400, le(uint64(1), uint64(1450), uint64(0x7000), uint64(50))),
	)
}

// TestTruncated cuts a dump at every byte. The header makes the difference
// between absent and corrupt.
func TestTruncated(t *testing.T) {
	file := whole()
	l, err := open(t, file)
	if err != nil || l.Truncated {
		t.Fatalf("whole: truncated %v, %v", l.Truncated, err)
	}
	for n := range file {
		l, err := open(t, file[:n])
		var e *layout.Error
		switch {
		case n < 32 && !errors.As(err, &e):
			t.Errorf("cut at %d: %v", n, err)
		case n >= 32 && err != nil:
			t.Errorf("cut at %d: %v", n, err)
		case n >= 32 && !l.Truncated:
			t.Errorf("cut at %d: not noticed", n)
		}
	}
}

// TestBounded opens files whose counts claim far more than they hold, and lists
// laid over one another.
func TestBounded(t *testing.T) {
	overlapping := func() []byte {
		var p []piece
		for i := range 20000 {
			p = append(p, piece{at: 400000 + i, kind: 24, size: 100000})
		}
		file := assemble(binary.LittleEndian, 600000, p...)
		for i := 400000; i+4 < len(file); i += 4 {
			binary.LittleEndian.PutUint32(file[i:], 8000) // count, id, RVA: all 8,000
		}
		return file
	}()
	handles := func() []byte { // 1,000 handles into one chain of 5,000 records
		file := assemble(binary.LittleEndian, 200000, streamAt(12, 1000, le(16, 40, 1000, 0, zeros(40000))))
		for i := range 1000 {
			binary.LittleEndian.PutUint32(file[1016+40*i+32:], uint32(100000+12*i))
		}
		for i := range 5000 {
			copy(file[100000+12*i:], le(100000+12*(i+1)%60000, 1, 0))
		}
		return file
	}()
	wide := func() []byte { // 900 lists of 500 entries of 1,024 bytes, all over one another
		var p []piece
		for i := range 900 {
			p = append(p, piece{at: 20000 + 16*i, kind: 14, size: 520000})
		}
		file := assemble(binary.LittleEndian, 600000, p...)
		for i := 20000; i < 20000+16*900; i += 16 {
			copy(file[i:], le(12, 1024, 500, 0))
		}
		return file
	}()
	for name, c := range map[string]struct {
		file  []byte
		alloc uint64
	}{
		"counts":      {assemble(binary.LittleEndian, 300, streamAt(24, 200, le(uint32(1<<32-1))), streamAt(4, 220, le(uint32(1<<32-1)))), 64 << 10},
		"directory":   {header(65536, 32), 64 << 10},
		"overlapping": {overlapping, 256 << 20},
		"wide":        {wide, 64 << 20},
		"handles":     {handles, 32 << 20},
	} {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Open(bytes.NewReader(c.file), int64(len(c.file)))
			runtime.ReadMemStats(&after)
			if got := after.TotalAlloc - before.TotalAlloc; got > c.alloc {
				t.Errorf("%d bytes allocated for a file of %d", got, len(c.file))
			}
			if (name == "overlapping" || name == "wide") && err == nil {
				t.Error("lists laid over one another pass")
			}
		})
	}
}

// TestSharedString: a quarter of a million entries may name one string, as handles
// do with the names of their types, without running out of ranges.
func TestSharedString(t *testing.T) {
	const n = 250000
	file := assemble(binary.LittleEndian, 200+12*n, piece{at: 100, kind: 24, size: 4 + 12*n}, bytesAt(60, wstring("worker")))
	copy(file[100:], le(n))
	for i := range n {
		binary.LittleEndian.PutUint64(file[104+12*i+4:], 60)
	}
	l, err := open(t, file)
	if err != nil {
		t.Fatal(err)
	}
	is(t, l, 64, 12, layout.Text, "thread name")
}

// failingReader fails at the n-th read.
type failingReader struct {
	io.ReaderAt
	left int
}

var errDisk = errors.New("disk on fire")

func (r *failingReader) ReadAt(p []byte, off int64) (int, error) {
	if r.left--; r.left < 0 {
		return 0, errDisk
	}
	return r.ReaderAt.ReadAt(p, off)
}

// TestReadError: an error of the file is never taken for its end.
func TestReadError(t *testing.T) {
	file := whole()
	for n := range 1000 {
		_, err := Open(&failingReader{bytes.NewReader(file), n}, int64(len(file)))
		if err == nil {
			if n < 20 {
				t.Errorf("only %d reads", n)
			}
			return
		}
		if !errors.Is(err, errDisk) {
			t.Fatalf("after %d reads: %v", n, err)
		}
	}
	t.Error("never done")
}

func FuzzOpen(f *testing.F) {
	file := whole()
	f.Add(file)
	f.Add(file[:900])
	f.Add(header(1, 0))
	f.Add(assemble(binary.BigEndian, 200, streamAt(5, 100, pack(binary.BigEndian, 1, uint64(1), 16, 150))))
	f.Fuzz(func(t *testing.T, p []byte) {
		l, err := open(t, p) // checks the tiling
		if err != nil {
			var e *layout.Error
			if !errors.As(err, &e) {
				t.Fatalf("foreign error %v", err)
			}
			return
		}
		if r := l.Regions[0]; r.Kind != layout.Structure || r.Len < 32 {
			t.Fatalf("the header is %v of %d bytes", r.Kind, r.Len)
		}
		again, err := open(t, p)
		if err != nil || len(again.Regions) != len(l.Regions) || len(again.Memory) != len(l.Memory) || again.Missing != l.Missing {
			t.Fatalf("a second look differs: %v", err)
		}
		// More bytes behind the end take nothing away from what was there.
		more, err := open(t, append(bytes.Clone(p), zeros(64)...))
		if err == nil && more.Missing > l.Missing && !l.Truncated {
			t.Fatalf("missing %d grew to %d with the file", l.Missing, more.Missing)
		}
	})
}
