package keytail_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/keytail"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func rsaKey(t testing.TB) []byte {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	return x509.MarshalPKCS1PrivateKey(k)
}

func TestRSA(t *testing.T) {
	der := rsaKey(t)
	for _, lost := range []int{4, 16, 32, 200, 300, 450, len(der) - 5*132 - 8} {
		data := der[lost:]
		probetest.Accept(t, keytail.RSA(), probetest.Case{
			Name: fmt.Sprintf("%d lost", lost), Data: data, Kind: privkey.RSA, Encoding: probe.DER, Confidence: probe.Confirmed,
			Private: [][]byte{data[len(data)-600:]}, Cut: true,
		})
	}
	probetest.Reject(t, keytail.RSA(), "whole", der)
	// One digit of the exponent changed: the primes are likely still.
	bad := bytes.Clone(der[40:])
	bad[len(bad)-300] ^= 1
	s, _ := search.New([]probe.Detector{keytail.RSA()})
	for _, f := range probetest.Matches(s, bad, len(bad)) {
		if f.Confidence == probe.Confirmed && f.SPKI != nil {
			t.Error("a key that is not one is proven")
		}
	}
}

func TestEC(t *testing.T) {
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k, _ := ecdsa.GenerateKey(c, rand.Reader)
		der, _ := x509.MarshalECPrivateKey(k)
		size := (c.Params().BitSize + 7) / 8
		i := bytes.Index(der, k.D.FillBytes(make([]byte, size)))
		data := der[i:]
		probetest.Accept(t, keytail.EC(), probetest.Case{
			Name: c.Params().Name, Data: data, Kind: privkey.EC, Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{data[:size]},
		})
		probetest.Accept(t, keytail.EC(), probetest.Case{
			Name: c.Params().Name + " cut", Data: append(make([]byte, 16), data[8:]...), Kind: privkey.EC, Encoding: probe.DER,
			Confidence: probe.Likely, Private: [][]byte{data[8:size]},
		})
		probetest.Reject(t, keytail.EC(), "whole", der)
		// The public half alone is no secret.
		probetest.Reject(t, keytail.EC(), "point", append(make([]byte, 100), data[size:]...))
	}
}

func TestCertificatesAreNoKeys(t *testing.T) {
	k, _ := rsa.GenerateKey(rand.Reader, 2048)
	pub, _ := x509.MarshalPKIXPublicKey(&k.PublicKey)
	probetest.Reject(t, keytail.RSA(), "spki", pub)
	probetest.Reject(t, keytail.RSA(), "noise", probetest.Noise(3, 1<<20))
	probetest.Reject(t, keytail.EC(), "noise", probetest.Noise(4, 1<<20))
}

func FuzzDetect(f *testing.F) {
	s, err := search.New([]probe.Detector{keytail.RSA(), keytail.EC()})
	if err != nil {
		f.Fatal(err)
	}
	der := rsaKey(f)
	f.Add(der[50:])
	k, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	ec, _ := x509.MarshalECPrivateKey(k)
	f.Add(ec[7:])
	f.Fuzz(func(t *testing.T, data []byte) { probetest.Matches(s, data, len(data)+1) })
}
