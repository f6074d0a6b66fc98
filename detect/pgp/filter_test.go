package pgp

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestFilterSteps compares Filter, which asks for many bytes at once, with one look at
// each byte, over data in which headers with versions are frequent, for every length
// of the ends that it treats differently.
func TestFilterSteps(t *testing.T) {
	const frequent = "\x94\x95\x96\x97\x9c\x9e\xc5\xc7\xff\xc0\x00\x04\x04\x04\x05\x06\x02\x01\x16\x08\x00\x20"
	r := rand.New(rand.NewPCG(1, 1))
	hits := 0
	for n := range 400 {
		data := make([]byte, 10*n)
		for i := range data {
			data[i] = frequent[r.IntN(len(frequent))]
		}
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		var got, want []int
		packets{}.Filter(data, 0, lo, hi, func(i int) { got = append(got, i) })
		for i := lo; i < hi; i++ {
			if hasVersion(data[i:]) && beginsKey(data[i:]) {
				want = append(want, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Fatalf("in [%d,%d) of %d bytes: %v, want %v", lo, hi, len(data), got, want)
		}
		hits += len(got)
	}
	if hits < 100 {
		t.Errorf("%d hits prove little", hits)
	}
}
