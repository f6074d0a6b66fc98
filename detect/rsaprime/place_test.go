package rsaprime

import (
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"math/bits"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// TestFree holds that the words of which a number is looked for do not depend on where data was cut, and that
// random numbers have few that follow a pattern.
func TestFree(t *testing.T) {
	const n = 1 << 20
	data := noise(11, n)
	for i := 0; i < n; i += 4096 { // what has patterns among it
		copy(data[i:i+600], make([]byte, 300))
		copy(data[i+400:i+600], data[i+392:])
	}
	var whole, part dense
	whole.look(data, 0, 0, n)
	for _, c := range []struct{ from, lo, hi int }{
		{0, 5, 3000}, {8, 40, 9000}, {16, 64, 700}, {40, 80, 90}, {4000, 4048, 12000}, {4003, 4051, 4700}, {n - 700, n - 650, n},
	} {
		part.look(data[c.from:], int64(c.from), c.lo-c.from, c.hi-c.from)
		for k := range part.n - 1 {
			at := c.from + part.first + 8*k
			if at < c.from+16 { // of which less is known
				continue
			}
			if got, want := part.patterned(k, 1), whole.patterned(at/8, 1); got != want {
				t.Fatalf("cut at %d: word at %d has %d patterns, %d in the whole", c.from, at, got, want)
			}
		}
	}
	random := noise(12, 2<<20)
	whole.look(random, 0, 0, len(random))
	for _, words := range []int{8, 10, 16, 64} {
		z, lost := newSize(words), 0
		for k := 0; k+words < whole.n; k += words {
			if whole.patterned(k+1, min(words-2, 64)) > z.astray {
				lost++
			}
		}
		if lost > 1 { // 10^-6 is expected
			t.Errorf("%d of %d random numbers of %d words are left out", lost, whole.n/words, words)
		}
	}
	if marked := bits.OnesCount64(whole.free[100]); marked < 56 {
		t.Errorf("%d of 64 random words are free of patterns", marked)
	}
}

// oddPrime returns a prime of n bytes of which the given words look like no random ones.
func oddPrime(n int, odd ...int) *big.Int {
	for {
		p := make([]byte, n)
		rand.Read(p)
		p[0] |= 1
		p[n-1] |= 0xc0
		for _, w := range odd {
			for i := range 8 {
				p[8*w+i] &= 0x7f
			}
		}
		asked := !entropy.Code(p)
		for w := range n / 8 {
			asked = asked && random(binary.LittleEndian.Uint64(p[8*w:])) != slices.Contains(odd, w)
		}
		if x := new(big.Int).SetBytes(groups(p, n)); asked && x.ProbablyPrime(0) {
			return x
		}
	}
}

// TestOddWords finds primes of which some words look like no random ones, whole and without their first words
// in a freed chunk, when their modulus is one of many.
func TestOddWords(t *testing.T) {
	for _, bits := range []int{1024, 2048} {
		n := bits / 16
		p, gone := oddPrime(n, 3, n/8-2), oddPrime(n, 2, 4)
		f := many(60, bits)
		for _, x := range []*big.Int{p, gone} {
			f.SPKI = append(f.SPKI, spkiOf(new(big.Int).Mul(x, oddPrime(n)), 65537))
		}
		f.Roots = len(f.SPKI)
		s := searcher(t, New(f))
		data := append(append(make([]byte, 64), le(p, n)...), make([]byte, 64)...)
		if fs := probetest.Matches(s, data, len(data)); len(fs) != 1 || fs[0].Start != 64 || fs[0].Len() != n {
			t.Errorf("%d bits: %d matches", bits, len(fs))
		}
		data = append(append(make([]byte, 64), le(gone, n)...), make([]byte, 64)...)
		data[56], data[57] = byte(n+16)|1, byte((n+16)>>8)
		clear(data[64:80])
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != 1 || fs[0].Start != 80 || fs[0].End != 64+n {
			t.Errorf("%d bits without 16 bytes: %d matches", bits, len(fs))
		}
		if one := probetest.Matches(s, data, 1); len(one) != len(fs) {
			t.Errorf("%d bits: %d matches in chunks of one byte", bits, len(one))
		}
	}
}
