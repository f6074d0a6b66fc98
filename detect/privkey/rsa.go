package privkey

import (
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/der"
)

const (
	// minBits and maxBits bound the moduli that are believed and computed with.
	// Shorter ones are broken by anyone; OpenSSL refuses longer ones
	// (OPENSSL_RSA_MAX_MODULUS_BITS).
	minBits = 512
	maxBits = 16384
	// maxExponentBits bounds the public exponent: FIPS 186-5, section 5.1, wants
	// it below 2^256.
	maxExponentBits = 256
)

// RSAPublic reports whether n and e can be a public key: both odd, of believable
// size.
func RSAPublic(n, e []byte) bool {
	n, e = der.Trim(n), der.Trim(e)
	if len(n) < minBits/8 || len(n) > maxBits/8 || n[len(n)-1]&1 == 0 || Redacted(n) {
		return false
	}
	if len(e) == 0 || len(e) > maxExponentBits/8 || e[len(e)-1]&1 == 0 {
		return false
	}
	return len(e) > 1 || e[0] >= 3
}

// ProveRSA reports whether n = p·q, and e·d = 1 modulo p-1 and q-1. An empty d is
// not looked at. It is false for sizes outside 512 to 16384 bits.
func ProveRSA(n, e, d, p, q []byte) bool {
	return proveRSA(n, e, d, p, q)
}

// proveRSA is ProveRSA for two primes or more.
func proveRSA(n, e, d []byte, primes ...[]byte) bool {
	if !RSAPublic(n, e) || len(primes) < 2 {
		return false
	}
	one, product := big.NewInt(1), big.NewInt(1)
	factors := make([]*big.Int, len(primes))
	for i, p := range primes {
		p = der.Trim(p)
		if len(p) < minPrime || len(p) > maxBits/8 || product.BitLen() > maxBits {
			return false
		}
		factors[i] = new(big.Int).SetBytes(p)
		product.Mul(product, factors[i])
	}
	if product.Cmp(new(big.Int).SetBytes(n)) != 0 {
		return false
	}
	if len(d) == 0 {
		return true
	}
	if len(d) > maxBits/8+1 {
		return false
	}
	ed := new(big.Int).SetBytes(d)
	ed.Mul(ed, new(big.Int).SetBytes(e))
	for _, p := range factors {
		p1 := new(big.Int).Sub(p, one)
		if new(big.Int).Mod(ed, p1).Cmp(one) != 0 {
			return false
		}
	}
	return true
}

// minPrime is the shortest factor, in octets, that makes n = p·q a proof and not
// a chance: 64-bit factors occur in multi-prime toys only.
const minPrime = 8

// RSANumbers are all numbers of a two-prime key, big-endian without leading
// zeros. D is modulo lcm(p-1, q-1) (RFC 8017, section 3.1), DPhi modulo
// (p-1)·(q-1), which other implementations store.
type RSANumbers struct {
	N, E, D, DPhi, P, Q, DP, DQ, QInv []byte
}

// RSAFromPrimes computes a key from its primes and public exponent. It fails
// when they are no key: sizes out of bounds, an even p or q, or e not invertible.
func RSAFromPrimes(e, p, q []byte) (RSANumbers, bool) {
	P, Q, E := new(big.Int).SetBytes(p), new(big.Int).SetBytes(q), new(big.Int).SetBytes(e)
	if P.Bit(0) == 0 || Q.Bit(0) == 0 || P.BitLen()+Q.BitLen() > maxBits+1 || P.Cmp(Q) == 0 {
		return RSANumbers{}, false
	}
	N := new(big.Int).Mul(P, Q)
	if !RSAPublic(N.Bytes(), e) || len(P.Bytes()) < minPrime || len(Q.Bytes()) < minPrime {
		return RSANumbers{}, false
	}
	one := big.NewInt(1)
	p1, q1 := new(big.Int).Sub(P, one), new(big.Int).Sub(Q, one)
	phi := new(big.Int).Mul(p1, q1)
	lambda := new(big.Int).Div(phi, new(big.Int).GCD(nil, nil, p1, q1))
	d, dPhi := new(big.Int).ModInverse(E, lambda), new(big.Int).ModInverse(E, phi)
	qInv := new(big.Int).ModInverse(Q, P)
	if d == nil || dPhi == nil || qInv == nil {
		return RSANumbers{}, false
	}
	return RSANumbers{
		N: N.Bytes(), E: E.Bytes(), D: d.Bytes(), DPhi: dPhi.Bytes(), P: P.Bytes(), Q: Q.Bytes(),
		DP: p1.Mod(d, p1).Bytes(), DQ: q1.Mod(d, q1).Bytes(), QInv: qInv.Bytes(),
	}, true
}

// RSASplit returns the primes of n, in ascending order, when divisors of it tell all of them. It is how a
// key of more than two primes (RFC 8017, section 3) is put together.
func RSASplit(n []byte, divisors [][]byte) ([][]byte, bool) {
	if n = der.Trim(n); len(n) < minBits/8 || len(n) > maxBits/8 {
		return nil, false
	}
	factors, one := []*big.Int{new(big.Int).SetBytes(n)}, big.NewInt(1)
	for _, d := range divisors {
		divisor := new(big.Int).SetBytes(d)
		for i, f := range factors {
			g := new(big.Int).GCD(nil, nil, f, divisor)
			if g.Cmp(one) > 0 && g.Cmp(f) < 0 {
				factors[i] = g
				factors = append(factors, new(big.Int).Quo(f, g))
			}
		}
	}
	slices.SortFunc(factors, (*big.Int).Cmp)
	var out [][]byte
	for _, f := range factors {
		if len(factors) > maxFactors || !f.ProbablyPrime(0) {
			return nil, false
		}
		out = append(out, f.Bytes())
	}
	return out, true
}

// maxFactors bounds the primes of a key: OpenSSL makes five at most (RSA_MAX_PRIME_NUM).
const maxFactors = 8

// maxCofactor bounds gcd(p-1, q-1) for RSAFromExponent; of random primes one pair in two
// billion exceeds it.
const maxCofactor = 1 << 32

// RSAFromExponent finds the primes of n from the private exponent, when e is
// small. It is how a key of which the tail is lost is proven.
//
// With g = gcd(p-1, q-1), or 1 when d is modulo phi, g·(e·d - 1) = k·phi(n) for some
// k below g·e. phi(n) is n but for half its bits, so that k/g in its lowest terms
// is a convergent of the continued fraction of (e·d - 1)/n (Wiener, "Cryptanalysis of
// short RSA secret exponents", 1990); each gives a phi(n), with it p+q, and then p.
func RSAFromExponent(n, e, d []byte) (p, q []byte, ok bool) {
	const smallExponent = 8 // octets; d must be longer than e by far
	n, e, d = der.Trim(n), der.Trim(e), der.Trim(d)
	if !RSAPublic(n, e) || len(e) > smallExponent || len(d) == 0 || len(d) > len(n) {
		return nil, nil, false
	}
	one, N := big.NewInt(1), new(big.Int).SetBytes(n)
	ed1 := new(big.Int).SetBytes(d)
	ed1.Mul(ed1, new(big.Int).SetBytes(e)).Sub(ed1, one)
	// Convergents k/g, and those before them; a/b is what is left to expand.
	k, k0, g, g0 := big.NewInt(1), big.NewInt(0), big.NewInt(0), big.NewInt(1)
	a, b, part := new(big.Int).Set(ed1), new(big.Int).Set(N), new(big.Int)
	for b.Sign() > 0 {
		part.QuoRem(a, b, a)
		a, b = b, a
		k0.Add(k0, new(big.Int).Mul(part, k))
		g0.Add(g0, part.Mul(part, g))
		k, k0, g, g0 = k0, k, g0, g
		if !g.IsInt64() || g.Int64() > maxCofactor {
			break
		}
		if k.Sign() == 0 {
			continue
		}
		phi, rest := new(big.Int).QuoRem(part.Mul(ed1, g), k, new(big.Int))
		if rest.Sign() != 0 {
			continue
		}
		if P, Q, ok := fromPhi(N, phi); ok {
			return P.Bytes(), Q.Bytes(), true
		}
	}
	return nil, nil, false
}

// fromPhi returns the primes of n of which (p-1)·(q-1) is phi, the larger first.
func fromPhi(n, phi *big.Int) (p, q *big.Int, ok bool) {
	sum := new(big.Int).Sub(n, phi) // p + q - 1
	if sum.Add(sum, big.NewInt(1)); sum.Sign() <= 0 || sum.BitLen() > n.BitLen() {
		return nil, nil, false
	}
	square := new(big.Int).Mul(sum, sum)
	square.Sub(square, new(big.Int).Lsh(n, 2)) // (p - q)²
	if square.Sign() < 0 {
		return nil, nil, false
	}
	diff := square.Sqrt(square)
	p, q = new(big.Int).Add(sum, diff), sum.Sub(sum, diff)
	p.Rsh(p, 1)
	q.Rsh(q, 1)
	return p, q, new(big.Int).Mul(p, q).Cmp(n) == 0 && q.BitLen() > 8*minPrime
}
