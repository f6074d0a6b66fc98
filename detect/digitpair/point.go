package digitpair

import (
	"crypto/elliptic"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
)

// equation is y² = x³ + a·x + b modulo p, and the base point's x.
type equation struct{ p, a, b, base *big.Int }

func equations() map[privkey.Curve]equation {
	eqs := make(map[privkey.Curve]equation)
	for name, c := range map[privkey.Curve]elliptic.Curve{
		privkey.P256: elliptic.P256(), privkey.P384: elliptic.P384(), privkey.P521: elliptic.P521(),
	} {
		p := c.Params()
		eqs[name] = equation{p.P, big.NewInt(-3), p.B, p.Gx}
	}
	k := secp256k1.Params()
	eqs[privkey.Secp256k1] = equation{k.P, new(big.Int), big.NewInt(7), k.Gx} // SEC 2, section 2.4.1
	return eqs
}

// square returns the square of the y that belong to x, or nil when the curve has no such
// point, and for its base point.
func (eq *equation) square(x *big.Int) *big.Int {
	if x.Cmp(eq.p) >= 0 || x.Cmp(eq.base) == 0 {
		return nil
	}
	r := new(big.Int).Mul(x, x)
	r.Add(r, eq.a).Mul(r, x).Add(r, eq.b).Mod(r, eq.p)
	if big.Jacobi(r, eq.p) < 0 {
		return nil
	}
	return r
}

// holds reports whether the square of y is y2.
func (eq *equation) holds(y, y2 *big.Int) bool {
	if y.Cmp(eq.p) >= 0 {
		return false
	}
	r := new(big.Int).Mul(y, y)
	return r.Sub(r, y2).Mod(r, eq.p).Sign() == 0
}

// pointDetector finds points of elliptic curves by their equation.
type pointDetector struct{ equations map[privkey.Curve]equation }

// Points returns the harvester of public points in digits, of which the coordinates lie somewhere
// near each other. It redacts nothing.
func Points() []probe.Detector { return []probe.Detector{pointDetector{equations()}} }

// Spec implements [probe.Detector].
func (pointDetector) Spec() probe.Spec {
	return probe.Spec{
		ID: "public-key-digits", About: "points of elliptic curves in digits of fewer bits than their words",
		Kinds: []string{publickey.Kind}, Before: reach, After: reach,
	}
}

// Depth implements [probe.Shallow].
func (pointDetector) Depth() int { return 8 }

// Filter names the beginnings of numbers that may be x.
func (pointDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	scalars(data, base, lo, hi, func(start) bool { return true }, hit)
}

// scalars calls hit with the places of runs that have the length of a coordinate or scalar, in
// any form in which is holds.
func scalars(data []byte, base int64, lo, hi int, is func(start) bool, hit func(i int)) {
	starts(data, base, lo, hi, func(s start) bool { return s.mayBeScalar() && is(s) }, hit)
}

// Detect emits the point of which x begins at v.At.
func (d pointDetector) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range forms() {
		s, ok := f.startAt(v.Data, v.At)
		if !ok || !s.mayBeScalar() {
			continue
		}
		c := company{data: v.Data, number: s}
		c.gather()
		for _, cv := range curves() {
			x := s.coordinate(v.Data, cv)
			if x == nil {
				continue
			}
			eq := d.equations[cv.name]
			var y2 *big.Int // once it is needed
			for _, o := range c.around {
				y := o.coordinate(v.Data, cv)
				if y == nil {
					continue
				}
				if y2 == nil {
					if y2 = eq.square(x); y2 == nil {
						break
					}
				}
				if !eq.holds(y, y2) {
					continue
				}
				size := cv.name.Size()
				point := make([]byte, 1+2*size)
				point[0] = 4
				x.FillBytes(point[1 : 1+size])
				y.FillBytes(point[1+size:])
				spki := privkey.SPKIForEC(cv.name, point)
				emit(probe.Match{
					Kind: publickey.Kind, Encoding: f.encoding(), Confidence: probe.Confirmed,
					Range: probe.Range{Start: v.At, End: v.At + 8*s.bridged}, Public: true, SPKI: spki, Identity: spki,
				})
				return
			}
		}
	}
}

// coordinate returns the number of the curve's size at s, or nil.
func (s start) coordinate(data []byte, c curve) *big.Int {
	if !s.fits(c.bits) {
		return nil
	}
	return s.number(data, c.bits)
}
