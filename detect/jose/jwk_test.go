package jose

import (
	"bytes"
	"crypto/rand"
	"fmt"
	"math/big"
	mrand "math/rand/v2"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func TestJWK(t *testing.T) {
	r := mrand.New(mrand.NewPCG(1, 2))
	var cases []probetest.Case
	for _, k := range testKeys(t) {
		cases = append(cases,
			k.accept("dense", render(k.entries, ",", ":", "")),
			k.accept("escaped", escaped(render(k.entries, ",", ":", ""), 1)),
		)
		for range 2 {
			es := append([]entry{}, k.entries...)
			r.Shuffle(len(es), func(i, j int) { es[i], es[j] = es[j], es[i] })
			cases = append(cases, k.accept("shuffled", render(es, ",", ":", "")))
		}
		if k.name != "RSA" && k.name != "P-256" {
			continue // how it is written does not depend on the type
		}
		cases = append(cases,
			k.accept("pretty", render(k.entries, ",\n    ", ": ", "\n")),
			k.accept("of Jackson", render(k.entries, ",\r\n\t", " : ", " ")),
			k.accept("pretty and escaped", escaped(render(k.entries, ",\n\t", ": ", "\n"), 1)),
			k.accept("escaped twice", escaped(render(k.entries, ", ", ": ", "\n"), 2)),
			k.accept("in a JWKS", `{"keys":[{"kty":"oct"},`+render(k.entries, ",", ":", "")+`,{"kty":"RSA","e":"AQAB"}]}`),
			k.accept("in other JSON", `{"id":7,"key":`+render(k.entries, ",", ":", "")+`,"d":"x"}`),
		)
	}
	probetest.Accept(t, JWK(), cases...)
}

// TestJWKIdentity wants one match of a key however it is written, with its public
// half as identity and the private numbers as values.
func TestJWKIdentity(t *testing.T) {
	s := searcher(t, JWK())
	for _, k := range testKeys(t) {
		for level := range 3 {
			text := []byte(escaped(`x`+render(k.entries, ", ", ": ", "\n")+`y`, level))
			fs := probetest.Matches(s, text, len(text))
			if len(fs) != 1 || !bytes.Equal(fs[0].SPKI, k.spki) || k.spki != nil && !bytes.Equal(fs[0].Identity, k.spki) {
				t.Errorf("%s, level %d: %d matches, or another public half", k.name, level, len(fs))
				continue
			}
			if fs[0].Start != 1 || fs[0].End != len(text)-1 {
				t.Errorf("%s: not from brace to brace", k.name)
			}
			// Names, quotes and the public half are left.
			red := string(probetest.Redact(text, fs))
			for _, e := range k.entries {
				if !strings.Contains(red, escaped(`"`+e.name+`": "`, level)) || !e.private && !strings.Contains(red, e.value) {
					t.Errorf("%s: member %s did not stay", k.name, e.name)
				}
			}
		}
	}
}

// TestJWKCut cuts keys at every place, before and after, and wants what is left
// of the private numbers gone.
func TestJWKCut(t *testing.T) {
	s := searcher(t, JWK())
	for _, k := range testKeys(t) {
		text := render(k.entries, ",", ":", "")
		found := 0
		for i := 0; i <= len(text); i += 3 {
			for _, head := range []bool{true, false} {
				rest := text[:i]
				if head {
					rest = text[i:]
				}
				data := append(append([]byte{0, 1, 2, 0xff}, rest...), 0, 3, 0xfe, 7)
				fs := probetest.Matches(s, data, len(data))
				red := probetest.Redact(data, fs)
				if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
					t.Fatalf("%s cut at %d: found again after redaction", k.name, i)
				}
				if len(fs) == 0 {
					continue
				}
				found++
				for _, e := range k.entries {
					if e.private && bytes.Contains(red, []byte(e.value)) {
						t.Errorf("%s cut at %d, head %v: %s survives", k.name, i, head, e.name)
					}
				}
			}
		}
		// At the least, every head or tail that still holds the whole of two members.
		if want := len(text) / 9; found < want {
			t.Errorf("%s: %d of %d pieces found", k.name, found, 2*(len(text)/3))
		}
	}
}

func TestJWKFragments(t *testing.T) {
	k := rsaTestKey(t)
	part := func(names string) string {
		var es []entry
		for _, e := range k.entries {
			if strings.Contains(" "+names+" ", " "+e.name+" ") {
				es = append(es, e)
			}
		}
		return strings.TrimSuffix(strings.TrimPrefix(render(es, ",", ":", ""), "{"), "}")
	}
	s := searcher(t, JWK())
	for _, c := range []struct {
		name, text string
		conf       probe.Confidence
		public     bool
	}{
		{"no type", "\x00" + part("kid n e d p q"), probe.Confirmed, true},
		{"no modulus", "\x00" + part("e d p q dp"), probe.Confirmed, true},
		{"no exponent", "\x00XYZ\"," + part("p q dp dq qi") + "}", probe.Confirmed, true},
		{"exponent only", "{" + part("kty n e d") + ",\"p\":\"AAAA\x00", probe.Confirmed, true},
		{"one factor", "{" + part("kty n e p"), probe.Confirmed, true},
		{"d and e", "\x00," + part("e d"), probe.Likely, false},
		{"end of the object", "\x00abcdefABCDEF_-" + strings.Repeat("x", 30) + "\"," + part("dp dq qi") + "}", probe.Likely, false},
		{"beginning of d", "{" + part("kty n e") + ",\"d\":\"" + b64(random(20)) + "\x00garbage\"", probe.Likely, true},
		{"stale text in d", "{" + part("kty n e") + ",\"d\":\"" + b64(random(20)) + " stale text\",\"id\":1}", probe.Likely, true},
	} {
		fs := probetest.Matches(s, []byte(c.text), len(c.text))
		if len(fs) == 0 {
			t.Errorf("%s: not found", c.name)
			continue
		}
		for _, f := range fs {
			if f.Kind != privkey.RSA || f.Confidence != c.conf || c.public && !bytes.Equal(f.SPKI, k.spki) {
				t.Errorf("%s: %s/%s, public half right: %v", c.name, f.Kind, f.Confidence, bytes.Equal(f.SPKI, k.spki))
			}
		}
		red := probetest.Redact([]byte(c.text), fs)
		if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
			t.Errorf("%s: found again", c.name)
		}
		if bytes.Contains(red, []byte("ABCDEF_-")) {
			t.Errorf("%s: the end of a lost member survives", c.name)
		}
	}
}

// TestJWKPrimes has a key of three primes (RFC 7518, section 6.3.2.7).
func TestJWKPrimes(t *testing.T) {
	var primes []*big.Int
	n, phi, one, e := big.NewInt(1), big.NewInt(1), big.NewInt(1), big.NewInt(65537)
	for range 3 {
		p, err := rand.Prime(rand.Reader, 512)
		if err != nil {
			t.Fatal(err)
		}
		primes = append(primes, p)
		n.Mul(n, p)
		phi.Mul(phi, new(big.Int).Sub(p, one))
	}
	d := new(big.Int).ModInverse(e, phi)
	if d == nil {
		t.Skip("65537 divides a prime less one")
	}
	k := testKey{name: "three primes", kind: privkey.RSA, conf: probe.Confirmed, entries: []entry{
		txt("kty", "RSA"), pub("n", n.Bytes()), txt("e", "AQAB"), sec("d", d.Bytes()), sec("p", primes[0].Bytes()), sec("q", primes[1].Bytes()),
	}}
	r, rd, rt := b64(primes[2].Bytes()), b64(random(64)), b64(random(64))
	text := strings.TrimSuffix(render(k.entries, ",", ":", ""), "}") + `,"oth":[{"r":"` + r + `","d":"` + rd + `","t":"` + rt + `"}]}`
	c := k.accept("", text)
	c.Private = append(c.Private, []byte(r), []byte(rd), []byte(rt))
	probetest.Accept(t, JWK(), c)
}

func TestJWKRejects(t *testing.T) {
	for _, k := range testKeys(t) {
		var es []entry
		for _, e := range k.entries {
			if !e.private {
				es = append(es, e)
			}
		}
		public := render(es, ",", ":", "")
		probetest.Reject(t, JWK(), k.name+" public", []byte(public))
		probetest.Reject(t, JWK(), k.name+" public JWKS", []byte(`{"keys":[`+public+`,`+public+`]}`))
		probetest.Reject(t, JWK(), k.name+" public, escaped and wide", probetest.Widen([]byte(escaped(public, 1))))
		for i := 0; i < len(public); i += 5 {
			probetest.Reject(t, JWK(), k.name+" public, cut", []byte(public[i:]))
			probetest.Reject(t, JWK(), k.name+" public, cut", []byte(public[:i]))
		}
	}
	long := b64(random(200))
	for name, text := range map[string]string{
		"d in other JSON":      `{"d":"` + long + `","e":"AQAB","id":4}`,
		"d alone, cut":         `"d":"` + long + `"`,
		"path in SVG":          `{"kty":"RSA","d":"M10 10 L20 20"}`,
		"query":                `{"q":"` + long + `","p":"1","k":"v"`,
		"words":                `"d":"internationalization","e":"AQAB","n":"name"`,
		"unknown type":         `{"kty":"XYZ","d":"` + long + `"}`,
		"symmetric, too short": `{"kty":"oct","k":"c2hvcnQ"}`,
		"redacted":             `{"kty":"RSA","n":"` + long + `","d":"[REDACTED:rsa-private-key#1]***","p":"[REDACTED:rsa-priv"}`,
		"filled":               `{"kty":"EC","crv":"P-256","d":"` + strings.Repeat("\xdb", 43) + `"}`,
		"stars":                `{"kty":"oct","k":"*******************************"}`,
		"number":               `{"kty":"oct","k":1234567890123456789012345}`,
		"null":                 `{"kty":"EC","d":null}`,
		"chart":                `{"x":[1,2],"y":[3,4],"d":"` + long[:20] + `"`,
	} {
		probetest.Reject(t, JWK(), name, []byte(text))
	}
	probetest.Reject(t, JWK(), "noise", probetest.Noise(3, 1<<16))
	probetest.Reject(t, JWK(), "random octets", random(1<<20))
}

// TestJWKMismatch hides the private half of a key whose halves do not fit.
func TestJWKMismatch(t *testing.T) {
	for _, k := range []testKey{
		{"EC", privkey.EC, probe.Likely, nil, []entry{txt("kty", "EC"), txt("crv", "P-256"), pub("x", random(32)), pub("y", random(32)), sec("d", random(32))}},
		{"EC of an unknown curve", privkey.EC, probe.Likely, nil, []entry{txt("kty", "EC"), txt("crv", "X-1"), pub("x", random(32)), pub("y", random(32)), sec("d", random(32))}},
		{"EC too long", privkey.EC, probe.Likely, nil, []entry{txt("kty", "EC"), txt("crv", "P-256"), sec("d", random(40))}},
		{"OKP of a wrong length", privkey.Ed25519, probe.Likely, nil, []entry{txt("kty", "OKP"), txt("crv", "Ed25519"), sec("d", random(64))}},
		{"OKP of an unknown curve", privkey.Other, probe.Likely, nil, []entry{txt("kty", "OKP"), txt("crv", "X-1"), sec("d", random(64))}},
		{"RSA with an even modulus", privkey.RSA, probe.Likely, nil, []entry{txt("kty", "RSA"), pub("n", append(random(255), 2)), txt("e", "AQAB"), sec("d", random(256))}},
		{"AKP of an unknown algorithm", privkey.Other, probe.Likely, nil, []entry{txt("kty", "AKP"), txt("alg", "X-1"), sec("priv", random(32))}},
		{"AKP of a wrong length", privkey.MLDSA, probe.Likely, nil, []entry{txt("kty", "AKP"), txt("alg", "ML-DSA-65"), sec("priv", random(48))}},
		{"ordinary base64", privkey.Symmetric, probe.Likely, nil, []entry{txt("kty", "oct"), {"k", "ab+/cdefgh" + b64(random(21)) + "==", true}}},
	} {
		probetest.Accept(t, JWK(), k.accept("", render(k.entries, ",", ":", "")))
	}
}

// TestJWKCurveFragments has keys on curves of which type and curve are lost.
func TestJWKCurveFragments(t *testing.T) {
	s := searcher(t, JWK())
	for _, k := range testKeys(t) {
		if k.kind == privkey.RSA || k.kind == privkey.MLDSA || k.kind == privkey.Symmetric {
			continue
		}
		v := map[string]string{}
		for _, e := range k.entries {
			v[e.name] = e.value
		}
		for _, text := range []string{
			"\x00F\",\"x\":\"" + v["x"] + "\",\"d\":\"" + v["d"] + "\"}",
			"\x00,\"d\":\"" + v["d"] + "\",\"x\":\"" + v["x"] + "\",\"y\":\"\x00",
			"{\"d\":\"" + v["d"] + "\",\"crv\":\"" + v["crv"] + "\",\"x\":\"\x00",
		} {
			fs := probetest.Matches(s, []byte(text), len(text))
			if len(fs) != 1 || fs[0].Kind != k.kind || !bytes.Equal(fs[0].SPKI, k.spki) {
				t.Errorf("%s: %d matches, or another key", k.name, len(fs))
			}
		}
	}
}

// TestJWKPassphrase has symmetric keys that do not look random.
func TestJWKPassphrase(t *testing.T) {
	for _, k := range []string{"correct horse battery staple", "hunter2hunter2", "aaaaaaaaaaaaaaaaaaaaaaaa"} {
		es := []entry{txt("kty", "oct"), sec("k", []byte(k)), txt("alg", "HS256")}
		probetest.Accept(t, JWK(), testKey{name: k, kind: privkey.Symmetric, conf: probe.Likely, entries: es}.accept("", render(es, ",", ":", "")))
	}
}

// BenchmarkDecoyKeys feeds nothing but anchors.
func BenchmarkDecoyKeys(b *testing.B) {
	s := searcher(b, JWK())
	v := strings.Repeat("A", 48)
	for i, unit := range []string{
		`"kty"`, `"kty":"RSA",`, `{"kty":"RSA",`, `"d":"` + v + `",`, `"d":"` + v + `","p":"` + v + `","q":"` + v + `","dp":"` + v + `",`,
		`{"d":"` + v + `","a":[`, `{"k":"` + v + `","a":{`, `\"d\":\"` + v + `\",`, `{"kty":"RSA","d":"` + v + `"},`,
	} {
		benchmarkDecoy(b, s, fmt.Sprint(i), unit)
	}
}

// FuzzJWK checks what every match must satisfy, on any text: only base64 goes,
// in order and inside, and the redacted copy holds no key.
func FuzzJWK(f *testing.F) {
	f.Add([]byte(`{"kty":"EC","crv":"P-256","x":"AAAA","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}`), uint8(0), false)
	f.Add([]byte(`A","e":"AQAB","d":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA","oth":[{"r":"AAAAAAAAAAAAAAAAAAAAAAAAAAAA"`), uint8(1), true)
	f.Add([]byte(`{"kty":"oct","k":"AAAAAAAAAAAAAAAAAAAAAAAA==","alg":"HS256"}`), uint8(2), false)
	s := searcher(f, JWK())
	f.Fuzz(func(t *testing.T, data []byte, level uint8, wide bool) {
		data = []byte(escaped(string(data), int(level%3)))
		if wide {
			data = probetest.Widen(data)
		}
		for _, m := range probetest.Sound(t, s, data) {
			if !m.Text {
				t.Fatal("a JWK that is no text")
			}
			step := 1
			if m.Wide {
				step = 2
			}
			for _, r := range m.Redact {
				if r.Len()%step != 0 {
					t.Fatal("half a character is redacted")
				}
				for i := r.Start; i < r.End; i += step {
					if c := data[i]; base64text.Digit(c) == base64text.NoDigit && c != '=' {
						t.Fatalf("redacts %#x", c)
					}
				}
			}
		}
		probetest.Chunks(t, s, data, 7)
	})
}
