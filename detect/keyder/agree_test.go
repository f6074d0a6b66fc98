package keyder

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// javaEC returns a PKCS#8 as Java writes it: neither curve nor point in the inner
// structure.
func javaEC(curve privkey.Curve, scalar []byte) []byte {
	alg := der.Append(nil, der.OID, []byte(privkey.OIDECPublic))
	alg = der.Append(nil, der.Sequence, alg, der.Append(nil, der.OID, []byte(curve)))
	inner := der.Append(nil, der.Sequence, []byte{2, 1, 1}, der.Append(nil, der.OctetString, scalar))
	return der.Append(nil, der.Sequence, []byte{2, 1, 0}, alg, der.Append(nil, der.OctetString, inner))
}

// TestInnerAgrees says that the structure inside a PKCS#8 is the same secret, and
// the same private octets, as the PKCS#8.
func TestInnerAgrees(t *testing.T) {
	s, err := search.New(detectors())
	if err != nil {
		t.Fatal(err)
	}
	random := func(n int) []byte {
		b := make([]byte, n)
		_, _ = rand.Read(b)
		b[0] = 1 // below every order
		return b
	}
	e := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	for name, data := range map[string][]byte{
		"rsa":            must(x509.MarshalPKCS8PrivateKey(rsaKey(t, 1024))),
		"ec":             must(x509.MarshalPKCS8PrivateKey(e)),
		"java":           javaEC(privkey.P256, random(32)),
		"java secp256k1": javaEC(privkey.Secp256k1, random(32)),
		"java brainpool": javaEC(privkey.BrainpoolP512r1, random(64)),
	} {
		found := probetest.Matches(s, data, len(data))
		if len(found) != 2 {
			t.Errorf("%s: %d matches, want the outer and the inner", name, len(found))
			continue
		}
		a, b := found[0], found[1]
		if !bytes.Equal(a.Identity, b.Identity) || len(a.Redact) != len(b.Redact) {
			t.Errorf("%s: the inner structure is another secret", name)
			continue
		}
		for i := range a.Redact {
			if a.Redact[i] != b.Redact[i] {
				t.Errorf("%s: the inner structure has other private octets", name)
			}
		}
	}
}

// TestProtectors makes the envelopes of Java's own key protectors, and of PBES1.
func TestProtectors(t *testing.T) {
	secret := make([]byte, 120)
	_, _ = rand.Read(secret)
	octets := der.Append(nil, der.OctetString, secret)
	for name, oid := range map[string]string{"jks": sunJKS, "jceks": sunJCEKS, "pbes1": pkcs5 + "\x0a", "pkcs12": pbe12 + "\x06"} {
		for form, params := range map[string][]byte{"null": {5, 0}, "none": nil, "salt": {0x30, 6, 4, 1, 9, 2, 1, 9}} {
			alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(oid)), params)
			probetest.Accept(t, EncryptedPKCS8(), probetest.Case{
				Name: name + " " + form, Data: der.Append(nil, der.Sequence, alg, octets), Kind: privkey.Encrypted,
				Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{secret}, Cut: true,
			})
		}
	}
	kdf := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(pkcs5+"\x0c")), []byte{5, 0})
	probetest.Reject(t, EncryptedPKCS8(), "PBKDF2 alone", der.Append(nil, der.Sequence, kdf, octets))
}
