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
	p, order, a2, a4, gx, gy *big.Int
	size                     int  // octets of a scalar
	words                    int  // 64-bit words of a scalar
	span                     int  // most words of a lane, see batch
	weak                     bool // slow arithmetic: see edge
}

// wide is how many scalars' words of a table a lane may have beyond one scalar.
// More save additions for each word and cost memory and cache: with twelve, a word
// costs nine additions instead of 32 and the table takes 2 MiB.
const wide = 12

func shapeOf(c privkey.Curve) (shape, bool) {
	var e elliptic.Curve
	s := shape{a2: new(big.Int), size: c.Size(), weak: true}
	s.words = (s.size + 7) / 8
	s.span = s.words
	switch c {
	case privkey.P224:
		e = elliptic.P224()
	case privkey.P256:
		e = elliptic.P256()
		s.span, s.weak = s.words+wide, false
	case privkey.P384:
		e = elliptic.P384()
		s.span = s.words + wide/2
	case privkey.P521:
		e = elliptic.P521()
	case privkey.Secp256k1:
		k := secp256k1.S256().Params()
		s.p, s.order, s.gx, s.gy, s.a4 = k.P, k.N, k.Gx, k.Gy, new(big.Int)
		s.span, s.weak = s.words+wide, false
		return s, true
	default:
		return shape{}, false
	}
	k := e.Params()
	s.p, s.order, s.gx, s.gy, s.a4 = k.P, k.N, k.Gx, k.Gy, big.NewInt(-3)
	return s, true
}

// montgomery25519 is Curve25519 (RFC 7748, section 4.1), to which edwards25519 is
// birationally equivalent: u = (1+y)/(1-y), base point to base point.
func montgomery25519() shape {
	p := power2(255, -19)
	c, _ := new(big.Int).SetString("27742317777372353535851937790883648493", 10)
	return montgomery(p, c.Add(c, power2(252, 0)), 486662, 9, 32, false)
}

// montgomery448 is Curve448 (RFC 7748, section 4.2). The 4-isogeny from
// edwards448 given there, u = y²/x², is one to one on points of prime order.
func montgomery448() shape {
	p := power2(448, -1)
	c, _ := new(big.Int).SetString("13818066809895115352007386748515426880336692474882178609894547503885", 10)
	return montgomery(p.Sub(p, power2(224, 0)), c.Sub(power2(446, 0), c), 156326, 5, 56, true)
}

func montgomery(p, order *big.Int, a, u int64, size int, weak bool) shape {
	s := shape{p: p, order: order, a2: big.NewInt(a), a4: big.NewInt(1), gx: big.NewInt(u), size: size, words: size / 8, weak: weak}
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

// digits is how many entries a table has for each byte of a scalar: its multiples
// by 1 to 255.
const digits = 255

// group is a curve ready to compute with: a table of d·2^(8j)·G for each non-zero
// byte d and each byte position j of a lane. It is immutable.
type group struct {
	shape
	f     field
	a2m   []uint64
	a4m   []uint64
	table []uint64 // x and y of each entry
}

func newGroup(s shape) *group {
	g := &group{shape: s, f: newField(s.p)}
	n := g.f.limbs
	g.a2m, g.a4m = g.f.element(s.a2), g.f.element(s.a4)
	rows := 8 * s.span
	g.table = make([]uint64, rows*digits*2*n)
	ps := newPoints(g, rows)
	step := newPoints(g, rows)
	one := newPoints(g, 1)
	copy(one.x, g.f.element(s.gx))
	copy(one.y, g.f.element(s.gy))
	for j := range rows {
		step.put(j, one.x, one.y)
		for b := range 8 {
			one.double()
			if b == 0 {
				ps.put(j, one.x, one.y)
			}
		}
	}
	for d := 1; d <= digits; d++ {
		from := ps
		if d == 1 {
			from = step
		} else if d > 2 {
			ps.addAll(step)
		}
		for j := range rows {
			x, y := g.entry(j, d)
			copy(x, from.x[j*n:j*n+n])
			copy(y, from.y[j*n:j*n+n])
		}
	}
	return g
}

// entry returns d·2^(8j)·G.
func (g *group) entry(j, d int) (x, y []uint64) {
	n := g.f.limbs
	i := (j*digits + d - 1) * 2 * n
	return g.table[i : i+n : i+n], g.table[i+n : i+2*n : i+2*n]
}
