package needle

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"slices"
)

// RSA returns the needles of a two-prime key.
func RSA(key string, k *rsa.PrivateKey) ([]Needle, error) {
	k.Precompute()
	size := k.Size()
	half := (size + 1) / 2
	values := []struct {
		name string
		v    *big.Int
		size int
	}{
		{"d", k.D, size}, {"p", k.Primes[0], half}, {"q", k.Primes[1], half},
		{"dp", k.Precomputed.Dp, half}, {"dq", k.Precomputed.Dq, half}, {"qinv", k.Precomputed.Qinv, half},
	}
	members := map[string]string{"d": "d", "p": "p", "q": "q", "dp": "dp", "dq": "dq", "qinv": "qi"}
	var parts []value
	json := map[string][]byte{}
	for _, x := range values {
		parts = append(parts, value{x.name, x.v.Bytes()})
		json[members[x.name]] = x.v.Bytes()
	}
	pkcs1 := x509.MarshalPKCS1PrivateKey(k)
	ns, err := documents(key, k, parts, &pem.Block{Type: "RSA PRIVATE KEY", Bytes: pkcs1})
	if err != nil {
		return nil, err
	}
	ns = append(ns, jwk(key, json)...)
	for _, x := range values {
		ns = append(ns, number(key, x.name, x.v, x.size)...)
	}
	for i, name := range []string{"p", "q"} {
		ns = append(ns, around(key, name, k.Primes[i])...)
	}
	return ns, nil
}

// around returns what modular arithmetic keeps of the prime p: p-1, and R and
// R^2 mod p of Montgomery's method for words of 64 and digits of 52 bits.
func around(key, name string, p *big.Int) []Needle {
	size := (p.BitLen() + 7) / 8
	ns := derived(key, name+"-1", new(big.Int).Sub(p, big.NewInt(1)), size)
	for _, bits := range []int{64, 52} {
		words := (p.BitLen() + bits - 1) / bits
		r := new(big.Int).Lsh(big.NewInt(1), uint(bits*words))
		r.Mod(r, p)
		rr := new(big.Int).Mul(r, r)
		rr.Mod(rr, p)
		ns = append(ns, derived(key, "R mod "+name, r, size)...)
		ns = append(ns, derived(key, "R^2 mod "+name, rr, size)...)
	}
	return ns
}

// documents returns the needles of the key k in PKCS #8 and in other, binary and
// armoured.
func documents(key string, k any, parts []value, other *pem.Block) ([]Needle, error) {
	pkcs8, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, err
	}
	blocks := []*pem.Block{{Type: "PRIVATE KEY", Bytes: pkcs8}}
	if other != nil {
		blocks = append(blocks, other)
	}
	var ns []Needle
	for _, b := range blocks {
		text, err := armour(key, "pem", pem.EncodeToMemory(b), parts)
		if err != nil {
			return nil, err
		}
		ns = append(ns, text...)
	}
	for _, b := range blocks {
		ns = append(ns, framed(key, "der", b.Bytes, parts)...)
	}
	return ns, nil
}

// EC returns the needles of a key on a NIST curve.
func EC(key string, k *ecdsa.PrivateKey) ([]Needle, error) {
	scalar, err := k.Bytes()
	if err != nil {
		return nil, err
	}
	sec1, err := x509.MarshalECPrivateKey(k)
	if err != nil {
		return nil, err
	}
	ns, err := documents(key, k, []value{{"d", scalar}}, &pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1})
	if err != nil {
		return nil, err
	}
	ns = append(ns, jwk(key, map[string][]byte{"d": scalar})...)
	d := new(big.Int).SetBytes(scalar)
	ns = append(ns, number(key, "d", d, len(scalar))...)
	order := k.Curve.Params().N
	return append(ns, montgomery(key, "d", d, order)...), nil
}

// montgomery returns v*R mod order for R of whole 64-bit words and of 52-bit
// digits.
func montgomery(key, part string, v, order *big.Int) []Needle {
	var ns []Needle
	size := (order.BitLen() + 7) / 8
	for _, bits := range []int{64, 52} {
		words := (order.BitLen() + bits - 1) / bits
		m := new(big.Int).Lsh(v, uint(bits*words))
		ns = append(ns, derived(key, part+"*R mod n", m.Mod(m, order), size)...)
	}
	return ns
}

// Ed25519 returns the needles of an Ed25519 key.
func Ed25519(key string, k ed25519.PrivateKey) ([]Needle, error) {
	seed := k.Seed()
	ns, err := documents(key, k, []value{{"seed", seed}}, nil)
	if err != nil {
		return nil, err
	}
	ns = append(ns, jwk(key, map[string][]byte{"d": seed})...)
	return append(ns, Seed(key, seed)...), nil
}

// Seed returns the needles of an Ed25519 key of which only the numbers are known: the
// seed, and what is computed from it (RFC 8032, section 5.1.5).
func Seed(key string, seed []byte) []Needle {
	ns := plain(key, "seed", seed)
	h := sha512.Sum512(seed)
	ns = append(ns, octets(key, "prefix", "octets", Derived, h[32:])...)
	ns = append(ns, octets(key, "hash", "octets", Derived, h[:32])...)
	clamped := slices.Clone(h[:32])
	clamped[0] &= 248
	clamped[31] = clamped[31]&127 | 64
	scalar := new(big.Int).SetBytes(reversed(clamped))
	ns = append(ns, derived(key, "scalar", scalar, 32)...)
	order, _ := new(big.Int).SetString("7237005577332262213973186563042994240857116359379907606001950938285454250989", 10)
	ns = append(ns, derived(key, "scalar mod l", new(big.Int).Mod(scalar, order), 32)...)
	return append(ns, montgomery(key, "scalar", scalar, order)...)
}

// OpenSSH returns the needles of the key k as the OpenSSH private key file text.
func OpenSSH(key string, k any, text []byte) ([]Needle, error) {
	var parts []value
	switch k := k.(type) {
	case *rsa.PrivateKey:
		k.Precompute()
		parts = []value{{"d", k.D.Bytes()}, {"qinv", k.Precomputed.Qinv.Bytes()}, {"p", k.Primes[0].Bytes()}, {"q", k.Primes[1].Bytes()}}
	case *ecdsa.PrivateKey:
		scalar, err := k.Bytes()
		if err != nil {
			return nil, err
		}
		parts = []value{{"d", bytes.TrimLeft(scalar, "\x00")}}
	case ed25519.PrivateKey:
		parts = []value{{"seed", k.Seed()}}
	}
	ns, err := armour(key, "openssh-pem", text, parts)
	if err != nil {
		return nil, err
	}
	block, _ := pem.Decode(text)
	return append(ns, framed(key, "openssh", block.Bytes, parts)...), nil
}
