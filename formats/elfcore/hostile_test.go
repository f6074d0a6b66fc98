package elfcore

import (
	"bytes"
	"encoding/binary"
	"errors"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// segmentsCore makes a core of the given memory segments: offset, address, size.
func segmentsCore(size int, segs ...[3]uint64) []byte {
	w := &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, phnum: uint16(len(segs))})
	for _, s := range segs {
		w.phdr(1, s[0], s[1], s[2], s[2], 4096)
	}
	w.zeros(max(0, size-len(w.out)))
	return w.out
}

func TestOddSegments(t *testing.T) {
	const top = math.MaxUint64
	tests := []struct {
		name    string
		segs    [][3]uint64
		memory  int64 // bytes of the file
		extents int
		missing int64
	}{
		{"zero size", [][3]uint64{{500, 1, 0}, {600, 2, 0}}, 0, 0, 0},
		{"unsorted", [][3]uint64{{900, 0x9000, 50}, {500, 0x5000, 50}, {700, 0x1000, 50}}, 150, 3, 0},
		{"overlapping", [][3]uint64{{500, 0x5000, 100}, {550, 0x9000, 100}}, 150, 2, 0},
		{"aliasing", [][3]uint64{{500, 0x5000, 100}, {500, 0x9000, 100}}, 100, 2, 0},
		{"said twice", [][3]uint64{{500, 0x5000, 100}, {500, 0x5000, 100}}, 100, 1, 0},
		{"over the headers", [][3]uint64{{0, 0x400000, 1000}}, 1000 - 64 - 56, 1, 0},
		{"cut", [][3]uint64{{900, 0x5000, 500}}, 100, 1, 400},
		{"past the end", [][3]uint64{{1000, 0x5000, 500}, {1 << 40, 1, 3}}, 0, 0, 503},
		{"hostile", [][3]uint64{{top, top, top}, {500, top, top}, {0x7fffffffffffffff, 1, 1 << 63}}, 500, 2, math.MaxInt64},
		{"last page", [][3]uint64{{500, top - 99, 100}}, 100, 1, 0},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			l := open(t, segmentsCore(1000, tt.segs...))
			if got := l.Bytes(layout.Memory); got != tt.memory {
				t.Errorf("%d bytes of memory, want %d", got, tt.memory)
			}
			if len(l.Memory) != tt.extents || l.Missing != tt.missing {
				t.Errorf("%d extents, %d missing", len(l.Memory), l.Missing)
			}
			// The header itself stays structure whatever lies over it.
			if l.Regions[0].Kind != layout.Structure || l.Regions[0].Len != 64 {
				t.Errorf("first region %v", l.Regions[0])
			}
		})
	}
}

// TestAllocation: what headers claim and the file does not hold costs nothing.
func TestAllocation(t *testing.T) {
	w := &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 64, shoff: 64, phnum: 0xfffe, shnum: 0, shent: 64})
	w.shdr(0, 0, math.MaxUint64, 0xffffffff)
	short := w.out
	far := slices.Clone(short)
	binary.LittleEndian.PutUint64(far[32:], 1<<62) // e_phoff
	xnum := slices.Clone(short)
	binary.LittleEndian.PutUint16(xnum[56:], 0xffff) // e_phnum
	for name, data := range map[string][]byte{"short": short, "far": far, "xnum": xnum} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		l, err := Open(bytes.NewReader(data), int64(len(data)))
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; n > 1<<20 {
			t.Errorf("%s: %d bytes allocated for a file of %d", name, n, len(data))
		}
		if err == nil {
			checkTiles(t, l, int64(len(data)))
			if !l.Truncated {
				t.Errorf("%s: nothing is missing", name)
			}
		} else if e := (*layout.Error)(nil); !errors.As(err, &e) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// naiveLoads decodes the program headers once more, field by field and without
// limits, and returns what memory they put into the file. It reports false when
// it cannot tell: the count is extended, or an address wraps around.
func naiveLoads(data []byte) ([]layout.Extent, bool) {
	if len(data) < 64 {
		return nil, false
	}
	var o binary.ByteOrder = binary.LittleEndian
	if data[5] == 2 {
		o = binary.BigEndian
	}
	wide := data[4] == 2
	var phoff, phnum, size uint64
	if wide {
		phoff, phnum, size = o.Uint64(data[32:]), uint64(o.Uint16(data[56:])), 56
	} else {
		phoff, phnum, size = uint64(o.Uint32(data[28:])), uint64(o.Uint16(data[44:])), 32
	}
	if phnum == 0xffff {
		return nil, false
	}
	var out []layout.Extent
	for i := range phnum {
		start := phoff + i*size
		if start < phoff || start > uint64(len(data)) || uint64(len(data))-start < size {
			break
		}
		p := data[start:]
		var off, addr, n uint64
		if wide {
			off, addr, n = o.Uint64(p[8:]), o.Uint64(p[16:]), o.Uint64(p[32:])
		} else {
			off, addr, n = uint64(o.Uint32(p[4:])), uint64(o.Uint32(p[8:])), uint64(o.Uint32(p[16:]))
		}
		if o.Uint32(p) != 1 || n == 0 || off >= uint64(len(data)) {
			continue
		}
		n = min(n, uint64(len(data))-off)
		if addr+n-1 < addr {
			return nil, false
		}
		out = append(out, layout.Extent{Addr: addr, Span: layout.Span{Off: int64(off), Len: int64(n)}})
	}
	slices.SortFunc(out, func(x, y layout.Extent) int {
		for _, c := range [][2]uint64{{x.Addr, y.Addr}, {uint64(x.Off), uint64(y.Off)}, {uint64(x.Len), uint64(y.Len)}} {
			if c[0] < c[1] {
				return -1
			} else if c[0] > c[1] {
				return 1
			}
		}
		return 0
	})
	return slices.Compact(out), true
}

// checkOpen opens data and checks all that holds for any file.
func checkOpen(t testing.TB, data []byte) {
	t.Helper()
	r := &countingReader{ReaderAt: bytes.NewReader(data)}
	l, err := Open(r, int64(len(data)))
	if err != nil {
		var e *layout.Error
		var u *layout.Unsupported
		if !errors.As(err, &e) && !errors.As(err, &u) {
			t.Fatalf("error %v of type %T", err, err)
		}
		return
	}
	checkTiles(t, l, int64(len(data)))
	if want, ok := naiveLoads(data); ok && !slices.Equal(l.Memory, want) {
		t.Fatalf("memory %v, decoded by hand %v", l.Memory, want)
	}
	if len(l.Threads) > len(data)/12 {
		t.Fatalf("%d threads in %d bytes", len(l.Threads), len(data))
	}
	for _, e := range l.Memory { // each byte is memory, or something stronger
		for i := l.At(e.Off); i < len(l.Regions) && l.Regions[i].Off < e.End(); i++ {
			if l.Regions[i].Kind == layout.Unclaimed {
				t.Fatalf("%v of %v is unclaimed", l.Regions[i], e)
			}
		}
	}
}

// seeds are the cores that mutation starts from.
func seeds() [][]byte {
	out := [][]byte{
		linuxCore(little, true, 62, 2).data,
		linuxCore(big, true, 22, 1).data,
		linuxCore(little, false, 40, 1).data,
		linuxCore(big, false, 20, 2).data,
		segmentsCore(1000, [3]uint64{0, 0, 1000}, [3]uint64{500, 0xffffffffffffff00, 500}),
		noteCore(little, true, 8, func(w *writer) {
			w.note(8, "NetBSD-CORE@1", 33, repeat('r', 20))
			w.note(8, "FreeBSD", 1, w.freebsdPRStatus(3))
		}),
	}
	w := &writer{order: little, wide: true}
	w.ehdr(ehdr{typ: 4, machine: 62, phoff: 192, shoff: 64, ehsize: 8, phnum: 0xffff, shnum: 0, shent: 64})
	w.shdr(0, 0, 2, 0x10001)
	w.shdr(3, 0, 0, 0)
	w.phdr(4, 192+0x10001*56, 0, 100, 0, 8)
	w.phdr(1, 192, 0, 100, 100, 8)
	return append(out, w.out)
}

// TestMutations changes bytes, mostly of headers, and looks only at the
// properties that hold for any file.
func TestMutations(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	odd := []byte{0, 1, 2, 4, 0x7f, 0x80, 0xfe, 0xff}
	for _, seed := range seeds() {
		for range 4000 {
			data := slices.Clone(seed)
			for range 1 + rng.IntN(6) {
				i := rng.IntN(min(len(data), 400))
				if rng.IntN(2) == 0 {
					data[i] = odd[rng.IntN(len(odd))]
				} else {
					data[i] = byte(rng.Uint32())
				}
			}
			checkOpen(t, data[:len(data)-rng.IntN(1+rng.IntN(len(data)))])
		}
	}
}

func FuzzOpen(f *testing.F) {
	for _, s := range seeds() {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, data []byte) { checkOpen(t, data) })
}
