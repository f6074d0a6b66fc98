package digitpair

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestGather compares the runs around a number with their definition, one place after the other.
func TestGather(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 1))
	runs := 0
	for round := range 60 {
		data := make([]byte, 8*(200+r.IntN(6000))+r.IntN(8))
		for i := 0; i+8 <= len(data); i += 8 {
			w := r.Uint64()
			switch r.IntN(16) {
			case 0:
				w = 0
			case 1:
				w = w >> 17 &^ 7 // a pointer
			case 2:
				w >>= 62
			case 3: // of any kind
			case 4:
				w >>= 13
			default:
				if w >>= 4; round%2 == 0 {
					w &= 0x3fffffff3fffffff
				}
			}
			binary.LittleEndian.PutUint64(data[i:], w)
		}
		for _, f := range forms() {
			at := 8*r.IntN(len(data)/8) + r.IntN(8)*(round%3/2)
			c := company{data: data, number: start{form: f, at: at}}
			c.gather()
			want := company{data: data, number: c.number}
			for d := 8; d <= reach; d += 8 {
				if i := at - d; i >= 0 && i <= len(data)-8*leastWords {
					want.look(i)
				}
				if i := at + d; i <= len(data)-8*leastWords {
					want.look(i)
				}
			}
			if !slices.Equal(c.around, want.around) || !slices.Equal(c.lows, want.lows) {
				t.Fatalf("round %d: %d runs around %d of %d, want %d", round, len(c.around), at, len(data), len(want.around))
			}
			runs += len(c.around)
		}
	}
	if runs < 1000 {
		t.Errorf("%d runs only", runs)
	}
}
