package ecscalar

import (
	"crypto/elliptic"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// maxLimbs is the number of words of the longest field element, that of P-521.
const maxLimbs = 9

// shape is a curve y² = x³ + a2·x² + a4·x + b with its base point. b does not
// occur in the addition of points.
type shape struct {
	id                       curveID
	p, order, a2, a4, gx, gy *big.Int
	size                     int  // octets of a scalar
	words                    int  // 64-bit words of a scalar
	span                     int  // most words of a lane, see batch
	weak                     bool // slow arithmetic: see edge
	name                     privkey.Curve
	turns                    bool // numbers are computed together with the turned ones, see turn.go
}

// curveID names a curve that is computed on.
type curveID uint8

const (
	idP224 curveID = iota
	idP256
	idP384
	idP521
	idSecp256k1
	idBrainpool256
	idBrainpool384
	idBrainpool512
	id25519
	id448
	curveCount
)

// wide is how many words a lane of P-384 may have beyond one scalar. More save additions for each
// window and cost memory and cache.
const wide = 2

func shapeOf(c privkey.Curve) (shape, bool) {
	var e elliptic.Curve
	s := shape{a2: new(big.Int), size: c.Size(), weak: true, name: c}
	s.words = (s.size + 7) / 8
	s.span = s.words
	switch c {
	case privkey.P224:
		e, s.id = elliptic.P224(), idP224
	case privkey.P256:
		e, s.id = elliptic.P256(), idP256
		s.turns, s.weak = true, false
	case privkey.P384:
		e, s.id = elliptic.P384(), idP384
		s.span = s.words + wide
	case privkey.P521:
		e, s.id = elliptic.P521(), idP521
	case privkey.Secp256k1:
		k := secp256k1.S256().Params()
		s.id = idSecp256k1
		s.p, s.order, s.gx, s.gy, s.a4 = k.P, k.N, k.Gx, k.Gy, new(big.Int)
		s.turns, s.weak = true, false
		return s, true
	case privkey.BrainpoolP256r1:
		return s.brainpool(c, idBrainpool256), true
	case privkey.BrainpoolP384r1:
		return s.brainpool(c, idBrainpool384), true
	case privkey.BrainpoolP512r1:
		return s.brainpool(c, idBrainpool512), true
	default:
		return shape{}, false
	}
	k := e.Params()
	s.p, s.order, s.gx, s.gy, s.a4 = k.P, k.N, k.Gx, k.Gy, big.NewInt(-3)
	return s, true
}

func (s shape) brainpool(c privkey.Curve, id curveID) shape {
	w := c.Brainpool()
	s.id, s.p, s.order, s.gx, s.gy, s.a4 = id, w.P, w.N, w.Gx, w.Gy, w.A
	return s
}

// montgomery25519 is Curve25519 (RFC 7748, section 4.1), to which edwards25519 is
// birationally equivalent: u = (1+y)/(1-y), base point to base point.
func montgomery25519() shape {
	p := power2(255, -19)
	c, _ := new(big.Int).SetString("27742317777372353535851937790883648493", 10)
	return montgomery(id25519, p, c.Add(c, power2(252, 0)), 486662, 9, 32, false)
}

// montgomery448 is Curve448 (RFC 7748, section 4.2). The 4-isogeny from
// edwards448 given there, u = y²/x², is one to one on points of prime order.
func montgomery448() shape {
	p := power2(448, -1)
	c, _ := new(big.Int).SetString("13818066809895115352007386748515426880336692474882178609894547503885", 10)
	return montgomery(id448, p.Sub(p, power2(224, 0)), c.Sub(power2(446, 0), c), 156326, 5, 56, true)
}

func montgomery(id curveID, p, order *big.Int, a, u int64, size int, weak bool) shape {
	s := shape{id: id, p: p, order: order, a2: big.NewInt(a), a4: big.NewInt(1), gx: big.NewInt(u), size: size, words: size / 8, weak: weak}
	s.span = s.words
	// Of the two base points with this u either will do: only u is compared.
	s.gy, _ = s.lift(s.gx)
	return s
}

// lift returns a point's second coordinate on a Montgomery curve. It fails for a
// point on the twist.
func (s *shape) lift(u *big.Int) (*big.Int, bool) {
	v := new(big.Int).Add(u, s.a2)
	v.Mul(v, u).Add(v, s.a4).Mul(v, u).Mod(v, s.p)
	v = new(big.Int).ModSqrt(v, s.p)
	return v, v != nil
}

func power2(n uint, add int64) *big.Int {
	x := new(big.Int).Lsh(big.NewInt(1), n)
	return x.Add(x, big.NewInt(add))
}
