package detect

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Dumps end anywhere, and chunks of them begin anywhere: no detector may reach beyond
// what it is given, however little that is and wherever it lies.
func TestWindowsMayEndAnywhere(t *testing.T) {
	ec, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	rsaKey, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	var facts probe.Facts
	for _, pub := range []any{&ec.PublicKey, &rsaKey.PublicKey} {
		der, err := x509.MarshalPKIXPublicKey(pub)
		if err != nil {
			t.Fatal(err)
		}
		facts.SPKI = append(facts.SPKI, der)
	}
	facts.Roots = len(facts.SPKI)
	s, err := search.New(slices.Concat(Default(), Deep(), Statistical(), Harvesters(), Provers(facts)))
	if err != nil {
		t.Fatal(err)
	}
	random := make([]byte, 72)
	rand.Read(random)
	for _, data := range [][]byte{make([]byte, 72), random, probetest.Noise(3, 72)[:72]} {
		for n := range len(data) + 1 {
			for base := range int64(8) {
				for lo := max(0, n-12); lo < n; lo++ {
					s.Search(search.Window{Data: data[:n:n], Base: base, Lo: lo, Hi: n}, func(search.Found) {})
				}
			}
		}
	}
}
