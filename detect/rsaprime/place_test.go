package rsaprime

import (
	"math/bits"
	"testing"
)

// TestFree holds that the words of which a number is looked for do not depend on where data was cut, and that
// random numbers have few that follow a pattern.
func TestFree(t *testing.T) {
	const n = 1 << 20
	data := noise(11, n)
	for i := 0; i < n; i += 4096 { // what has patterns among it
		copy(data[i:i+600], make([]byte, 300))
		copy(data[i+400:i+600], data[i+392:])
	}
	var whole, part dense
	whole.look(data, 0, 0, n)
	for _, c := range []struct{ from, lo, hi int }{
		{0, 5, 3000}, {8, 40, 9000}, {16, 64, 700}, {40, 80, 90}, {4000, 4048, 12000}, {4003, 4051, 4700}, {n - 700, n - 650, n},
	} {
		part.look(data[c.from:], int64(c.from), c.lo-c.from, c.hi-c.from)
		for k := range part.n - 1 {
			at := c.from + part.first + 8*k
			if at < c.from+16 { // of which less is known
				continue
			}
			if got, want := part.patterned(k, 1), whole.patterned(at/8, 1); got != want {
				t.Fatalf("cut at %d: word at %d has %d patterns, %d in the whole", c.from, at, got, want)
			}
		}
	}
	random := noise(12, 2<<20)
	whole.look(random, 0, 0, len(random))
	for _, words := range []int{8, 10, 16, 64} {
		z, lost := newSize(words), 0
		for k := 0; k+words < whole.n; k += words {
			if whole.patterned(k+1, min(words-2, 64)) > z.astray {
				lost++
			}
		}
		if lost > 1 { // 10^-6 is expected
			t.Errorf("%d of %d random numbers of %d words are left out", lost, whole.n/words, words)
		}
	}
	if marked := bits.OnesCount64(whole.free[100]); marked < 56 {
		t.Errorf("%d of 64 random words are free of patterns", marked)
	}
}
