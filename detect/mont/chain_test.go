package mont

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestChain compares sums with what math/big makes of the formula for affine points, of numbers at the ends of
// the range too.
func TestChain(t *testing.T) {
	const count = 32 * vectorLanes
	r := rand.New(rand.NewPCG(5, 6))
	for name, p := range primes() {
		c := p.NewChain(count)
		if c == nil {
			t.Skip("no vectors")
		}
		m := p.Modulus()
		prime := intOf(m[:])
		for range 12 {
			points := p.numbers(r, 4*count)
			for i := range 10 { // some that are not below the prime
				x := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(int64(i+1)))
				put(x, points[Limbs*r.IntN(4*count):])
			}
			sums := make([]Sum, count)
			for i := range sums {
				sums[i] = Sum{To: int32(i), P: int32(r.IntN(2 * count)), Q: int32(r.IntN(2 * count))}
				for new(big.Int).Mod(new(big.Int).Sub(intOf(points[8*int(sums[i].P):]), intOf(points[8*int(sums[i].Q):])), prime).Sign() == 0 {
					sums[i].Q = int32(r.IntN(2 * count))
				}
			}
			c.compare(t, name, points, sums)
		}
	}
}

// compare compares sums of points with what math/big says.
func (c *Chain) compare(t *testing.T, name string, points []uint64, sums []Sum) {
	t.Helper()
	m := c.p.Modulus()
	prime := intOf(m[:])
	var totals, inverses [4 * Limbs]uint64
	c.Climb(points, sums, &totals)
	for lane := range vectorLanes {
		x := intOf(totals[lane*Limbs:])
		x.ModInverse(x, prime)
		put(x.Mod(x.Lsh(x, 512), prime), inverses[lane*Limbs:])
	}
	out := make([]uint64, 2*Limbs*len(sums))
	c.Finish(out, points, sums, &inverses)
	for i, s := range sums {
		x, y := chord(c.p, prime, points[8*int(s.P):], points[8*int(s.Q):])
		z := [2]*[Limbs]uint64{(*[Limbs]uint64)(out[8*i:]), (*[Limbs]uint64)(out[8*i+4:])}
		for _, v := range z {
			c.p.Lessen(v)
		}
		if intOf(z[0][:]).Cmp(x) != 0 || intOf(z[1][:]).Cmp(y) != 0 {
			t.Fatalf("%s: sum %d is wrong", name, i)
		}
	}
}

// chord returns the sum of two points, in the form in which they are.
func chord(p Prime, prime *big.Int, a, b []uint64) (x, y *big.Int) {
	factor := func(n uint) *big.Int {
		z := new(big.Int).Lsh(big.NewInt(1), n)
		return z.ModInverse(z, prime)
	}
	plain := func(w []uint64, n uint) *big.Int { return new(big.Int).Mul(intOf(w), factor(n)) }
	ordinate := uint(253) // of y
	if p == P25519 {
		ordinate = 384
	}
	x1, y1, x2, y2 := plain(a, 256), plain(a[4:], ordinate), plain(b, 256), plain(b[4:], ordinate)
	l := new(big.Int).Sub(x2, x1)
	l.ModInverse(l.Mod(l, prime), prime)
	l.Mul(l, y2.Sub(y2, y1))
	x = new(big.Int).Mul(l, l)
	x.Sub(x, x1).Sub(x, x2)
	if p == P25519 {
		x.Sub(x, big.NewInt(486662))
	}
	y = new(big.Int).Sub(x1, x)
	y.Mul(y, l).Sub(y, y1)
	return x.Mod(x.Lsh(x, 256), prime), y.Mod(y.Lsh(y, ordinate), prime)
}

func BenchmarkChain(b *testing.B) {
	const count = 512
	r := rand.New(rand.NewPCG(5, 6))
	for name, p := range primes() {
		c := p.NewChain(count)
		if c == nil {
			b.Skip("no vectors")
		}
		points, sums := p.numbers(r, 4*count), make([]Sum, count)
		for i := range sums {
			sums[i] = Sum{To: int32(i), P: int32(i), Q: int32(count + i)}
		}
		out := make([]uint64, 2*Limbs*count)
		var totals, inverses [4 * Limbs]uint64
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i += count {
				c.Climb(points, sums, &totals)
				c.Finish(out, points, sums, &inverses)
			}
		})
	}
}
