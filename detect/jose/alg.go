package jose

// maxSignature bounds a signature of an unknown algorithm: RSA with 8192 bits.
const maxSignature = 1366

// signatureLen returns how many base64url characters a signature of alg has, at
// least and at most. Sources: RFC 7518, sections 3.2 to 3.6; RFC 8037, section 3.1,
// and RFC 9864 for Ed25519 and Ed448; RFC 8812, section 3.2; FIPS 204, table 2, for
// ML-DSA. EdDSA is counted as Ed25519, which is what nearly all of it is.
func signatureLen(alg string) (least, most int) {
	n := 0
	switch alg {
	case "none":
		return 0, 0
	case "HS256":
		n = 32
	case "HS384":
		n = 48
	case "HS512", "ES256", "ES256K", "EdDSA", "Ed25519":
		n = 64
	case "ES384":
		n = 96
	case "ES512":
		n = 132
	case "Ed448":
		n = 114
	case "ML-DSA-44":
		n = 2420
	case "ML-DSA-65":
		n = 3309
	case "ML-DSA-87":
		n = 4627
	case "RS256", "RS384", "RS512", "PS256", "PS384", "PS512":
		// RSA of 1024 to 8192 bits.
		return 171, maxSignature
	default:
		return minSignature, maxSignature
	}
	return encodedLen(n), encodedLen(n)
}

// hmacBits returns the bits of the hash function of an HMAC (RFC 7518, section 3.2), or 0
// for another algorithm.
func hmacBits(alg string) int {
	switch alg {
	case "HS256":
		return 256
	case "HS384":
		return 384
	case "HS512":
		return 512
	}
	return 0
}

// encodedLen returns the length of n octets in base64 without padding.
func encodedLen(n int) int { return (n*8 + 5) / 6 }

// parts are the fixed lengths of a JWE's content encryption, in octets.
type parts struct{ iv, tag int }

// contentEncryption returns the lengths for an "enc" (RFC 7518, section 5.1;
// draft-amringer-jose-chacha, section 3), zero for an unknown one.
func contentEncryption(enc string) parts {
	switch enc {
	case "A128GCM", "A192GCM", "A256GCM", "C20P":
		return parts{12, 16}
	case "A128CBC-HS256":
		return parts{16, 16}
	case "A192CBC-HS384":
		return parts{16, 24}
	case "A256CBC-HS512":
		return parts{16, 32}
	case "XC20P":
		return parts{24, 16}
	}
	return parts{}
}

// direct reports whether the key management alg leaves the encrypted key empty
// (RFC 7518, sections 4.5 and 4.6).
func direct(alg string) bool { return alg == "dir" || alg == "ECDH-ES" }
