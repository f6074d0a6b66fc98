package search

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// TestCrowd compares what crowds that grow say they let pass with a sum over all bytes.
func TestCrowd(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var q crowd
		for range 1 + r.IntN(6) {
			k := key{text: string([]byte{byte(r.Uint32() & r.Uint32()), 0, byte(r.Uint32()), 'a', 'b'}[r.IntN(3):]), fold: r.IntN(2) == 0}
			p := k.pattern(0)
			both := q.with(&p)
			alone := (&crowd{}).with(&p)
			if least := q.least(&alone); least > both.chance*(1+1e-9) {
				t.Fatalf("at least %g, but %g passes", least, both.chance)
			}
			q = both
		}
		if want := plainChance(&q.pattern); math.Abs(q.chance-want) > 1e-9*want {
			t.Fatalf("%g passes, want %g", q.chance, want)
		}
	}
}

// plainChance is what a pattern lets pass, by all bytes.
func plainChance(p *pattern) float64 {
	total := 0.0
	for c := range 256 {
		total += weight(c)
	}
	product, numbers, zeros := 1.0, 0.0, 0
	for i := range kernel.QuadLen {
		if p.allows(i, 0) {
			zeros++
		}
	}
	for i := range kernel.QuadLen {
		any := 0.0
		for c := range 256 {
			if !p.allows(i, byte(c)) {
				continue
			}
			any += weight(c) / total
			if zeros == kernel.QuadLen || zeros == kernel.QuadLen-1 && !p.allows(i, 0) {
				numbers += 0.0002 + 0.006/float64(max(c, 1))
			}
		}
		product *= any
	}
	return product + numbers
}
