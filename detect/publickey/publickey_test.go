package publickey

import (
	"bytes"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// keys are made once: RSA is slow under the race detector.
var rsaKey = sync.OnceValue(func() *rsa.PrivateKey {
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return k
})

func ecKey(c elliptic.Curve) *ecdsa.PrivateKey {
	k, err := ecdsa.GenerateKey(c, rand.Reader)
	if err != nil {
		panic(err)
	}
	return k
}

func spkiOf(t *testing.T, pub any) []byte {
	t.Helper()
	b, err := x509.MarshalPKIXPublicKey(pub)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// certificate returns a certificate of pub signed by the key of the same name.
func certificate(t *testing.T, pub, signer any, tmpl *x509.Certificate, issuer string) []byte {
	t.Helper()
	tmpl.SerialNumber, tmpl.NotAfter = big.NewInt(77), time.Now().Add(time.Hour)
	if tmpl.Subject.CommonName == "" {
		tmpl.Subject = pkix.Name{CommonName: "subject", Organization: []string{"test"}}
	}
	parent := *tmpl
	if issuer != "" {
		parent.Subject = pkix.Name{CommonName: issuer}
	}
	b, err := x509.CreateCertificate(rand.Reader, tmpl, &parent, pub, signer)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// found is one match of all the encoded detectors, or of those given.
func found(t *testing.T, data []byte, chunk int, ds ...probe.Detector) []search.Found {
	t.Helper()
	if ds == nil {
		ds = encoded()
	}
	s, err := search.New(ds)
	if err != nil {
		t.Fatal(err)
	}
	fs := probetest.Matches(s, data, chunk)
	for _, f := range fs {
		if !f.Public || f.Kind != Kind || len(f.Redact) > 0 || len(f.SPKI) == 0 || !bytes.Equal(f.Identity, f.SPKI) {
			t.Errorf("match at %d of %s is no public key", f.Start, f.Encoding)
		}
		if f.Start < 0 || f.End > len(data) || f.Len() <= 0 {
			t.Errorf("match [%d, %d) lies outside", f.Start, f.End)
		}
	}
	return fs
}

func has(fs []search.Found, spki []byte, c probe.Confidence) bool {
	return slices.ContainsFunc(fs, func(f search.Found) bool {
		return bytes.Equal(f.SPKI, spki) && f.Confidence == c
	})
}

// accept finds spki in data wherever it lies and however it is cut into chunks.
// probetest.Accept is for secrets, which must be gone when redacted.
func accept(t *testing.T, name string, data, spki []byte, c probe.Confidence, text bool, ds ...probe.Detector) {
	t.Helper()
	noise := probetest.Noise(3, 300)
	try := func(how string, b []byte) {
		t.Helper()
		fs := found(t, b, len(b), ds...)
		if !has(fs, spki, c) {
			t.Errorf("%s, %s: not found (%d others)", name, how, len(fs))
		}
		if len(b) < 6000 && !equal(fs, found(t, b, 1, ds...)) {
			t.Errorf("%s, %s: chunks of one byte differ", name, how)
		}
	}
	try("alone", data)
	try("between noise", slices.Concat(noise, data, noise))
	try("odd", slices.Concat(noise[:7], data, noise))
	try("twice", slices.Concat(data, data))
	try("between zeros", slices.Concat(make([]byte, 64), data, make([]byte, 64)))
	if text {
		try("utf-16", probetest.Widen(data))
		try("utf-16 odd", slices.Concat(noise[:1], probetest.Widen(data), noise))
	}
}

func equal(a, b []search.Found) bool {
	return slices.EqualFunc(a, b, func(x, y search.Found) bool {
		return x.Range == y.Range && bytes.Equal(x.SPKI, y.SPKI) && x.Confidence == y.Confidence && x.Encoding == y.Encoding
	})
}

// publics are keys of every kind that Go can marshal.
func publics(t *testing.T) map[string]any {
	x, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	ed, _, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return map[string]any{
		"rsa": &rsaKey().PublicKey, "p224": &ecKey(elliptic.P224()).PublicKey, "p256": &ecKey(elliptic.P256()).PublicKey,
		"p384": &ecKey(elliptic.P384()).PublicKey, "p521": &ecKey(elliptic.P521()).PublicKey, "ed25519": ed, "x25519": x.PublicKey(),
	}
}

func TestSPKI(t *testing.T) {
	for name, pub := range publics(t) {
		spki := spkiOf(t, pub)
		accept(t, name, spki, spki, probe.Confirmed, false)
		block := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: spki})
		accept(t, name+" pem", block, spki, probe.Confirmed, true)
		line := []byte(`{"key":"` + base64.StdEncoding.EncodeToString(spki) + `"}`)
		accept(t, name+" in json", line, spki, probe.Confirmed, true)
		if fs := found(t, spki[:len(spki)-1], len(spki)); len(fs) > 0 && name != "rsa" {
			t.Errorf("%s: a key without its last octet is found", name)
		}
	}
}

func TestPostQuantumAndOthers(t *testing.T) {
	for _, c := range []struct {
		oid  string
		size int
	}{
		{string(privkey.MLKEM512), 800}, {string(privkey.MLKEM768), 1184}, {string(privkey.MLKEM1024), 1568},
		{string(privkey.MLDSA44), 1312}, {string(privkey.MLDSA65), 1952}, {string(privkey.MLDSA87), 2592},
		{privkey.OIDEd448, 57}, {privkey.OIDX448, 56},
	} {
		pub := octetsOf(c.size)
		spki := privkey.SPKIForOID(c.oid, nil, pub)
		accept(t, fmt.Sprintf("%x", c.oid), spki, spki, probe.Confirmed, false)
		if fs := found(t, privkey.SPKIForOID(c.oid, nil, pub[1:]), 1<<20); len(fs) > 0 {
			t.Errorf("%x: a key of the wrong length is found", c.oid)
		}
		if set := privkey.ParameterSet(c.oid); set.SeedSize() > 0 {
			if own, _, ok := set.FromSeed(octetsOf(set.SeedSize())); !ok || len(own) != octets(c.oid) {
				t.Errorf("%x: public keys have %d octets, not %d", c.oid, len(own), octets(c.oid))
			}
		}
	}
}

func octetsOf(n int) []byte {
	b := make([]byte, n)
	rand.Read(b)
	return b
}

func TestPSSIsTheOrdinaryKey(t *testing.T) {
	k := &rsaKey().PublicKey
	pss := privkey.SPKIForOID(oidPSS, nil, x509.MarshalPKCS1PublicKey(k))
	accept(t, "pss", pss, spkiOf(t, k), probe.Confirmed, false)
}

func TestPKCS1(t *testing.T) {
	k := rsaKey()
	spki := spkiOf(t, &k.PublicKey)
	pub := x509.MarshalPKCS1PublicKey(&k.PublicKey)
	accept(t, "public", pub, spki, probe.Confirmed, false)
	accept(t, "private", x509.MarshalPKCS1PrivateKey(k), spki, probe.Confirmed, false)
	accept(t, "pem", pem.EncodeToMemory(&pem.Block{Type: "RSA PUBLIC KEY", Bytes: pub}), spki, probe.Confirmed, true)
	three := rsa.PublicKey{N: k.N, E: 3}
	accept(t, "exponent 3", x509.MarshalPKCS1PublicKey(&three), spkiOf(t, &three), probe.Confirmed, false)
	odd := bytes.Clone(pub)
	odd[len(odd)-6] &^= 1
	if fs := found(t, odd, len(odd)); len(fs) > 0 {
		t.Error("an even modulus is found")
	}
}

func TestCertificates(t *testing.T) {
	signer := ecKey(elliptic.P256())
	for name, pub := range publics(t) {
		if name == "x25519" {
			continue // crypto/x509 makes no such certificates
		}
		spki := spkiOf(t, pub)
		leaf := certificate(t, pub, signer, &x509.Certificate{DNSNames: []string{"a.example"}}, "issuer")
		accept(t, name, leaf, spki, probe.Confirmed, false)
		accept(t, name+" pem", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}), spki, probe.Confirmed, true)
		x5c := []byte(`{"x5c":["` + base64.StdEncoding.EncodeToString(leaf) + `","` + base64.StdEncoding.EncodeToString(leaf) + `"]}`)
		accept(t, name+" x5c", x5c, spki, probe.Confirmed, true)
		escaped := bytes.ReplaceAll(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: leaf}), []byte("\n"), []byte(`\n`))
		accept(t, name+" escaped", escaped, spki, probe.Confirmed, true)
	}
}

func TestRoots(t *testing.T) {
	rk, ek := rsaKey(), ecKey(elliptic.P384())
	for _, c := range []struct {
		name   string
		tmpl   x509.Certificate
		issuer string
		want   probe.Confidence
	}{
		{"root", x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign}, "", probe.Likely},
		{"intermediate", x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign}, "other", probe.Confirmed},
		{"self-signed server", x509.Certificate{DNSNames: []string{"localhost"}}, "", probe.Confirmed},
		{"openssl req -x509", x509.Certificate{IsCA: true, BasicConstraintsValid: true}, "", probe.Confirmed},
		{"own authority with names", x509.Certificate{IsCA: true, BasicConstraintsValid: true, KeyUsage: x509.KeyUsageCertSign, DNSNames: []string{"localhost"}}, "", probe.Confirmed},
	} {
		for kind, pair := range map[string][2]any{"rsa": {&rk.PublicKey, rk}, "ec": {&ek.PublicKey, ek}} {
			cert := certificate(t, pair[0], pair[1], &c.tmpl, c.issuer)
			spki := spkiOf(t, pair[0])
			for form, data := range map[string][]byte{"der": cert, "pem": pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})} {
				fs := found(t, data, len(data))
				if !has(fs, spki, c.want) || has(fs, spki, probe.Likely+probe.Confirmed-c.want) {
					t.Errorf("%s, %s, %s: not, or not only, %s", c.name, kind, form, c.want)
				}
			}
		}
	}
}

func TestRequest(t *testing.T) {
	k := ecKey(elliptic.P256())
	csr, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, k)
	if err != nil {
		t.Fatal(err)
	}
	accept(t, "request", pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: csr}), spkiOf(t, &k.PublicKey), probe.Confirmed, true)
}

func TestSSH(t *testing.T) {
	for name, pub := range publics(t) {
		if name == "p224" || name == "x25519" {
			continue
		}
		p, err := ssh.NewPublicKey(pub)
		if err != nil {
			t.Fatal(err)
		}
		spki := spkiOf(t, pub)
		accept(t, name, p.Marshal(), spki, probe.Confirmed, false)
		line := append(bytes.TrimSpace(ssh.MarshalAuthorizedKey(p)), " user@host\n"...)
		accept(t, name+" line", line, spki, probe.Confirmed, true)
		if fs := found(t, p.Marshal()[:len(p.Marshal())-1], 1<<20); len(fs) > 0 {
			t.Errorf("%s: a key without its last byte is found", name)
		}
		cert := &ssh.Certificate{Key: p, CertType: ssh.HostCert, ValidPrincipals: []string{"host"}, ValidBefore: ssh.CertTimeInfinity}
		signer, err := ssh.NewSignerFromKey(ecKey(elliptic.P256()))
		if err != nil {
			t.Fatal(err)
		}
		if err := cert.SignCert(rand.Reader, signer); err != nil {
			t.Fatal(err)
		}
		accept(t, name+" certificate", cert.Marshal(), spki, probe.Confirmed, false)
		accept(t, name+" certificate line", ssh.MarshalAuthorizedKey(cert), spki, probe.Confirmed, true)
	}
}

func TestSecurityKey(t *testing.T) {
	ed, _, _ := ed25519.GenerateKey(rand.Reader)
	b := sshStrings("sk-ssh-ed25519@openssh.com", string(ed), "ssh:")
	accept(t, "sk", b, spkiOf(t, ed), probe.Confirmed, false)
	accept(t, "sk line", []byte("sk-ssh-ed25519@openssh.com "+base64.StdEncoding.EncodeToString(b)), spkiOf(t, ed), probe.Confirmed, true)
}

func sshStrings(ss ...string) (b []byte) {
	for _, s := range ss {
		b = binary.BigEndian.AppendUint32(b, uint32(len(s)))
		b = append(b, s...)
	}
	return b
}

func b64u(b []byte) string { return base64.RawURLEncoding.EncodeToString(b) }

func TestJWK(t *testing.T) {
	rk, ek := rsaKey(), ecKey(elliptic.P256())
	ed, _, _ := ed25519.GenerateKey(rand.Reader)
	point, _ := ek.PublicKey.Bytes()
	rsaText := `{"kty":"RSA","use":"sig","kid":"1","n":"` + b64u(rk.N.Bytes()) + `","e":"AQAB"}`
	ecText := `{"crv":"P-256","kty":"EC","x":"` + b64u(point[1:33]) + `","y":"` + b64u(point[33:]) + `"}`
	okpText := `{"kty":"OKP","crv":"Ed25519","x":"` + b64u(ed) + `"}`
	accept(t, "rsa", []byte(rsaText), spkiOf(t, &rk.PublicKey), probe.Confirmed, true)
	accept(t, "ec", []byte(ecText), spkiOf(t, &ek.PublicKey), probe.Confirmed, true)
	accept(t, "okp", []byte(okpText), spkiOf(t, ed), probe.Confirmed, true)
	set := []byte(`{"keys":[` + rsaText + `, ` + ecText + `,` + okpText + `]}`)
	for _, pub := range []any{&rk.PublicKey, &ek.PublicKey, ed} {
		accept(t, "set", set, spkiOf(t, pub), probe.Confirmed, true)
	}
	point[40] ^= 1
	bad := `{"crv":"P-256","kty":"EC","x":"` + b64u(point[1:33]) + `","y":"` + b64u(point[33:]) + `"}`
	if fs := found(t, []byte(bad), 1<<20); len(fs) > 0 {
		t.Error("a point beside the curve is found")
	}
}

func TestWindows(t *testing.T) {
	rk, ek := rsaKey(), ecKey(elliptic.P384())
	words := func(magic string, ws ...uint32) []byte {
		b := []byte(magic)
		for _, w := range ws {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		return b
	}
	spki := spkiOf(t, &rk.PublicKey)
	accept(t, "cng", slices.Concat(words("RSA1", 2048, 3, 256, 0, 0), []byte{1, 0, 1}, rk.N.Bytes()), spki, probe.Confirmed, false)
	le := rk.N.Bytes()
	slices.Reverse(le)
	accept(t, "capi", slices.Concat(words("RSA1", 2048, 65537), le), spki, probe.Confirmed, false)
	point, _ := ek.PublicKey.Bytes()
	accept(t, "ec", slices.Concat(words("ECS3", 48), point[1:]), spkiOf(t, &ek.PublicKey), probe.Confirmed, false)
}

func TestRejects(t *testing.T) {
	r := octetsOf(1 << 18)
	for name, data := range map[string][]byte{
		"random": r, "noise": probetest.Noise(9, 1<<18), "base64": []byte(base64.StdEncoding.EncodeToString(r)),
		"filled": filled(t), "anchors": bytes.Repeat([]byte(`"kty":"RSA",MIIC MIID AAAAB3NzaC1yc2E -----BEGIN PUBLIC KEY-----`), 500),
	} {
		if fs := found(t, data, len(data)); len(fs) > 0 {
			t.Errorf("%s: %d keys found", name, len(fs))
		}
	}
}

// filled is a key whose number is redacted.
func filled(t *testing.T) []byte {
	b := spkiOf(t, &rsaKey().PublicKey)
	for i := 40; i < 200; i++ {
		b[i] = probe.Fill
	}
	return b
}
