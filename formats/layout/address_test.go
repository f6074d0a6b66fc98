package layout

import (
	"slices"
	"testing"
)

// FuzzPieces makes extents and stacks from the input, eight-bit numbers all, and
// asks of every byte of the file whether it is what the definition says: memory that
// an extent gives an address in some stack, and nothing stronger.
func FuzzPieces(f *testing.F) {
	f.Add([]byte{2, 10, 20, 100, 40, 30, 90, 105, 111, 115, 130, 12, 3})
	f.Add([]byte{3, 0, 250, 0, 10, 5, 0, 20, 5, 3, 0, 255, 9, 9, 1, 1})
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		n := int(in[0] % 5)
		in = in[1:]
		next := func() uint64 {
			if len(in) == 0 {
				return 0
			}
			v := in[0]
			in = in[1:]
			return uint64(v)
		}
		b := NewBuilder("test", 256)
		for range n {
			off, size, addr := next(), next(), next()
			b.Claim(Memory, off, size, addr, "m")
		}
		b.Claim(Structure, next(), next()%16, 0, "s")
		l, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		var ranges []Range
		for len(in) > 1 && len(ranges) < 8 {
			if r := (Range{next(), next()}); r.Low < r.High {
				ranges = append(ranges, r)
			}
		}
		var want, got [256]bool
		for _, e := range l.Memory {
			for i := range e.Len {
				for _, r := range ranges {
					addr := e.Addr + uint64(i)
					if r.Holds(addr) && l.Regions[l.At(e.Off+i)].Kind == Memory {
						want[e.Off+i] = true
					}
				}
			}
		}
		pieces, err := l.Pieces(Union(ranges))
		if err != nil {
			t.Fatal(err)
		}
		end := int64(0)
		for _, s := range pieces {
			if s.Off < end || s.Len <= 0 {
				t.Fatalf("%v are not sorted and apart", pieces)
			}
			for end = s.Off; end < s.End(); end++ {
				got[end] = true
			}
		}
		if got != want {
			t.Fatalf("%v of %v under %v", pieces, ranges, l.Memory)
		}
	})
}

// Many threads whose evidence names the same huge stack cost no more than one.
func TestManyRangesOnePiece(t *testing.T) {
	var ranges []Range
	for i := range uint64(100000) {
		ranges = append(ranges, Range{0x70000000, 0x70000000 + i})
	}
	b := NewBuilder("test", 1<<20)
	b.Claim(Memory, 0, 1<<16, 0x70000000, "m")
	l, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	one := Union(ranges)
	if len(one) != 1 {
		t.Fatalf("%d ranges", len(one))
	}
	spans, err := l.Pieces(one)
	if want := []Span{{Off: 0, Len: 1 << 16}}; err != nil || !slices.Equal(spans, want) {
		t.Errorf("%v, %v", spans, err)
	}
}
