package ecscalar

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// speckled returns random data in which other things stand: zeros, text, pointers, counts.
func speckled(r *rand.Rand, n int) []byte {
	data := make([]byte, n)
	for i := range data {
		data[i] = byte(r.Uint32())
	}
	for range r.IntN(60) {
		at := r.IntN(n)
		piece := data[at:min(n, at+1+r.IntN(24))]
		kind := r.IntN(3)
		for i := range piece {
			switch kind {
			case 0:
				piece[i] = 0
			case 1:
				piece[i] &= 0x7f
			default:
				piece[i] = []byte{0x10, 0x32, 0x7f, 0, 0}[i%5]
			}
		}
	}
	return data
}

// TestMask compares what is known of words with what each says for itself.
func TestMask(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	bulks, runs, exceptions := 0, 0, 0
	for range 60 {
		data := speckled(r, 1+r.IntN(12<<10))
		offset := int64(r.IntN(300))
		m := newMask(data)
		n := len(data) / word
		cls := make([]class, n)
		some := false
		for k := range cls {
			if cls[k] = classify(binary.LittleEndian.Uint64(data[word*k:])); cls[k] == dense && binary.LittleEndian.Uint64(data[word*k:])>>48 == 0xffff {
				cls[k] = soft // one random word in 2^17 is no address of a kernel though it looks so
			}
			some = some || cls[k] == dense
		}
		if m == nil {
			if some {
				t.Fatal("a dense word is not seen")
			}
			continue
		}
		for _, size := range []int{3, 4, 6, 7, 8} {
			ok := make([]bool, n+1)
			for k := 0; k+size <= n; k++ {
				w := cls[k : k+size]
				softs := 0
				for _, c := range w {
					if c == soft {
						softs++
					}
				}
				ok[k] = !slices.Contains(w, hard) && softs <= 1
				exceptions += softs & 1
			}
			windows := m.windows(size)
			for k := range ok {
				if got := windows[k>>6]>>(k&63)&1 != 0; got != ok[k] {
					t.Fatalf("window %d of %d words: %v, want %v", k, size, got, ok[k])
				}
			}
			at := 0
			m.runs(size, func(first, last int) {
				runs++
				for ; !ok[at]; at++ {
				}
				if first != at {
					t.Fatalf("a run of windows of %d words at %d, want %d", size, first, at)
				}
				for ; ok[at]; at++ {
				}
				if last != at-1 {
					t.Fatalf("a run of windows of %d words ends at %d, want %d", size, last, at-1)
				}
			})
			if slices.Contains(ok[at:], true) {
				t.Fatalf("a run of windows of %d words is missing", size)
			}
		}
		m.lines(offset)
		skew := int(offset & (line - 1))
		counts := make([]int, (8*n+skew)/line+1)
		for k, c := range cls {
			if c == dense {
				counts[(8*k+skew)/line]++
			}
		}
		for k := range cls {
			i, want := (8*k+skew)/line, true
			for l := i - bulk/line + 1; l < i+bulk/line; l++ {
				want = want && l >= 0 && l < len(counts) && counts[l] >= line/8-2
			}
			if want {
				bulks++
			}
			if got := m.inBulk(k); got != want {
				t.Fatalf("word %d of %d, line %d: in bulk data %v, want %v", k, n, i, got, want)
			}
		}
	}
	if bulks < 1000 || runs < 1000 || exceptions < 1000 {
		t.Errorf("%d words in bulk data, %d runs, %d windows with an exception", bulks, runs, exceptions)
	}
}
