package smallprime

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestSmooth compares both with division of the whole number.
func TestSmooth(t *testing.T) {
	s := NewSieve()
	r := rand.New(rand.NewPCG(1, 1))
	for i := range 3000 {
		limbs := make([]uint64, 1+r.IntN(17))
		x, limb := new(big.Int), new(big.Int)
		for k := range limbs {
			limbs[k] = r.Uint64()
			if k == 0 {
				limbs[k] |= 1
			}
			x.Or(x, limb.Lsh(limb.SetUint64(limbs[k]), uint(64*k)))
		}
		divides := func(q int64) bool { return new(big.Int).Mod(x, big.NewInt(q)).Sign() == 0 }
		if want := divides(3) || divides(5) || divides(17); Tiny(limbs) != want {
			t.Fatalf("%d: tiny is %v", i, !want)
		}
		want := false
		for q := int64(7); q <= Largest; q += 2 {
			want = want || q%17 != 0 && q%3 != 0 && q%5 != 0 && divides(q)
		}
		if s.Smooth(limbs, len(s)) != want {
			t.Fatalf("%d: smooth is %v", i, !want)
		}
		if s.Smooth(limbs, 0) || !want && s.Smooth(limbs, 1) {
			t.Fatalf("%d: fewer batches find what is not there", i)
		}
	}
}
