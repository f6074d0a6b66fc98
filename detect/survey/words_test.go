package survey

import (
	"math"
	"math/bits"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

// gateData returns words of every kind, more than a block of them.
func gateData(r *rand.Rand) []byte {
	data := make([]byte, r.IntN(3*Block/2))
	for i := 0; i < len(data); {
		n := min(len(data)-i, 1+r.IntN(200))
		if r.IntN(3) == 0 {
			for k := range n {
				data[i+k] = byte(r.Uint32())
				if r.IntN(60) == 0 {
					data[i+k] = 0
				}
			}
		}
		i += n
	}
	return data
}

// slowGate returns which positions of data g leaves, read literally.
func slowGate(data []byte, base int64, g probe.Gate) []bool {
	// Words from far before the data to far behind it, of which those that are not whole are random.
	first := -int(base&7) - 8*maxGate - maxNear/8*8
	random := func(k int) bool {
		at := first + 8*k
		if at < 0 || at+8 > len(data) {
			return true
		}
		var b [kernel.PatternBack + kernel.WordBytes]byte
		for i := max(0, at-kernel.PatternBack); i < at+8; i++ {
			b[kernel.PatternBack+i-at] = data[i]
		}
		var r, m [1]uint64
		kernel.Words(r[:], m[:], b[:])
		return m[0]&1 != 0
	}
	left := make([]bool, len(data))
	end := math.MinInt / 2
	for k := 0; first+8*k < len(data)+8; k++ {
		at, others := first+8*k, 0
		for n := range g.Words {
			if !random(k + n) {
				others++
			}
		}
		if others > g.Others {
			continue
		}
		from := at - g.Near
		if from <= end+join {
			from = min(from, end)
		}
		end = at + 8*g.Words + g.Near
		for i := max(from, 0); i < min(end, len(data)); i++ {
			left[i] = true
		}
	}
	return left
}

// TestGate compares what gates leave, in pieces of any size, with their definition.
func TestGate(t *testing.T) {
	gates := []probe.Gate{{Words: 4, Others: 1, Near: 96}, {Words: 7, Others: 2, Near: 16}, {Words: 2}, {Words: 16, Others: 2, Near: maxNear}, {Words: 1}}
	passed, all := 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 5))
		data, base := gateData(r), int64(r.IntN(1000))
		for _, g := range gates {
			want := slowGate(data, base, g)
			got := make([]bool, len(data))
			var l lattice
			var room wordmap.Room
			for lo := 0; lo < len(data); {
				hi := min(lo+1+r.IntN(Block), len(data))
				m := wordmap.New(&room, data, base, lo, hi)
				l.look(&m, data)
				l.ranges(g, lo, hi, func(a, b int) {
					if a < lo || b > hi || a >= b {
						t.Fatalf("range [%d, %d) of [%d, %d)", a, b, lo, hi)
					}
					for i := a; i < b; i++ {
						got[i] = true
					}
				})
				lo = hi
			}
			for i := range want {
				if want[i] != got[i] {
					t.Fatalf("seed %d, gate %+v: position %d of %d: %t, want %t", seed, g, i, len(data), got[i], want[i])
				}
				all++
				passed += bits.OnesCount64(uint64(map[bool]uint64{true: 1}[got[i]]))
			}
		}
	}
	if passed == 0 || passed == all {
		t.Errorf("%d of %d positions are left", passed, all)
	}
}
