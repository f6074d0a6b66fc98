package live

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"math/big"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/live/needle"
)

// rsaBits is the size of the RSA keys: the commonest, and quick to make.
const rsaBits = 2048

// server is a key with a certificate, in files that a server can read.
type server struct {
	name     string // also the host name in the certificate
	key      crypto.Signer
	keyFile  string
	certFile string
	cert     *x509.Certificate
}

// The host names of the servers, one for each kind of key.
const (
	rsaHost = "rsa.test"
	ecHost  = "ec.test"
	edHost  = "ed.test"
)

// servers makes a fresh key, certificate and files for each host, and adds the
// needles of the keys to s.
func (b *bench) servers(s *subject, hosts ...string) ([]server, error) {
	var out []server
	for _, h := range hosts {
		k, err := freshKey(h)
		if err != nil {
			return nil, err
		}
		if err := s.know(h, k); err != nil {
			return nil, err
		}
		v, err := b.certify(h, k)
		if err != nil {
			return nil, err
		}
		out = append(out, v)
	}
	return out, nil
}

func freshKey(host string) (crypto.Signer, error) {
	switch host {
	case rsaHost:
		return rsa.GenerateKey(rand.Reader, rsaBits)
	case edHost:
		_, k, err := ed25519.GenerateKey(rand.Reader)
		return k, err
	}
	return ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
}

// know adds the needles of the key k.
func (s *subject) know(name string, k crypto.Signer) error {
	var ns []needle.Needle
	var err error
	switch k := k.(type) {
	case *rsa.PrivateKey:
		ns, err = needle.RSA(name, k)
	case *ecdsa.PrivateKey:
		ns, err = needle.EC(name, k)
	case ed25519.PrivateKey:
		ns, err = needle.Ed25519(name, k)
	}
	s.needles = append(s.needles, ns...)
	return err
}

// pkcs8 returns k as PEM text.
func pkcs8(k crypto.Signer) ([]byte, error) {
	der, err := x509.MarshalPKCS8PrivateKey(k)
	if err != nil {
		return nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: der}), nil
}

// certify writes k and a certificate of its own signing.
func (b *bench) certify(host string, k crypto.Signer) (server, error) {
	v := server{name: host, key: k}
	text, err := pkcs8(k)
	if err != nil {
		return v, err
	}
	if v.keyFile, err = b.write(host+".key", text); err != nil {
		return v, err
	}
	const life = 24 * time.Hour
	tmpl := &x509.Certificate{
		// Java cannot read a PKCS #12 store whose certificate has no subject, and
		// calls the password wrong (OpenJDK 17).
		Subject:      pkix.Name{CommonName: host},
		SerialNumber: big.NewInt(time.Now().UnixNano()), DNSNames: []string{host},
		NotBefore: time.Now().Add(-life), NotAfter: time.Now().Add(life),
		IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature,
	}
	der, err := x509.CreateCertificate(rand.Reader, tmpl, tmpl, k.Public(), k)
	if err != nil {
		return v, err
	}
	if v.cert, err = x509.ParseCertificate(der); err != nil {
		return v, err
	}
	v.certFile, err = b.write(host+".crt", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return v, err
}

// jwkText returns the key k as a JSON Web Key (RFC 7518, section 6.2; RFC 8037).
func jwkText(k crypto.Signer) ([]byte, error) {
	enc := base64.RawURLEncoding.EncodeToString
	switch k := k.(type) {
	case *ecdsa.PrivateKey:
		d, err := k.Bytes()
		if err != nil {
			return nil, err
		}
		q, err := k.PublicKey.Bytes()
		if err != nil {
			return nil, err
		}
		q = q[1:] // an uncompressed point: 4, x, y
		return json.Marshal(map[string]string{"kty": "EC", "crv": "P-256", "x": enc(q[:len(q)/2]), "y": enc(q[len(q)/2:]), "d": enc(d)})
	case ed25519.PrivateKey:
		return json.Marshal(map[string]string{"kty": "OKP", "crv": "Ed25519", "x": enc(k.Public().(ed25519.PublicKey)), "d": enc(k.Seed())})
	case *rsa.PrivateKey:
		k.Precompute()
		m := map[string]string{"kty": "RSA", "e": enc(big.NewInt(int64(k.E)).Bytes())}
		for name, v := range map[string]*big.Int{
			"n": k.N, "d": k.D, "p": k.Primes[0], "q": k.Primes[1],
			"dp": k.Precomputed.Dp, "dq": k.Precomputed.Dq, "qi": k.Precomputed.Qinv,
		} {
			m[name] = enc(v.Bytes())
		}
		return json.Marshal(m)
	}
	return nil, errSkip{"no JWK for this key"}
}

// password returns a fresh password and adds its needles under name.
func (s *subject) password(name string) string {
	p := rand.Text()
	s.needles = append(s.needles, needle.Opaque(name, "password", []byte(p), true)...)
	return p
}
