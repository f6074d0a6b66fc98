package ecpair

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestParts holds that the candidates in the parts are those of the whole, among words of every kind.
func TestParts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	collect := func(data []byte, base int64, lo, hi int) (found []int) {
		runs(data, base, lo, hi, func(r run) {
			for i := max(r.start, lo); i < min(r.end, hi); i += 8 {
				texts := 0
				for k := i; k < i+8*keyWords && k+8 <= len(data); k += 8 {
					if ascii(binary.LittleEndian.Uint64(data[k:])) {
						texts++
					}
				}
				if r.holds(i) && texts <= 1 {
					found = append(found, i)
				}
			}
		})
		return found
	}
	total := 0
	for range 300 {
		data := make([]byte, r.IntN(6000))
		share := r.IntN(5)
		for i := 0; i+8 <= len(data); i += 8 {
			w := r.Uint64()
			switch r.IntN(8) {
			case 0:
				w &= 0x7f7f7f7f7f7f7f7f
			case 1, 2, 3:
				if share > 0 && i/512%5 < share {
					w >>= 17 + r.IntN(47)
				}
			}
			binary.LittleEndian.PutUint64(data[i:], w)
		}
		base := int64(r.IntN(16))
		lo := min(r.IntN(700), len(data))
		lo += int(-(base + int64(lo)) & 7)
		hi := max(lo, len(data)-r.IntN(700))
		want := collect(data, base, lo, hi)
		var got []int
		parts(data, base, lo, hi, func(lo, hi int) { got = append(got, collect(data, base, lo, hi)...) })
		if !slices.Equal(got, want) {
			t.Fatalf("%d bytes: at %d, want %d", len(data), got, want)
		}
		total += len(want)
	}
	if total == 0 {
		t.Error("no candidates")
	}
}
