package rawmem

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

func TestOpen(t *testing.T) {
	l, err := Open(nil, 12345)
	if err != nil {
		t.Fatal(err)
	}
	want := layout.Region{Span: layout.Span{Len: 12345}, Kind: layout.Memory, Name: "raw memory"}
	if l.Format != "raw" || len(l.Regions) != 1 || l.Regions[0] != want {
		t.Errorf("got %+v", l)
	}
	if len(l.Memory) != 1 || l.Memory[0] != (layout.Extent{Span: want.Span}) {
		t.Errorf("memory %+v", l.Memory)
	}
	if l.Truncated || l.Missing != 0 || l.Size != 12345 {
		t.Errorf("size %d, missing %d", l.Size, l.Missing)
	}
}

func TestOpenEmpty(t *testing.T) {
	for _, size := range []int64{0, -1} {
		l, err := Open(nil, size)
		if err != nil || len(l.Regions) != 0 || len(l.Memory) != 0 {
			t.Errorf("size %d: %+v, %v", size, l, err)
		}
	}
}
