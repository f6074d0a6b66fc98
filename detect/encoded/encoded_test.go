package encoded_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	mrand "math/rand/v2"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/encoded"
	"github.com/dumpscrub/dumpscrub/detect/keyder"
	pemdetect "github.com/dumpscrub/dumpscrub/detect/pem"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// token is a text detector like those made of rules: "tok/" and 24 letters, figures,
// plus signs or slashes.
type token struct{}

func (token) Spec() probe.Spec {
	return probe.Spec{ID: "token", Kinds: []string{"token"}, Anchors: []string{"tok/"}, Text: true, Before: 1, After: 29}
}

func (token) Detect(v probe.View, emit func(probe.Match)) {
	t, i := probe.TextOf(v)
	for k := i + 4; k < i+28; k++ {
		if c := t.At(k); !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", rune(c)) {
			return
		}
	}
	p := t.Append(nil, i, i+28)
	emit(probe.Match{Kind: "token", Encoding: t.Encoding(probe.ASCII), Confidence: probe.Likely, Range: t.Range(i, i+28), Text: true, Identity: p})
}

func newToken() string {
	p := make([]byte, 18)
	rand.Read(p)
	return "tok/" + base64.StdEncoding.EncodeToString(p)
}

func detectors(t testing.TB) []probe.Detector {
	t.Helper()
	ds, err := encoded.New([]probe.Detector{token{}, pemdetect.New(), keyder.PKCS8(), keyder.PKCS1(), keyder.SEC1()})
	if err != nil {
		t.Fatal(err)
	}
	return ds
}

func searcher(t testing.TB) *search.Searcher {
	t.Helper()
	s, err := search.New(detectors(t))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var encoders = map[string]func([]byte) []byte{
	"base64":    func(p []byte) []byte { return []byte(base64.StdEncoding.EncodeToString(p)) },
	"base64url": func(p []byte) []byte { return []byte(base64.RawURLEncoding.EncodeToString(p)) },
	"hex":       func(p []byte) []byte { return []byte(hex.EncodeToString(p)) },
	"HEX":       func(p []byte) []byte { return bytes.ToUpper([]byte(hex.EncodeToString(p))) },
}

// lines breaks p every n characters.
func lines(p []byte, n int, sep string) []byte {
	var out []byte
	for ; len(p) > n; p = p[n:] {
		out = append(append(out, p[:n]...), sep...)
	}
	return append(out, p...)
}

// TestSecrets plants secrets in every encoding, after every count of bytes that
// changes the digits, nested up to three times, as ASCII and as UTF-16LE.
func TestSecrets(t *testing.T) {
	s := searcher(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ec)
	_, ed, _ := ed25519.GenerateKey(rand.Reader)
	pkcs8, _ := x509.MarshalPKCS8PrivateKey(ed)
	rk, _ := rsa.GenerateKey(rand.Reader, 2048)
	pkcs1 := x509.MarshalPKCS1PrivateKey(rk)
	armour := pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: sec1})
	for _, c := range []struct {
		name, kind string
		data       []byte
	}{
		{"token", "token", []byte(newToken())},
		{"sec1", privkey.EC, sec1}, {"pkcs8", privkey.Ed25519, pkcs8}, {"pkcs1", privkey.RSA, pkcs1}, {"pem", privkey.EC, armour},
	} {
		for _, wideInside := range []bool{false, true} {
			inside := c.data
			if wideInside {
				if inside = probetest.Widen(c.data); c.name != "token" && c.name != "pem" {
					continue
				}
			}
			for shift := range 3 {
				plain := append([]byte("(;,"[:shift]), inside...)
				for name, enc := range encoders {
					try := func(name string, data []byte) {
						t.Helper()
						name = fmt.Sprintf("%s at %d, utf-16 %v, %s", c.name, shift, wideInside, name)
						expect(t, s, name, c.kind, data)
					}
					once := enc(plain)
					try(name, once)
					try(name+" twice", enc(append([]byte("{"), once...)))
					for other, enc2 := range encoders {
						if len(c.data) < 300 {
							try(name+" in "+other+" in base64", encoders["base64"](append([]byte("--"), enc2(append([]byte("="), once...))...)))
						}
					}
					for _, sep := range []string{"\n", "\r\n", `\n`, `\\r\\n`} {
						try(fmt.Sprintf("%s in lines %q", name, sep), lines(once, 64, sep))
					}
					quoted, _ := json.Marshal(map[string]string{"v": string(lines(once, 76, "\n"))})
					try(name+" in JSON", quoted)
					try(name+" in slashes", bytes.ReplaceAll(once, []byte("/"), []byte(`\/`)))
					try(name+" in a URL", bytes.ReplaceAll(bytes.ReplaceAll(once, []byte("/"), []byte("%2F")), []byte("+"), []byte("%2b")))
				}
			}
		}
	}
}

// expect fails when data holds no secret of the kind, in ASCII or UTF-16LE, or
// still holds one after redaction.
func expect(t *testing.T, s *search.Searcher, name, kind string, data []byte) {
	t.Helper()
	zero := make([]byte, 33)
	for _, wide := range []bool{false, true} {
		if wide {
			data = probetest.Widen(data)
		}
		all := bytes.Join([][]byte{zero, data, zero}, nil)
		found := probetest.Matches(s, all, len(all))
		ok := false
		for _, f := range found {
			ok = ok || f.Kind == kind && f.Wide == wide && f.Text
		}
		if !ok {
			t.Errorf("%s, wide %v: not found", name, wide)
			continue
		}
		red := probetest.Redact(all, found)
		if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
			t.Errorf("%s, wide %v: found again: %s", name, wide, again[0].Kind)
		}
	}
}

func TestEscapes(t *testing.T) {
	s := searcher(t)
	tok := newToken()
	percent := strings.NewReplacer("/", "%2F", "+", "%2B").Replace(tok)
	upper := strings.ReplaceAll(tok, "/", `\u002F`)
	for name, text := range map[string]string{
		"percent": "https://host.example/?q=1&v=" + percent + "&w=2", "twice": "https://host.example/?v=" + strings.ReplaceAll(percent, "%", "%25"),
		"slashes": `{"value":"` + strings.ReplaceAll(tok, "/", `\/`) + `"}`, "unicode": `{"v":"` + upper + `"}`,
		"nested": `{"v":"{\"w\":\"` + strings.ReplaceAll(upper, `\`, `\\`) + `\"}"}`, "x": `'\x74\x6f\x6b\x2f` + tok[4:] + `'`,
	} {
		expect(t, s, name, "token", []byte(text))
	}
	// What stands there in full is left to its own detector.
	for _, f := range probetest.Matches(s, []byte(`{"a":"\/","b":"tok/`+strings.Repeat("A1b2", 6)+` x"}`), 1<<20) {
		t.Errorf("plain text reported in %s", f.Encoding)
	}
}

func TestAccept(t *testing.T) {
	ds := detectors(t)
	ec, _ := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	sec1, _ := x509.MarshalECPrivateKey(ec)
	tok := newToken()
	for name, enc := range encoders {
		for shift := range 3 {
			pad := []byte("{\"'"[:shift])
			form := probe.Base64
			if strings.EqualFold(name, "hex") {
				form = probe.Hex
			}
			data := enc(append(pad, tok+"\"}"...))
			probetest.Accept(t, ds[0], probetest.Case{
				Name: fmt.Sprintf("token %s %d", name, shift), Data: data, Text: true, Kind: "token", Encoding: form, Confidence: probe.Likely,
				Private: [][]byte{data[12 : len(data)-8]},
			})
			data = enc(append(pad, sec1...))
			probetest.Accept(t, ds[0], probetest.Case{
				Name: fmt.Sprintf("key %s %d", name, shift), Data: data, Text: true, Kind: privkey.EC, Encoding: form, Confidence: probe.Confirmed,
				Private: [][]byte{data[20:50]},
			})
		}
	}
	data := []byte(`"v=tok%2F` + strings.Repeat("aB3", 8) + `"`)
	probetest.Accept(t, ds[1], probetest.Case{
		Name: "percent", Data: data, Text: true, Kind: "token", Encoding: probe.Percent, Confidence: probe.Likely, Private: [][]byte{data[6 : len(data)-2]},
	})
}

// TestNoise decodes random bytes in base64 and hexadecimal.
func TestNoise(t *testing.T) {
	n := 16 << 20
	if testing.Short() {
		n = 4 << 20
	}
	s := searcher(t)
	r := mrand.NewChaCha8([32]byte{3})
	p := make([]byte, 1<<20)
	for ; n > 0; n -= len(p) {
		r.Read(p)
		for name, enc := range encoders {
			data := enc(p)
			s.Search(search.Window{Data: data, Hi: len(data)}, func(f search.Found) {
				t.Errorf("%s: %s by chance", name, f.Kind)
			})
		}
	}
}

// TestLong finds every one of many secrets in a run of many blocks, for any size
// of chunk.
func TestLong(t *testing.T) {
	s := searcher(t)
	var plain []byte
	for i := range 400 {
		plain = fmt.Appendf(plain, "%*s\"%s\",", i%200, "", newToken())
	}
	data := append([]byte("\x00"), base64.StdEncoding.EncodeToString(plain)...)
	want := probetest.Matches(s, data, len(data))
	if len(want) != 400 {
		t.Errorf("%d of 400 found", len(want))
	}
	for _, n := range []int{1000, 4096, 65536} {
		if got := probetest.Matches(s, data, n); len(got) != len(want) {
			t.Errorf("chunks of %d: %d found, want %d", n, len(got), len(want))
		}
	}
}

func FuzzDetect(f *testing.F) {
	s := searcher(f)
	f.Add([]byte(base64.StdEncoding.EncodeToString([]byte(`{"a":"tok/AAAABBBBCCCCDDDDEEEEFFFF"}`))), uint16(3))
	f.Add([]byte(`%2B\u002b\/QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVo\nQUJDREVG`), uint16(7))
	f.Fuzz(func(t *testing.T, data []byte, n uint16) {
		want := probetest.Matches(s, data, len(data)+1)
		if len(data) < 4096 {
			if got := probetest.Matches(s, data, int(n)+1); len(got) != len(want) {
				t.Errorf("%d matches in chunks, %d in one", len(got), len(want))
			}
		}
	})
}
