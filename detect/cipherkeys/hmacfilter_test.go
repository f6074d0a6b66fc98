package cipherkeys

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPadSteps compares the filter of HMAC's pads with a look at every step, over
// data full of pads and halves of them.
func TestPadSteps(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	hits := 0
	for n := range 300 {
		data := make([]byte, 20*n)
		for i := range data {
			switch r.IntN(40) {
			case 0:
				for k := i; k < min(i+r.IntN(40), len(data)); k++ {
					data[k] = ipad
				}
			default:
				data[i] = byte(r.IntN(256))
				if far := []int{64, 80, 128, 144}[n%4]; i >= far && i/200%2 == 1 {
					data[i] = data[i-far] ^ ipad ^ opad
				}
			}
		}
		lo := r.IntN(len(data) + 1)
		hi := lo + r.IntN(len(data)-lo+1)
		base := int64(r.IntN(32))
		var got, want []int
		hmac{}.Filter(data, base, lo, hi, func(i int) { got = append(got, i) })
		for q := firstStep(base, lo, hmacStep); q < hi; q += hmacStep {
			padStep(data, q, lo, hi, func(i int) { want = append(want, i) })
		}
		if !slices.Equal(got, want) {
			t.Fatalf("in [%d,%d) of %d bytes, base %d: %v, want %v", lo, hi, len(data), base, got, want)
		}
		hits += len(got)
	}
	if hits < 1000 {
		t.Errorf("%d hits prove little", hits)
	}
}
