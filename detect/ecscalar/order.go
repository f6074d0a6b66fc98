package ecscalar

import (
	"crypto/elliptic"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// onCurve reports whether a point lies on a curve of prime order.
func onCurve(c privkey.Curve, x, y *big.Int) bool {
	var e elliptic.Curve
	switch c {
	case privkey.P224:
		e = elliptic.P224()
	case privkey.P256:
		e = elliptic.P256()
	case privkey.P384:
		e = elliptic.P384()
	case privkey.P521:
		e = elliptic.P521()
	case privkey.Secp256k1:
		e = secp256k1.S256()
	default:
		w := c.Brainpool()
		return w != nil && w.Holds(x, y)
	}
	p := e.Params().P
	if x.Cmp(p) >= 0 || y.Cmp(p) >= 0 {
		return false
	}
	return holds(e.Params(), c, x, y)
}

// holds checks the equation of the curve, y² = x³ + a·x + b.
func holds(k *elliptic.CurveParams, c privkey.Curve, x, y *big.Int) bool {
	right := new(big.Int).Mul(x, x)
	if c != privkey.Secp256k1 {
		right.Sub(right, big.NewInt(3))
	}
	right.Mul(right, x).Add(right, k.B).Mod(right, k.P)
	left := new(big.Int).Mul(y, y)
	return left.Mod(left, k.P).Cmp(right) == 0
}

// prime reports whether a point of a Montgomery curve has the curve's large prime
// order, by Montgomery's ladder with projective x coordinates (RFC 7748, section 5).
func (s *shape) prime(u *big.Int) bool {
	mod := func(z *big.Int) *big.Int { return z.Mod(z, s.p) }
	mul := func(x, y *big.Int) *big.Int { return mod(new(big.Int).Mul(x, y)) }
	add := func(x, y *big.Int) *big.Int { return mod(new(big.Int).Add(x, y)) }
	sub := func(x, y *big.Int) *big.Int { return mod(new(big.Int).Sub(x, y)) }
	a24 := new(big.Int).Rsh(new(big.Int).Sub(s.a2, big.NewInt(2)), 2)
	x2, z2, x3, z3 := big.NewInt(1), new(big.Int), new(big.Int).Set(u), big.NewInt(1)
	for i := s.order.BitLen() - 1; i >= 0; i-- {
		bit := s.order.Bit(i) == 1
		if bit {
			x2, z2, x3, z3 = x3, z3, x2, z2
		}
		a, b, c, d := add(x2, z2), sub(x2, z2), add(x3, z3), sub(x3, z3)
		aa, bb, da, cb := mul(a, a), mul(b, b), mul(d, a), mul(c, b)
		e := sub(aa, bb)
		plus, minus := add(da, cb), sub(da, cb)
		x3, z3 = mul(plus, plus), mul(u, mul(minus, minus))
		x2, z2 = mul(aa, bb), mul(e, add(aa, mul(a24, e)))
		if bit {
			x2, z2, x3, z3 = x3, z3, x2, z2
		}
	}
	return z2.Sign() == 0
}
