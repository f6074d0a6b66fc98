package textmap

import (
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// TestMap compares what maps of blocks say of each byte with what a map of that byte alone says.
func TestMap(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 50 {
		data := make([]byte, r.IntN(2*Block))
		for i := range data {
			data[i] = "\x00aZ9%|\\ \xff.="[r.IntN(11)]
		}
		lo := r.IntN(len(data) + 1)
		next := lo
		Blocks(data, lo, len(data), func(m Map, lo, hi int) {
			if lo != next || hi <= lo {
				t.Fatalf("block [%d, %d) behind %d", lo, hi, next)
			}
			next = hi
			first, to := m.Span(lo, hi)
			for k := first; k < to; k++ {
				at := m.First + k*kernel.ClassBytes
				for i := range kernel.ClassBytes {
					in := Clip(1<<i, at, lo, hi) != 0
					if in != (at+i >= lo && at+i < hi) {
						t.Fatalf("byte %d is in [%d, %d): %v", at+i, lo, hi, in)
					}
				}
			}
			for i := max(0, lo-Margin); i < min(hi+Margin, len(data)); i++ {
				k := (i - m.First) / kernel.ClassBytes
				bit := (i - m.First) % kernel.ClassBytes
				if m.Words[k]>>bit&1 != 0 != kernel.IsWord(data[i]) || m.Zeros[k]>>bit&1 != 0 != (data[i] == 0) {
					t.Fatalf("byte %d of %d is %q", i, len(data), data[i])
				}
			}
			three := func(i, width int) bool {
				for n := range 3 {
					at := i + n*width
					if at+width > len(data) || !kernel.IsWord(data[at]) || width == 2 && data[at+1] != 0 {
						return false
					}
				}
				return true
			}
			for i := lo; i < hi; i++ {
				k, bit := (i-m.First)/kernel.ClassBytes, (i-m.First)%kernel.ClassBytes
				if m.Three[k]>>bit&1 != 0 != three(i, 1) || m.WideThree[k]>>bit&1 != 0 != three(i, 2) || three(i, 2) && !m.AnyWide {
					t.Fatalf("three characters begin, or do not, at %d of %d", i, len(data))
				}
			}
			end := (len(data) - m.First) / kernel.ClassBytes
			if last := min(end, len(m.Words)-1); hi == len(data) && m.Zeros[last]>>((len(data)-m.First)%kernel.ClassBytes) != 0 {
				t.Fatal("zeros behind the end")
			}
		})
		if next != len(data) {
			t.Fatalf("blocks end at %d of %d", next, len(data))
		}
	}
}
