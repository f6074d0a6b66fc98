package tile

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/source"
)

// fickle is a source whose bytes can change, and whose holes are where it says.
type fickle struct {
	data []byte
	hole int64 // before here there is no data
}

func (f *fickle) Size() int64 { return int64(len(f.data)) }

func (f *fickle) ReadAt(p []byte, off int64) (int, error) {
	n := copy(p, f.data[off:])
	if n < len(p) {
		return n, io.EOF
	}
	return n, nil
}

func (f *fickle) Close() error { return nil }

// NextData implements [source.Sparse].
func (f *fickle) NextData(off int64) (start, end int64) { return max(off, f.hole), f.Size() }

func open(t *testing.T, n int) (*fickle, *Tiles) {
	t.Helper()
	f := &fickle{data: make([]byte, n)}
	rand.Read(f.data)
	ts, err := New(f)
	if err != nil {
		t.Fatal(err)
	}
	return f, ts
}

// Whatever byte changes after a tile was read, no reader gets it.
func TestChangedByte(t *testing.T) {
	f, ts := open(t, 2*Size+100)
	buf := make([]byte, Size)
	for i := range ts.Count() {
		if ts.Known(i) {
			t.Errorf("tile %d is known before it was read", i)
		}
		if err := ts.Read(i, buf[:ts.Len(i)]); err != nil {
			t.Fatal(err)
		}
	}
	for _, at := range []int{0, 77, Size - 1, Size, 2*Size - 1, 2 * Size, 2*Size + 99} {
		i := int64(at / Size)
		f.data[at] ^= 1
		if err := ts.Read(i, buf[:ts.Len(i)]); !errors.Is(err, source.ErrChanged) {
			t.Errorf("byte %d changed: %v", at, err)
		}
		if err := NewCache(ts).Read(buf[:1], int64(at)); !errors.Is(err, source.ErrChanged) {
			t.Errorf("byte %d changed, through a cache: %v", at, err)
		}
		f.data[at] ^= 1
	}
	cache := NewCache(ts)
	defer cache.Close()
	if err := cache.Read(buf, Size/2+1); err != nil || !bytes.Equal(buf, f.data[Size/2+1:][:Size]) {
		t.Errorf("bytes as they were: %v", err)
	}
}

// A hole where data was examined, and data where a hole was, are changes.
func TestHoles(t *testing.T) {
	f, ts := open(t, 2*Size)
	buf := make([]byte, Size)
	if err := ts.Read(0, buf); err != nil {
		t.Fatal(err)
	}
	f.hole = Size
	if hole, err := ts.Hole(0); !hole || !errors.Is(err, source.ErrChanged) {
		t.Errorf("a hole now: %v, %v", hole, err)
	}
	if err := ts.Skip(1); err != nil || !ts.Zero(1) {
		t.Fatalf("a hole: %v", err)
	}
	if err := ts.Read(1, buf); !errors.Is(err, source.ErrChanged) {
		t.Errorf("data now: %v", err)
	}
	clear(f.data[Size:])
	if err := ts.Read(1, buf); err != nil {
		t.Errorf("written zeros are what a hole reads as: %v", err)
	}
}
