package rsapair

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"math/big"
	mrand "math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// writers share nothing with the readers.
type writer struct {
	encoding string
	write    func(x *big.Int, size int) []byte
}

func be(x *big.Int, size int) []byte { return x.FillBytes(make([]byte, size)) }

func le(x *big.Int, size int) []byte {
	b := be(x, size)
	slices.Reverse(b)
	return b
}

func groups(b []byte, n int) []byte {
	for g := range slices.Chunk(b, n) {
		slices.Reverse(g)
	}
	return b
}

func writers() []writer {
	return []writer{
		{probe.LimbsLE, le},
		{probe.IntBE, be},
		{probe.Words32BE, func(x *big.Int, n int) []byte { return groups(be(x, n), 4) }},
		{probe.LimbsBE, func(x *big.Int, n int) []byte { return groups(le(x, n), 8) }},
	}
}

// key makes a key at run time whose numbers the detector promises to find: with dense
// words at the ends, and no two others side by side.
func key(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	d := New().(*detector)
	for {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		ok := true
		for _, p := range k.Primes {
			for _, w := range writers() {
				b := append(make([]byte, 8), w.write(p, bits/16)...)
				hits := 0
				d.Filter(append(b, make([]byte, 8)...), 0, 0, len(b), func(i int) {
					if i == 8 {
						hits++
					}
				})
				ok = ok && hits > 0
			}
		}
		if ok {
			return k
		}
	}
}

// heap lays numbers out as malloc does: a size, the number, eight bytes that are not used.
func heap(numbers ...[]byte) []byte {
	var b []byte
	for _, n := range numbers {
		b = append(b, make([]byte, 8)...)
		b = binary.LittleEndian.AppendUint64(b, uint64(len(n)+16)|1)
		b = append(b, n...)
	}
	return append(b, make([]byte, 16)...)
}

func find(t testing.TB, data []byte) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, data, len(data))
}

func TestAccept(t *testing.T) {
	k := key(t, 1024)
	for _, w := range writers() {
		p, q, n := w.write(k.Primes[0], 64), w.write(k.Primes[1], 64), w.write(k.N, 128)
		probetest.Accept(t, New(), probetest.Case{
			Name: "product " + w.encoding, Data: heap(p, q, n), Private: [][]byte{p, q},
			Kind: privkey.RSA, Encoding: w.encoding, Confidence: probe.Confirmed,
		})
		dp := w.write(k.Precomputed.Dp, 64)
		probetest.Accept(t, New(), probetest.Case{
			Name: "exponent " + w.encoding, Data: heap(p, dp), Private: [][]byte{p},
			Kind: privkey.RSA, Encoding: w.encoding, Confidence: probe.Confirmed,
		})
	}
}

// TestKeys looks at keys of every size, as limbs with numbers and memory between, up to
// the reach.
func TestKeys(t *testing.T) {
	for _, bits := range []int{1024, 1536, 2048, 3072, 4096} {
		k := key(t, bits)
		half, gap := bits/16, probetest.Noise(4, 3000)
		p, q := le(k.Primes[0], half), le(k.Primes[1], half)
		want := privkey.SPKIForRSA(k.N.Bytes(), big.NewInt(65537).Bytes())
		for name, parts := range map[string][][]byte{
			"product":  {p, q, le(k.N, 2*half)},
			"inverse":  {p, q, le(k.Precomputed.Dp, half), le(k.Precomputed.Dq, half), le(k.Precomputed.Qinv, half)},
			"reversed": {le(k.N, 2*half), q, p},
			"tied":     {slices.Concat(p, make([]byte, 16), q), le(k.Precomputed.Dp, half), le(k.Precomputed.Qinv, half)},
		} {
			var data []byte
			for _, b := range parts {
				data = append(append(data, gap...), heap(b)...)
			}
			if name == "tied" && bits < 2048 {
				continue
			}
			fs := find(t, data)
			if len(fs) != 2 {
				t.Fatalf("%d bits, %s: %d matches, want 2", bits, name, len(fs))
			}
			for _, f := range fs {
				if f.Confidence != probe.Confirmed || !bytes.Equal(f.SPKI, want) || f.Len() != half {
					t.Errorf("%d bits, %s: %s, %d bytes, public key known: %v", bits, name, f.Confidence, f.Len(), bytes.Equal(f.SPKI, want))
				}
			}
		}
		fs := find(t, heap(p, q))
		if got := len(fs) == 2 && fs[0].Confidence == probe.Likely; got != (bits >= 2048) {
			t.Errorf("%d bits: two primes alone: %d matches", bits, len(fs))
		}
	}
}

// TestNear rejects what is nearly a key.
func TestNear(t *testing.T) {
	k, other := key(t, 2048), key(t, 2048)
	p, q, n := le(k.Primes[0], 128), le(k.Primes[1], 128), le(k.N, 256)
	odd := func(x *big.Int, by int64) []byte { return le(new(big.Int).Add(x, big.NewInt(by)), 128) }
	for name, data := range map[string][]byte{
		"prime alone":            heap(p),
		"prime and a product":    heap(p, n),
		"prime twice":            heap(p, p),
		"not prime":              heap(odd(k.Primes[0], 2), odd(k.Primes[1], 2)),
		"composite beside prime": heap(p, odd(k.Primes[1], 2), n),
		"out of reach":           slices.Concat(heap(p), make([]byte, reach), heap(q, n)),
		"out of nearness":        slices.Concat(heap(p), make([]byte, near), heap(q)),
		"too close":              heap(p, le(next(k.Primes[0]), 128)),
		"even":                   heap(odd(k.Primes[0], 1), odd(k.Primes[1], 1)),
		"inside random data":     slices.Concat(random(1, 512), p, random(2, 512), q, random(3, 512)),
		"dp of another":          heap(p, le(other.Precomputed.Dp, 128)),
		"redacted":               heap(bytes.Repeat([]byte{probe.Fill}, 128), q, n),
	} {
		probetest.Reject(t, New(), name, data)
	}
	if fs := find(t, heap(p, q, le(other.N, 256))); len(fs) != 2 || fs[0].Confidence != probe.Likely {
		t.Errorf("with another product: %d matches", len(fs))
	}
}

// next returns the least prime above p.
func next(p *big.Int) *big.Int {
	for x := new(big.Int).Add(p, big.NewInt(2)); ; x.Add(x, big.NewInt(2)) {
		if x.ProbablyPrime(0) {
			return x
		}
	}
}

// TestMutation changes each word of a product in turn: nothing is confirmed then.
func TestMutation(t *testing.T) {
	k := key(t, 1024)
	for i := range 15 { // the top limb of a product is not compared
		n := le(k.N, 128)
		n[8*i+i%8] ^= 0x10
		if fs := find(t, heap(le(k.Primes[0], 64), le(k.Primes[1], 64), n)); len(fs) != 0 {
			t.Errorf("limb %d: %d matches", i, len(fs))
		}
	}
}

// TestRandom finds nothing in random data and in memory.
func TestRandom(t *testing.T) {
	size := 8 << 20
	if testing.Short() {
		size = 2 << 20
	}
	probetest.Reject(t, New(), "random", random(5, size))
	probetest.Reject(t, New(), "noise", probetest.Noise(5, size))
	probetest.Reject(t, New(), "runs", runs(size/8))
}

// runs returns random numbers of the primes' sizes, each bounded.
func runs(n int) []byte {
	var b []byte
	for i := uint64(0); len(b) < n; i++ {
		b = append(b, heap(random(i, sizes()[i%5]))...)
	}
	return b
}

func random(seed uint64, n int) []byte {
	r := mrand.New(mrand.NewPCG(seed, 2))
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}

// FuzzChunks compares one chunk with many: what is found must not depend on them.
func FuzzChunks(f *testing.F) {
	k := key(f, 1024)
	f.Add(heap(le(k.Primes[0], 64), le(k.Primes[1], 64), le(k.N, 128)), uint16(7))
	f.Add(heap(le(k.Primes[0], 64), le(k.Precomputed.Dp, 64)), uint16(100))
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte, n uint16) {
		if len(data) > 4096 {
			return
		}
		one, many := probetest.Matches(s, data, len(data)+1), probetest.Matches(s, data, int(n)+1)
		if len(one) != len(many) {
			t.Errorf("%d and %d matches", len(one), len(many))
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	const size = 8 << 20
	d := New().(probe.Filter)
	for name, data := range map[string][]byte{
		"zero": make([]byte, size), "noise": probetest.Noise(1, size), "random": random(1, size), "runs": runs(size),
	} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				d.Filter(data, 0, 0, len(data), func(int) {})
			}
		})
	}
}

// BenchmarkDetect judges candidates without company, and with too much of it.
func BenchmarkDetect(b *testing.B) {
	k := key(b, 2048)
	p := le(k.Primes[0], 128)
	crowd := runs(reach)
	for name, data := range map[string][]byte{
		"alone":   slices.Concat(probetest.Noise(1, reach), heap(p), probetest.Noise(2, reach)),
		"crowded": slices.Concat(crowd, heap(p), crowd),
	} {
		b.Run(fmt.Sprint(name), func(b *testing.B) {
			v := probe.View{Data: data, At: bytes.Index(data, p)}
			for b.Loop() {
				New().Detect(v, func(probe.Match) { b.Error("found") })
			}
		})
	}
}

// TestArray has the numbers of a key without anything between, and no product: the second prime is known by
// the inverse.
func TestArray(t *testing.T) {
	k := key(t, 2048)
	for _, w := range writers() {
		n := func(x *big.Int) []byte { return w.write(x, 128) }
		data := heap(slices.Concat(n(k.Primes[0]), n(k.Primes[1]), n(k.Precomputed.Dp), n(k.Precomputed.Dq), n(k.Precomputed.Qinv)))
		known := false
		New().Detect(probe.View{Data: data, At: 16}, func(m probe.Match) {
			known = slices.ContainsFunc(m.Values, func(v []byte) bool { return bytes.Equal(v, k.Primes[1].Bytes()) })
		})
		if !known {
			t.Errorf("%s: the second prime is not known", w.encoding)
		}
	}
}

// TestUnseen holds that a prime of which an end looks like text is told by its partner, the partner's
// exponent and the inverse, as the arrays of Java's BigInteger hold them.
func TestUnseen(t *testing.T) {
	one := big.NewInt(1)
	prime := func(low uint64, mask uint64) *big.Int {
		for {
			b := make([]byte, 128)
			rand.Read(b)
			b[0] |= 0xc0
			if mask != 0 {
				binary.BigEndian.PutUint64(b[120:], low&mask|1)
			}
			x := new(big.Int).SetBytes(b)
			if x.SetBit(x, 0, 1).ProbablyPrime(20) && new(big.Int).GCD(nil, nil, big.NewInt(65537), new(big.Int).Sub(x, one)).Cmp(one) == 0 {
				return x
			}
		}
	}
	found := 0
	for range 4 {
		p, q := prime(mrand.Uint64(), 0x7f7f7f7f7f7f7f7f), prime(0, 0)
		n, phi := new(big.Int).Mul(p, q), new(big.Int).Mul(new(big.Int).Sub(p, one), new(big.Int).Sub(q, one))
		d := new(big.Int).ModInverse(big.NewInt(65537), phi)
		dp, dq := new(big.Int).Mod(d, new(big.Int).Sub(p, one)), new(big.Int).Mod(d, new(big.Int).Sub(q, one))
		for _, w := range writers() {
			var data []byte
			for _, x := range []*big.Int{p, q, dp, dq, new(big.Int).ModInverse(q, p)} {
				data = append(data, 1, 0, 0, 0, 0, 0, 0, 0, 0x28, 0x6c, 0, 0, 32, 0, 0, 0)
				data = append(data, w.write(x, 128)...)
			}
			data = append(data, 1, 0, 0, 0, 0, 0, 0, 0)
			for _, f := range find(t, data) {
				if !bytes.Equal(f.Identity, privkey.SPKIForRSA(n.Bytes(), big.NewInt(65537).Bytes())) {
					t.Errorf("%s: found, and the key is not told", w.encoding)
				}
				found++
			}
		}
	}
	if found < 12 { // q has ends of its own that may not look random
		t.Errorf("%d of 16 found", found)
	}
}
