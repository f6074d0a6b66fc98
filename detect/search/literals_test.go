package search

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestLiterals compares the table with a plain search, exact and folded, over
// text that is made of pieces of the literals.
func TestLiterals(t *testing.T) {
	exact := []string{"abc", "Abc", "AKIA", "-----BEGIN ", "\x30\x02\x01"}
	folded := []string{"password", "api_key", "key", "[x]"}
	var l literals
	for i, s := range exact {
		l.add(s, i, false, false)
	}
	for i, s := range folded {
		l.add(s, len(exact)+i, false, true)
	}
	l.build()
	r := rand.New(rand.NewPCG(1, 2))
	all := append(slices.Clone(exact), folded...)
	var data []byte
	for range 4000 {
		p := all[r.IntN(len(all))]
		if r.IntN(2) == 0 {
			p = strings.ToUpper(p)
		}
		data = append(data, p[r.IntN(len(p)):]...)
		data = append(data, make([]byte, r.IntN(12)*r.IntN(2))...)
	}
	type at struct{ pos, det int }
	var want, got []at
	lower := bytes.ToLower(data)
	for pos := range data {
		for i, s := range exact {
			if bytes.HasPrefix(data[pos:], []byte(s)) {
				want = append(want, at{pos, i})
			}
		}
		for i, s := range folded {
			if bytes.HasPrefix(lower[pos:], []byte(s)) {
				want = append(want, at{pos, len(exact) + i})
			}
		}
	}
	for lo := 0; lo < len(data); lo += 100 {
		l.find(data, lo, min(lo+100, len(data)), func(pos int, lit *literal) {
			for _, d := range lit.dets {
				got = append(got, at{pos, d})
			}
		})
	}
	order := func(a, b at) int { return (a.pos-b.pos)*100 + a.det - b.det }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !slices.Equal(got, want) || len(want) < 1000 {
		t.Errorf("found %d, want %d", len(got), len(want))
	}
}

// TestLiteralsMany compares the table with a plain search for thousands of random
// literals of every length over data that is made of pieces of them, cut into
// windows that begin at even and odd places.
func TestLiteralsMany(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	const alphabet = "abcKEY_-\x00\x00\xff0 "
	var l literals
	words := map[string][]int{}
	var all []string
	for det := range 2000 {
		b := make([]byte, minLiteral+r.IntN(10))
		for i := range b {
			b[i] = alphabet[r.IntN(len(alphabet))]
		}
		l.add(string(b), det, false, false)
		words[string(b)] = append(words[string(b)], det)
		all = append(all, string(b))
	}
	l.build()
	var data []byte
	for len(data) < 1<<15 {
		w := all[r.IntN(len(all))]
		data = append(data, w[r.IntN(2):]...)
		data = append(data, make([]byte, r.IntN(20)*r.IntN(2))...)
	}
	type at struct{ pos, det int }
	var want, got []at
	for pos := range data {
		for n := minLiteral; n < minLiteral+10 && pos+n <= len(data); n++ {
			for _, det := range words[string(data[pos:pos+n])] {
				want = append(want, at{pos, det})
			}
		}
	}
	for lo := 0; lo < len(data); {
		hi := min(lo+1+r.IntN(500), len(data))
		l.find(data, lo, hi, func(pos int, lit *literal) {
			for _, d := range lit.dets {
				got = append(got, at{pos, d})
			}
		})
		lo = hi
	}
	order := func(a, b at) int { return (a.pos-b.pos)*10000 + a.det - b.det }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !slices.Equal(got, want) || len(want) < 4000 {
		t.Errorf("found %d, want %d", len(got), len(want))
	}
}

// TestLiteralsWide finds literals as UTF-16LE at even and odd places, next to stale bytes and at both
// ends of the data, cut into windows.
func TestLiteralsWide(t *testing.T) {
	words := []string{"token", "ab1", "x-y", "key\x00", "[x]", "\"d\" ", "пар", "Q~1"}
	var l literals
	for i, s := range words {
		for _, wide := range []bool{false, true} {
			text := s
			if wide {
				text = widen(s)
			}
			l.add(text, i, wide, i == 0)
		}
	}
	l.build()
	r := rand.New(rand.NewPCG(8, 4))
	for range 3000 {
		w, wide := r.IntN(len(words)), r.IntN(2) == 0
		text := words[w]
		if w == 0 && r.IntN(2) == 0 {
			text = strings.ToUpper(text)
		}
		if wide {
			text = widen(text)
		}
		data := make([]byte, r.IntN(300))
		for i := range data {
			data[i] = byte(r.Uint32()) | 0x80 // no literal begins or ends in these
		}
		at := len(data)
		data = append(data, text...)
		for range r.IntN(200) * r.IntN(2) {
			data = append(data, byte(r.Uint32())|0x80)
		}
		found := 0
		for lo := 0; lo < len(data); {
			hi := min(lo+1+r.IntN(100), len(data))
			l.find(data, lo, hi, func(pos int, lit *literal) {
				if pos == at && lit.dets[0] == w && lit.wide == wide {
					found++
				}
			})
			lo = hi
		}
		if found != 1 {
			t.Fatalf("%q, wide %v, at %d of %d: found %d times", words[w], wide, at, len(data), found)
		}
	}
}
