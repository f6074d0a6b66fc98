package privkey

import (
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/der"
)

const (
	// maxDSABits bounds the modulus of a DSA proof, which costs one
	// exponentiation: FIPS 186-4, section 4.2, ends at 3072 bits.
	maxDSABits = 4096
	// minSubgroup and maxSubgroup bound the subgroup order q in octets: 160 bits
	// to 256 by the standard; OpenSSL makes q as long as any digest.
	minSubgroup, maxSubgroup = 20, 64
	// maxDHWork bounds the product of modulus and exponent bits of a
	// Diffie-Hellman proof, which is what it costs: 2048 by 2048 takes some
	// milliseconds, and 8192-bit groups with short exponents fit too.
	maxDHWork = 2048 * 2048
)

// DSADomain reports whether p, q and g can be domain parameters: sizes as in
// FIPS 186, p and q odd, 1 < g < p.
func DSADomain(p, q, g []byte) bool {
	p, q, g = der.Trim(p), der.Trim(q), der.Trim(g)
	return len(p) >= minBits/8 && len(p) <= maxBits/8 && p[len(p)-1]&1 == 1 && !Redacted(p) &&
		len(q) >= minSubgroup && len(q) <= maxSubgroup && len(q) < len(p) && q[len(q)-1]&1 == 1 &&
		len(g) <= len(p) && (len(g) > 1 || len(g) == 1 && g[0] > 1)
}

// Subgroup reports whether q could be the order of a subgroup modulo p, which no public exponent is of its
// modulus: it divides p-1.
func Subgroup(p, q []byte) bool {
	q = der.Trim(q)
	if len(q) < minSubgroup || len(q) > maxSubgroup || len(q) >= len(p) {
		return false
	}
	one := big.NewInt(1)
	return new(big.Int).Mod(new(big.Int).SetBytes(p), new(big.Int).SetBytes(q)).Cmp(one) == 0
}

// DSAPublic returns g^x mod p. It fails for what is no key and for p longer than
// 4096 bits.
func DSAPublic(p, q, g, x []byte) ([]byte, bool) {
	if !DSADomain(p, q, g) || len(der.Trim(p)) > maxDSABits/8 || len(x) > maxSubgroup+1 {
		return nil, false
	}
	X := new(big.Int).SetBytes(x)
	if X.Sign() == 0 || X.Cmp(new(big.Int).SetBytes(q)) >= 0 {
		return nil, false
	}
	return power(g, X, p), true
}

// dhPublic returns g^x mod p when that is affordable.
func dhPublic(p, g, x []byte) ([]byte, bool) {
	p, g, x = der.Trim(p), der.Trim(g), der.Trim(x)
	switch {
	case len(p) < minBits/8 || len(p) > maxBits/8 || p[len(p)-1]&1 == 0:
		return nil, false
	case len(g) == 0 || len(g) > len(p) || len(x) == 0 || len(x) > len(p):
		return nil, false
	case 64*len(p)*len(x) > maxDHWork:
		return nil, false
	}
	return power(g, new(big.Int).SetBytes(x), p), true
}

func power(g []byte, x *big.Int, p []byte) []byte {
	return new(big.Int).Exp(new(big.Int).SetBytes(g), x, new(big.Int).SetBytes(p)).Bytes()
}
