package score

import (
	"bytes"
	"testing"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// FuzzSet compares a set with a map of bytes.
func FuzzSet(f *testing.F) {
	f.Add([]byte{10, 5, 30, 2, 12, 8, 20, 1}, byte(3), byte(40))
	f.Add([]byte{0, 0, 255, 255}, byte(254), byte(255))
	f.Fuzz(func(t *testing.T, p []byte, off, n byte) {
		var spans []corpus.Span
		var in [512]bool
		for ; len(p) >= 2; p = p[2:] {
			spans = append(spans, corpus.Span{Off: int64(p[0]), Len: int64(p[1])})
			for i := range int(p[1]) {
				in[int(p[0])+i] = true
			}
		}
		s := setOf(spans)
		var want int64
		for i := range in {
			if s.has(int64(i)) != in[i] {
				t.Fatalf("byte %d: has is %v", i, !in[i])
			}
			if in[i] && i >= int(off) && i < int(off)+int(n) {
				want++
			}
		}
		if got := s.covered(corpus.Span{Off: int64(off), Len: int64(n)}); got != want {
			t.Errorf("covered is %d, want %d", got, want)
		}
		for i := 1; i < len(s); i++ {
			if s[i].Off <= s[i-1].Off+s[i-1].Len {
				t.Errorf("spans %d and %d touch", i-1, i)
			}
		}
	})
}

// FuzzSearch compares the index with bytes.Contains.
func FuzzSearch(f *testing.F) {
	f.Add([]byte("sixteen bytes and a bit"), []byte("there are sixteen bytes and a bit more"))
	f.Add(bytes.Repeat([]byte{1, 2}, 20), bytes.Repeat([]byte{1, 2}, 40))
	f.Fuzz(func(t *testing.T, secret, data []byte) {
		x := &index{filter: make([]uint64, 1<<(filterBits-6)), owner: map[[piece]byte]origin{}}
		x.add(secret, origin{})
		hits := map[int64]bool{}
		if err := x.search(bytes.NewReader(data), func(off int64, _ [piece]byte) { hits[off] = true }); err != nil {
			t.Fatal(err)
		}
		for i := 0; i+piece <= len(data); i++ {
			w := [piece]byte(data[i:])
			if want := bytes.Contains(secret, w[:]) && distinct(w) > fewDistinct; hits[int64(i)] != want {
				t.Errorf("offset %d: found is %v", i, hits[int64(i)])
			}
		}
	})
}
