package mont

import (
	"encoding/binary"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func primes() map[string]Prime {
	return map[string]Prime{"p256": P256, "secp256k1": Secp256k1, "p25519": P25519}
}

func intOf(x []uint64) *big.Int {
	b := make([]byte, 8*Limbs)
	for i, w := range x[:Limbs] {
		binary.BigEndian.PutUint64(b[len(b)-8*i-8:], w)
	}
	return new(big.Int).SetBytes(b)
}

func put(x *big.Int, z []uint64) {
	b := x.FillBytes(make([]byte, 8*Limbs))
	for i := range Limbs {
		z[i] = binary.BigEndian.Uint64(b[len(b)-8*i-8:])
	}
}

// numbers returns numbers below the prime: those at both ends, and near powers of two, first.
func (p Prime) numbers(r *rand.Rand, n int) []uint64 {
	m := p.Modulus()
	prime := intOf(m[:])
	var xs []*big.Int
	for d := range int64(3) {
		xs = append(xs, big.NewInt(d), new(big.Int).Sub(prime, big.NewInt(d+1)))
		for _, k := range []uint{32, 64, 96, 128, 192, 224, 254} {
			xs = append(xs, new(big.Int).Add(new(big.Int).Lsh(big.NewInt(1), k), big.NewInt(d-1)))
		}
	}
	for len(xs) < n {
		x := new(big.Int)
		for range Limbs {
			x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(r.Uint64()>>(r.Uint64()%65)))
		}
		xs = append(xs, x.Mod(x, prime))
	}
	r.Shuffle(len(xs), func(i, j int) { xs[i], xs[j] = xs[j], xs[i] })
	z := make([]uint64, n*Limbs)
	for i := range n {
		put(xs[i], z[i*Limbs:])
	}
	return z
}

// TestMul compares with math/big.
func TestMul(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, p := range primes() {
		const n = 3000
		x, y := p.numbers(r, n), p.numbers(r, n)
		for i := 0; i < n*Limbs; i += Limbs {
			p.compare(t, name, [Limbs]uint64(x[i:]), [Limbs]uint64(y[i:]))
		}
	}
}

// compare compares the product and the difference of two numbers with what math/big says.
func (p Prime) compare(t *testing.T, name string, x, y [Limbs]uint64) {
	t.Helper()
	m := p.Modulus()
	prime := intOf(m[:])
	var z [Limbs]uint64
	p.Mul(&z, &x, &y)
	want := new(big.Int).Mul(intOf(x[:]), intOf(y[:]))
	want.Mul(want, new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), 256), prime))
	if intOf(z[:]).Cmp(want.Mod(want, prime)) != 0 {
		t.Fatalf("%s: %x times %x", name, x, y)
	}
	p.Sub(&z, &x, &y)
	if want.Sub(intOf(x[:]), intOf(y[:])); intOf(z[:]).Cmp(want.Mod(want, prime)) != 0 {
		t.Fatalf("%s: %x less %x", name, x, y)
	}
}

// FuzzMul compares products and sums with math/big.
func FuzzMul(f *testing.F) {
	f.Add(make([]byte, 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 64 {
			return
		}
		for name, p := range primes() {
			m := p.Modulus()
			var x, y [Limbs]uint64
			put(new(big.Int).Mod(new(big.Int).SetBytes(b[:32]), intOf(m[:])), x[:])
			put(new(big.Int).Mod(new(big.Int).SetBytes(b[32:64]), intOf(m[:])), y[:])
			p.compare(t, name, x, y)
			points := slices.Concat(x[:], y[:], y[:], x[:])
			if c := p.NewChain(vectorLanes); c != nil && x != y {
				c.compare(t, name, points, []Sum{{To: 0, Q: 1}, {To: 1, P: 1}, {To: 2, Q: 1}, {To: 3, P: 1}})
			}
		}
	})
}

// TestModulus compares with math/big, at the ends of the range too.
func TestModulus(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 4))
	for round := range 400 {
		n := 1 + round%MaxLimbs
		limbs := make([]uint64, n)
		for i := range limbs {
			limbs[i] = r.Uint64()
		}
		limbs[0] |= 1
		limbs[n-1] |= 1 << r.IntN(64)
		if known := []Prime{P256, Secp256k1, P25519}; round%10 == 0 {
			q := known[round/10%3].Modulus()
			n, limbs = Limbs, q[:]
		}
		m, p := NewModulus(limbs), bigOf(limbs)
		back := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), uint(64*n)), p)
		last := new(big.Int).Sub(p, big.NewInt(1))
		xs := []*big.Int{new(big.Int), last, below(r, p), below(r, p)}
		for _, x := range xs {
			for _, y := range xs {
				z := make([]uint64, n)
				m.Mul(z, limbsOf(x, n), limbsOf(y, n))
				want := new(big.Int).Mul(x, y)
				want.Mul(want, back).Mod(want, p)
				if bigOf(z).Cmp(want) != 0 {
					t.Fatalf("%d limbs: a product is wrong", n)
				}
				m.Add(z, limbsOf(x, n), limbsOf(y, n))
				if want.Add(x, y).Mod(want, p); bigOf(z).Cmp(want) != 0 {
					t.Fatalf("%d limbs: a sum is wrong", n)
				}
			}
			if !m.Holds(limbsOf(x, n)) || m.Holds(limbs) {
				t.Fatalf("%d limbs: what is below the modulus", n)
			}
		}
	}
}

func bigOf(x []uint64) *big.Int {
	n := new(big.Int)
	for i := len(x) - 1; i >= 0; i-- {
		n.Lsh(n, 64).Or(n, new(big.Int).SetUint64(x[i]))
	}
	return n
}

func limbsOf(x *big.Int, n int) []uint64 {
	out := make([]uint64, n)
	for i := range out {
		out[i] = new(big.Int).Rsh(x, uint(64*i)).Uint64()
	}
	return out
}

// below returns a number below p.
func below(r *rand.Rand, p *big.Int) *big.Int {
	x := new(big.Int)
	for range p.BitLen()/64 + 2 {
		x.Lsh(x, 64).Or(x, new(big.Int).SetUint64(r.Uint64()))
	}
	return x.Mod(x, p)
}
