package pem

import (
	"bytes"
	"crypto/dsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"encoding/base64"
	stdpem "encoding/pem"
	"math/big"
	"testing"

	"github.com/ProtonMail/go-crypto/openpgp"
	"github.com/ProtonMail/go-crypto/openpgp/armor"
	"github.com/ProtonMail/go-crypto/openpgp/packet"
	"golang.org/x/crypto/ssh"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Of a body that was cut off anywhere nothing is hunted for that stands in public keys too, and something is
// as soon as private octets are there.
func TestCutBodies(t *testing.T) {
	r, d := rsaKey(1024), dsaKey()
	s := must(search.New([]probe.Detector{New()}))
	sshText := stdpem.EncodeToMemory(must(ssh.MarshalPrivateKey(r, "")))
	pgpText, pgpN, pgpD := pgpRSA()
	for name, c := range map[string]struct {
		text            []byte
		public, private *big.Int
	}{
		"pkcs1":   {encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(r)), r.N, r.D},
		"pkcs8":   {encode("PRIVATE KEY", pkcs8(r)), r.N, r.D},
		"openssl": {encode("DSA PRIVATE KEY", dsaFile(d)), d.Y, d.X},
		"openssh": {sshText, r.N, r.D},
		"openpgp": {pgpText, pgpN, pgpD},
	} {
		head := bytes.LastIndex(c.text[:100], []byte("--\n")) + 3
		hunted := false
		for n := head + 64; n < min(len(c.text), 1000); n += 3 {
			var parts [][]byte
			s.Search(search.Window{Data: c.text[:n], Hi: n}, func(f search.Found) {
				for _, v := range f.Values {
					parts = append(parts, bytes.Clone(v))
				}
				if len(f.Values) == 0 && !f.Unhunted {
					parts = append(parts, decodeLines(c.text[head:n]))
				}
			})
			for _, p := range parts {
				for i := 0; i+16 <= len(p); i++ {
					if bytes.Contains(c.public.Bytes(), p[i:i+16]) {
						t.Fatalf("%s cut at %d of %d: public octets are hunted for", name, n, len(c.text))
					}
				}
			}
			hunted = hunted || len(parts) > 0
			const least = 16
			if body := decodeLines(c.text[head:n]); !hunted && len(body) > least && bytes.Contains(body, c.private.Bytes()[:least+2]) {
				t.Fatalf("%s cut at %d: private octets are not hunted for", name, n)
			}
		}
		if !hunted {
			t.Errorf("%s: nothing is ever hunted for", name)
		}
	}
}

func decodeLines(text []byte) []byte {
	digits := bytes.ReplaceAll(text, []byte("\n"), nil)
	digits = digits[:len(digits)&^3]
	p := make([]byte, len(digits))
	n, _ := base64.StdEncoding.Decode(p, digits)
	return p[:n]
}

// dsaFile returns a key as OpenSSL writes it: a SEQUENCE of 0, p, q, g, y and x.
func dsaFile(k *dsa.PrivateKey) []byte {
	return must(asn1.Marshal([]*big.Int{new(big.Int), k.P, k.Q, k.G, k.Y, k.X}))
}

func pgpRSA() (text []byte, n, d *big.Int) {
	e := must(openpgp.NewEntity("Someone", "", "someone@example.com", &packet.Config{Algorithm: packet.PubKeyAlgoRSA, RSABits: 2048}))
	var b bytes.Buffer
	w := must(armor.Encode(&b, "PGP PRIVATE KEY BLOCK", nil))
	if err := e.SerializePrivate(w, nil); err != nil {
		panic(err)
	}
	w.Close()
	k := e.PrivateKey.PrivateKey.(*rsa.PrivateKey)
	return b.Bytes(), k.N, k.D
}
