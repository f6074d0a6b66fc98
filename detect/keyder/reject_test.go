package keyder

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"io"
	"math/big"
	mathrand "math/rand/v2"
	"os"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func detectors() []probe.Detector {
	return []probe.Detector{PKCS1(), PKCS8(), SEC1(), EncryptedPKCS8(), DSA()}
}

// TestPublic says that what is public, or only looks alike, is not found.
func TestPublic(t *testing.T) {
	r := rsaKey(t, 2048)
	e := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	cert := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(2e9, 0), IsCA: true, BasicConstraintsValid: true,
	}
	zero := bytes.Clone(must(x509.CreateCertificate(rand.Reader, cert, cert, &r.PublicKey, r)))
	if i := bytes.Index(zero, []byte{2, 1, 1, 0x30}); i > 0 {
		zero[i+2] = 0 // the serial number
	} else {
		t.Fatal("no serial number in the certificate")
	}
	name := der.Append(nil, der.Sequence, der.Append(nil, der.Set, []byte("CN")))
	noVersion := der.Append(nil, der.Sequence, []byte{2, 1, 0},
		der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte(privkey.OIDRSA)), []byte{5, 0}), name)
	community := der.Append([]byte{2, 1, 1}, der.OctetString, []byte("a-long-community-string-of-32-ch"))
	junk := func(k ...[]byte) []byte { return wrap(privkey.OIDEd25519, der.Append(nil, der.OctetString, k...)) }
	for name, data := range map[string][]byte{
		"rsa public":           x509.MarshalPKCS1PublicKey(&r.PublicKey),
		"rsa spki":             must(x509.MarshalPKIXPublicKey(&r.PublicKey)),
		"ec spki":              must(x509.MarshalPKIXPublicKey(&e.PublicKey)),
		"certificate":          must(x509.CreateCertificate(rand.Reader, cert, cert, &e.PublicKey, e)),
		"serial number 0":      zero,
		"version 1, serial 0":  noVersion,
		"request":              must(x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{Subject: cert.Subject}, r)),
		"signature":            must(ecdsa.SignASN1(rand.Reader, e, make([]byte, 32))),
		"snmp":                 der.Append(nil, der.Sequence, community, der.Append(nil, der.ContextCons(0), []byte{2, 1, 7})),
		"zero seed":            junk(make([]byte, 32)),
		"text seed":            junk([]byte("0123456789abcdefghijklmnopqrstuv")),
		"prefix before zeros":  append(junk(make([]byte, 32))[:16], make([]byte, 100)...),
		"filled seed":          junk(bytes.Repeat([]byte{probe.Fill}, 32)),
		"digest info":          der.Append(nil, der.Sequence, der.Append(nil, der.Sequence, der.Append(nil, der.OID, []byte("\x60\x86\x48\x01\x65\x03\x04\x02\x01")), []byte{5, 0}), der.Append(nil, der.OctetString, make([]byte, 32))),
		"even modulus":         der.Append(nil, der.Sequence, []byte{2, 1, 0}, der.AppendUnsigned(nil, append(r.N.Bytes()[:255:255], 2)), []byte{2, 3, 1, 0, 1}, der.AppendUnsigned(nil, r.D.Bytes())),
		"rsa without privates": der.Append(nil, der.Sequence, []byte{2, 1, 0}, der.AppendUnsigned(nil, r.N.Bytes()), []byte{2, 3, 1, 0, 1}),
	} {
		for _, d := range detectors() {
			probetest.Reject(t, d, name, data)
		}
	}
}

// noise writes n bytes of what memory is full of: random data, pointers, text,
// and the beginnings of the structures that the anchors stand for.
func noise(seed uint64, n int) []byte {
	r := mathrand.New(mathrand.NewPCG(seed, 2))
	chacha := mathrand.NewChaCha8([32]byte{byte(seed)})
	p := make([]byte, 0, n+4096)
	page := make([]byte, 4096)
	for len(p) < n {
		switch r.IntN(4) {
		case 0, 1:
			_, _ = io.ReadFull(chacha, page)
			p = append(p, page...)
		case 2:
			for range 512 {
				p = append(p, byte(r.IntN(256)), byte(r.IntN(256)), byte(r.IntN(4)), 0x30, 2, 1, byte(r.IntN(2)), 4)
			}
		default:
			p = append(p, probetest.Noise(r.Uint64(), 4096)...)
		}
	}
	return p[:n]
}

// TestFalseAlarms scans 64 MiB of noise and this test's own binary.
func TestFalseAlarms(t *testing.T) {
	s, err := search.New(detectors())
	if err != nil {
		t.Fatal(err)
	}
	const piece = 8 << 20
	pieces := uint64(8)
	if testing.Short() {
		pieces = 1
	}
	for i := range pieces {
		for _, f := range probetest.Matches(s, noise(i, piece), piece) {
			t.Errorf("noise %d: %s/%s at %d", i, f.Kind, f.Confidence, f.Start)
		}
	}
	self, err := os.Executable()
	if err != nil {
		t.Skip(err)
	}
	binary, err := os.ReadFile(self)
	if err != nil {
		t.Skip(err)
	}
	for _, f := range probetest.Matches(s, binary, len(binary)) {
		t.Errorf("own binary: %s/%s of detector %s at %d", f.Kind, f.Confidence, s.Spec(f.Detector).ID, f.Start)
	}
}
