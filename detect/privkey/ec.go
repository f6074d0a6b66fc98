package privkey

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"math/big"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/der"
)

// ECPublic returns the uncompressed point (SEC 1, section 2.3.3) that belongs to
// a scalar. It fails for zero, for a scalar not below the order, and for a curve
// that cannot be computed with: only P-224, P-256, P-384, P-521, secp256k1 and those of
// [Curve.Brainpool] can.
func ECPublic(curve Curve, scalar []byte) ([]byte, bool) {
	scalar = der.Trim(scalar)
	size := curve.Size()
	if size == 0 || len(scalar) == 0 || len(scalar) > size {
		return nil, false
	}
	var padded [66]byte
	full := padded[:size]
	copy(full[size-len(scalar):], scalar)
	switch curve {
	case P224:
		k, err := ecdsa.ParseRawPrivateKey(elliptic.P224(), full)
		if err != nil {
			return nil, false
		}
		point, err := k.PublicKey.Bytes()
		return point, err == nil
	case P256:
		return nistPublic(ecdh.P256(), full)
	case P384:
		return nistPublic(ecdh.P384(), full)
	case P521:
		return nistPublic(ecdh.P521(), full)
	case Secp256k1:
		var s secp256k1.ModNScalar
		if overflow := s.SetByteSlice(full); overflow || s.IsZero() {
			return nil, false
		}
		return secp256k1.NewPrivateKey(&s).PubKey().SerializeUncompressed(), true
	}
	if w := curve.Brainpool(); w != nil {
		return w.public(full)
	}
	return nil, false
}

func nistPublic(c ecdh.Curve, scalar []byte) ([]byte, bool) {
	k, err := c.NewPrivateKey(scalar)
	if err != nil {
		return nil, false
	}
	return k.PublicKey().Bytes(), true
}

// provable reports whether ECPublic can compute on the curve.
func (c Curve) provable() bool {
	switch c {
	case P224, P256, P384, P521, Secp256k1:
		return true
	}
	return c.Brainpool() != nil
}

// Uncompressed returns the uncompressed form of a point (SEC 1, section 2.3.3),
// which may be compressed where the curve can be computed with. It fails for what
// has not the form of a point; an uncompressed point is not checked to lie on the
// curve.
func (c Curve) Uncompressed(point []byte) ([]byte, bool) {
	size := c.Size()
	if size == 0 || len(point) == 0 {
		return nil, false
	}
	switch {
	case len(point) == 1+2*size && point[0] == 4:
		return point, true
	case len(point) == 1+2*size && point[0]&^1 == 6: // hybrid
		return append([]byte{4}, point[1:]...), true
	case len(point) == 1+size && point[0]&^1 == 2:
		return c.decompress(point)
	}
	return nil, false
}

func (c Curve) decompress(point []byte) ([]byte, bool) {
	var e elliptic.Curve
	switch c {
	case P224:
		e = elliptic.P224()
	case P256:
		e = elliptic.P256()
	case P384:
		e = elliptic.P384()
	case P521:
		e = elliptic.P521()
	case Secp256k1:
		k, err := secp256k1.ParsePubKey(point)
		if err != nil {
			return nil, false
		}
		return k.SerializeUncompressed(), true
	default:
		if w := c.Brainpool(); w != nil {
			return w.decompress(point)
		}
		return nil, false
	}
	x, y := elliptic.UnmarshalCompressed(e, point)
	if x == nil {
		return nil, false
	}
	size := c.Size()
	out := make([]byte, 1+2*size)
	out[0] = 4
	x.FillBytes(out[1 : 1+size])
	y.FillBytes(out[1+size:])
	return out, true
}

// holds reports whether an uncompressed point lies on the curve, or the curve is
// none that can be computed with.
func (c Curve) holds(point []byte) bool {
	var e elliptic.Curve
	switch c {
	case P224:
		e = elliptic.P224()
	case P256:
		return onCurve(ecdh.P256(), point)
	case P384:
		return onCurve(ecdh.P384(), point)
	case P521:
		return onCurve(ecdh.P521(), point)
	case Secp256k1:
		_, err := secp256k1.ParsePubKey(point)
		return err == nil
	default:
		w := c.Brainpool()
		return w == nil || w.HoldsPoint(point)
	}
	_, err := ecdsa.ParseUncompressedPublicKey(e, point)
	return err == nil
}

func onCurve(c ecdh.Curve, point []byte) bool {
	_, err := c.NewPublicKey(point)
	return err == nil
}

// inOrder reports whether ECPublic would take a scalar.
func (c Curve) inOrder(scalar []byte) bool {
	scalar = der.Trim(scalar)
	n := c.order()
	return n != nil && len(scalar) > 0 && len(scalar) <= c.Size() && new(big.Int).SetBytes(scalar).Cmp(n) < 0
}

// CurveOf finds the curve on which scalar belongs to point. Where no curve proves
// it, ok is false.
func CurveOf(scalar, point []byte) (curve Curve, ok bool) {
	for _, c := range [...]Curve{P256, Secp256k1, P384, P521, P224, BrainpoolP256r1, BrainpoolP384r1, BrainpoolP512r1} {
		given, isPoint := c.Uncompressed(point)
		if !isPoint || !c.holds(given) {
			continue
		}
		if own, valid := ECPublic(c, scalar); valid && string(own) == string(given) {
			return c, true
		}
	}
	return "", false
}
