package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// ecHints is what a PKCS#8 around an ECPrivateKey says of it.
type ecHints struct {
	curve privkey.Curve
	point []byte
}

// scalarSize reports whether n octets are the length of the scalars of a named
// curve in use. Other lengths need a curve that says so.
func scalarSize(n int) bool {
	switch n {
	case 20, 24, 28, 32, 40, 48, 64, 66:
		return true
	}
	return false
}

// maxScalar is the longest scalar: that of sect571, in octets.
const maxScalar = 72

// parseSEC1 reads an ECPrivateKey (RFC 5915, section 3) behind its version. An
// SNMPv2 message begins in the same way, with a community string for the scalar;
// what follows tells them apart.
func parseSEC1(s structure, hints ecHints) (privkey.Key, bool) {
	scalar, ok := s.Expect(der.OctetString)
	if !ok || scalar.Len == 0 || scalar.Len > maxScalar || s.seq.Len > afterEC {
		return privkey.Key{}, false
	}
	p := privkey.ECParts{Curve: hints.curve, Scalar: s.number(scalar), Point: hints.point}
	if !plausible.Random(p.Scalar.Bytes) {
		return privkey.Key{}, false
	}
	last, damaged := scalar.End, false
	params, hasParams := s.Expect(der.ContextCons(0))
	if hasParams {
		curve, ok := curveOf(&s, params)
		switch {
		case !ok:
			damaged = true
		case p.Curve == "":
			p.Curve = curve
		}
		if ok {
			last = params.End
		}
	}
	if point, ok := s.Expect(der.ContextCons(1)); ok && !damaged {
		in := s.Inside(point)
		bits, ok := in.Expect(der.BitString)
		if damaged = !ok && point.Whole(); !damaged {
			last = point.End
		}
		if b := s.Bytes(bits); ok && bits.Whole() && len(b) > 1 && b[0] == 0 {
			p.Point = b[1:]
		}
	}
	if p.Curve == "" && !scalarSize(scalar.Len) {
		return privkey.Key{}, false
	}
	lost := !hasParams && p.Point == nil && s.seq.Whole() && !s.Done()
	if (damaged || lost) && !sec1Length(s.seq.Len, scalar.Len) {
		return privkey.Key{}, false
	}
	p.Full = s.full() && !damaged && plausible.Whole(p.Scalar.Bytes)
	k, ok := privkey.ECKey(s.extent(last), p)
	if ok && p.Curve == "" && k.SPKI == nil {
		k.Confidence = min(k.Confidence, likely)
	}
	return k, ok
}

// curveOf reads ECParameters (RFC 5480, section 2.1.1): a named curve, or a
// specified one, for which the curve is unknown.
func curveOf(s *structure, params der.Value) (privkey.Curve, bool) {
	in := s.Inside(params)
	switch in.Peek() {
	case der.OID:
		oid, ok := in.Next()
		if !ok || !oid.Whole() {
			return "", ok
		}
		return privkey.Curve(s.Bytes(oid)), validOID(s.Bytes(oid))
	case der.Sequence, der.Null:
		return "", true
	case 0:
		return "", !params.Whole()
	}
	return "", false
}

// sec1Length reports whether content octets are the length of an ECPrivateKey
// with named curve and uncompressed point, either of them optional. It stands in
// for what was written over behind the scalar.
func sec1Length(content, scalar int) bool {
	bits := 2 + 2*scalar // unused bits, form, two coordinates
	point := 2 + headed(bits)
	if headed(bits) >= 0x80 {
		point++
	}
	rest := content - 5 - scalar
	for _, params := range []int{0, 9, 12, 13} { // OIDs of 5, 8 and 9 octets, twice headed
		if rest == params || rest == params+point {
			return true
		}
	}
	return false
}

// headed returns the length of a value with n < 256 content octets.
func headed(n int) int {
	if n < 0x80 {
		return n + 2
	}
	return n + 3
}
