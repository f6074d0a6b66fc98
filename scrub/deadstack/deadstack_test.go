package deadstack

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// stackLayout has 64 KiB of memory at 0x70000000, with a header in it.
func stackLayout(th ...layout.Thread) *layout.Layout {
	b := layout.NewBuilder("elf-core", 1<<20)
	b.Claim(layout.Memory, 0, 1<<16, 0x70000000, "PT_LOAD")
	b.Claim(layout.Structure, 0x2100, 16, 0, "note header")
	l, err := b.Build()
	if err != nil {
		panic("internal error: " + err.Error())
	}
	l.Arch, l.Threads = "x86-64", th
	return l
}

// dead returns where the file has the dead stacks of a process whose memory is data.
func dead(t *testing.T, data []byte, l *layout.Layout) []layout.Span {
	t.Helper()
	spans, err := l.Pieces(Find(func(addr uint64, p []byte) bool {
		e, ok := l.Extent(addr)
		at := int64(addr - e.Addr)
		return ok && at+int64(len(p)) <= e.Len && copy(p, data[e.Off+at:]) == len(p)
	}, l))
	if err != nil {
		t.Fatal(err)
	}
	return spans
}

// A stack is wiped on evidence only.
func TestStackEvidence(t *testing.T) {
	const base, sp, tls = 0x70000000, 0x70008010, 0x7000ff00
	pthread := func(low, n, guard uint64) []byte {
		p := make([]byte, 1<<20)
		for i, v := range []uint64{low, n, guard} {
			binary.LittleEndian.PutUint64(p[0xff00+0x690+8*i-0x600:], v)
		}
		return p
	}
	th := layout.Thread{ID: 9, SP: sp, TLS: tls}
	want := []layout.Span{{Off: 0x1000, Len: 0x1100}, {Off: 0x2110, Len: 0x8010 - 128 - 0x2110}}
	for name, c := range map[string]struct {
		data    []byte
		threads []layout.Thread
		main    uint64
		want    []layout.Span
	}{
		"none":                  {make([]byte, 1<<20), []layout.Thread{th}, 0, nil},
		"glibc":                 {pthread(base, 0x10000, 0x1000), []layout.Thread{th}, 0, want},
		"glibc, other stack":    {pthread(base-0x20000, 0x10000, 0x1000), []layout.Thread{th}, 0, nil},
		"glibc, odd size":       {pthread(base, 0x10008, 0x1000), []layout.Thread{th}, 0, nil},
		"glibc, runs on":        {pthread(base, 1<<40, 0x1000), []layout.Thread{th}, 0, nil},
		"another thread inside": {pthread(base, 0x10000, 0x1000), []layout.Thread{th, {ID: 10, SP: base + 0x5000}}, 0, nil},
		"first thread":          {make([]byte, 1<<20), []layout.Thread{{ID: 9, SP: sp}}, base + 0xfff0, []layout.Span{{Off: 0, Len: 0x2100}, want[1]}},
		"first thread, below":   {make([]byte, 1<<20), []layout.Thread{{ID: 9, SP: sp}}, base + 0x100, nil},
		"no stack pointer":      {pthread(base, 0x10000, 0x1000), []layout.Thread{{ID: 9, TLS: tls}}, 0, nil},
		"pointer nowhere":       {make([]byte, 1<<20), []layout.Thread{{ID: 9, SP: 1 << 63, TLS: 1<<64 - 1}}, 1<<64 - 1, nil},
	} {
		l := stackLayout(c.threads...)
		l.MainStack = c.main
		if got := dead(t, c.data, l); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestTEB(t *testing.T) {
	for name, c := range map[string]struct {
		self uint64
		want []layout.Span
	}{
		"its own address": {0x7000f000, []layout.Span{{Off: 0x4000, Len: 0x8010 - 128 - 0x4000}}},
		"another address": {0x7000e000, nil},
	} {
		data := make([]byte, 1<<20)
		for i, v := range []uint64{0, 0x7000a000, 0x70004000, 0, 0, 0, c.self} {
			binary.LittleEndian.PutUint64(data[0xf000+8*i:], v)
		}
		l := stackLayout(layout.Thread{ID: 9, SP: 0x70008010, TLS: 0x7000f000})
		l.Format = "minidump"
		if got := dead(t, data, l); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}
