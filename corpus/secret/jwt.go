package secret

import (
	"crypto"
	"crypto/elliptic"
	"crypto/hmac"
	"crypto/rsa"
	"crypto/sha256"
	"fmt"
	"math/big"
)

// jwt is a compact JWS: RFC 7515, section 3.1. Payload and signature are
// private, the header says how to read them.
func (src *Source) jwt(alg string) marked {
	header := fmt.Sprintf(`{"alg":"%s","typ":"JWT","kid":"%s"}`, alg, b64(src.Bytes(6)))
	if src.IntN(2) == 0 {
		header = fmt.Sprintf(`{"typ":"JWT","alg":"%s"}`, alg)
	}
	iat := 1700000000 + src.IntN(60000000)
	payload := fmt.Sprintf(`{"jti":"%s","sub":"user-%d","aud":"https://api.example.org","iat":%d,"exp":%d}`,
		b64(src.Bytes(12)), src.IntN(100000), iat, iat+3600)
	return src.jws(alg, header, payload)
}

// tinyJWT is short enough for an 80-byte argument list.
func (src *Source) tinyJWT() marked {
	return src.jws("none", `{"alg":"none"}`, fmt.Sprintf(`{"sub":"%s"}`, b64(src.Bytes(14))))
}

func (src *Source) jws(alg, header, payload string) marked {
	input := b64([]byte(header)) + "." + b64([]byte(payload))
	digest := sha256.Sum256([]byte(input))
	var sig []byte
	switch alg {
	case "HS256":
		h := hmac.New(sha256.New, src.Bytes(32))
		h.Write([]byte(input))
		sig = h.Sum(nil)
	case "RS256":
		sig = src.rsaOf(2048).sign(digest[:])
	case "ES256":
		sig = src.signES256(digest[:])
	}
	var m marked
	m.str(b64([]byte(header)) + ".")
	m.hide([]byte(b64([]byte(payload))))
	m.str(".")
	m.hide([]byte(b64(sig)))
	return m
}

// sign is RSASSA-PKCS1-v1_5: RFC 7518, section 3.3.
func (k *rsaKey) sign(digest []byte) []byte {
	sig, err := rsa.SignPKCS1v15(nil, k.std(), crypto.SHA256, digest)
	return mustBytes(sig, err)
}

// std returns k for crypto/rsa.
func (k *rsaKey) std() *rsa.PrivateKey {
	std := &rsa.PrivateKey{
		PublicKey: rsa.PublicKey{N: k.N, E: exponent},
		D:         k.D, Primes: []*big.Int{k.P, k.Q},
	}
	std.Precompute()
	return std
}

// signES256 is RFC 7518, section 3.4, by hand, because crypto/ecdsa does not
// promise to use the reader it is given.
func (src *Source) signES256(digest []byte) []byte {
	c := curves()[0]
	n := elliptic.P256().Params().N
	d, once := src.ec(c), src.ec(c)
	r := new(big.Int).SetBytes(once.X)
	r.Mod(r, n)
	s := new(big.Int).Mul(r, new(big.Int).SetBytes(d.D))
	s.Add(s, new(big.Int).SetBytes(digest))
	s.Mul(s, new(big.Int).ModInverse(new(big.Int).SetBytes(once.D), n))
	s.Mod(s, n)
	sig := make([]byte, 64)
	r.FillBytes(sig[:32])
	s.FillBytes(sig[32:])
	return sig
}

// jwe is a compact JWE: RFC 7516, section 3.1. Without the key its four parts
// behind the header are random bytes; with "dir" the first of them is empty.
func (src *Source) jwe(alg string) marked {
	header := fmt.Sprintf(`{"alg":"%s","enc":"A256GCM"}`, alg)
	key := 256
	switch alg {
	case "dir":
		key = 0
	case "ECDH-ES+A256KW":
		key = 40
		pub := src.ec(curves()[0])
		header = fmt.Sprintf(`{"alg":"%s","enc":"A256GCM","epk":{"kty":"EC","crv":"P-256","x":"%s","y":"%s"}}`,
			alg, b64(pub.X), b64(pub.Y))
	}
	var m marked
	m.str(b64([]byte(header)))
	for _, n := range []int{key, 12, 40 + src.IntN(200), 16} {
		m.str(".")
		m.hide([]byte(b64(src.Bytes(n))))
	}
	return m
}
