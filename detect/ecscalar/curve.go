package ecscalar

import (
	"crypto/elliptic"
	"crypto/sha512"
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
// More save additions for each window and cost memory and cache: with four, a window costs
// nine additions in place of 23 and the table takes 6 MiB.
const wide = 4

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

// group is a curve ready to compute with. Its table has an entry for each value d of
// each digit of a lane: d times what the digit stands for times G, plus an offset, which
// makes that of zero a point like the others. The offsets of the digits of a word add
// up to nothing. It is immutable.
type group struct {
	shape
	f     field
	a2m   []uint64
	a4m   []uint64
	bits  int      // of a digit
	rows  int      // digits of a word
	table []uint64 // x and y of each entry
}

// The bits of digits: tables of 3 MiB and 23 additions for a scalar of 256 bits, which is the
// least time for a whole dump; but no more than needs be where an entry is dear.
const (
	digitBits     = 11
	digitBitsWeak = 8
)

func newGroup(s shape) *group {
	g := &group{shape: s, f: newField(s.p), bits: digitBits}
	if s.weak {
		g.bits = digitBitsWeak
	}
	g.rows = (64 + g.bits - 1) / g.bits
	n := g.f.limbs
	g.a2m, g.a4m = g.f.element(s.a2), g.f.element(s.a4)
	rows := g.rows * s.span
	g.table = make([]uint64, rows<<g.bits*2*n)
	step, ps := newPoints(g, rows), g.offsets()
	one := newPoints(g, 1)
	copy(one.x, g.f.element(s.gx))
	copy(one.y, g.f.element(s.gy))
	for w := range s.span {
		for bit := range 64 {
			if bit%g.bits == 0 {
				step.put(w*g.rows+bit/g.bits, one.x, one.y)
			}
			one.double()
		}
	}
	for d := range 1 << g.bits {
		if d > 0 {
			ps.addAll(step)
		}
		for j := range rows {
			e := g.table[(j<<g.bits+d)*2*n:]
			x, y := ps.at(j)
			copy(e[:n], x)
			copy(e[n:2*n], y)
		}
	}
	return g
}

// offsets returns the offset of each digit: multiples of G that have nothing to do with
// those that digits stand for, and at the last digit of a word what they lack to zero.
func (g *group) offsets() *points {
	ps := newPoints(g, g.rows*g.span)
	one := newPoints(g, g.rows-1)
	for r := range g.rows - 1 {
		h := sha512.Sum512([]byte{byte(r)})
		x, y := g.multiple(new(big.Int).SetBytes(h[:min(g.size-1, len(h))]))
		one.put(r, x, y)
	}
	sum := newPoints(g, 1)
	next := newPoints(g, 1)
	x, y := one.at(0)
	sum.put(0, x, y)
	for r := 1; r < g.rows-1; r++ {
		x, y := one.at(r)
		next.put(0, x, y)
		sum.addAll(next)
	}
	var none [maxLimbs]uint64
	g.f.sub(sum.y, none[:g.f.limbs], sum.y)
	for j := range g.rows * g.span {
		if r := j % g.rows; r < g.rows-1 {
			x, y := one.at(r)
			ps.put(j, x, y)
		} else {
			ps.put(j, sum.x, sum.y)
		}
	}
	return ps
}

// multiple returns k·G for a k above 1 that is far below the order, by doubling and adding.
func (g *group) multiple(k *big.Int) (x, y []uint64) {
	base, p := newPoints(g, 1), newPoints(g, 1)
	copy(base.x, g.f.element(g.gx))
	copy(base.y, g.f.element(g.gy))
	p.put(0, base.x, base.y)
	for i := k.BitLen() - 2; i >= 0; i-- {
		p.double()
		if k.Bit(i) == 1 {
			p.addAll(base)
		}
	}
	return p.x, p.y
}
