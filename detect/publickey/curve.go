package publickey

import (
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

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
	var curve ecdh.Curve
	switch c {
	case privkey.P224:
		_, err := ecdsa.ParseUncompressedPublicKey(elliptic.P224(), point)
		return err == nil, true
	case privkey.P256:
		curve = ecdh.P256()
	case privkey.P384:
		curve = ecdh.P384()
	case privkey.P521:
		curve = ecdh.P521()
	case privkey.Secp256k1:
		k, err := secp256k1.ParsePubKey(point)
		return err == nil && k.IsOnCurve(), true
	default:
		w := c.Brainpool()
		return w != nil && w.HoldsPoint(point), w != nil
	}
	_, err := curve.NewPublicKey(point)
	return err == nil, true
}
