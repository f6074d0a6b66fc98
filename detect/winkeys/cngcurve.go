package winkeys

import (
	"crypto/ecdh"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// cngEC reads a BCRYPT_ECCKEY_BLOB of a curve that its magic names: X, Y and the
// scalar, each as long as a field element.
func (s blob) cngEC(curve privkey.Curve) (privkey.Key, bool) {
	n := s.word(1)
	if n != curve.Size() {
		return privkey.Key{}, false
	}
	f := s.split(8, n, n, n)
	if !f.has(2) || f.live(2) < minPrivate {
		return privkey.Key{}, false
	}
	return s.ec(f, f.span(s.at), curve, 0)
}

// ec makes a key of X, Y and the scalar, which are the fields from i on. A point
// beside the curve is no key.
func (s blob) ec(f fields, at probe.Range, curve privkey.Curve, i int) (privkey.Key, bool) {
	point := append(append([]byte{4}, f.public(i, false)...), f.public(i+1, false)...)
	k, ok := privkey.ECKey(at, privkey.ECParts{Curve: curve, Point: point, Scalar: f.private(i+2, false)})
	if ok && k.Confidence != probe.Confirmed && !onCurve(curve, point) {
		return privkey.Key{}, false
	}
	return k, ok
}

// onCurve reports whether point lies on the curve, or the curve is not one of
// those for which that can be told.
func onCurve(c privkey.Curve, point []byte) bool {
	var curve ecdh.Curve
	switch c {
	case privkey.P256:
		curve = ecdh.P256()
	case privkey.P384:
		curve = ecdh.P384()
	case privkey.P521:
		curve = ecdh.P521()
	default:
		return true
	}
	_, err := curve.NewPublicKey(point)
	return err == nil
}

// cngGeneric reads the blob of a curve that a property of the key names, or the
// full form that carries the curve's parameters (BCRYPT_ECCFULLKEY_BLOB).
func (s blob) cngGeneric() (privkey.Key, bool) {
	const version1, headerSize = 1, 32
	if s.word(1) == version1 {
		field, order, cofactor, seed := s.word(4), s.word(5), s.word(6), s.word(7)
		if s.word(2) < 1 || s.word(2) > 3 || field < 20 || field > 72 || order < 20 || order > 72 || cofactor > 8 || seed > 64 {
			return privkey.Key{}, false
		}
		// p, a, b, the base point, its order, cofactor and seed come first.
		f := s.split(headerSize, field, field, field, field, field, order, cofactor, seed, field, field, order)
		if !f.has(10) || f.live(10) < minPrivate {
			return privkey.Key{}, false
		}
		return s.named(f, 8, field)
	}
	n := s.word(1)
	if n < 20 || n > 72 {
		return privkey.Key{}, false
	}
	f := s.split(8, n, n, n)
	if !f.has(2) || f.live(2) < minPrivate {
		return privkey.Key{}, false
	}
	return s.named(f, 0, n)
}

// named makes a key of X, Y and the scalar on a curve that only the arithmetic
// can tell. Curve25519 has no Y, and its numbers are little-endian (RFC 7748).
func (s blob) named(f fields, i, size int) (privkey.Key, bool) {
	x, d := f.public(i, false), f.private(i+2, false)
	if size == privkey.SizeX25519 && len(der.Trim(f.public(i+1, false))) == 0 {
		k, ok := privkey.EdKey(f.span(s.at), privkey.EdParts{Kind: privkey.X25519, Public: x, Seed: d})
		if ok && (k.Confidence == probe.Confirmed || d.Cut) {
			return k, true
		}
		return privkey.Key{}, false
	}
	point := append(append([]byte{4}, x...), f.public(i+1, false)...)
	k, ok := privkey.ECKey(f.span(s.at), privkey.ECParts{Point: point, Scalar: d})
	if ok && privkey.Junk(point) {
		return privkey.Key{}, false
	}
	return k, ok
}
