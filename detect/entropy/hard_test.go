package entropy

import (
	"math/bits"
	"math/rand/v2"
	"testing"
)

func TestHard(t *testing.T) {
	for _, w := range []uint64{0, 1, 0x91, 65537, 0x00007ffdeadbeef8, 0x00000000fd4a8a28, 0xffff888012345678} {
		if !Hard(w) {
			t.Errorf("%#x is not hard", w)
		}
		if w>>48 == 0 && !Hard(bits.ReverseBytes64(w)) {
			t.Errorf("%#x is not hard in the other order", w)
		}
	}
	const words = 1 << 22
	rng, n := rand.New(rand.NewPCG(4, 2)), 0
	for range words {
		if Hard(rng.Uint64()) {
			n++
		}
	}
	if n > words>>14 {
		t.Errorf("%d of %d random words are hard", n, words)
	}
}
