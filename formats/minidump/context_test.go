package minidump

import (
	"encoding/binary"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// contextFile has one thread, 7, with this CONTEXT at 2000.
func contextFile(machine uint16, context []byte, more ...piece) []byte {
	return assemble(binary.LittleEndian, 8000, append([]piece{
		streamAt(7, 300, le(machine, zeros(54))),
		streamAt(3, 400, le(1, thread(7, 0, 0, 0, len(context), 2000))),
		bytesAt(2000, context),
	}, more...)...)
}

// put returns n zeros with v at offset at.
func put(n, at int, v []byte) []byte {
	b := zeros(n)
	copy(b[at:], v)
	return b
}

func TestContexts(t *testing.T) {
	extended := func(flags uint32, off, length int) []byte {
		b := put(2400, 0x98, le(uint64(0x7ffe12345678)))
		copy(b[0x30:], le(flags))
		copy(b[1232+16:], le(off, length))
		return b
	}
	plain := []layout.Span{{Off: 0x120, Len: 384}, {Off: 0x300, Len: 416}}
	for _, tt := range []struct {
		name    string
		machine uint16
		context []byte
		sp      uint64
		want    []layout.Span
	}{
		{"x86", 0, put(716, 196, le(0x12345678)), 0x12345678, []layout.Span{{Off: 56, Len: 80}, {Off: 236, Len: 384}}},
		{"x86 xstate", 0, func() []byte {
			b := put(2000, 196, le(0x12345678))
			copy(b, le(uint32(0x1007f)))
			copy(b[716+16:], le(100, 900))
			return b
		}(), 0x12345678, []layout.Span{{Off: 56, Len: 80}, {Off: 236, Len: 384}, {Off: 716 + 164, Len: 836}}},
		{"x64", 9, put(1232, 0x98, le(uint64(0x7ffe12345678))), 0x7ffe12345678, plain},
		{"x86 on x64", 9, put(716, 196, le(0x12345678)), 0x12345678, []layout.Span{{Off: 56, Len: 80}, {Off: 236, Len: 384}}},
		{"xstate", 9, extended(0x10005f, 64, 1000), 0x7ffe12345678, append(slices.Clone(plain), layout.Span{Off: 1232 + 64 + 64, Len: 936})},
		{"no xstate", 9, extended(0x10001f, 64, 1000), 0x7ffe12345678, plain},
		{"xstate past the end", 9, extended(0x10005f, 64, 1105), 0x7ffe12345678, plain},
		{"xstate before the context", 9, extended(0x10005f, -64, 1000), 0x7ffe12345678, plain},
		{"arm", 5, put(368, 56, le(0x12345678)), 0x12345678, []layout.Span{{Off: 80, Len: 256}}},
		{"arm64", 12, put(912, 0x100, le(uint64(0x7ffe12345678))), 0x7ffe12345678, []layout.Span{{Off: 0x110, Len: 512}}},
		{"arm64 old", 0x8003, put(796, 0x100, le(uint64(0x7ffe12345678))), 0x7ffe12345678, []layout.Span{{Off: 0x11c, Len: 512}}},
		{"short", 9, zeros(1231), 0, nil},
		{"unknown machine", 77, zeros(1232), 0, nil},
	} {
		t.Run(tt.name, func(t *testing.T) {
			l, err := open(t, contextFile(tt.machine, tt.context))
			if err != nil {
				t.Fatal(err)
			}
			var got []layout.Span
			for _, s := range l.Vectors {
				got = append(got, layout.Span{Off: s.Off - 2000, Len: s.Len})
			}
			if !slices.Equal(got, tt.want) {
				t.Errorf("vectors %v, want %v", got, tt.want)
			}
			if l.Threads[0].SP != tt.sp {
				t.Errorf("SP %#x, want %#x", l.Threads[0].SP, tt.sp)
			}
		})
	}
}

// The frames of the exception must stay even where the thread's own context, that
// of the code which wrote the dump, is above them.
func TestExceptionLowersTheStackPointer(t *testing.T) {
	for _, tt := range []struct{ id, thread, exception, want uint64 }{
		{7, 0x9000, 0x8000, 0x8000}, {7, 0x7000, 0x8000, 0x7000}, {8, 0x9000, 0x8000, 0x9000}, {7, 0x9000, 0, 0x9000},
	} {
		l, err := open(t, contextFile(9, put(1232, 0x98, le(tt.thread)),
			streamAt(6, 600, le(uint32(tt.id), 0, zeros(152), 1232, 4000)),
			bytesAt(4000, put(1232, 0x98, le(tt.exception)))))
		if err != nil {
			t.Fatal(err)
		}
		if l.Threads[0].SP != tt.want || len(l.Vectors) != 4 {
			t.Errorf("%+v: SP %#x, vectors %v", tt, l.Threads[0].SP, l.Vectors)
		}
	}
}
