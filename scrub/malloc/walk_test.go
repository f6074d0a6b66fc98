package malloc

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// arena is memory from base on.
type arena struct {
	base uint64
	data []byte
}

func (a *arena) read(addr uint64, p []byte) bool {
	if addr < a.base || addr-a.base > uint64(len(a.data)) || uint64(len(p)) > uint64(len(a.data))-(addr-a.base) {
		return false
	}
	copy(p, a.data[addr-a.base:])
	return true
}

func (a *arena) put(addr, v uint64) { binary.LittleEndian.PutUint64(a.data[addr-a.base:], v) }

const base = 0x10000000

// build lays out three chunks of 96 bytes and a top: the second one is free, and
// alone in a list whose head lies at the end.
func build() *arena {
	a := &arena{base, make([]byte, 8<<10)}
	for i := range uint64(3) {
		a.put(base+96*i+8, 96|prevInUse)
	}
	bin := uint64(base + 4096)
	a.put(base+192, 96)
	a.put(base+192+8, 96) // without prevInUse: the chunk before is free
	a.put(base+96+16, bin)
	a.put(base+96+24, bin)
	a.put(bin+16, base+96)
	a.put(bin+24, base+96)
	a.put(base+288+8, (4096-288)|prevInUse)
	return a
}

func heapOf(a *arena) []layout.Range {
	return []layout.Range{{Low: base, High: base + 4096}, {Low: base + 4096, High: base + 8192}}
}

func TestFree(t *testing.T) {
	a := build()
	got := Free(a.read, heapOf(a))
	want := []layout.Range{{Low: base + 96 + 32, High: base + 192}, {Low: base + 288 + 16, High: base + 4096}}
	if len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
		t.Errorf("%x, want %x", got, want)
	}
}

// TestDoubt: what contradicts itself is left alone.
func TestDoubt(t *testing.T) {
	for name, spoil := range map[string]func(*arena){
		"a size that leads past the end": func(a *arena) { a.put(base+96+8, 8192|prevInUse) },
		"a size of zero":                 func(a *arena) { a.put(base+96+8, prevInUse) },
		"another size of the one before": func(a *arena) { a.put(base+192, 112) },
		"a top that ends early":          func(a *arena) { a.put(base+288+8, 1024|prevInUse) },
	} {
		a := build()
		spoil(a)
		if got := Free(a.read, heapOf(a)); len(got) != 0 {
			t.Errorf("%s: %x", name, got)
		}
	}
	a := build()
	a.put(base+4096+24, base) // the list does not point back
	if got := Free(a.read, heapOf(a)); len(got) != 1 || got[0].Low != base+288+16 {
		t.Errorf("a broken list: %x", got)
	}
}

// FuzzFree: whatever memory holds, the walk ends and stays inside it.
func FuzzFree(f *testing.F) {
	f.Add(build().data, uint64(0))
	f.Fuzz(func(t *testing.T, data []byte, seed uint64) {
		if len(data) > 1<<16 {
			return
		}
		a := &arena{base, data}
		r := rand.New(rand.NewPCG(seed, 1))
		for range int(seed % 5) {
			if len(data) >= 8 {
				a.put(base+uint64(r.IntN(len(data)/8))*8, base+uint64(r.IntN(len(data)+64)))
			}
		}
		end := base + uint64(len(data))
		mid := min(end, base+4096)
		last := uint64(base)
		for _, g := range Free(a.read, []layout.Range{{Low: base, High: mid}, {Low: mid, High: end}}) {
			if g.Low < last || g.High <= g.Low || g.High > end {
				t.Fatalf("%x in %x", g, end)
			}
			last = g.High
		}
	})
}
