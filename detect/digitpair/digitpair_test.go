package digitpair

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// digits writes x by division, which shares nothing with the reader.
func digits(f form, x *big.Int) []byte {
	var out []byte
	base, d := new(big.Int).Lsh(big.NewInt(1), uint(f.radix)), new(big.Int)
	for x = new(big.Int).Set(x); x.Sign() > 0; {
		x.DivMod(x, base, d)
		if f.width == 4 {
			out = binary.LittleEndian.AppendUint32(out, uint32(d.Uint64()))
		} else {
			out = binary.LittleEndian.AppendUint64(out, d.Uint64())
		}
	}
	return out
}

// heap lays numbers out as chunks of malloc.
func heap(numbers ...[]byte) []byte {
	var b []byte
	for _, n := range numbers {
		size := (len(n) + 8 + 15) &^ 15
		b = binary.LittleEndian.AppendUint64(b, uint64(size)|1)
		b = append(b, n...)
		b = append(b, make([]byte, size-8-len(n))...)
	}
	return append(b, make([]byte, 16)...)
}

// good reports whether the detector promises to find a number that begins with this.
func good(f form, number []byte) bool {
	s, ok := f.startAt(heap(number), 8)
	whole := false
	s.lengths(func(n int) bool {
		whole = whole || n == len(number)/f.width
		return whole
	})
	return ok && whole
}

func rsaKey(t *testing.T, f form, p, q int) (*big.Int, *big.Int, *big.Int) {
	t.Helper()
	for range 100 {
		a, err := rand.Prime(rand.Reader, p)
		if err != nil {
			t.Fatal(err)
		}
		b, err := rand.Prime(rand.Reader, q)
		if err != nil {
			t.Fatal(err)
		}
		n := new(big.Int).Mul(a, b)
		e := big.NewInt(ordinary)
		one := big.NewInt(1)
		unit := func(x *big.Int) bool {
			return new(big.Int).GCD(nil, nil, e, new(big.Int).Sub(x, one)).Cmp(one) == 0
		}
		if a.Cmp(b) != 0 && unit(a) && unit(b) && good(f, digits(f, a)) && good(f, digits(f, b)) && good(f, digits(f, n)) {
			return a, b, n
		}
	}
	t.Fatal("no key looks random")
	return nil, nil, nil
}

func ecKey(t *testing.T, f form, c elliptic.Curve) (d, x, y *big.Int) {
	t.Helper()
	for range 100 {
		k, err := ecdsa.GenerateKey(c, rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := k.Bytes()
		q, _ := k.PublicKey.Bytes()
		d, half := new(big.Int).SetBytes(b), len(q)/2
		x, y := new(big.Int).SetBytes(q[1:1+half]), new(big.Int).SetBytes(q[1+half:])
		if good(f, digits(f, d)) && good(f, digits(f, x)) && good(f, digits(f, y)) {
			return d, x, y
		}
	}
	t.Fatal("no key looks random")
	return nil, nil, nil
}

func find(t *testing.T, data []byte) []search.Found {
	t.Helper()
	s, err := search.New([]probe.Detector{New()})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Matches(s, data, len(data))
}

// check looks for the private numbers in data at several addresses and in chunks, and in the copy.
func check(t *testing.T, d probe.Detector, name, kind, encoding string, data []byte, private ...[]byte) {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, shift := range []int{0, 8, 40} {
		data := slices.Concat(make([]byte, shift), data, make([]byte, 16))
		fs := probetest.Matches(s, data, len(data))
		if len(fs) != len(private) {
			t.Errorf("%s: %d found, want %d", name, len(fs), len(private))
			continue
		}
		for _, f := range fs {
			if f.Kind != kind || f.Encoding != encoding || f.Confidence != probe.Confirmed || len(f.Identity) == 0 {
				t.Errorf("%s: found as %s, %s, %s", name, f.Kind, f.Encoding, f.Confidence)
			}
		}
		clean := probetest.Redact(data, fs)
		for i, p := range private {
			if bytes.Contains(clean, p[:16]) || bytes.Contains(clean, p[len(p)-16:]) {
				t.Errorf("%s: private part %d survives", name, i)
			}
		}
		if again := probetest.Matches(s, clean, len(clean)); len(again) > 0 {
			t.Errorf("%s: the redacted copy is found again", name)
		}
		for _, n := range []int{24, 333} {
			if one := probetest.Matches(s, data, n); len(one) != len(fs) || fmt.Sprint(one[0].Range) != fmt.Sprint(fs[0].Range) {
				t.Errorf("%s: %d found in chunks of %d", name, len(one), n)
			}
		}
	}
}

func TestRSA(t *testing.T) {
	gap := make([]byte, 200)
	for _, f := range forms() {
		var p, q, n, dp *big.Int
		for dp == nil || !good(f, digits(f, dp)) {
			p, q, n = rsaKey(t, f, 512, 512)
			dp = new(big.Int).ModInverse(big.NewInt(ordinary), new(big.Int).Sub(p, big.NewInt(1)))
		}
		P, Q, N := digits(f, p), digits(f, q), digits(f, n)
		name := fmt.Sprintf("2^%d ", f.radix)
		check(t, New(), name+"product", privkey.RSA, f.encoding(), heap(N, gap, P, Q), P, Q)
		check(t, New(), name+"exponent", privkey.RSA, f.encoding(), heap(P, gap, digits(f, dp)), P)
	}
}

func TestEC(t *testing.T) {
	gap := make([]byte, 200)
	for _, f := range forms() {
		for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
			d, x, y := ecKey(t, f, c)
			D, name := digits(f, d), fmt.Sprintf("2^%d %s", f.radix, c.Params().Name)
			check(t, New(), name+" by x", privkey.EC, f.encoding(), heap(D, gap, digits(f, x)), D)
			check(t, New(), name+" by y", privkey.EC, f.encoding(), heap(digits(f, y), D), D)
		}
	}
}

// TestPoint has points in digits give scalars in digits away, wherever those lie.
func TestPoint(t *testing.T) {
	for _, f := range forms() {
		for name, c := range map[privkey.Curve]elliptic.Curve{
			privkey.P256: elliptic.P256(), privkey.P384: elliptic.P384(), privkey.P521: elliptic.P521(), privkey.Secp256k1: nil,
		} {
			d, x, y := new(big.Int), new(big.Int), new(big.Int)
			if c != nil {
				d, x, y = ecKey(t, f, c)
			}
			for c == nil && !(good(f, digits(f, d)) && good(f, digits(f, x)) && good(f, digits(f, y))) {
				d, _ = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 255))
				q, ok := privkey.ECPublic(name, d.Bytes())
				if ok {
					x, y = new(big.Int).SetBytes(q[1:33]), new(big.Int).SetBytes(q[33:])
				}
			}
			s, err := search.New(Points())
			if err != nil {
				t.Fatal(err)
			}
			data := heap(digits(f, x), make([]byte, 640), digits(f, y))
			fs := probetest.Matches(s, data, len(data))
			if len(fs) != 1 || !fs[0].Public {
				t.Errorf("2^%d %x: %d points", f.radix, name, len(fs))
				continue
			}
			if again := probetest.Matches(s, data, 64); len(again) != 1 {
				t.Errorf("2^%d: %d points in chunks", f.radix, len(again))
			}
			D := digits(f, d)
			prover := NewScalar(probe.Facts{SPKI: [][]byte{fs[0].SPKI}, Roots: 1})
			check(t, prover, fmt.Sprintf("2^%d %x", f.radix, name), privkey.EC, f.encoding(), heap(D), D)
			if fs := probetest.Matches(s, heap(digits(f, x), D), 1<<20); len(fs) > 0 {
				t.Errorf("2^%d: a scalar is taken for y", f.radix)
			}
			D[len(D)/2] ^= 1
			probetest.Reject(t, prover, "another scalar", heap(D))
		}
	}
	if NewScalar(probe.Facts{}) != nil {
		t.Error("a prover without a key")
	}
}

// TestBasePoint has parameters of curves, which are no public key.
func TestBasePoint(t *testing.T) {
	for _, f := range forms() {
		for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
			p := c.Params()
			probetest.Reject(t, Points()[0], p.Name, heap(digits(f, p.Gx), digits(f, p.Gy), digits(f, p.N), digits(f, p.P)))
		}
	}
}

// TestKeys looks at primes of every size, and of unequal ones, and at what the matches tell.
func TestKeys(t *testing.T) {
	for _, f := range forms() {
		for _, size := range [][2]int{{768, 768}, {1024, 1024}, {563, 493}} {
			p, q, n := rsaKey(t, f, size[0], size[1])
			data := heap(digits(f, p), probetest.Noise(1, 3000), digits(f, q), probetest.Noise(2, 5000), digits(f, n))
			fs := find(t, data)
			if len(fs) != 2 || !bytes.Equal(fs[0].SPKI, privkey.SPKIForRSA(n.Bytes(), []byte{1, 0, 1})) {
				t.Errorf("2^%d, primes of %d bits: %d found", f.radix, size, len(fs))
				continue
			}
			New().Detect(probe.View{Data: data, At: fs[0].Start}, func(m probe.Match) {
				for _, x := range []*big.Int{p, q} {
					if !slices.ContainsFunc(m.Values, func(v []byte) bool { return bytes.Equal(v, x.Bytes()) }) {
						t.Errorf("2^%d, primes of %d bits: a prime is not among the values", f.radix, size)
					}
				}
			})
		}
	}
}

// TestOctets has the public point in another form than the scalar.
func TestOctets(t *testing.T) {
	f := forms()[0]
	d, x, _ := ecKey(t, f, elliptic.P256())
	if fs := find(t, heap(x.FillBytes(make([]byte, 32)), digits(f, d))); len(fs) != 1 || fs[0].Kind != privkey.EC {
		t.Errorf("%d found", len(fs))
	}
}

// TestReject holds what is no key: numbers of which nothing is the product, a product without one of
// its factors, public points, memory.
func TestReject(t *testing.T) {
	for _, f := range forms() {
		p, q, n := rsaKey(t, f, 512, 512)
		_, _, other := rsaKey(t, f, 512, 512)
		_, x, y := ecKey(t, f, elliptic.P256())
		P, Q, N := digits(f, p), digits(f, q), digits(f, n)
		for name, data := range map[string][]byte{
			"primes alone":       heap(P, Q),
			"another product":    heap(P, Q, digits(f, other)),
			"one factor":         heap(P, N),
			"too far":            heap(P, Q, make([]byte, reach), N),
			"a point":            heap(digits(f, x), digits(f, y)),
			"composite":          heap(digits(f, new(big.Int).Mul(n, p)), digits(f, q), digits(f, new(big.Int).Mul(n, n))),
			"memory":             probetest.Noise(3, 100_000),
			"digits of one kind": heap(bytes.Repeat([]byte{1, 2, 3, 4, 5, 6, 7, 8}, 40)),
		} {
			probetest.Reject(t, New(), fmt.Sprintf("2^%d %s", f.radix, name), data)
		}
	}
}
