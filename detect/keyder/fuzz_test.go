package keyder

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// FuzzParse holds for any input: private ranges lie inside the key, in order; and
// a key without its private ranges is no key any more, but for what is damaged so
// that it reads as another form.
func FuzzParse(f *testing.F) {
	r := rsaKey(f, 1024)
	f.Add(x509.MarshalPKCS1PrivateKey(r))
	f.Add(must(x509.MarshalPKCS8PrivateKey(r)))
	e := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	f.Add(must(x509.MarshalECPrivateKey(e)))
	f.Add(must(x509.MarshalPKCS8PrivateKey(e)))
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	f.Add(must(x509.MarshalPKCS8PrivateKey(ed)))
	for _, set := range []privkey.ParameterSet{privkey.MLKEM512, privkey.MLDSA44} {
		seed := make([]byte, set.SeedSize())
		_, _ = rand.Read(seed)
		_, expanded, _ := set.FromSeed(seed)
		inner := der.Append(nil, der.OctetString, expanded)
		f.Add(wrap(string(set), inner))
		f.Add(wrap(string(set), der.Append(nil, der.Sequence, der.Append(nil, der.OctetString, seed), inner)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if n, ok := PublicHead(data); ok && (n < 0 || n > len(data)) {
			t.Fatal("a public head that is longer than the data")
		}
		k, ok := Parse(data)
		if !ok {
			return
		}
		if k.Start != 0 || k.End > len(data) || len(k.Identity) == 0 || len(k.Private) == 0 {
			t.Fatal("a key out of its bounds, without identity or without private part")
		}
		clean := append([]byte(nil), data...)
		last := 0
		for _, p := range k.Private {
			if p.Start < last || p.Len() <= 0 || p.End > k.End {
				t.Fatal("a private part is empty, outside or out of order")
			}
			last = p.End
			for i := p.Start; i < p.End; i++ {
				clean[i] = probe.Fill
			}
		}
		if _, again := Parse(clean); again {
			t.Fatal("the redacted key is found again")
		}
	})
}
