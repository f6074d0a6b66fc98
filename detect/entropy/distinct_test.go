package entropy

import (
	"crypto/rand"
	"testing"
)

func TestDistinct(t *testing.T) {
	for n := range 100 {
		p := make([]byte, n)
		rand.Read(p)
		if n%3 == 0 && n > 0 {
			p[n/2] = p[0]
		}
		want := map[byte]bool{}
		for _, b := range p {
			want[b] = true
		}
		if got := Distinct(p); got != len(want) {
			t.Errorf("%d octets: %d values, want %d", n, got, len(want))
		}
	}
}

func BenchmarkDistinct(b *testing.B) {
	p := make([]byte, 32)
	rand.Read(p)
	for b.Loop() {
		Distinct(p)
	}
}
