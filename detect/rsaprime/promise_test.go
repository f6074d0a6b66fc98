package rsaprime

import (
	"math/big"
	"math/rand/v2"
	"testing"
)

// TestPromises lets every number pass of which the low limbs are lost and which divides, of all sizes that are
// completed, and hardly any other.
func TestPromises(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 8))
	odd := func(words int, short uint, extremes int) *big.Int {
		b := make([]byte, 8*words)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		b[0] |= 0x80
		b[len(b)-1] |= 1
		if r.IntN(8) < extremes {
			clear(b[1 : 8*r.IntN(words)+1])
		}
		x := new(big.Int).SetBytes(b)
		return x.SetBit(x.Rsh(x, short), 0, 1)
	}
	var s scratch
	passed, all := 0, 0
	for words := 7; words <= maxLimbs/2; words++ {
		for _, gone := range lost() {
			c := class{bytes: 8 * words}
			if !c.completes(gone) {
				continue
			}
			for range 60 {
				short := uint(r.IntN(3))
				p, q := odd(words, short, 1), odd(words, uint(r.IntN(int(short)+1)), 1)
				n := new(big.Int).Mul(p, q)
				limbs, a := limbsOf(n), limbsOf(p)
				clear(a[:gone/8])
				if !s.promises(limbs, a, gone/8) {
					t.Fatalf("%d limbs without %d bytes are turned down, %d bits of %d", words, gone, p.BitLen(), n.BitLen())
				}
				all++
				if a = limbsOf(odd(words, short, 0)); s.promises(limbs, a, gone/8) {
					passed++
				}
			}
		}
	}
	if passed > 1 {
		t.Errorf("%d of %d numbers pass that divide nothing", passed, all)
	}
}

// TestDivide compares with the division of math/big.
func TestDivide(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	limb := func() uint64 { // often an extreme
		return []uint64{r.Uint64(), 0, ^uint64(0), 1 << 63, r.Uint64()}[r.IntN(5)]
	}
	for range 20_000 {
		v := make([]uint64, 2+r.IntN(6))
		for i := range v {
			v[i] = limb()
		}
		v[len(v)-1] |= 1 << 63
		q := make([]uint64, 1+r.IntN(6))
		for i := range q {
			q[i] = limb()
		}
		rest := make([]uint64, len(v))
		for i := range rest {
			rest[i] = limb()
		}
		for rest[len(rest)-1] = v[len(v)-1]; !less(rest, v); { // close below v
			rest[r.IntN(len(rest))] >>= 1
		}
		V, Q, R := intOf(v), intOf(q), intOf(rest)
		U := new(big.Int).Add(new(big.Int).Mul(V, Q), R)
		u := make([]uint64, len(v)+len(q))
		copy(u, limbsOf(U))
		got := make([]uint64, len(q))
		divide(got, u, v)
		if intOf(got).Cmp(Q) != 0 || intOf(u[:len(v)]).Cmp(R) != 0 {
			t.Fatalf("%x by %x is not %x, rest %x", U, V, got, u[:len(v)])
		}
	}
}

func BenchmarkPromises(b *testing.B) {
	for _, gone := range lost() {
		n, a := limbsOf(new(big.Int).SetBytes(noise(1, 256))), limbsOf(new(big.Int).SetBytes(noise(2, 128)))
		clear(a[:gone/8])
		b.Run(map[int]string{16: "16", 32: "32"}[gone], func(b *testing.B) {
			var s scratch
			for b.Loop() {
				s.promises(n, a, gone/8)
			}
		})
		b.Run(map[int]string{16: "complete16", 32: "complete32"}[gone], func(b *testing.B) {
			N, A := intOf(n), intOf(a)
			for b.Loop() {
				complete(N, A, 8*gone)
			}
		})
	}
}
