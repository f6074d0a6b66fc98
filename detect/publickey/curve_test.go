package publickey

import (
	"crypto/elliptic"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// TestEquations tries points, what lies beside them, and coordinates that are not reduced.
func TestEquations(t *testing.T) {
	r := rand.NewChaCha8([32]byte{5})
	for c, e := range equations() {
		size := c.Size()
		for range 50 {
			scalar := make([]byte, size)
			r.Read(scalar[1:])
			if size == 66 {
				scalar[1] = 0
			}
			point, ok := privkey.ECPublic(c, scalar)
			if !ok {
				t.Fatalf("%d bytes: no point", size)
			}
			if on, known := satisfies(c, point); !on || !known {
				t.Fatalf("%d bytes: a point is none", size)
			}
			for _, i := range []int{1, size, size + 1, 2 * size} {
				other := slices.Clone(point)
				other[i] ^= 1
				if on, _ := satisfies(c, other); on {
					t.Fatalf("%d bytes: a point with another octet %d is one", size, i)
				}
			}
			for _, q := range [][]byte{point[:size+1], point[1:], append([]byte{2}, point[1:]...), append(slices.Clone(point), 0)} {
				if on, _ := satisfies(c, q); on {
					t.Errorf("%d bytes: another form is a point", size)
				}
			}
		}
		p := elliptic.P256().Params().P
		if c != privkey.P256 {
			continue
		}
		// On P-256 there is a point with x = 5: with x + p it is no encoding.
		y, _ := new(big.Int).SetString("459243b9aa581806fe913bce99817ade11ca503c64d9a3c533415c083248fbcc", 16)
		x := big.NewInt(5)
		if !e.holds(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))) {
			t.Error("the point with x = 5 is none")
		}
		if x.Add(x, p); e.holds(x.FillBytes(make([]byte, size)), y.FillBytes(make([]byte, size))) {
			t.Error("a coordinate that is not reduced is one")
		}
	}
}

func BenchmarkEquation(b *testing.B) {
	for _, c := range pointCurves {
		point := make([]byte, 1+2*c.Size())
		rand.NewChaCha8([32]byte{6}).Read(point)
		point[0], point[1], point[1+c.Size()] = pointForm, 0, 0
		b.Run(string('0'+rune(c.Size()/8)), func(b *testing.B) {
			for b.Loop() {
				satisfies(c, point)
			}
		})
	}
}
