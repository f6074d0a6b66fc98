package digitpair

import (
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// scalarDetector proves scalars in digits by the public keys of the facts.
type scalarDetector struct {
	keys  map[string]bool // as SubjectPublicKeyInfo
	tried *tried.Set      // what is no scalar of any
}

// triedBits is log2 of how many numbers are remembered: the heap of CPython holds parameters of
// curves many times.
const triedBits = 14

// NewScalar returns the prover of scalars in digits, or nil when the facts have no key of a curve
// that it computes with. What they have of trust stores is left out.
func NewScalar(f probe.Facts) probe.Detector {
	d := scalarDetector{make(map[string]bool), tried.New(triedBits)}
	for _, spki := range f.SPKI[:f.Roots] {
		for _, c := range curves() {
			// All keys of a curve have the same beginning.
			prefix := privkey.SPKIForEC(c.name, make([]byte, 1+2*c.name.Size()))
			if n := len(prefix) - 2*c.name.Size() - 1; len(spki) == len(prefix) && string(spki[:n]) == string(prefix[:n]) {
				d.keys[string(spki)] = true
			}
		}
	}
	if len(d.keys) == 0 {
		return nil
	}
	return d
}

// Spec implements [probe.Detector].
func (scalarDetector) Spec() probe.Spec {
	return probe.Spec{
		ID: "ec-scalar-digits", About: "private scalars of known EC public keys in digits of fewer bits than their words",
		Kinds: []string{privkey.EC}, Before: 8, After: 8 * (mostWords + 2),
	}
}

// Depth implements [probe.Shallow].
func (scalarDetector) Depth() int { return 8 }

// Filter names the beginnings of the scalars that it proves.
func (d scalarDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	scalars(data, base, lo, hi, func(s start) bool {
		_, ok := d.prove(data, s)
		return ok
	}, hit)
}

// Detect emits the scalar that begins at v.At.
func (d scalarDetector) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range forms() {
		s, ok := f.startAt(v.Data, v.At)
		if !ok || !s.mayBeScalar() {
			continue
		}
		if m, ok := d.prove(v.Data, s); ok {
			emit(m)
			return
		}
	}
}

// prove returns the scalar at s.
func (d scalarDetector) prove(data []byte, s start) (m probe.Match, ok bool) {
	for i, c := range curves() {
		x := s.coordinate(data, c)
		if x == nil {
			continue
		}
		value := x.Bytes()
		digest := d.tried.Digest(value, uint64(i))
		if d.tried.Has(digest) {
			continue
		}
		if point, ok := privkey.ECPublic(c.name, value); ok && d.keys[string(privkey.SPKIForEC(c.name, point))] {
			return s.match(c, x, point)
		}
		d.tried.Add(digest)
	}
	return m, false
}

// match returns the scalar x at s, which belongs to the point.
func (s start) match(c curve, x *big.Int, point []byte) (m probe.Match, ok bool) {
	at := probe.Range{End: (x.BitLen() + s.radix - 1) / s.radix * s.width}
	k, ok := privkey.ECKey(at, privkey.ECParts{Curve: c.name, Scalar: privkey.Number{Bytes: x.Bytes(), At: at}, Point: point})
	return k.Match(s.encoding(), s.at), ok
}
