package live

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/dumptest"
)

// heapCore is a core with one heap of n chunks of 64 bytes, each second one free.
func heapCore(n int) []byte {
	const size = 64
	le := binary.LittleEndian
	memory := make([]byte, max(n*size, 1<<12))
	for i := range n {
		flags := uint64((i + 1) & 1)
		le.PutUint64(memory[i*size+8:], size|flags)
		le.PutUint64(memory[i*size+16:], 0x7000+uint64(i))
	}
	if rest := len(memory) - n*size; rest > 0 {
		le.PutUint64(memory[n*size+8:], uint64(rest)|1)
	}
	return dumptest.Core(memory)
}

// TestCompareHeaps sees a damaged size and a damaged pointer of a free chunk, and
// nothing in the contents of one in use.
func TestCompareHeaps(t *testing.T) {
	const head, size = 120, 64
	for _, c := range []struct {
		name string
		at   int
		fail bool
	}{
		{"none", -1, false}, {"size", 5*size + 8, true}, {"list of a free chunk", 2*size + 16, true},
		{"contents", 3*size + 32, false},
	} {
		dir := t.TempDir()
		b := heapCore(64)
		before, after := filepath.Join(dir, "before"), filepath.Join(dir, "after")
		if err := os.WriteFile(before, b, 0o600); err != nil {
			t.Fatal(err)
		}
		if c.at >= 0 {
			b[head+c.at] ^= 0xff
		}
		if err := os.WriteFile(after, b, 0o600); err != nil {
			t.Fatal(err)
		}
		var d Dump
		if err := d.compareHeaps(before, after); err != nil {
			t.Fatal(err)
		}
		if d.Heaps != 1 || d.Chunks < 64 || len(d.Failures) > 0 != c.fail {
			t.Errorf("%s: %+v", c.name, d)
		}
	}
}
