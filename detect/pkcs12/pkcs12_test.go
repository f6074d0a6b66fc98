package pkcs12

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	gopkcs12 "software.sslmate.com/src/go-pkcs12"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// identity returns a key and a certificate for it.
func identity(t testing.TB) (*ecdsa.PrivateKey, *x509.Certificate) {
	t.Helper()
	k := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))
	tmpl := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"},
		NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(2e9, 0),
	}
	return k, must(x509.ParseCertificate(must(x509.CreateCertificate(rand.Reader, tmpl, tmpl, &k.PublicKey, k))))
}

// holds reports whether b is exactly one SEQUENCE.
func holds(b []byte) bool {
	c := der.At(b, 0)
	_, ok := c.Expect(der.Sequence)
	return ok && c.Pos() == len(b)
}

// encryptedParts returns the long octet strings of a DER structure that are
// neither structures nor certificates: what a store must lose.
func encryptedParts(data []byte) [][]byte {
	var parts [][]byte
	var walk func(c der.Cursor)
	walk = func(c der.Cursor) {
		for {
			v, ok := c.Next()
			if !ok {
				return
			}
			b := c.Bytes(v)
			switch {
			case v.Tag&constructedBit != 0:
				walk(c.Inside(v))
			case v.Tag == der.OctetString && holds(b):
				walk(der.At(b, 0))
			case v.Tag == der.OctetString && len(b) >= 48, v.Tag == der.Context(0) && len(b) >= 48:
				parts = append(parts, b)
			}
		}
	}
	walk(der.At(data, 0))
	return parts
}

func TestStores(t *testing.T) {
	k, cert := identity(t)
	var cases []probetest.Case
	for name, e := range map[string]*gopkcs12.Encoder{
		"modern": gopkcs12.Modern2023, "pbmac1": gopkcs12.Modern2026, "3des": gopkcs12.LegacyDES, "rc2": gopkcs12.LegacyRC2,
	} {
		data := must(e.Encode(k, cert, nil, "changeit"))
		parts := encryptedParts(data)
		if len(parts) == 0 {
			t.Fatalf("%s: no encrypted part", name)
		}
		cases = append(cases, probetest.Case{
			Name: name, Data: data, Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Private: parts, Cut: true,
		})
		ber := toBER(data)
		cases = append(cases, probetest.Case{
			Name: name + " ber", Data: ber, Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Cut: true,
		})
		if bytes.Contains(redact(t, ber), parts[0][:chunk]) {
			t.Errorf("%s: a piece of the BER form survives", name)
		}
	}
	plain := must(gopkcs12.Passwordless.Encode(k, cert, nil, ""))
	scalar := must(k.Bytes())
	cases = append(cases,
		probetest.Case{
			Name: "plain", Data: plain, Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Private: [][]byte{scalar}, Cut: true,
		},
		probetest.Case{
			Name: "plain ber", Data: toBER(plain), Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Cut: true,
		},
		probetest.Case{
			Name: "trust store", Data: must(gopkcs12.Modern.EncodeTrustStore([]*x509.Certificate{cert}, "changeit")),
			Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Cut: true,
		})
	probetest.Accept(t, Keystore(), cases...)
	if !bytes.Contains(redact(t, plain), cert.Raw) {
		t.Error("a certificate in the clear was redacted")
	}
}

func redact(t testing.TB, data []byte) []byte {
	t.Helper()
	s, err := search.New([]probe.Detector{Keystore()})
	if err != nil {
		t.Fatal(err)
	}
	return probetest.Redact(data, probetest.Matches(s, data, len(data)))
}

// chunk is the length of the pieces that toBER makes.
const chunk = 64

// toBER rewrites DER as NSS writes it: indefinite lengths everywhere, octet
// strings that hold structures or are long in pieces.
func toBER(data []byte) []byte {
	var out []byte
	c := der.At(data, 0)
	for {
		v, ok := c.Next()
		if !ok {
			return out
		}
		b := c.Bytes(v)
		switch {
		case v.Tag&constructedBit != 0:
			out = append(out, v.Tag, 0x80)
			out = append(out, toBER(b)...)
			out = append(out, 0, 0)
		case (v.Tag == der.OctetString || v.Tag == der.Context(0)) && len(b) >= 48:
			if v.Tag == der.OctetString && holds(b) {
				b = toBER(b)
			}
			out = append(out, v.Tag|constructedBit, 0x80)
			for len(b) > 0 {
				n := min(chunk, len(b))
				out = der.Append(out, der.OctetString, b[:n])
				b = b[n:]
			}
			out = append(out, 0, 0)
		default:
			out = append(out, data[v.Header:v.End]...)
		}
	}
}

// TestCutAnywhere says that what is present of a store is redacted wherever it
// ends.
func TestCutAnywhere(t *testing.T) {
	k, cert := identity(t)
	data := must(gopkcs12.Modern.Encode(k, cert, nil, "changeit"))
	plain := must(gopkcs12.Passwordless.Encode(k, cert, nil, ""))
	for _, form := range [][]byte{data, toBER(data), plain} {
		want := bytes.Count(redact(t, form), []byte{probe.Fill})
		last := 0
		for n := range len(form) {
			red := redact(t, form[:n])
			if !bytes.Equal(red, redact(t, red)) {
				t.Fatalf("cut at %d: the redacted copy is redacted further", n)
			}
			got := bytes.Count(red, []byte{probe.Fill})
			if got < last-1 {
				t.Fatalf("cut at %d: %d octets redacted, %d one octet before", n, got, last)
			}
			last = got
		}
		if last < want-1 || want < 32 {
			t.Errorf("%d octets redacted at last, %d of the whole", last, want)
		}
	}
}

func TestOpenSSL(t *testing.T) {
	path, err := exec.LookPath("openssl")
	if err != nil {
		t.Skip("no openssl")
	}
	key := must(rsa.GenerateKey(rand.Reader, 2048))
	tmpl := &x509.Certificate{SerialNumber: big.NewInt(1), NotBefore: time.Unix(1e9, 0), NotAfter: time.Unix(2e9, 0)}
	cert := must(x509.CreateCertificate(rand.Reader, tmpl, tmpl, &key.PublicKey, key))
	text := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: must(x509.MarshalPKCS8PrivateKey(key))})
	text = append(text, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert})...)
	in := filepath.Join(t.TempDir(), "in.pem")
	if err := os.WriteFile(in, text, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, args := range map[string][]string{
		"default": nil,
		"plain":   {"-keypbe", "NONE", "-certpbe", "NONE"},
		"no mac":  {"-nomac", "-keypbe", "AES-128-CBC"},
		"sha1":    {"-keypbe", "PBE-SHA1-3DES", "-certpbe", "PBE-SHA1-3DES", "-macalg", "sha1"},
	} {
		args = append([]string{"pkcs12", "-export", "-in", in, "-passout", "pass:test", "-name", "friendly"}, args...)
		data, err := exec.Command(path, args...).Output()
		if err != nil || len(data) == 0 {
			t.Logf("openssl %s: %v", name, err)
			continue
		}
		c := probetest.Case{
			Name: name, Data: data, Kind: Kind, Encoding: probe.PKCS12, Confidence: probe.Confirmed, Cut: true,
			Private: encryptedParts(data),
		}
		if name == "plain" {
			c.Private = [][]byte{key.D.Bytes(), key.Primes[0].Bytes(), key.Primes[1].Bytes()}
		}
		probetest.Accept(t, Keystore(), c)
	}
}

func TestReject(t *testing.T) {
	_, cert := identity(t)
	snmp := der.Append(nil, der.Sequence, []byte{2, 1, 3, 0x30, 14, 2, 4, 1, 2, 3, 4, 2, 2, 5, 0xdc, 4, 1, 4, 2, 1, 3})
	signed := der.Append(nil, der.Sequence, []byte{2, 1, 3, 0x30, 11, 6, 9}, []byte(oidContent), []byte{contentData})
	for name, data := range map[string][]byte{"certificate": cert.Raw, "snmp": snmp, "content without content": signed} {
		probetest.Reject(t, Keystore(), name, data)
	}
}

// FuzzKeystore holds that redaction is final for any input, and that cutting the
// input never redacts what the whole does not cover a structure of.
func FuzzKeystore(f *testing.F) {
	k, cert := identity(f)
	for _, e := range []*gopkcs12.Encoder{gopkcs12.Modern, gopkcs12.Passwordless} {
		password := "changeit"
		if e == gopkcs12.Passwordless {
			password = ""
		}
		data := must(e.Encode(k, cert, nil, password))
		f.Add(data)
		f.Add(toBER(data))
	}
	s, err := search.New([]probe.Detector{Keystore()})
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		found := probetest.Matches(s, data, len(data)+1)
		for _, m := range found {
			for i, r := range m.Redact {
				if r.Len() <= 0 || r.Start < m.Start || r.End > m.End || i > 0 && r.Start < m.Redact[i-1].End {
					t.Fatal("a redacted range is empty, outside, or out of order")
				}
			}
		}
		if len(found) == 1 {
			red := probetest.Redact(data, found)
			if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
				t.Fatal("the redacted copy is found again")
			}
		}
	})
}
