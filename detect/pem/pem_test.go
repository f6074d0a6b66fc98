package pem

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	stdpem "encoding/pem"
	"fmt"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// encode returns PEM text.
func encode(label string, der []byte) []byte {
	return stdpem.EncodeToMemory(&stdpem.Block{Type: label, Bytes: der})
}

// private returns the lines between the boundaries and the headers of text, cut to
// what is worth looking for.
func private(text []byte) [][]byte {
	var ps [][]byte
	for _, l := range bytes.Split(text, []byte("\n")) {
		l = bytes.TrimSpace(l)
		if len(l) >= 16 && !bytes.ContainsAny(l, "-:") {
			ps = append(ps, l)
		}
	}
	return ps
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func rsaKey(bits int) *rsa.PrivateKey { return must(rsa.GenerateKey(rand.Reader, bits)) }

func pkcs8(key any) []byte { return must(x509.MarshalPKCS8PrivateKey(key)) }

func ed25519Key() ed25519.PrivateKey {
	_, k, err := ed25519.GenerateKey(rand.Reader)
	return must(k, err)
}

func ecKey(c elliptic.Curve) *ecdsa.PrivateKey { return must(ecdsa.GenerateKey(c, rand.Reader)) }

// random returns bytes that parse as nothing.
func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	p[0] = 0x01
	return p
}

func find(t *testing.T, data []byte) []search.Found {
	t.Helper()
	return probetest.Find(t, data, New())
}

func one(t *testing.T, data []byte) search.Found { t.Helper(); return probetest.One(t, data, New()) }

func TestAccept(t *testing.T) {
	r := rsaKey(1024)
	var cases []probetest.Case
	add := func(name, kind string, c probe.Confidence, text []byte) {
		cases = append(cases, probetest.Case{
			Name: name, Data: text, Text: true, Kind: kind, Encoding: probe.PEM,
			Confidence: c, Private: private(text), Cut: true,
		})
	}
	add("pkcs8 rsa", privkey.RSA, probe.Confirmed, encode("PRIVATE KEY", pkcs8(r)))
	add("pkcs1", privkey.RSA, probe.Confirmed, encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(r)))
	add("sec1", privkey.EC, probe.Confirmed, encode("EC PRIVATE KEY", must(x509.MarshalECPrivateKey(ecKey(elliptic.P384())))))
	add("pkcs8 ec", privkey.EC, probe.Confirmed, encode("PRIVATE KEY", pkcs8(ecKey(elliptic.P256()))))
	add("ed25519", privkey.Ed25519, probe.Confirmed, encode("PRIVATE KEY", pkcs8(ed25519Key())))
	add("unknown algorithm", privkey.Other, probe.Likely, encode("NEBULA HYBRID PRIVATE KEY", random(200)))
	add("ml-dsa label", privkey.MLDSA, probe.Likely, encode("ML-DSA-65 PRIVATE KEY", random(4000)))
	dek := stdpem.EncodeToMemory(&stdpem.Block{
		Type: "RSA PRIVATE KEY", Bytes: random(640),
		Headers: map[string]string{"Proc-Type": "4,ENCRYPTED", "DEK-Info": "AES-128-CBC,00112233445566778899AABBCCDDEEFF"},
	})
	add("dek-info", privkey.Encrypted, probe.Likely, dek)
	ssh2 := "---- BEGIN SSH2 ENCRYPTED PRIVATE KEY ----\nSubject: someone\nComment: \"1024-bit rsa, \\\nfolded\"\n" +
		lines(append([]byte("\x3f\x6f\xf9\xeb"), random(300)...), 70, "\n") + "---- END SSH2 ENCRYPTED PRIVATE KEY ----\n"
	add("ssh2", privkey.Encrypted, probe.Likely, []byte(ssh2))
	probetest.Accept(t, New(), cases...)
}

// lines returns the base64 of p in lines of n digits that end in eol.
func lines(p []byte, n int, eol string) string {
	s := base64.StdEncoding.EncodeToString(p)
	var b strings.Builder
	for len(s) > 0 {
		k := min(n, len(s))
		b.WriteString(s[:k] + eol)
		s = s[k:]
	}
	return b.String()
}

// forms are the ways in which one text lies in memory.
var forms = []struct {
	name string
	of   func(pem string) string
}{
	{"crlf", func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") }},
	{"cr", func(s string) string { return strings.ReplaceAll(s, "\n", "\r") }},
	{"json", func(s string) string { return `{"key": "` + strings.ReplaceAll(s, "\n", `\n`) + `"}` }},
	{"json crlf", func(s string) string { return `{"key": "` + strings.ReplaceAll(s, "\n", `\r\n`) + `"}` }},
	{"json twice", func(s string) string { return `{\"key\": \"` + strings.ReplaceAll(s, "\n", `\\n`) + `\"}` }},
	{"json, slashes", func(s string) string {
		return `"` + strings.ReplaceAll(strings.ReplaceAll(s, "/", `\/`), "\n", `\n`) + `"`
	}},
	{"json, all escaped", func(s string) string {
		return `"` + strings.NewReplacer("\n", `\u000A`, "+", `\u002B`, "=", `\u003D`, "/", `\u002F`).Replace(s) + `"`
	}},
	{"url", func(s string) string {
		return "key=" + strings.NewReplacer("\n", "%0A", "+", "%2B", "=", "%3D", "/", "%2F", " ", "%20").Replace(s) + "&b=c"
	}},
	{"url twice", func(s string) string {
		return "key=" + strings.NewReplacer("\n", "%250A", "+", "%252B", "=", "%253D", "/", "%252F").Replace(s) + "&b=c"
	}},
	{"form", func(s string) string {
		return "key=" + strings.NewReplacer("\n", "%0D%0A", "+", "%2B", "=", "%3D", "/", "%2F", " ", "+").Replace(s) + "&b=c"
	}},
	{"html", func(s string) string {
		return "<p>" + strings.NewReplacer("\n", "&#10;", "+", "&#x2B;").Replace(s) + "</p>"
	}},
	{"html breaks", func(s string) string { return "<p>" + strings.ReplaceAll(s, "\n", "<br/>\n") + "</p>" }},
	{"one line", func(s string) string { return strings.ReplaceAll(s, "\n", "") }},
	{"one line of blanks", func(s string) string { return strings.ReplaceAll(s, "\n", " ") }},
	{"indented", func(s string) string { return "key: |\n    " + strings.ReplaceAll(s, "\n", "\n    ") }},
	{"tabs", func(s string) string { return "\t" + strings.ReplaceAll(s, "\n", "\n\t") }},
	{"mail", func(s string) string { return "He wrote:\n> " + strings.ReplaceAll(s, "\n", "\n> ") }},
	{"shell comment", func(s string) string { return "\n# " + strings.ReplaceAll(s, "\n", "\n# ") }},
	{"c comment", func(s string) string { return "\n // " + strings.ReplaceAll(s, "\n", "\n // ") }},
	{"sql comment", func(s string) string { return "\n-- " + strings.ReplaceAll(s, "\n", "\n-- ") }},
	{"java", func(s string) string {
		return "String k = \"" + strings.ReplaceAll(s, "\n", "\\n\" +\n        \"") + "\";"
	}},
	{"c", func(s string) string { return "char k[] = \"" + strings.ReplaceAll(s, "\n", "\\n\"\n  \"") + "\";" }},
	{"list", func(s string) string { return "['" + strings.ReplaceAll(s, "\n", "', '") + "']" }},
	{"continued", func(s string) string { return strings.ReplaceAll(s, "\n", "\\n\\\n") }},
	{"bom", func(s string) string { return "\xef\xbb\xbf" + s }},
	{"no last break", func(s string) string { return strings.TrimSpace(s) }},
	{"trailing blanks", func(s string) string { return strings.ReplaceAll(s, "\n", "  \n") }},
	{"double spaced", func(s string) string { return strings.ReplaceAll(s, "\n", "\n\n") }},
}

// Each form of one key must give one match which is the same key, and of which
// nothing is left.
func TestForms(t *testing.T) {
	key := rsaKey(1024)
	spki := must(x509.MarshalPKIXPublicKey(key.Public()))
	plain := string(encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key)))
	for _, f := range forms {
		for _, wide := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s/%v", f.name, wide), func(t *testing.T) {
				data := []byte(f.of(plain))
				if wide {
					data = probetest.Widen(data)
				}
				m := one(t, data)
				if m.Kind != privkey.RSA || m.Confidence != probe.Confirmed {
					t.Errorf("%s/%s", m.Kind, m.Confidence)
				}
				if !bytes.Equal(m.SPKI, spki) || !bytes.Equal(m.Identity, spki) {
					t.Error("another public key")
				}
				clean(t, data, []search.Found{m}, wide, "")
			})
		}
	}
}

// clean fails when 16 digits of a body survive, those of except aside, or when the
// redacted text is found.
func clean(t *testing.T, data []byte, fs []search.Found, wide bool, except string) {
	t.Helper()
	red := probetest.Redact(data, fs)
	if again := find(t, red); len(again) > 0 {
		t.Error("the redacted copy is found again")
	}
	if wide {
		red = bytes.ReplaceAll(red, []byte{0}, nil)
	}
	if except != "" {
		red = bytes.ReplaceAll(red, []byte(except), nil)
	}
	for i := 0; i+16 <= len(red); i++ {
		if run(probe16(red[i:i+16]), 0, 16) && bytes.ContainsAny(red[i:i+16], "0123456789/") {
			t.Fatalf("16 digits survive at %d", i)
		}
	}
}

func probe16(p []byte) probe.Text {
	t, _ := probe.TextOf(probe.View{Data: p})
	return t
}

// What is left of a key when one end of it is gone.
func TestDamaged(t *testing.T) {
	key := rsaKey(1024)
	plain := encode("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))
	over := func(n int) []byte {
		p := bytes.Clone(plain)
		copy(p[:n], probetest.Noise(3, n))
		for i := range n {
			if i%8 > 5 {
				p[i] = 0 // the allocator writes pointers
			} else {
				p[i] |= 0x80
			}
		}
		return append(make([]byte, 16), p...)
	}
	for _, c := range []struct {
		name string
		data []byte
		conf probe.Confidence
	}{
		{"first 16 bytes overwritten", over(16), probe.Confirmed},
		{"first 24 bytes overwritten", over(24), probe.Confirmed},
		{"first 32 bytes overwritten", over(32), probe.Confirmed},
		{"first 33 bytes overwritten", over(33), probe.Likely},
		{"first 40 bytes overwritten", over(40), probe.Likely},
		{"first 200 bytes overwritten", over(200), probe.Likely},
		{"no opening boundary", plain[bytes.IndexByte(plain, '\n'):], probe.Confirmed},
		{"ends in the boundary", plain[:len(plain)-14], probe.Confirmed},
		{"no closing boundary", plain[:bytes.Index(plain, []byte("-----END"))], probe.Confirmed},
		{"ends in the body", plain[:400], probe.Likely},
		{"zeros in the body", append(bytes.Clone(plain[:400]), make([]byte, 100)...), probe.Likely},
		{"text after the last page", append(bytes.Clone(plain[:97]), "\nand then some more text\n"...), probe.Likely},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := one(t, c.data)
			if m.Kind != privkey.RSA || m.Confidence != c.conf {
				t.Errorf("%s/%s, want %s", m.Kind, m.Confidence, c.conf)
			}
			clean(t, c.data, []search.Found{m}, false, "")
			if bytes.Contains(probetest.Redact(c.data, []search.Found{m}), plain[len(plain)-100:len(plain)-60]) {
				t.Error("the last line survives")
			}
		})
	}
}

// A hole in the body leaves two pieces, each with one boundary.
func TestHole(t *testing.T) {
	plain := encode("PRIVATE KEY", pkcs8(rsaKey(2048)))
	clear(plain[700:720])
	fs := find(t, plain)
	if len(fs) != 2 {
		t.Fatalf("%d matches, want 2", len(fs))
	}
	clean(t, plain, fs, false, "")
}

// The body is longer than the reach: both ends of it go.
func TestLongerThanReach(t *testing.T) {
	plain := encode("PGP PRIVATE KEY BLOCK", random(40_000))
	fs := find(t, plain)
	if len(fs) != 2 {
		t.Fatalf("%d matches, want 2", len(fs))
	}
	clean(t, plain, fs, false, "")
}

func TestReject(t *testing.T) {
	cert := must(x509.MarshalPKIXPublicKey(rsaKey(1024).Public()))
	for name, data := range map[string]string{
		"boundary":            "-----BEGIN PRIVATE KEY-----\x00",
		"both boundaries":     "-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n",
		"format string":       "-----BEGIN %s PRIVATE KEY-----\n%s\n-----END %s PRIVATE KEY-----\n\x00",
		"template":            "-----BEGIN PRIVATE KEY-----\n{{ .Values.tls.key }}\n-----END PRIVATE KEY-----\n",
		"ellipsis":            "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9...\n-----END PRIVATE KEY-----\n",
		"sentence":            "-----BEGIN PRIVATE KEY-----\nyour private key goes here in base64\n-----END PRIVATE KEY-----\n",
		"crosses":             "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("X", 64) + "\n-----END PRIVATE KEY-----\n",
		"zeros":               "-----BEGIN PRIVATE KEY-----\n" + strings.Repeat("A", 640) + "\n-----END PRIVATE KEY-----\n",
		"next string":         "-----BEGIN PRIVATE KEY-----GetConsoleScreenBufferInfoSetConsoleCursorPositionReadConsoleInputW",
		"string before":       "GetConsoleScreenBufferInfoSetConsoleCursorPositionReadConsoleInputW-----END PRIVATE KEY-----",
		"prose before":        "It ends with the line that says\n-----END PRIVATE KEY-----\n",
		"boundary table":      "-----BEGIN \x00-----END \x00-----\x00PRIVATE KEY\x00RSA PRIVATE KEY\x00",
		"public key":          string(encode("PUBLIC KEY", cert)),
		"rsa public key":      string(encode("RSA PUBLIC KEY", cert)),
		"certificate":         string(encode("CERTIFICATE", cert)),
		"request":             string(encode("CERTIFICATE REQUEST", cert)),
		"pgp public":          string(encode("PGP PUBLIC KEY BLOCK", random(400))),
		"ssh2 public":         "---- BEGIN SSH2 PUBLIC KEY ----\n" + lines(random(400), 70, "\n") + "---- END SSH2 PUBLIC KEY ----\n",
		"key after a marker":  "-----BEGIN PRIVATE KEY-----\x00\x00" + lines(random(400), 64, "\n"),
		"certificate after":   "-----BEGIN PRIVATE KEY-----\n" + string(encode("CERTIFICATE", cert)),
		"certificate before":  string(encode("CERTIFICATE", cert)) + "-----END PRIVATE KEY-----\n",
		"already redacted":    "-----BEGIN PRIVATE KEY-----\n[REDACTED:private-key#1]****\n-----END PRIVATE KEY-----\n",
		"header without body": "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00112233445566778899AABBCCDDEEFF\n\n-----END RSA PRIVATE KEY-----\n",
	} {
		probetest.Reject(t, New(), name, []byte(data))
	}
	probetest.Reject(t, New(), "noise", probetest.Noise(11, 1<<18))
}
