package kernel

import (
	"math/rand/v2"
	"testing"
)

// TestColumns plants each relation at one place of random bytes, of which one in 600 has one by chance.
func TestColumns(t *testing.T) {
	const enc, dec, n = 0x5b, 0xe8, 64
	chance := 0
	for seed := range uint64(140) {
		r := rand.New(rand.NewPCG(seed, 6))
		p := make([]byte, ColumnBack+ColumnStep*(n-1)+ColumnAhead)
		for i := range p {
			p[i] = byte(r.Uint32())
		}
		step, row := r.IntN(n), r.IntN(4)
		at := ColumnBack + ColumnStep*step + row
		far, sum := []int{-16, -24, -32, 16, 32, 8, 8}[seed%7], byte(enc)
		if far > 0 {
			sum = dec
		}
		if seed%7 == 6 {
			at += 4
		}
		p[at+far] = p[at] ^ p[at-4] ^ sum
		p[at+far+4] = p[at+4] ^ p[at] ^ sum
		m := Columns(p, n, enc*ones, dec*ones)
		if m>>step&1 == 0 {
			t.Errorf("seed %d: nothing at step %d", seed, step)
		}
		for i := range n {
			if i != step && m>>i&1 != 0 {
				chance++
			}
		}
	}
	if clear := Columns(make([]byte, 1000), 20, enc*ones, dec*ones); clear != 0 {
		t.Errorf("zeros are marked: %b", clear)
	}
	if chance > 100 {
		t.Errorf("%d places are marked by chance", chance)
	}
}
