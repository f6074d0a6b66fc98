package ecscalar

import (
	"math/big"
	"slices"
	"sync/atomic"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// few counts down how many numbers may still be multiplied one by one, which for a small dump takes less
// than to make a table: 12 to 40 ms.
type few struct{ left atomic.Int64 }

// fewOf is how many of a curve take less than half the time of its table.
func fewOf(c privkey.Curve) int64 {
	switch c {
	case privkey.P256, privkey.Secp256k1:
		return 128
	case privkey.P384, privkey.P521:
		return 24
	}
	return 0
}

const few25519 = 48

// take reports whether n numbers may be multiplied one by one.
func (f *few) take(n int) bool { return f.left.Load() > 0 && f.left.Add(-int64(n)) >= 0 }

// single is [Base.Coordinates] for one number after the other.
func (b *Base) single(ks []Scalar, yield func(i int, x []byte)) {
	var k big.Int
	p := make([]byte, b.shape.size)
	for i, s := range ks {
		octets := slices.Clone(s.Octets)
		if s.Little {
			slices.Reverse(octets)
		}
		k.Mod(k.SetBytes(octets), b.shape.order).FillBytes(p)
		clear(octets)
		if point, ok := privkey.ECPublic(b.curve, p); ok {
			yield(i, point[1:1+len(p)])
		}
	}
	clear(p)
	clear(k.Bits())
}

// twisted is [Base.Twisted] for one number after the other.
func (b *Base) twisted(seeds [][]byte, yield func(i int, u, y, e []byte)) {
	var u, y, expanded [32]byte
	for i, seed := range seeds {
		copy(u[:], privkey.X25519Public(seed))
		copy(y[:], privkey.Ed25519Public(seed))
		slices.Reverse(u[:])
		slices.Reverse(y[:])
		y[0] &= 0x7f
		var e []byte
		if Clamped(seed) { // y = (u-1)/(u+1)
			x := new(big.Int).SetBytes(u[:])
			one := big.NewInt(1)
			num, den := new(big.Int).Sub(x, one), new(big.Int).Add(x, one)
			if den.ModInverse(den, b.shape.p) == nil {
				den = one
			}
			e = num.Mod(num.Mul(num, den), b.shape.p).FillBytes(expanded[:])
		}
		yield(i, u[:], y[:], e)
	}
}
