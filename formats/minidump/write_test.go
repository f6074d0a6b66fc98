package minidump

import (
	"bytes"
	"encoding/binary"
	"testing"
	"unicode/utf16"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// The writer of the tests. It knows the format on its own: it shares no constant
// and no structure with the reader, so that one mistake cannot hide in both.

// piece is bytes at a fixed place. With a kind other than 0 it is also a stream.
type piece struct {
	at   int
	data []byte
	kind uint32
	size int // of the stream in the directory; 0 takes the length of data
}

func streamAt(kind uint32, at int, data []byte) piece { return piece{at: at, data: data, kind: kind} }
func bytesAt(at int, data []byte) piece               { return piece{at: at, data: data} }

// assemble makes a file of size bytes. What no piece covers is 0xee.
func assemble(order binary.AppendByteOrder, size int, pieces ...piece) []byte {
	file := bytes.Repeat([]byte{0xee}, size)
	dir := 32
	n := uint32(0)
	for _, p := range pieces {
		copy(file[p.at:], p.data)
		if p.kind == 0 {
			continue
		}
		if p.size == 0 {
			p.size = len(p.data)
		}
		copy(file[dir:], pack(order, p.kind, uint32(p.size), uint32(p.at)))
		dir += 12
		n++
	}
	copy(file, pack(order, uint32(0x504d444d), uint32(0xa793), n, uint32(32), uint32(0), uint32(1700000000), uint64(0)))
	return file
}

// pack concatenates fixed-width numbers and strings of bytes.
func pack(order binary.AppendByteOrder, values ...any) []byte {
	var b []byte
	for _, v := range values {
		switch v := v.(type) {
		case uint16:
			b = order.AppendUint16(b, v)
		case uint32:
			b = order.AppendUint32(b, v)
		case int:
			b = order.AppendUint32(b, uint32(v))
		case uint64:
			b = order.AppendUint64(b, v)
		case string:
			b = append(b, v...)
		case []byte:
			b = append(b, v...)
		default:
			panic("internal error: no such value")
		}
	}
	return b
}

func le(values ...any) []byte { return pack(binary.LittleEndian, values...) }

// wstring is a MINIDUMP_STRING with its zero.
func wstring(s string) []byte {
	var b []byte
	u := utf16.Encode([]rune(s))
	for _, c := range append(u, 0) {
		b = binary.LittleEndian.AppendUint16(b, c)
	}
	return le(len(u)*2, b)
}

// cstring is Crashpad's UTF-8 string with its zero.
func cstring(s string) []byte { return le(len(s), s, "\x00") }

func zeros(n int) []byte { return make([]byte, n) }

// thread is a MINIDUMP_THREAD.
func thread(id int, va uint64, size, rva, ctxSize, ctxRVA int) []byte {
	return le(id, 0, 32, 8, uint64(0x7ff0000000), va, size, rva, ctxSize, ctxRVA)
}

// open lays out file and checks what every layout owes.
func open(t testing.TB, file []byte) (*layout.Layout, error) {
	t.Helper()
	l, err := Open(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		if l != nil {
			t.Error("a layout came with an error")
		}
		return nil, err
	}
	checkLayout(t, l, int64(len(file)))
	return l, nil
}

// checkLayout checks the tiling and the address space of l.
func checkLayout(t testing.TB, l *layout.Layout, size int64) {
	t.Helper()
	at := int64(0)
	for i, r := range l.Regions {
		if r.Off != at || r.Len <= 0 {
			t.Fatalf("region %d is [%d, +%d), expected it at %d", i, r.Off, r.Len, at)
		}
		at = r.End()
	}
	if at != size || l.Size != size {
		t.Fatalf("regions end at %d, layout says %d, file has %d", at, l.Size, size)
	}
	for _, e := range l.Memory {
		if e.Off < 0 || e.Len <= 0 || e.End() > size {
			t.Fatalf("extent [%d, +%d) in a file of %d", e.Off, e.Len, size)
		}
	}
	if l.Missing < 0 || l.Truncated != (l.Missing > 0) {
		t.Fatalf("missing %d, truncated %v", l.Missing, l.Truncated)
	}
	if l.Format != "minidump" {
		t.Fatalf("format %q", l.Format)
	}
}

// is checks that [off, off+n) is one region of kind k with this name.
func is(t testing.TB, l *layout.Layout, off, n int, k layout.Kind, name string) {
	t.Helper()
	r := l.Regions[l.At(int64(off))]
	if r.Kind != k || r.Name != name || r.Off > int64(off) || r.End() < int64(off+n) {
		t.Errorf("[%d, +%d) lies in %v %q [%d, +%d), want %v %q", off, n, r.Kind, r.Name, r.Off, r.Len, k, name)
	}
}

// has checks that an extent says that n bytes from va on lie at off.
func has(t testing.TB, l *layout.Layout, va uint64, off, n int) {
	t.Helper()
	want := layout.Extent{Addr: va, Span: layout.Span{Off: int64(off), Len: int64(n)}}
	for _, e := range l.Memory {
		if e == want {
			return
		}
	}
	t.Errorf("no extent %+v in %+v", want, l.Memory)
}
