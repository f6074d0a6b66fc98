package rsaprime

import (
	"bytes"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func searcher(t testing.TB, d probe.Detector) *search.Searcher {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAccept(t *testing.T) {
	for _, bits := range []int{1024, 2048} {
		k := makeKey(t, bits)
		d := New(factsOf(k))
		for _, l := range layouts {
			data := l.write(k.Primes[1], bits/16)
			probetest.Accept(t, d, probetest.Case{
				Name: l.name, Data: data, Private: [][]byte{data},
				Kind: privkey.RSA, Encoding: l.encoding, Confidence: probe.Confirmed,
			})
		}
		for _, l := range layouts[:5] {
			data := l.write(k.D, bits/8)
			probetest.Accept(t, d, probetest.Case{
				Name: "exponent " + l.name, Data: data, Private: [][]byte{data},
				Kind: privkey.RSA, Encoding: l.encoding, Confidence: probe.Confirmed,
			})
		}
	}
}

// TestSizes finds both primes and the exponent of long keys inside random data.
func TestSizes(t *testing.T) {
	sizes := []int{1536, 3072, 4096}
	if !testing.Short() {
		sizes = append(sizes, 2048)
	}
	for _, bits := range sizes {
		k := makeKey(t, bits)
		d := New(factsOf(k))
		for _, l := range layouts {
			for _, x := range []*big.Int{k.Primes[0], k.Primes[1], k.D} {
				size := bits / 16
				if x == k.D {
					size = bits / 8
				}
				data := append(noise(1, 800), l.write(x, size)...)
				data = append(data, noise(2, 800)...)
				fs := probetest.Matches(searcher(t, d), data, len(data))
				if len(fs) == 0 || fs[0].Start != 800 {
					t.Errorf("%d bits, %s, %d bytes: %d matches", bits, l.name, size, len(fs))
				}
			}
		}
	}
}

// multi returns the primes of a key of so many, of size bits each, and its modulus, which is as
// long as all of them together, as programs see to.
func multi(t *testing.T, primes, size int) ([]*big.Int, *big.Int) {
	for {
		n, ps := big.NewInt(1), []*big.Int{}
		for len(ps) < primes {
			p := tameKey(t, 2*size).Primes[0]
			ps, n = append(ps, p), n.Mul(n, p)
		}
		if n.BitLen() == primes*size {
			return ps, n
		}
	}
}

// TestMultiPrime finds each prime of keys of three and four, also when the modulus is one of many, and
// holds that it names them as factors that put the key together.
func TestMultiPrime(t *testing.T) {
	for _, c := range []struct{ primes, size, others int }{{3, 512, 0}, {4, 1024, 0}, {3, 512, 12}} {
		ps, n := multi(t, c.primes, c.size)
		f := many(c.others, 2048)
		f.SPKI = append(f.SPKI, spkiOf(n, 65537))
		f.Roots = len(f.SPKI)
		s := searcher(t, New(f))
		for _, l := range layouts {
			var known [][]byte
			for _, p := range ps {
				data := append(make([]byte, 400), l.write(p, c.size/8)...)
				data = append(data, make([]byte, 400)...)
				fs := probetest.Matches(s, data, len(data))
				if len(fs) != 1 || fs[0].Start != 400 {
					t.Errorf("%d primes, %s: %d matches", c.primes, l.name, len(fs))
					continue
				}
				if fs[0].Factor == nil {
					t.Fatalf("%d primes, %s: no factor", c.primes, l.name)
				}
				known = append(known, fs[0].Factor.P)
			}
			if len(known) < c.primes {
				continue
			}
			if all, ok := privkey.RSASplit(n.Bytes(), known[1:]); !ok || len(all) != c.primes {
				t.Errorf("%d primes, %s: all but one do not put the key together", c.primes, l.name)
			}
			if _, ok := privkey.RSASplit(n.Bytes(), known[2:]); ok {
				t.Errorf("%d primes, %s: all but two put the key together", c.primes, l.name)
			}
		}
	}
	// Two of four primes are the factors of a known modulus, too.
	ps, n := multi(t, 4, 1024)
	pair := new(big.Int).Mul(ps[0], ps[1])
	both := searcher(t, New(probe.Facts{SPKI: [][]byte{spkiOf(pair, 65537), spkiOf(n, 65537)}, Roots: 2}))
	alone := slices.Concat(make([]byte, 64), le(ps[0], 128), make([]byte, 64))
	if fs := probetest.Matches(both, alone, len(alone)); len(fs) != 1 || fs[0].Factor == nil || !bytes.Equal(fs[0].Factor.N, n.Bytes()) {
		t.Errorf("a prime of two keys: %d matches", len(fs))
	}
	// What two primes have in common with a product of two: it divides, and is no prime.
	ps, n = multi(t, 4, 512)
	pq := new(big.Int).Mul(ps[0], ps[1])
	data := slices.Concat(make([]byte, 64), le(pq, 128), make([]byte, 64))
	fs := probetest.Matches(searcher(t, New(probe.Facts{SPKI: [][]byte{spkiOf(n, 65537)}})), data, len(data))
	if len(fs) != 1 || fs[0].Factor == nil {
		t.Errorf("a product of two primes: %d matches", len(fs))
	}
}

// TestFar finds a prime at the end of a run when its modulus is one of many, in
// the digits and orders of programs.
func TestFar(t *testing.T) {
	k := makeKey(t, 2048)
	f := many(60, 2048)
	f.SPKI = append(f.SPKI, spkiOf(k.N, k.E))
	d := New(f)
	for _, l := range layouts {
		data := append(make([]byte, 64), l.write(k.Primes[0], 128)...)
		data = append(data, make([]byte, 64)...)
		fs := probetest.Matches(searcher(t, d), data, len(data))
		if len(fs) != 1 || fs[0].Start != 64 || string(fs[0].SPKI) != string(f.SPKI[60]) {
			t.Errorf("%s: %d matches", l.name, len(fs))
		}
	}
}

// TestDamaged finds an exponent of which the low 32 bytes are a list's pointers,
// and not a modulus with the same damage.
func TestDamaged(t *testing.T) {
	k := makeKey(t, 2048)
	d := New(factsOf(k))
	for _, x := range []*big.Int{k.D, k.N} {
		data := append(probetest.Noise(1, 64), le(x, 256)...)
		copy(data[64:], probetest.Noise(4, 32))
		data = append(data, probetest.Noise(2, 64)...)
		fs := probetest.Matches(searcher(t, d), data, len(data))
		if want := x == k.D; (len(fs) > 0) != want {
			t.Errorf("damaged: %d matches, want one: %v", len(fs), want)
		}
	}
}

// TestRepair finds the primes by exponents, modulo phi and modulo lambda, of which the low 16 or 32 bytes
// are lost, as limbs and as digits of 60 bits, of which 16 are.
func TestRepair(t *testing.T) {
	for _, bits := range []int{1024, 2048} {
		k := makeKey(t, bits)
		one := big.NewInt(1)
		p1, q1 := new(big.Int).Sub(k.Primes[0], one), new(big.Int).Sub(k.Primes[1], one)
		phi, g := new(big.Int).Mul(p1, q1), new(big.Int).GCD(nil, nil, p1, q1)
		for _, gone := range lost() {
			for _, order := range []*big.Int{phi, new(big.Int).Div(phi, g)} {
				if bits == 1024 && gone == 32 || order != phi && g.Cmp(big.NewInt(mostCofactor)) > 0 {
					continue // too little is left, or too little in common
				}
				d := new(big.Int).ModInverse(big.NewInt(int64(k.E)), order)
				limbs, digits := le(d, bits/8), radix(60, 8)(d, bits/8)
				forms := [][]byte{limbs, digits}
				if gone == 32 {
					forms = forms[:1] // four pointers are too much alike for digits
				}
				for _, p := range forms {
					for i := range gone / 8 {
						binary.LittleEndian.PutUint64(p[8*i:], 0x5581_6a2c_0010+uint64(i)<<8)
					}
					data := slices.Concat(make([]byte, 64), p, make([]byte, 64))
					whole := false
					New(factsOf(k)).Detect(probe.View{Data: data, At: 64}, func(m probe.Match) {
						whole = slices.ContainsFunc(m.Values, func(v []byte) bool { return bytes.Equal(v, k.Primes[0].Bytes()) })
					})
					if !whole {
						t.Errorf("%d bits, %d bytes lost, %d bytes long: no prime", bits, gone, len(p))
					}
				}
			}
		}
	}
}

// TestReject finds nothing in random data, in public numbers and near misses.
func TestReject(t *testing.T) {
	k := makeKey(t, 2048)
	d := New(factsOf(k))
	size := 64 << 20
	if raceEnabled || testing.Short() {
		size = 1 << 20
	}
	probetest.Reject(t, d, "random", noise(9, size))
	probetest.Reject(t, d, "memory", probetest.Noise(9, 1<<20))
	for _, l := range layouts {
		probetest.Reject(t, d, "modulus "+l.name, l.write(k.N, 256))
		wrong := new(big.Int).Add(k.Primes[0], big.NewInt(2))
		probetest.Reject(t, d, "near "+l.name, l.write(wrong, 128))
	}
	if New(probe.Facts{}) != nil || New(probe.Facts{SPKI: [][]byte{nil, {0x30}, spkiOf(k.N, k.E)[:40]}}) != nil {
		t.Error("a prover from nothing")
	}
}

// FuzzDivides compares exact division with that of math/big.
func FuzzDivides(f *testing.F) {
	f.Add([]byte("a factor of some length"), []byte("another factor"), true)
	f.Fuzz(func(t *testing.T, a, b []byte, exact bool) {
		p, q := new(big.Int).SetBytes(a), new(big.Int).SetBytes(b)
		if len(a) > 256 || len(b) > 256 || p.Bit(0) == 0 || q.Sign() == 0 {
			return
		}
		n := new(big.Int).Mul(p, q)
		if !exact {
			n.Add(n, big.NewInt(1))
		}
		var s scratch
		limbs, factor := limbsOf(n), limbsOf(p)
		for i, x := range factor {
			s.reversed[len(factor)-1-i] = x
		}
		size := max(1, len(limbs)-len(factor)+2)
		got := s.divides(limbs, factor, inverse(factor[0]), size)
		if want := new(big.Int).Mod(n, p).Sign() == 0; want && !got {
			t.Errorf("a divisor of %d limbs is refused", len(factor))
		} else if got && !want && len(factor) > 1 {
			t.Errorf("%d limbs that divide nothing are taken", len(factor))
		}
	})
}

// FuzzFilter checks that what the filter names, Detect proves, and that the names
// do not depend on where the data is cut.
func FuzzFilter(f *testing.F) {
	k := makeKey(f, 1024)
	d := New(factsOf(k))
	f.Add(le(k.Primes[0], 64), uint16(3), uint8(1))
	f.Add(be(k.D, 128), uint16(70), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16, layout uint8) {
		l := layouts[int(layout)%len(layouts)]
		data = append(append([]byte(nil), data...), l.write(k.Primes[1], 64)...)
		if len(data) > 4096 {
			return
		}
		s := searcher(t, d)
		whole := probetest.Matches(s, data, len(data))
		cuts := probetest.Matches(s, data, 1+int(cut))
		if len(whole) != len(cuts) {
			t.Errorf("%d matches whole, %d in pieces", len(whole), len(cuts))
		}
		hits := 0
		d.(probe.Filter).Filter(data, 0, 0, len(data), func(int) { hits++ })
		if hits > 0 && len(whole) == 0 {
			t.Errorf("%d hits, no match", hits)
		}
	})
}

// TestFreed finds primes of freed chunks, without a whole copy of any.
func TestFreed(t *testing.T) {
	for _, bits := range []int{1024, 2048, 4096} {
		k := tameKey(t, bits)
		d := New(factsOf(k))
		for _, gone := range lost() {
			if bits == 1024 && gone == 32 {
				continue // too little is left
			}
			for _, p := range k.Primes {
				data := append(make([]byte, 64), le(p, bits/16)...)
				copy(data[64:], make([]byte, gone))
				data = append(data, make([]byte, 64)...)
				fs := probetest.Matches(searcher(t, d), data, len(data))
				if len(fs) != 1 || fs[0].Start != 64+gone || fs[0].End != 64+bits/16 {
					t.Errorf("%d bits, %d bytes lost: %d matches", bits, gone, len(fs))
				}
			}
		}
	}
}

// TestFreedFar finds a prime in a freed chunk when its modulus is one of many, also where the second
// word of the chunk is random, as malloc's mark of small chunks is; but not without the chunk's size.
func TestFreedFar(t *testing.T) {
	for _, bits := range []int{1024, 2048, 4096} {
		k := tameKey(t, bits)
		f := many(100, bits)
		f.SPKI = append(f.SPKI, spkiOf(k.N, k.E))
		f.Roots = len(f.SPKI)
		s := searcher(t, New(f))
		for _, mark := range []bool{false, true} {
			for _, gone := range lost() {
				if gone == 32 && (mark || bits == 1024) {
					continue
				}
				data := make([]byte, 64, 1024)
				data[56] = byte(bits/16+16) | 1
				data[57] = byte((bits/16 + 16) >> 8)
				p := le(k.Primes[0], bits/16)
				clear(p[:gone])
				if mark {
					copy(p[8:], noise(uint64(bits), 8))
				}
				data = append(append(data, p...), make([]byte, 64)...)
				fs := probetest.Matches(s, data, len(data))
				if len(fs) != 1 || fs[0].Start != 64+gone || fs[0].End != 64+bits/16 || string(fs[0].SPKI) != string(f.SPKI[100]) {
					t.Errorf("%d bits, %d bytes lost, mark %t: %d matches", bits, gone, mark, len(fs))
				}
				if one := probetest.Matches(s, data, 1); len(one) != len(fs) {
					t.Errorf("%d bits: %d matches in chunks of one byte", bits, len(one))
				}
				clear(data[56:58])
				if fs := probetest.Matches(s, data, len(data)); len(fs) != 0 {
					t.Errorf("%d bits: found without a chunk", bits)
				}
			}
		}
	}
}

// TestShortExponent holds that an exponent whose top byte is zero is found where it begins,
// and not a byte earlier: there the size of its chunk ends.
func TestShortExponent(t *testing.T) {
	const bits = 1024
	for range 50 {
		k := makeKey(t, bits)
		one := big.NewInt(1)
		phi := new(big.Int).Mul(new(big.Int).Sub(k.Primes[0], one), new(big.Int).Sub(k.Primes[1], one))
		for e := int64(257); e < 65537; e += 2 {
			d := new(big.Int).ModInverse(big.NewInt(e), phi)
			if d == nil || d.BitLen() > bits-8 || d.BitLen() <= bits-16 {
				continue
			}
			k.E, k.D = int(e), d
			data := slices.Concat(make([]byte, 24), []byte{0x91, 0, 0, 0, 0, 0, 0, 0}, le(d, bits/8), make([]byte, 64))
			fs := probetest.Matches(searcher(t, New(factsOf(k))), data, len(data))
			for _, f := range fs {
				if f.Start < 32 {
					t.Errorf("found at %d, before its beginning", f.Start)
				}
			}
			if len(fs) == 0 {
				t.Error("not found")
			}
			return
		}
	}
	t.Skip("no key with a short exponent")
}
