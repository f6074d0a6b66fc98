package reel

import (
	"bytes"
	"iter"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/tile/tiletest"
)

// spans are cuts in order.
type spans []layout.Span

func (s spans) From(off int64) iter.Seq[layout.Span] {
	return func(yield func(layout.Span) bool) {
		for _, c := range s {
			if c.End() > off && !yield(c) {
				return
			}
		}
	}
}

// tiles returns those of data.
func tiles(t *testing.T, data []byte) *tile.Tiles {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return tiletest.Open(t, path)
}

// TestFile holds that every position of the file is shown once, with as much before and behind it as was asked for, however
// the work is cut, but for zeros that no view of data reaches; and that around cuts every position is shown from
// which a view can see one, and none twice.
func TestFile(t *testing.T) {
	const size = slabSize + 2*tile.Size + 777
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 1))
		data := make([]byte, size)
		for i := range data {
			data[i] = byte(r.Uint32()) | 1
		}
		clear(data[tile.Size+5 : (3+r.IntN(3))*tile.Size+r.IntN(2000)])
		before, after := r.IntN(3000), r.IntN(3000)
		var cuts spans
		if seed%2 == 1 {
			for off := r.Int64N(size / 3); off < size-100; off += 100 + r.Int64N(size/2) {
				cuts = append(cuts, layout.Span{Off: off, Len: 1 + r.Int64N(99)})
			}
		}
		ts := tiles(t, data)
		x := &Reel{
			Tiles: ts, Layout: &layout.Layout{Size: size, Regions: []layout.Region{{Span: layout.Span{Len: size}}}},
			Before: before, After: after, Jobs: 1 + r.IntN(4), Chunk: 1 + r.Int64N(300<<10), Progress: func(_, _ int64) {},
		}
		if cuts != nil {
			x.Near = cuts
		}
		var mu sync.Mutex
		shown := make([]uint8, size)
		x.Examine = func(_ int, w Window) error {
			mu.Lock()
			defer mu.Unlock()
			lo, hi := w.Base+int64(w.Lo), w.Base+int64(w.Hi)
			if w.Base > max(0, lo-int64(before)) || w.Base+int64(len(w.Data)) < min(size, hi+int64(after)) {
				t.Errorf("seed %d: positions %d to %d without what lies around them", seed, lo, hi)
			}
			if !bytes.Equal(w.Data, data[w.Base:w.Base+int64(len(w.Data))]) || w.Seam() {
				t.Errorf("seed %d: other bytes at %d", seed, w.Base)
			}
			for i := lo; i < hi; i++ {
				shown[i]++
			}
			return nil
		}
		if err := x.File(t.Context()); err != nil {
			t.Fatal(err)
		}
		x.Close()
		// blank[i] is whether nothing but zeros is seen from i on.
		zeros, blank := 0, make([]bool, size)
		for i := size - 1; i >= 0; i-- {
			if zeros++; data[i] != 0 {
				zeros = 0
			}
			blank[i] = zeros > min(after, size-1-i)
		}
		for i, n := range shown {
			sees := cuts == nil
			for _, c := range cuts {
				sees = sees || int64(i) >= c.Off-int64(after) && int64(i) < c.End()+int64(before)
			}
			switch {
			case n > 1:
				t.Fatalf("seed %d: position %d is shown %d times", seed, i, n)
			case n == 0 && sees && !blank[i]:
				t.Fatalf("seed %d: position %d is not shown", seed, i)
			}
		}
		if n := bytes.Count(shown, []byte{0}); cuts != nil && n < size/10 {
			t.Errorf("seed %d: nearly all is shown for %d cuts", seed, len(cuts))
		}
	}
}

// TestSeams holds that memory which goes on elsewhere in the file is shown in the order of addresses around each place
// where it does, and nothing of one piece alone that no view of the border reaches.
func TestSeams(t *testing.T) {
	const reach = 10
	data := []byte("..AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA..CCCCCCCCCCCCCCCCCCCCCCCCCCCCCC..BBBBBBBBBBBBBBBBBBBBBBBBBBBBBB")
	l := &layout.Layout{Size: int64(len(data))}
	for _, e := range []struct {
		off  int64
		addr uint64
	}{{2, 0x1000}, {66, 0x101e}, {34, 0x9000}} { // B follows A, C stands alone
		l.Memory = append(l.Memory, layout.Extent{Span: layout.Span{Off: e.off, Len: 30}, Addr: e.addr})
	}
	l.Regions = []layout.Region{{Span: layout.Span{Len: 2}}, {Span: layout.Span{Off: 2, Len: 30}, Kind: layout.Memory, Addr: 0x1000},
		{Span: layout.Span{Off: 32, Len: 2}}, {Span: layout.Span{Off: 34, Len: 30}, Kind: layout.Memory, Addr: 0x9000},
		{Span: layout.Span{Off: 64, Len: 2}}, {Span: layout.Span{Off: 66, Len: 30}, Kind: layout.Memory, Addr: 0x101e}}
	var seen []string
	x := &Reel{
		Tiles: tiles(t, data), Layout: l, Before: reach, After: reach, Jobs: 1, Chunk: 1000, Progress: func(_, _ int64) {},
		Examine: func(_ int, w Window) error {
			if !w.Seam() {
				t.Error("no seam")
			}
			seen = append(seen, string(w.Data[w.Lo:w.Hi]))
			return nil
		},
	}
	if err := x.Seams(t.Context()); err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(seen, []string{"AAAAAAAAAABBBBBBBBBB"}) {
		t.Errorf("%q", seen)
	}
	if got := Breaks(l); !slices.Equal(got, []int64{2, 32, 34, 64, 66}) {
		t.Errorf("breaks at %v", got)
	}
}
