package privkey

import "github.com/dumpscrub/dumpscrub/detect/der"

// The content octets of the algorithm identifiers of public keys.
const (
	OIDRSA      = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01" // rsaEncryption, RFC 8017, appendix A.1
	OIDECPublic = "\x2a\x86\x48\xce\x3d\x02\x01"         // id-ecPublicKey, RFC 5480, section 2.1.1
	OIDDSA      = "\x2a\x86\x48\xce\x38\x04\x01"         // id-dsa, RFC 3279, section 2.3.2
	OIDX25519   = "\x2b\x65\x6e"                         // RFC 8410, section 3
	OIDX448     = "\x2b\x65\x6f"
	OIDEd25519  = "\x2b\x65\x70"
	OIDEd448    = "\x2b\x65\x71"
)

// SPKIForOID returns the SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) of the
// public key octets pub under the algorithm with these OID content octets. params
// is the DER of its parameters, empty for none.
func SPKIForOID(oid string, params, pub []byte) []byte {
	alg := der.Append(nil, der.OID, []byte(oid))
	alg = der.Append(nil, der.Sequence, alg, params)
	return der.Append(nil, der.Sequence, alg, der.Append(nil, der.BitString, []byte{0}, pub))
}

// SPKIForRSA returns the SubjectPublicKeyInfo of the modulus n and the public
// exponent e (RFC 3279, section 2.3.1).
func SPKIForRSA(n, e []byte) []byte {
	pub := der.AppendUnsigned(nil, n)
	pub = der.AppendUnsigned(pub, e)
	return SPKIForOID(OIDRSA, []byte{der.Null, 0}, der.Append(nil, der.Sequence, pub))
}

// SPKIForEC returns the SubjectPublicKeyInfo of a point (RFC 5480, section 2).
// The point is taken as it is: to be equal for equal keys it must be
// uncompressed, see [Curve.Uncompressed].
func SPKIForEC(curve Curve, point []byte) []byte {
	return SPKIForOID(OIDECPublic, der.Append(nil, der.OID, []byte(curve)), point)
}

// SPKIForEd25519 returns the SubjectPublicKeyInfo of 32 octets (RFC 8410, section 4).
func SPKIForEd25519(pub []byte) []byte { return SPKIForOID(OIDEd25519, nil, pub) }

// SPKIForX25519 returns the SubjectPublicKeyInfo of 32 octets (RFC 8410, section 4).
func SPKIForX25519(pub []byte) []byte { return SPKIForOID(OIDX25519, nil, pub) }

// SPKIForEd448 returns the SubjectPublicKeyInfo of 57 octets (RFC 8410, section 4).
func SPKIForEd448(pub []byte) []byte { return SPKIForOID(OIDEd448, nil, pub) }

// SPKIForX448 returns the SubjectPublicKeyInfo of 56 octets (RFC 8410, section 4).
func SPKIForX448(pub []byte) []byte { return SPKIForOID(OIDX448, nil, pub) }

// SPKIForDSA returns the SubjectPublicKeyInfo of the domain p, q, g and the
// public value y (RFC 3279, section 2.3.2).
func SPKIForDSA(p, q, g, y []byte) []byte {
	domain := der.AppendUnsigned(nil, p)
	domain = der.AppendUnsigned(domain, q)
	domain = der.AppendUnsigned(domain, g)
	return SPKIForOID(OIDDSA, der.Append(nil, der.Sequence, domain), der.AppendUnsigned(nil, y))
}
