package publickey

import (
	"bytes"
	"crypto/elliptic"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/pem"
	"errors"
	"slices"
	"testing"

	"golang.org/x/crypto/ssh"
)

func TestFromFile(t *testing.T) {
	rk, ek := rsaKey(), ecKey(elliptic.P256())
	rs, es := spkiOf(t, &rk.PublicKey), spkiOf(t, &ek.PublicKey)
	cert := certificate(t, &ek.PublicKey, rk, &x509.Certificate{}, "issuer")
	p, err := ssh.NewPublicKey(&rk.PublicKey)
	if err != nil {
		t.Fatal(err)
	}
	line := ssh.MarshalAuthorizedKey(p)
	ssh2 := "---- BEGIN SSH2 PUBLIC KEY ----\nComment: x\n" + wrap(base64.StdEncoding.EncodeToString(p.Marshal()), 70) + "---- END SSH2 PUBLIC KEY ----\n"
	block := func(kind string, b []byte) []byte { return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: b}) }
	jwks := `{"keys":[{"kty":"RSA","n":"` + b64u(rk.N.Bytes()) + `","e":"AQAB"}]}`
	for name, c := range map[string]struct {
		data []byte
		want [][]byte
	}{
		"bundle":      {slices.Concat(block("PUBLIC KEY", rs), block("CERTIFICATE", cert), block("PUBLIC KEY", rs)), [][]byte{rs, es}},
		"certificate": {cert, [][]byte{es}},
		"spki":        {rs, [][]byte{rs}},
		"pkcs1":       {x509.MarshalPKCS1PublicKey(&rk.PublicKey), [][]byte{rs}},
		"jwks":        {[]byte(jwks), [][]byte{rs}},
		"openssh":     {line, [][]byte{rs}},
		"known_hosts": {append([]byte("host.example "), line...), [][]byte{rs}},
		"ssh2":        {[]byte(ssh2), [][]byte{rs}},
		"hex":         {[]byte(hex.EncodeToString(rk.N.Bytes())), [][]byte{rs}},
		"modulus":     {[]byte("Modulus=" + hex.EncodeToString(rk.N.Bytes()) + "\n"), [][]byte{rs}},
	} {
		got, err := FromFile(c.data)
		if err != nil || !slices.EqualFunc(got, c.want, bytes.Equal) {
			t.Errorf("%s: %d keys, %v; want %d", name, len(got), err, len(c.want))
		}
	}
	for name, data := range map[string]string{"empty": "", "text": "no key", "hex": "deadbeef", "even": hex.EncodeToString(append(octetsOf(127), 2))} {
		if _, err := FromFile([]byte(data)); !errors.Is(err, ErrNone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func wrap(s string, n int) (out string) {
	for len(s) > n {
		out, s = out+s[:n]+"\n", s[n:]
	}
	return out + s + "\n"
}

// FuzzDetectors finds matches inside the data only, the same for chunks of any
// size, and keys that every parser of this package reads as themselves.
func FuzzDetectors(f *testing.F) {
	k := rsaKey()
	f.Add(x509.MarshalPKCS1PublicKey(&k.PublicKey))
	spki, _ := x509.MarshalPKIXPublicKey(&ecKey(elliptic.P256()).PublicKey)
	f.Add(spki)
	f.Add(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki}))
	f.Add([]byte(`{"kty":"RSA","n":"` + b64u(k.N.Bytes()) + `","e":"AQAB"}`))
	p, _ := ssh.NewPublicKey(&k.PublicKey)
	f.Add(ssh.MarshalAuthorizedKey(p))
	f.Add(p.Marshal())
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 4096 {
			return
		}
		fs := found(t, data, max(len(data), 1), Detectors()...)
		if !equal(fs, found(t, data, 61, Detectors()...)) {
			t.Error("chunks change what is found")
		}
		for _, m := range fs {
			if again, ok := spkiAt(m.SPKI, 0); ok && !bytes.Equal(again.spki, m.SPKI) {
				t.Error("a key is not equal to itself")
			}
		}
	})
}
