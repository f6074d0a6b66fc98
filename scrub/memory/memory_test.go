package memory

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats"
	"github.com/dumpscrub/dumpscrub/formats/dumptest"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
	"github.com/dumpscrub/dumpscrub/scrub/tile/tiletest"
)

// TestRead reads a segment of several tiles by its addresses, and nothing around it.
func TestRead(t *testing.T) {
	const base = 0x400000
	data := make([]byte, 3*tile.Size+100)
	r := rand.New(rand.NewPCG(1, 2))
	for i := range data {
		data[i] = byte(r.IntN(256))
	}
	path := filepath.Join(t.TempDir(), "core")
	if err := os.WriteFile(path, dumptest.Core(data), 0o600); err != nil {
		t.Fatal(err)
	}
	in := tiletest.Input(t, path)
	l, err := formats.Open(in, in.Size(), "")
	if err != nil {
		t.Fatal(err)
	}
	ts, err := tile.New(in)
	if err != nil {
		t.Fatal(err)
	}
	m := New(ts, l)
	defer m.Close()
	end := base + uint64(len(data))
	for _, c := range []struct {
		addr  uint64
		n     int
		there bool
	}{
		{base, 1, true}, {base + tile.Size - 70, 140, true}, {base + 5, len(data) - 5, true}, {end - 8, 8, true},
		{base - 1, 2, false}, {end - 8, 9, false}, {end, 1, false}, {0, 16, false}, {^uint64(0) - 3, 16, false},
	} {
		p := make([]byte, c.n)
		if m.Read(c.addr, p) != c.there {
			t.Errorf("%#x, %d bytes: there is not what was expected", c.addr, c.n)
			continue
		}
		spans := m.Spans(c.addr, c.n)
		if !c.there {
			if spans != nil {
				t.Errorf("%#x, %d bytes: spans of what is not there", c.addr, c.n)
			}
			continue
		}
		at := int(c.addr - base)
		if !bytes.Equal(p, data[at:at+c.n]) {
			t.Errorf("%#x, %d bytes: other bytes", c.addr, c.n)
		}
		if want := []layout.Span{{Off: dumptest.Head + int64(at), Len: int64(c.n)}}; !slices.Equal(spans, want) {
			t.Errorf("%#x, %d bytes: spans %v, want %v", c.addr, c.n, spans, want)
		}
	}
}
