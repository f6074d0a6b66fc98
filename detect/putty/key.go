package putty

import (
	"bytes"
	"math/big"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	plain     = "none" // the encryption type of a plain file
	blockSize = 16     // of aes256-cbc, the only other
)

// key returns the key in a private blob.
func (f *file) key(blob []byte) privkey.Key {
	pub := readPublic(f.public)
	switch {
	case f.encryption == plain || f.encryption == "" && pub.typ != "":
		if k, ok := plainKey(blob, &pub); ok && !f.headless {
			return k
		}
	case f.encryption == "":
		if k, ok := loneKey(blob); ok && !f.headless {
			return k
		}
	default:
		return f.sealed(blob, pub.spki())
	}
	k := privkey.Key{Kind: privkey.Other, Confidence: probe.Likely, Identity: blob, SPKI: pub.spki()}
	if k.SPKI != nil {
		k.Identity = k.SPKI
	}
	if typ := kindOf(f.algorithm); typ != "" {
		k.Kind = typ
	}
	return k
}

// sealed returns the key of an encrypted private blob. It is confirmed when the
// whole file was read.
func (f *file) sealed(blob, spki []byte) privkey.Key {
	k := privkey.Key{
		Kind: privkey.Encrypted, Confidence: probe.Likely,
		SPKI: spki, Identity: spki, Values: [][]byte{blob},
	}
	if spki == nil {
		k.Identity = blob
	}
	if spki != nil && !f.headless && len(blob)%blockSize == 0 && f.mac.N >= 40 {
		k.Confidence = probe.Confirmed
	}
	return k
}

// kindOf returns the kind of key that an algorithm name promises, or "".
func kindOf(algorithm string) string {
	switch algorithm = strings.TrimSuffix(algorithm, certSuffix); {
	case algorithm == typeRSA:
		return privkey.RSA
	case algorithm == typeDSA:
		return privkey.DSA
	case algorithm == typeEd25519:
		return privkey.Ed25519
	case algorithm == typeEd448:
		return privkey.Ed448
	case strings.HasPrefix(algorithm, typeEC):
		return privkey.EC
	}
	return ""
}

// plainKey reads a plain private blob, of which the public half is known.
func plainKey(blob []byte, pub *public) (privkey.Key, bool) {
	w := wire{b: blob}
	number := func() privkey.Number {
		p, cut := w.next()
		return privkey.Number{Bytes: p, Cut: cut}
	}
	var none probe.Range
	switch {
	case pub.typ == typeRSA:
		parts := privkey.RSAParts{N: pub.n, E: pub.e, D: number(), P: number(), Q: number(), QInv: number()}
		return privkey.RSAKey(none, plausible.RSA(parts))
	case pub.typ == typeDSA:
		return privkey.DSAKey(none, privkey.DSAParts{P: pub.p, Q: pub.q, G: pub.g, Y: pub.y, X: number()})
	case pub.curve != "":
		return privkey.ECKey(none, privkey.ECParts{Curve: pub.curve, Scalar: number(), Point: pub.point})
	case pub.typ == typeEd25519:
		seed := edwards(number(), privkey.SizeEd25519)
		return privkey.EdKey(none, privkey.EdParts{Kind: privkey.Ed25519, Seed: seed, Public: pub.point})
	case pub.typ == typeEd448:
		seed := edwards(number(), privkey.SizeEd448)
		return privkey.EdKey(none, privkey.EdParts{Kind: privkey.Ed448, Seed: seed, Public: pub.point})
	}
	return privkey.Key{}, false
}

// edwards returns a seed of size octets. PuTTY writes it as a little-endian number,
// without the zeros at its end; other programs write an mpint, with a zero before.
func edwards(n privkey.Number, size int) privkey.Number {
	switch {
	case n.Cut:
	case len(n.Bytes) == size+1 && n.Bytes[0] == 0:
		n.Bytes = n.Bytes[1:]
	case len(n.Bytes) < size && len(n.Bytes) > size-8:
		n.Bytes = append(bytes.Clone(n.Bytes), make([]byte, size-len(n.Bytes))...)
	}
	return n
}

// loneKey reads a private blob of which the header is lost: it is plain when it
// consists of numbers. Four are an RSA key, which proves itself.
func loneKey(blob []byte) (privkey.Key, bool) {
	const maxSize = 2 << 10 // octets of the modulus of RSA with 16,384 bits
	w := wire{b: blob}
	var n [4][]byte
	count := 0
	for count < len(n) && len(w.b) > 0 {
		p, cut := w.next()
		if cut || len(p) == 0 || len(p) > maxSize+1 {
			return privkey.Key{}, false
		}
		n[count] = p
		count++
	}
	if len(w.b) > 0 {
		return privkey.Key{}, false
	}
	if count == 1 {
		return privkey.OpaqueKey(privkey.Other, probe.Range{}, privkey.Number{Bytes: n[0]}, probe.Likely)
	}
	if count < len(n) {
		return privkey.Key{}, false
	}
	parts := privkey.RSAParts{
		D: privkey.Number{Bytes: n[0]}, P: privkey.Number{Bytes: n[1]},
		Q: privkey.Number{Bytes: n[2]}, QInv: privkey.Number{Bytes: n[3]},
	}
	parts.N, parts.E = modulus(n[0], n[1], n[2])
	return privkey.RSAKey(probe.Range{}, parts)
}

// modulus returns the public half that belongs to d and the primes p and q, or
// nil when they do not look like an RSA key.
func modulus(d, p, q []byte) (n, e []byte) {
	const maxExponent = 64 // bits: nobody uses a longer public exponent
	one := big.NewInt(1)
	P, Q := new(big.Int).SetBytes(p), new(big.Int).SetBytes(q)
	if P.Cmp(one) <= 0 || Q.Cmp(one) <= 0 {
		return nil, nil
	}
	N := new(big.Int).Mul(P, Q)
	p1, q1 := P.Sub(P, one), Q.Sub(Q, one)
	lambda := new(big.Int).Div(new(big.Int).Mul(p1, q1), new(big.Int).GCD(nil, nil, p1, q1))
	E := new(big.Int).ModInverse(new(big.Int).SetBytes(d), lambda)
	if E == nil || E.BitLen() > maxExponent || !privkey.RSAPublic(N.Bytes(), E.Bytes()) {
		return nil, nil
	}
	return N.Bytes(), E.Bytes()
}
