package encoded_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestDamaged gives pieces of bodies without armour to all detectors: what a freed
// chunk has lost at its head, and what was cut at its tail.
func TestDamaged(t *testing.T) {
	s, err := search.New(detect.Default())
	if err != nil {
		t.Fatal(err)
	}
	rk, _ := rsa.GenerateKey(rand.Reader, 2048)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ec)
	rsa1 := x509.MarshalPKCS1PrivateKey(rk)
	rsa8, _ := x509.MarshalPKCS8PrivateKey(rk)
	ec8, _ := x509.MarshalPKCS8PrivateKey(ec)
	for _, c := range []struct {
		name       string
		data       []byte
		head, tail int // digits that are lost
	}{
		{"rsa, footless", rsa1, 0, 400}, {"rsa, almost all lost", rsa1, 0, 1100}, {"rsa in pkcs8, footless", rsa8, 0, 500},
		{"rsa, headless", rsa1, 21, 0}, {"rsa in pkcs8, headless", rsa8, 33, 0}, {"rsa, without modulus", rsa1, 400, 0},
		{"ec, footless", sec1, 0, 100}, {"ec in pkcs8, footless", ec8, 0, 100}, {"ec in pkcs8, headless", ec8, 16, 0},
		{"ec, headless", sec1, 8, 0}, {"rsa, whole", rsa1, 0, 0}, {"rsa in pkcs8, whole", rsa8, 0, 0}, {"ec, whole", sec1, 0, 0}, {"ec in pkcs8, whole", ec8, 0, 0},
	} {
		text := base64.StdEncoding.EncodeToString(c.data)
		text = text[c.head : len(text)-c.tail]
		for _, sep := range []string{"", "\n", `\n`} {
			data := []byte(text)
			if sep != "" {
				data = lines(data, 64, sep)
			}
			data = append(append(make([]byte, 40), data...), make([]byte, 40)...)
			found := probetest.Matches(s, data, len(data))
			if len(found) == 0 {
				t.Errorf("%s, lines end in %q: nothing found", c.name, sep)
			}
			for _, all := range [][]byte{data, probetest.Widen(data)} {
				red := probetest.Redact(all, probetest.Matches(s, all, len(all)))
				for _, f := range probetest.Matches(s, red, len(red)) {
					t.Errorf("%s, lines end in %q: found again by %s: %s", c.name, sep, s.Spec(f.Detector).ID, f.Kind)
				}
			}
		}
	}
}
