package survey

import (
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// sea returns zeros with land in it, of which no piece is longer than 64 bytes.
func sea(r *rand.Rand) []byte {
	data := make([]byte, 1+r.IntN(5*Block))
	for i := r.IntN(len(data)); i < len(data); i += 1 + r.IntN(1+r.IntN(2*Block)) {
		for k := i; k < min(i+1+r.IntN(64), len(data)); k++ {
			data[k] = byte(1 + r.IntN(255))
		}
	}
	return data
}

// TestBlocks holds blocks to what they promise: every place that is not deep in zeros lies in one of them, in
// order, and no block has more zeros in a row than two pieces and what is not deep in them.
func TestBlocks(t *testing.T) {
	var s Survey
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 9))
		data, base, deep := sea(r), int64(r.IntN(1<<20)), r.IntN(2)*(1+r.IntN(600))
		lo := r.IntN(len(data))
		hi := lo + r.IntN(len(data)-lo+1)
		at := lo
		passed := func(end int) {
			for i := at; i < end; i++ {
				for k := max(0, i-deep); k <= min(i+deep, len(data)-1); k++ {
					if deep == 0 || data[k] != 0 {
						t.Fatalf("seed %d: %d of %d is passed over, deep %d, and %d is not zero", seed, i, len(data), deep, k)
					}
				}
			}
		}
		for s.Begin(data, base, lo, hi, deep); s.Next(); at = s.Hi {
			if s.Lo < at || s.Hi <= s.Lo || s.Hi > hi {
				t.Fatalf("seed %d: block [%d, %d) behind %d, before %d", seed, s.Lo, s.Hi, at, hi)
			}
			if a, b := base+int64(s.Lo), base+int64(s.Hi-1); a/Block != b/Block {
				t.Fatalf("seed %d: block from %d to %d", seed, a, b)
			}
			passed(s.Lo)
			if deep == 0 {
				continue
			}
			for i := s.Lo; i < s.Hi; i++ {
				if n := kernel.Zeros(data[i:s.Hi]); n >= 2*zeroPiece+deep {
					t.Fatalf("seed %d: %d zeros in a block, deep %d", seed, n, deep)
				} else if n > 0 {
					i += n - 1
				}
			}
		}
		passed(hi)
		s.End()
	}
}
