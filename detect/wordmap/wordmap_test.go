package wordmap

import (
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// TestMap compares maps with the definitions, read word by word, for blocks anywhere in memory.
func TestMap(t *testing.T) {
	var room Room
	marked, words := 0, 0
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 11))
		data, base := make([]byte, r.IntN(3000)), int64(r.IntN(1000))
		for i := range data {
			if r.IntN(4) > 0 {
				data[i] = byte(r.Uint32())
			}
		}
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		m := New(&room, data, base, lo, hi)
		if (base+int64(m.First))&(Word-1) != 0 || m.First > max(0, lo-Margin) || m.At(m.Len) < min(len(data), hi+Margin) {
			t.Fatalf("seed %d: %d words from %d on for [%d, %d) of %d", seed, m.Len, m.First, lo, hi, len(data))
		}
		for k := range 64 * len(m.Random) {
			at := m.At(k)
			var random, patternless [1]uint64
			if at >= 0 && at+Word <= min(len(data), hi+Margin) {
				var p [kernel.PatternBack + kernel.WordBytes]byte
				for i := max(0, at-kernel.PatternBack); i < at+Word; i++ {
					p[i-at+kernel.PatternBack] = data[i]
				}
				kernel.Words(random[:], patternless[:], p[:])
			}
			if Ahead(m.Random, k)&1 != random[0]&1 || Ahead(m.Patternless, k)&1 != patternless[0]&1 {
				t.Fatalf("seed %d: word %d at %d of %d is not marked as it is", seed, k, at, len(data))
			}
			words++
			marked += int(random[0] & 1)
		}
		if k := m.Index(lo); m.At(k) > lo || m.At(k+1) <= lo {
			t.Fatalf("seed %d: byte %d is not in word %d at %d", seed, lo, k, m.At(k))
		}
	}
	if marked == 0 || marked*10 > words*9 {
		t.Errorf("%d of %d words look random", marked, words)
	}
}
