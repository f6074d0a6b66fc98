package pubkey

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"math/big"

	"golang.org/x/crypto/ssh"
)

// Names are the names of one public key. Those that its kind does not have are empty.
type Names struct {
	SPKISHA256    string `json:"spki_sha256"`              // hexadecimal
	JWKThumbprint string `json:"jwk_thumbprint,omitempty"` // RFC 7638 with SHA-256, base64url
	SSH           string `json:"ssh,omitempty"`            // "SHA256:" and unpadded base64, as ssh-keygen -l
}

// NamesOf returns the names of the key in spki, a DER SubjectPublicKeyInfo. What
// cannot be parsed still has its digest.
func NamesOf(spki []byte) Names {
	sum := sha256.Sum256(spki)
	n := Names{SPKISHA256: hex.EncodeToString(sum[:])}
	key, err := x509.ParsePKIXPublicKey(spki)
	if err != nil {
		return n
	}
	n.JWKThumbprint = thumbprint(key)
	if p, err := ssh.NewPublicKey(key); err == nil {
		n.SSH = ssh.FingerprintSHA256(p)
	}
	return n
}

// thumbprint hashes the required members of a JWK in lexicographic order, RFC
// 7638, section 3; for OKP keys RFC 8037, section 2.
func thumbprint(key any) string {
	var s string
	switch k := key.(type) {
	case *rsa.PublicKey:
		s = `{"e":"` + b64(big.NewInt(int64(k.E)).Bytes()) + `","kty":"RSA","n":"` + b64(k.N.Bytes()) + `"}`
	case *ecdsa.PublicKey:
		crv := map[elliptic.Curve]string{elliptic.P256(): "P-256", elliptic.P384(): "P-384", elliptic.P521(): "P-521"}[k.Curve]
		point, err := k.Bytes()
		if crv == "" || err != nil {
			return ""
		}
		half := len(point) / 2
		s = `{"crv":"` + crv + `","kty":"EC","x":"` + b64(point[1:1+half]) + `","y":"` + b64(point[1+half:]) + `"}`
	case ed25519.PublicKey:
		s = `{"crv":"Ed25519","kty":"OKP","x":"` + b64(k) + `"}`
	default:
		return ""
	}
	sum := sha256.Sum256([]byte(s))
	return b64(sum[:])
}

func b64(p []byte) string { return base64.RawURLEncoding.EncodeToString(p) }
