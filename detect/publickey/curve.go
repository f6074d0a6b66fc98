package publickey

import (
	"crypto/elliptic"
	"encoding/binary"
	"math/big"
	"sync"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/mont"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// onCurve reports whether an uncompressed point satisfies the curve's equation,
// or the curve is not one of those for which that can be told.
func onCurve(c privkey.Curve, point []byte) bool {
	on, known := satisfies(c, point)
	return on || !known
}

// satisfies reports whether an uncompressed point satisfies the curve's equation,
// and whether that can be told.
func satisfies(c privkey.Curve, point []byte) (on, known bool) {
	e, ok := equations()[c]
	if !ok {
		return false, false
	}
	if len(point) != 1+2*e.size || point[0] != pointForm {
		return false, true
	}
	return e.holds(point[1:1+e.size], point[1+e.size:]), true
}

// equation is y² = x³ + a·x + b modulo a prime, of which both sides are divided by R² as products come, see
// [mont.Modulus].
type equation struct {
	prime     mont.Modulus
	size      int // bytes of a coordinate
	limbs     int
	a, b, one []uint64 // a/R, b/R², 1
}

func newEquation(p, a, b *big.Int) *equation {
	n := (p.BitLen() + 63) / 64
	limbs := func(x *big.Int) []uint64 {
		be, out := x.FillBytes(make([]byte, 8*n)), make([]uint64, n)
		for i := range out {
			out[i] = binary.BigEndian.Uint64(be[len(be)-8*i-8:])
		}
		return out
	}
	inverse := new(big.Int).ModInverse(new(big.Int).Lsh(big.NewInt(1), uint(64*n)), p)
	divided := func(x *big.Int) *big.Int { x = new(big.Int).Mul(x, inverse); return x.Mod(x, p) }
	return &equation{mont.NewModulus(limbs(p)), (p.BitLen() + 7) / 8, n, limbs(divided(a)), limbs(divided(divided(b))), limbs(big.NewInt(1))}
}

// holds reports whether the octets of two coordinates, most significant first, are those of a point.
func (e *equation) holds(px, py []byte) bool {
	var room [4][mont.MaxLimbs]uint64
	x, y, s, t := room[0][:e.limbs], room[1][:e.limbs], room[2][:e.limbs], room[3][:e.limbs]
	load(x, px)
	load(y, py)
	m := &e.prime
	if !m.Holds(x) || !m.Holds(y) {
		return false
	}
	m.Mul(s, x, x)
	m.Add(s, s, e.a)
	m.Mul(s, s, x)
	m.Add(s, s, e.b)
	m.Mul(t, y, y)
	m.Mul(t, t, e.one)
	for i := range s {
		if s[i] != t[i] {
			return false
		}
	}
	return true
}

// load sets x to the number in p, most significant octet first.
func load(x []uint64, p []byte) {
	for i := range x {
		if len(p) >= 8 {
			x[i], p = binary.BigEndian.Uint64(p[len(p)-8:]), p[:len(p)-8]
			continue
		}
		for _, v := range p {
			x[i] = x[i]<<8 | uint64(v)
		}
		p = nil
	}
}

// equations are those of all curves for which that can be told, made once.
var equations = sync.OnceValue(func() map[privkey.Curve]*equation {
	es := make(map[privkey.Curve]*equation)
	for c, e := range map[privkey.Curve]elliptic.Curve{
		privkey.P224: elliptic.P224(), privkey.P256: elliptic.P256(), privkey.P384: elliptic.P384(), privkey.P521: elliptic.P521(),
	} {
		es[c] = newEquation(e.Params().P, big.NewInt(-3), e.Params().B)
	}
	k := secp256k1.Params()
	es[privkey.Secp256k1] = newEquation(k.P, new(big.Int), big.NewInt(7)) // SEC 2, section 2.4.1
	for _, c := range brainpools {
		w := c.Brainpool()
		es[c] = newEquation(w.P, w.A, w.B)
	}
	return es
})
