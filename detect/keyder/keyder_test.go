package keyder

import (
	"bytes"
	"crypto"
	stddsa "crypto/dsa" //nolint:staticcheck // old dumps hold old keys
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func rsaKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	return must(rsa.GenerateKey(rand.Reader, bits))
}

func rsaPrivate(k *rsa.PrivateKey) [][]byte {
	return [][]byte{
		k.D.Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes(),
		k.Precomputed.Dp.Bytes(), k.Precomputed.Dq.Bytes(), k.Precomputed.Qinv.Bytes(),
	}
}

// smallRSA returns the PKCS#1 structure of a key of a size that crypto/rsa refuses.
func smallRSA(t testing.TB, bits int) []byte {
	t.Helper()
	for {
		p, q := must(rand.Prime(rand.Reader, bits/2)), must(rand.Prime(rand.Reader, bits/2))
		n, ok := privkey.RSAFromPrimes([]byte{1, 0, 1}, p.Bytes(), q.Bytes())
		if ok && len(n.N)*8 == bits && n.N[0] >= 0x80 {
			body := []byte{2, 1, 0}
			for _, v := range [][]byte{n.N, n.E, n.D, n.P, n.Q, n.DP, n.DQ, n.QInv} {
				body = der.AppendUnsigned(body, v)
			}
			return der.Append(nil, der.Sequence, body)
		}
	}
}

func TestPKCS1(t *testing.T) {
	var cases []probetest.Case
	for _, bits := range []int{1024, 2048, 4096} {
		k := rsaKey(t, bits)
		cases = append(cases, probetest.Case{
			Name: k.N.Text(36)[:4], Data: x509.MarshalPKCS1PrivateKey(k), Kind: privkey.RSA, Encoding: probe.DER,
			Confidence: probe.Confirmed, Private: rsaPrivate(k), Cut: true,
		})
	}
	for _, bits := range []int{512, 768} {
		cases = append(cases, probetest.Case{
			Name: "small", Data: smallRSA(t, bits), Kind: privkey.RSA, Encoding: probe.DER,
			Confidence: probe.Confirmed, Cut: true,
		})
	}
	multi := must(rsa.GenerateMultiPrimeKey(rand.Reader, 3, 2048)) //nolint:staticcheck // they exist
	cases = append(cases, probetest.Case{
		Name: "multi-prime", Data: x509.MarshalPKCS1PrivateKey(multi), Kind: privkey.RSA, Encoding: probe.DER,
		Confidence: probe.Confirmed, Private: append(rsaPrivate(multi), multi.Primes[2].Bytes()), Cut: true,
	})
	probetest.Accept(t, PKCS1(), cases...)
}

func TestSEC1(t *testing.T) {
	var cases []probetest.Case
	for _, c := range []elliptic.Curve{elliptic.P224(), elliptic.P256(), elliptic.P384(), elliptic.P521()} {
		k := must(ecdsa.GenerateKey(c, rand.Reader))
		scalar := must(k.Bytes())
		whole := must(x509.MarshalECPrivateKey(k))
		point := must(k.PublicKey.Bytes())
		body := der.Append([]byte{2, 1, 1}, der.OctetString, scalar)
		bits := der.Append(nil, der.BitString, []byte{0}, point)
		for name, data := range map[string][]byte{
			"whole":             whole,
			"without curve":     der.Append(nil, der.Sequence, body, der.Append(nil, der.ContextCons(1), bits)),
			"compressed":        der.Append(nil, der.Sequence, body, der.Append(nil, der.ContextCons(1), der.Append(nil, der.BitString, []byte{0}, elliptic.MarshalCompressed(c, k.X, k.Y)))),
			"long-form lengths": append([]byte{0x30, 0x82, 0, byte(len(der.Append(nil, der.Sequence, body)) - 2)}, body...),
		} {
			confidence := probe.Confirmed
			if name == "long-form lengths" {
				confidence = probe.Likely // no curve and no point to compute with
			}
			cases = append(cases, probetest.Case{
				Name: c.Params().Name + " " + name, Data: data, Kind: privkey.EC, Encoding: probe.DER,
				Confidence: confidence, Private: [][]byte{scalar}, Cut: true,
			})
		}
	}
	probetest.Accept(t, SEC1(), cases...)
}

func TestPKCS8(t *testing.T) {
	r := rsaKey(t, 2048)
	e := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	x := must(ecdh.X25519().GenerateKey(rand.Reader))
	marshal := func(k any) []byte { return must(x509.MarshalPKCS8PrivateKey(k)) }
	probetest.Accept(t, PKCS8(),
		probetest.Case{Name: "rsa", Data: marshal(r), Kind: privkey.RSA, Encoding: probe.DER, Confidence: probe.Confirmed, Private: rsaPrivate(r), Cut: true},
		probetest.Case{Name: "ec", Data: marshal(e), Kind: privkey.EC, Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{must(e.Bytes())}, Cut: true},
		probetest.Case{Name: "ed25519", Data: marshal(ed), Kind: privkey.Ed25519, Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{ed.Seed()}, Cut: true},
		probetest.Case{Name: "x25519", Data: marshal(x), Kind: privkey.X25519, Encoding: probe.DER, Confidence: probe.Confirmed, Private: [][]byte{x.Bytes()}, Cut: true},
	)
}

// dsaKey returns a DSA key. The shortest parameters are slow enough.
func dsaKey(t testing.TB) *stddsa.PrivateKey {
	t.Helper()
	k := new(stddsa.PrivateKey)
	if err := stddsa.GenerateParameters(&k.Parameters, rand.Reader, stddsa.L1024N160); err != nil {
		t.Fatal(err)
	}
	if err := stddsa.GenerateKey(k, rand.Reader); err != nil {
		t.Fatal(err)
	}
	return k
}

func TestDSA(t *testing.T) {
	k := dsaKey(t)
	data := must(asn1.Marshal(struct{ V, P, Q, G, Y, X *big.Int }{new(big.Int), k.P, k.Q, k.G, k.Y, k.X}))
	probetest.Accept(t, DSA(), probetest.Case{
		Name: "traditional", Data: data, Kind: privkey.DSA, Encoding: probe.DER,
		Confidence: probe.Confirmed, Private: [][]byte{k.X.Bytes()}, Cut: true,
	})
	domain := must(asn1.Marshal(struct{ P, Q, G *big.Int }{k.P, k.Q, k.G}))
	alg := der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(privkey.OIDDSA)), domain)
	wrapped := der.Append(nil, der.Sequence, []byte{2, 1, 0}, alg, der.Append(nil, der.OctetString, der.AppendUnsigned(nil, k.X.Bytes())))
	probetest.Accept(t, PKCS8(), probetest.Case{
		Name: "pkcs8", Data: wrapped, Kind: privkey.DSA, Encoding: probe.DER,
		Confidence: probe.Confirmed, Private: [][]byte{k.X.Bytes()}, Cut: true,
	})
	a, okA := Parse(data)
	b, okB := Parse(wrapped)
	if !okA || !okB || !bytes.Equal(a.Identity, b.Identity) {
		t.Error("the two forms of one DSA key differ in identity")
	}
}

// TestOneIdentity holds each key against its other encodings and against the
// public half that crypto/x509 writes.
func TestOneIdentity(t *testing.T) {
	r := rsaKey(t, 1024)
	e := must(ecdsa.GenerateKey(elliptic.P384(), rand.Reader))
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	for _, c := range []struct {
		name  string
		pub   crypto.PublicKey
		forms [][]byte
	}{
		{"rsa", &r.PublicKey, [][]byte{x509.MarshalPKCS1PrivateKey(r), must(x509.MarshalPKCS8PrivateKey(r))}},
		{"ec", &e.PublicKey, [][]byte{must(x509.MarshalECPrivateKey(e)), must(x509.MarshalPKCS8PrivateKey(e))}},
		{"ed25519", ed.Public(), [][]byte{must(x509.MarshalPKCS8PrivateKey(ed))}},
	} {
		spki := must(x509.MarshalPKIXPublicKey(c.pub))
		for i, form := range c.forms {
			k, ok := Parse(form)
			if !ok || !bytes.Equal(k.SPKI, spki) || !bytes.Equal(k.Identity, spki) {
				t.Errorf("%s, form %d: public half differs from that of crypto/x509", c.name, i)
			}
		}
	}
}

// TestCutAnywhere says that every octet of a private number that is present is
// redacted wherever the structure ends, and that a cut key keeps its identity.
func TestCutAnywhere(t *testing.T) {
	r := rsaKey(t, 1024)
	data := x509.MarshalPKCS1PrivateKey(r)
	whole, _ := Parse(data)
	start := bytes.Index(data, r.D.Bytes())
	primes := bytes.Index(data, r.Primes[1].Bytes()) + len(r.Primes[1].Bytes())
	for n := start + 8; n < len(data); n++ {
		k, ok := Parse(data[:n])
		if !ok {
			t.Fatalf("cut at %d: not found", n)
		}
		if !bytes.Equal(k.Identity, whole.Identity) {
			t.Fatalf("cut at %d: another identity", n)
		}
		if n >= primes && k.Confidence != probe.Confirmed {
			t.Errorf("cut at %d: %s although both primes are there", n, k.Confidence)
		}
		covered := make([]bool, n)
		for _, p := range k.Private {
			for i := p.Start; i < p.End; i++ {
				covered[i] = true
			}
		}
		for _, p := range whole.Private {
			for i := p.Start; i < min(p.End, n); i++ {
				if !covered[i] && n-p.Start >= 8 {
					t.Fatalf("cut at %d: private octet %d survives", n, i)
				}
			}
		}
	}
}

// TestDamagedTail says that what somebody else wrote over the tail hides nothing
// in front of it.
func TestDamagedTail(t *testing.T) {
	r := rsaKey(t, 2048)
	for _, form := range [][]byte{x509.MarshalPKCS1PrivateKey(r), must(x509.MarshalPKCS8PrivateKey(r))} {
		at := bytes.Index(form, r.Primes[1].Bytes())
		damaged := append(bytes.Clone(form[:at-8]), probetest.Noise(3, 2000)...)
		k, ok := Parse(damaged)
		if !ok || k.SPKI == nil {
			t.Error("a key with a damaged tail is not found")
		}
	}
	e := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	form := must(x509.MarshalECPrivateKey(e))
	if _, ok := Parse(append(bytes.Clone(form[:39]), probetest.Noise(3, 200)...)); !ok {
		t.Error("an EC key with a damaged tail is not found")
	}
}

// TestDamagedMiddle writes over 32 octets anywhere behind the public half, which
// must not save a private octet outside them; but a few may by chance read as the
// header of a number.
func TestDamagedMiddle(t *testing.T) {
	r := rsaKey(t, 1024)
	data := x509.MarshalPKCS1PrivateKey(r)
	whole, _ := Parse(data)
	const hole, step = 32, 3
	for i := range 3 * (len(data) - hole - whole.Private[0].Start) / step {
		at := whole.Private[0].Start + i*step%(len(data)-hole-whole.Private[0].Start)
		damaged := bytes.Clone(data)
		copy(damaged[at:at+hole], probetest.Noise(uint64(i), hole))
		k, ok := Parse(damaged)
		if !ok || !bytes.Equal(k.Identity, whole.Identity) {
			t.Fatalf("damaged at %d: not found", at)
		}
		covered := make([]bool, len(data))
		for _, p := range k.Private {
			for i := p.Start; i < p.End; i++ {
				covered[i] = true
			}
		}
		survivors := 0
		for _, p := range whole.Private {
			for i := p.Start; i < p.End; i++ {
				if !covered[i] && (i < at || i >= at+hole) {
					survivors++
				}
			}
		}
		if survivors > der.MaxHeader {
			t.Fatalf("damaged at %d: %d private octets survive", at, survivors)
		}
		for _, p := range k.Private {
			for i := p.Start; i < p.End; i++ {
				damaged[i] = probe.Fill
			}
		}
		if _, again := Parse(damaged); again {
			t.Fatalf("damaged at %d: the redacted copy is found again", at)
		}
	}
}
