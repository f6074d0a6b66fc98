package layout

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestVectors compares with a model that looks at each byte by itself.
func TestVectors(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		size := rng.Int64N(40)
		b := NewBuilder("test", size)
		for range rng.IntN(8) {
			b.Claim(Kind(rng.IntN(5)), hostile(rng, 44), hostile(rng, 20), 0, "r")
		}
		want := make([]bool, size)
		for range rng.IntN(6) {
			off, n := hostile(rng, 44), hostile(rng, 20)
			b.Vectors(off, n)
			for i := range want {
				want[i] = want[i] || uint64(i) >= off && uint64(i)-off < n
			}
		}
		l, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		got := make([]bool, size)
		end := int64(-1)
		for _, s := range l.Vectors {
			if s.Off <= end || s.Len <= 0 {
				t.Fatalf("vectors %v are not sorted and apart", l.Vectors)
			}
			for end = s.Off; end < s.End(); end++ {
				got[end] = true
			}
		}
		for i := range want {
			want[i] = want[i] && l.Regions[l.At(int64(i))].Kind == Registers
		}
		if !slices.Equal(got, want) {
			t.Fatalf("vectors %v of %v, want %v", l.Vectors, l.Regions, want)
		}
	}
}

func TestVectorsAreNotMissing(t *testing.T) {
	b := NewBuilder("test", 10)
	b.Claim(Registers, 0, 10, 0, "r")
	b.Vectors(8, math.MaxUint64)
	b.Vectors(math.MaxUint64, 3)
	l, err := b.Build()
	if err != nil || l.Truncated || !slices.Equal(l.Vectors, []Span{{8, 2}}) {
		t.Errorf("%+v, error %v", l, err)
	}
}
