package privkey

import "strings"

// Curve names an elliptic curve by the content octets of its object identifier
// (X.690, section 8.19), so that a parser of DER converts without a table. The
// empty Curve is an unknown one.
type Curve string

// The named curves. Sources: RFC 5480, section 2.1.1.1 (NIST); SEC 2, section A.2
// (secp*k1); RFC 5639, section 4.1 (Brainpool); GB/T 33560 (SM2).
const (
	P192      Curve = "\x2a\x86\x48\xce\x3d\x03\x01\x01"
	P224      Curve = "\x2b\x81\x04\x00\x21"
	P256      Curve = "\x2a\x86\x48\xce\x3d\x03\x01\x07"
	P384      Curve = "\x2b\x81\x04\x00\x22"
	P521      Curve = "\x2b\x81\x04\x00\x23"
	Secp192k1 Curve = "\x2b\x81\x04\x00\x1f"
	Secp224k1 Curve = "\x2b\x81\x04\x00\x20"
	Secp256k1 Curve = "\x2b\x81\x04\x00\x0a"
	SM2       Curve = "\x2a\x81\x1c\xcf\x55\x01\x82\x2d"

	// Brainpool is the stem of all Brainpool curves; the octets 1 to 14 follow.
	brainpool             = "\x2b\x24\x03\x03\x02\x08\x01\x01"
	BrainpoolP160r1 Curve = brainpool + "\x01"
	BrainpoolP192r1 Curve = brainpool + "\x03"
	BrainpoolP224r1 Curve = brainpool + "\x05"
	BrainpoolP256r1 Curve = brainpool + "\x07"
	BrainpoolP256t1 Curve = brainpool + "\x08"
	BrainpoolP320r1 Curve = brainpool + "\x09"
	BrainpoolP320t1 Curve = brainpool + "\x0a"
	BrainpoolP384r1 Curve = brainpool + "\x0b"
	BrainpoolP384t1 Curve = brainpool + "\x0c"
	BrainpoolP512r1 Curve = brainpool + "\x0d"
	BrainpoolP512t1 Curve = brainpool + "\x0e"
)

// Size returns the length in octets of a field element, which for all these
// curves is that of a scalar too, or zero for an unknown curve.
func (c Curve) Size() int {
	switch c {
	case BrainpoolP160r1:
		return 20
	case P192, Secp192k1, BrainpoolP192r1:
		return 24
	case P224, Secp224k1, BrainpoolP224r1:
		return 28
	case P256, Secp256k1, SM2, BrainpoolP256r1, BrainpoolP256t1:
		return 32
	case BrainpoolP320r1, BrainpoolP320t1:
		return 40
	case P384, BrainpoolP384r1, BrainpoolP384t1:
		return 48
	case BrainpoolP512r1, BrainpoolP512t1:
		return 64
	case P521:
		return 66
	}
	return 0
}

// CurveByOID returns the curve with these content octets of an OBJECT
// IDENTIFIER, and whether it is one that this package names.
func CurveByOID(content []byte) (Curve, bool) {
	c := Curve(content)
	return c, c.Size() > 0
}

// CurveByJWK returns the curve of a JWK's "crv" (RFC 7518, section 6.2.1.1; RFC
// 8812, section 3.1).
func CurveByJWK(crv string) (Curve, bool) {
	switch crv {
	case "P-256":
		return P256, true
	case "P-384":
		return P384, true
	case "P-521":
		return P521, true
	case "secp256k1", "P-256K":
		return Secp256k1, true
	case "P-224":
		return P224, true
	case "P-192":
		return P192, true
	case "BP-256":
		return BrainpoolP256r1, true
	case "BP-384":
		return BrainpoolP384r1, true
	case "BP-512":
		return BrainpoolP512r1, true
	case "SM2":
		return SM2, true
	}
	return "", false
}

// CurveBySSH returns the curve of an SSH curve identifier, "nistp256", or of a
// key type, "ecdsa-sha2-nistp256" (RFC 5656, section 10.1).
func CurveBySSH(name string) (Curve, bool) {
	switch strings.TrimPrefix(name, "ecdsa-sha2-") {
	case "nistp256":
		return P256, true
	case "nistp384":
		return P384, true
	case "nistp521":
		return P521, true
	}
	return "", false
}
