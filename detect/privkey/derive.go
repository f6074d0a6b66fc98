package privkey

import (
	"bytes"
	"crypto/elliptic"
	"crypto/sha3"
	"crypto/sha512"
	"math/big"
	"slices"

	"github.com/decred/dcrd/dcrec/secp256k1/v4"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// derive adds to the values of a confirmed key those that follow from it. The
// first values, and with them the identity, stay what they are.
func (k *Key) derive(values [][]byte) {
	if k.Confidence != probe.Confirmed {
		return
	}
	for _, v := range values {
		same := func(o []byte) bool { return bytes.Equal(o, v) }
		if v = der.Trim(v); len(v) >= minValue && !slices.ContainsFunc(k.Values, same) {
			k.Values = append(k.Values, v)
		}
	}
}

// RSADerived returns the private numbers that programs keep beside the primes of
// a key, big-endian: the primes, d modulo lambda and modulo phi, the CRT numbers
// any way round (PGP has the inverse of p), R and R² modulo each prime for
// the R of Montgomery multiplication, from which a greatest common divisor gives
// the prime, and what key generation leaves behind: the lower halves of
// phi and lambda, and sum and difference of two primes. The upper half of phi is that of the public modulus, and that of
// lambda is too in some phase of base64, when it is phi divided by 4 or 16. It is empty when the primes and
// e are no key.
//
// Left out is p-1, which differs from p in its last byte only.
func RSADerived(e []byte, primes ...[]byte) [][]byte {
	if len(primes) < 2 || len(der.Trim(e)) == 0 {
		return nil
	}
	E, one := new(big.Int).SetBytes(e), big.NewInt(1)
	phi, lambda, bits := big.NewInt(1), big.NewInt(1), 0
	ps := make([]*big.Int, len(primes))
	for i, p := range primes {
		if p = der.Trim(p); len(p) < minPrime || len(p) > maxBits/8 || p[len(p)-1]&1 == 0 {
			return nil
		}
		ps[i] = new(big.Int).SetBytes(p)
		if bits += ps[i].BitLen(); bits > maxBits+len(ps) {
			return nil
		}
		p1 := new(big.Int).Sub(ps[i], one)
		lambda.Mul(lambda, new(big.Int).Div(p1, new(big.Int).GCD(nil, nil, p1, lambda)))
		phi.Mul(phi, p1)
	}
	d, dPhi := new(big.Int).ModInverse(E, lambda), new(big.Int).ModInverse(E, phi)
	if d == nil || dPhi == nil {
		return nil
	}
	out := append([][]byte{d.Bytes(), dPhi.Bytes()}, lower(phi, lambda, ps)...)
	for i, p := range ps {
		out = append(out, p.Bytes(), new(big.Int).Mod(d, new(big.Int).Sub(p, one)).Bytes())
		out = append(out, coefficients(p, slices.Delete(slices.Clone(ps), i, i+1))...)
		out = append(out, residues(p)...)
	}
	return out
}

// lower returns the lower parts of phi and lambda, in which phi differs from the modulus: as many bits as are not
// those of the shortest prime. Of two primes it also returns the sum and the difference, of which either gives them away.
func lower(phi, lambda *big.Int, primes []*big.Int) [][]byte {
	shortest := slices.MinFunc(primes, (*big.Int).Cmp).BitLen()
	octets := (phi.BitLen() - shortest + 8) / 8
	mask := new(big.Int).Lsh(big.NewInt(1), uint(8*octets))
	mask.Sub(mask, big.NewInt(1))
	out := [][]byte{new(big.Int).And(phi, mask).Bytes(), new(big.Int).And(lambda, mask).Bytes()}
	if len(primes) == 2 {
		p, q := primes[0], primes[1]
		out = append(out, new(big.Int).Add(p, q).Bytes(), new(big.Int).Sub(p, q).Bytes())
	}
	return out
}

// RSAPrimeDerived returns what follows from one prime of a key: its exponent and its
// residues, as in [RSADerived]. It is empty for what is no prime.
func RSAPrimeDerived(e, prime []byte) [][]byte {
	p, E := new(big.Int).SetBytes(prime), new(big.Int).SetBytes(e)
	if p.BitLen() < 8*minPrime || p.BitLen() > maxBits || !p.ProbablyPrime(0) {
		return nil
	}
	out := residues(p)
	if d := E.ModInverse(E, new(big.Int).Sub(p, big.NewInt(1))); d != nil {
		out = append(out, d.Bytes())
	}
	return out
}

// maxDerived is the number of primes up to which all coefficients are computed, whatever order the
// primes are in: OpenSSL makes five at most (RSA_MAX_PRIME_NUM).
const maxDerived = 5

// coefficients returns the inverses modulo p of others: of each for qInv, and, with more than two
// primes, of products of any of them for t (RFC 8017, section 3.2); and those products, which
// OpenSSL keeps (pp in crypto/rsa/rsa_local.h) and which give away what is missing.
func coefficients(p *big.Int, others []*big.Int) (out [][]byte) {
	others = others[:min(len(others), maxDerived-1)]
	for set := 1; set < 1<<len(others); set++ {
		product := big.NewInt(1)
		for i, o := range others {
			if set>>i&1 != 0 {
				product.Mul(product, o)
			}
		}
		if set&(set-1) != 0 {
			out = append(out, product.Bytes())
		}
		if inv := product.ModInverse(product, p); inv != nil {
			out = append(out, inv.Bytes())
		}
	}
	return out
}

// residues returns R and R² modulo p. R is a power of 2^64, one for each limb of
// p. For primes of 1024, 1536 and 2048 bits OpenSSL's AVX-512 code also has
// digits of 52 bits, and two bits more than the prime needs
// (ossl_rsaz_mod_exp_avx512_x2 in crypto/bn/rsaz_exp_x2.c).
func residues(p *big.Int) [][]byte {
	n := p.BitLen()
	out := powers(p, (n+63)/64*64)
	if n == 1024 || n == 1536 || n == 2048 {
		const digit = 52
		out = append(out, powers(p, (n+2+digit-1)/digit*digit)...)
	}
	return out
}

// powers returns 2^k and 2^(2k) modulo p.
func powers(p *big.Int, k int) [][]byte {
	r := new(big.Int).Lsh(big.NewInt(1), uint(k))
	r.Mod(r, p)
	rr := new(big.Int).Mul(r, r)
	return [][]byte{r.Bytes(), rr.Mod(rr, p).Bytes()}
}

// order returns the order of the curve's group where it is known here.
func (c Curve) order() *big.Int {
	switch c {
	case P224:
		return elliptic.P224().Params().N
	case P256:
		return elliptic.P256().Params().N
	case P384:
		return elliptic.P384().Params().N
	case P521:
		return elliptic.P521().Params().N
	case Secp256k1:
		return secp256k1.Params().N
	}
	if w := c.Brainpool(); w != nil {
		return w.N
	}
	return nil
}

// ECDerived returns what programs keep beside a scalar, big-endian: the scalar
// itself, its negative (BIP 340 signs with either), and its Montgomery forms
// modulo the order for limbs of 64 and of 32 bits. Curves whose order is not
// known here have the scalar alone.
func ECDerived(curve Curve, scalar []byte) [][]byte {
	scalar = der.Trim(scalar)
	n := curve.order()
	if n == nil || len(scalar) == 0 || len(scalar) > curve.Size() {
		return [][]byte{scalar}
	}
	d := new(big.Int).SetBytes(scalar)
	out := [][]byte{scalar, new(big.Int).Mod(new(big.Int).Neg(d), n).Bytes()}
	for _, limb := range []int{64, 32} {
		out = append(out, montgomery(d, n, (n.BitLen()+limb-1)/limb*limb))
	}
	return out
}

// montgomery returns d·2^k modulo n.
func montgomery(d, n *big.Int, k int) []byte {
	m := new(big.Int).Lsh(d, uint(k))
	return m.Mod(m, n).Bytes()
}

// order25519 returns L, the order of the base point (RFC 8032, section 5.1).
func order25519() *big.Int {
	l, _ := new(big.Int).SetString("27742317777372353535851937790883648493", 10)
	return l.Add(l, new(big.Int).Lsh(big.NewInt(1), 252))
}

// EdDerived returns what programs keep beside the private octets of a key on
// Curve25519 or Curve448. Halves of the digest are octets as they lie; scalars,
// which lie little-endian, are returned as big-endian numbers: clamped, and for
// Ed25519 modulo L, and that in Montgomery form for limbs of 64 and of 52
// bits. It is empty for octets of a wrong length.
func EdDerived(kind string, private []byte) [][]byte {
	switch {
	case kind == Ed25519 && len(private) == SizeEd25519:
		h := sha512.Sum512(private) // RFC 8032, section 5.1.5
		s := clamp25519(h[:32])
		l, d := order25519(), new(big.Int).SetBytes(s)
		return [][]byte{
			h[:32], h[32:], s, new(big.Int).Mod(d, l).Bytes(),
			montgomery(d, l, 4*64), montgomery(d, l, 5*52),
		}
	case kind == X25519 && len(private) == SizeX25519:
		return [][]byte{clamp25519(private)}
	case kind == Ed448 && len(private) == SizeEd448:
		h := sha3.SumSHAKE256(private, 2*SizeEd448) // RFC 8032, section 5.2.5
		return [][]byte{h[:SizeEd448], h[SizeEd448:], clamp448(h[:SizeX448])}
	case kind == X448 && len(private) == SizeX448:
		return [][]byte{clamp448(private)}
	}
	return nil
}

// clamp25519 returns the scalar of RFC 7748, section 5, as a big-endian number.
func clamp25519(p []byte) []byte {
	s := slices.Clone(p)
	s[0] &= 248
	s[31] = s[31]&127 | 64
	slices.Reverse(s)
	return s
}

// clamp448 is clamp25519 for Curve448.
func clamp448(p []byte) []byte {
	s := slices.Clone(p)
	s[0] &= 252
	s[55] |= 128
	slices.Reverse(s)
	return s
}

// derived returns the private pieces of an expanded key.
func (s ParameterSet) derived(expanded []byte) [][]byte {
	if len(expanded) != s.ExpandedSize() {
		return nil
	}
	var out [][]byte
	for _, piece := range s.secret() {
		out = append(out, expanded[piece.start:piece.end])
	}
	return out
}
