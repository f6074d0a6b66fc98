package ecscalar

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// TestSpecialPrimes compares the multiplications for primes of special form with the
// one for all, on numbers at the ends of the range as they are.
func TestSpecialPrimes(t *testing.T) {
	k1, _ := shapeOf(privkey.Secp256k1)
	p256, _ := shapeOf(privkey.P256)
	for _, s := range []shape{k1, p256, montgomery25519()} {
		f := newField(s.p)
		if f.mult == fourLimbs {
			t.Errorf("prime %x: not known to be special", s.p)
		}
		var ends [][4]uint64
		for _, d := range []int64{0, 1, 2, 18, 19, 20, 37, 38} {
			for _, x := range []*big.Int{big.NewInt(d), new(big.Int).Sub(s.p, big.NewInt(d+1)), new(big.Int).Add(power2(192, 0), big.NewInt(d)), new(big.Int).Sub(power2(254, 0), big.NewInt(d))} {
				var w [4]uint64
				toWords(x, w[:])
				ends = append(ends, w)
			}
		}
		for range 200 {
			var w [4]uint64
			toWords(scalarBelow(s.p), w[:])
			ends = append(ends, w)
		}
		for _, x := range ends {
			for _, y := range ends {
				var z, want [4]uint64
				f.mul(z[:], x[:], y[:])
				mul4(&want, &x, &y, (*[4]uint64)(f.p), f.n0)
				if z != want {
					t.Fatalf("prime of %d bits: %x times %x", s.p.BitLen(), x, y)
				}
			}
		}
	}
}

func TestBase(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P224, privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521} {
		var ks []Scalar
		var want [][]byte
		for i := range maxLanes + 10 { // more than a batch
			k := make([]byte, c.Size())
			rand.Read(k)
			k[0] = 0 // below the order
			if i == 7 {
				k = make([]byte, c.Size())
			}
			point, ok := privkey.ECPublic(c, k)
			if !ok {
				want = append(want, nil)
			} else {
				want = append(want, point[1:1+c.Size()])
			}
			if i%2 == 1 {
				k = slices.Clone(k)
				slices.Reverse(k)
			}
			ks = append(ks, Scalar{Octets: k, Little: i%2 == 1})
		}
		got := make([][]byte, len(ks))
		NewBase(c).Coordinates(ks, func(i int, x []byte) { got[i] = bytes.Clone(x) })
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("curve of %d octets: scalar %d has another coordinate", c.Size(), i)
			}
		}
	}
	var seeds [][]byte
	for range maxLanes + 10 {
		p := make([]byte, 32)
		rand.Read(p)
		seeds = append(seeds, p)
	}
	n := 0
	NewBase25519().Twisted(seeds, func(i int, u, y []byte) {
		n++
		x := slices.Clone(privkey.X25519Public(seeds[i]))
		slices.Reverse(x)
		ed := slices.Clone(privkey.Ed25519Public(seeds[i]))
		slices.Reverse(ed)
		ed[0] &= 0x7f
		if !bytes.Equal(u, x) || !bytes.Equal(y, ed) {
			t.Fatalf("seed %d has other public keys", i)
		}
	})
	if n != len(seeds) {
		t.Errorf("%d of %d seeds", n, len(seeds))
	}
}
