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

// TestProducts compares with math/big, chains in both directions too.
func TestProducts(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for name, p := range primes() {
		m := p.Modulus()
		prime := intOf(m[:])
		inv := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), 256), prime)
		const n = 3000
		x, y, z := p.numbers(r, n), p.numbers(r, n), make([]uint64, n*Limbs)
		for _, down := range []bool{false, true} {
			p.Products(z, x, y, down)
			for i := 0; i < len(z); i += Limbs {
				want := new(big.Int).Mul(intOf(x[i:]), intOf(y[i:]))
				want.Mul(want, inv).Mod(want, prime)
				if intOf(z[i:]).Cmp(want) != 0 {
					t.Fatalf("%s: %x times %x", name, x[i:i+Limbs], y[i:i+Limbs])
				}
			}
		}
		copy(z, x[:Limbs])
		p.Products(z[Limbs:], z, y[Limbs:], false)
		want := new(big.Int).Set(intOf(x))
		for i := Limbs; i < len(z); i += Limbs {
			want.Mul(want, intOf(y[i:])).Mul(want, inv).Mod(want, prime)
		}
		if intOf(z[len(z)-Limbs:]).Cmp(want) != 0 {
			t.Errorf("%s: a chain upwards", name)
		}
		copy(z[len(z)-Limbs:], x[:Limbs])
		p.Products(z[:len(z)-Limbs], z[Limbs:], y, true)
		want.Set(intOf(x))
		for i := len(z) - 2*Limbs; i >= 0; i -= Limbs {
			want.Mul(want, intOf(y[i:])).Mul(want, inv).Mod(want, prime)
		}
		if intOf(z).Cmp(want) != 0 {
			t.Errorf("%s: a chain downwards", name)
		}
	}
}

// chordOf is the law of addition, by math/big.
func chordOf(prime *big.Int, pair, inv, a []uint64) (x, y *big.Int) {
	r := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), 256), prime)
	mul := func(x, y *big.Int) *big.Int {
		z := new(big.Int).Mul(x, y)
		return z.Mul(z, r).Mod(z, prime)
	}
	x1, y1, x2, y2 := intOf(pair), intOf(pair[Limbs:]), intOf(pair[2*Limbs:]), intOf(pair[3*Limbs:])
	l := mul(new(big.Int).Mod(new(big.Int).Sub(y2, y1), prime), intOf(inv))
	x = mul(l, l)
	x.Sub(x, intOf(a)).Sub(x, x1).Sub(x, x2).Mod(x, prime)
	y = mul(l, new(big.Int).Mod(new(big.Int).Sub(x1, x), prime))
	return x, y.Sub(y, y1).Mod(y, prime)
}

func TestChords(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for name, p := range primes() {
		m := p.Modulus()
		prime := intOf(m[:])
		const n = 2000
		pairs, inv, a := p.numbers(r, 4*n), p.numbers(r, n), [Limbs]uint64{}
		if p == P25519 {
			a = [Limbs]uint64(p.numbers(r, 64)[4*63:])
		}
		before := slices.Clone(pairs)
		p.Chords(pairs, inv, &a)
		for i := range n {
			x, y := chordOf(prime, before[i*16:], inv[i*4:], a[:])
			if intOf(pairs[i*16:]).Cmp(x) != 0 || intOf(pairs[i*16+4:]).Cmp(y) != 0 || !slices.Equal(pairs[i*16+8:i*16+16], before[i*16+8:i*16+16]) {
				t.Fatalf("%s: pair %d", name, i)
			}
		}
	}
}

func TestPairs(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 4))
	for name, p := range primes() {
		m := p.Modulus()
		prime := intOf(m[:])
		const points = 500
		pts := p.numbers(r, 2*points)
		for n := range 60 {
			sums := make([]Sum, n)
			for i := range sums {
				sums[i] = Sum{Owner: -1, To: -2, P: r.Int32N(points), Q: r.Int32N(points)}
			}
			pairs, den := make([]uint64, 4*Limbs*n+1), make([]uint64, Limbs*n+1)
			p.Pairs(pairs, den, pts, sums)
			for i, s := range sums {
				a, b := pts[8*s.P:][:8], pts[8*s.Q:][:8]
				want := new(big.Int).Sub(intOf(b), intOf(a))
				if !slices.Equal(pairs[16*i:][:16], slices.Concat(a, b)) || intOf(den[4*i:]).Cmp(want.Mod(want, prime)) != 0 {
					t.Fatalf("%s: sum %d of %d", name, i, n)
				}
			}
			if pairs[4*Limbs*n] != 0 || den[Limbs*n] != 0 {
				t.Fatalf("%s: wrote behind %d sums", name, n)
			}
		}
	}
}

// FuzzMul compares the assembly with the portable twin.
func FuzzMul(f *testing.F) {
	f.Add(make([]byte, 64))
	f.Fuzz(func(t *testing.T, b []byte) {
		if len(b) < 64 {
			return
		}
		for name, p := range primes() {
			m := p.Modulus()
			prime := intOf(m[:])
			var x, y, z, want [Limbs]uint64
			put(new(big.Int).Mod(new(big.Int).SetBytes(b[:32]), prime), x[:])
			put(new(big.Int).Mod(new(big.Int).SetBytes(b[32:64]), prime), y[:])
			p.Products(z[:], x[:], y[:], false)
			p.Mul(&want, &x, &y)
			if z != want {
				t.Errorf("%s: %x times %x", name, x, y)
			}
			var zero [Limbs]uint64
			pair := slices.Concat(x[:], y[:], y[:], x[:])
			twin := slices.Clone(pair)
			p.Chords(pair, y[:], &zero)
			x3, y3 := chordOf(prime, twin, y[:], zero[:])
			if intOf(pair).Cmp(x3) != 0 || intOf(pair[Limbs:]).Cmp(y3) != 0 {
				t.Errorf("%s: chord of %x and %x", name, x, y)
			}
		}
	})
}

func BenchmarkProducts(b *testing.B) {
	r := rand.New(rand.NewPCG(5, 6))
	for name, p := range primes() {
		x, y := p.numbers(r, 256), p.numbers(r, 256)
		z := make([]uint64, len(x))
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i += 256 {
				p.Products(z, x, y, false)
			}
		})
	}
}

func BenchmarkChords(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 8))
	for name, p := range primes() {
		pairs, inv, a := p.numbers(r, 1024), p.numbers(r, 256), [Limbs]uint64{}
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i += 256 {
				p.Chords(pairs, inv, &a)
			}
		})
	}
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
