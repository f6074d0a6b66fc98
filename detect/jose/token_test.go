package jose

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func b64(p []byte) string { return base64.RawURLEncoding.EncodeToString(p) }

// random returns n octets that differ at every run.
func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// compact joins a header, which is encoded, and parts, which are too.
func compact(header string, parts ...[]byte) string {
	s := []string{b64([]byte(header))}
	for _, p := range parts {
		s = append(s, b64(p))
	}
	return strings.Join(s, ".")
}

func claimsOf(more string) []byte {
	return []byte(`{"iss":"https://id.example","sub":"` + b64(random(12)) + `","exp":` + fmt.Sprint(time.Now().Unix()) + more + `}`)
}

func private(token string, parts ...int) (ps [][]byte) {
	all := strings.Split(strings.TrimRight(token, "\x00"), ".")
	for _, i := range parts {
		ps = append(ps, []byte(all[i]))
	}
	return ps
}

func searcher(t testing.TB, d ...probe.Detector) *search.Searcher {
	s, err := search.New(d)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestJWT(t *testing.T) {
	var cases []probetest.Case
	add := func(name, token string, c probe.Confidence, cut bool, parts ...int) {
		cases = append(cases, probetest.Case{
			Name: name, Data: []byte(token), Text: true, Kind: "jwt", Encoding: probe.ASCII,
			Confidence: c, Private: private(token, parts...), Cut: cut,
		})
	}
	for alg, n := range map[string]int{
		"HS256": 32, "HS384": 48, "HS512": 64, "ES256": 64, "ES384": 96, "ES512": 132, "EdDSA": 64,
		"RS256": 256, "PS512": 512, "ML-DSA-44": 2420, "X-OWN": 64,
	} {
		add(alg, compact(`{"alg":"`+alg+`","typ":"JWT","kid":"k1"}`, claimsOf(""), random(n)), probe.Confirmed, true, 1, 2)
	}
	add("unsigned", compact(`{"alg":"none"}`, claimsOf(""))+".", probe.Confirmed, true, 1)
	for name, h := range map[string]string{
		"space": `{ "alg": "HS256" }`, "spaces": `{  "alg":"HS256"}`, "line feed": "{\n\"alg\":\"HS256\"\n}", "indented": "{\n  \"typ\": \"JWT\",\n  \"alg\": \"HS256\"\n}\n",
		"tab": "{\t\"alg\":\"HS256\"}", "line feed and tab": "{\n\t\"alg\":\"HS256\"\n}", "CR LF": "{\r\n \"typ\":\"JWT\",\r\n \"alg\":\"HS256\"}", "upper case": `{"Kid":"x","alg":"HS256"}`,
	} {
		add("header with "+name, compact(h, claimsOf(""), random(32)), probe.Confirmed, true, 1, 2)
	}
	add("private key in the header", compact(`{"alg":"ES256","jwk":{"kty":"EC","crv":"P-256","d":"`+b64(random(32))+`"}}`, claimsOf(""), random(64)), probe.Confirmed, true, 0, 1, 2)
	add("unknown parameter in the header", compact(`{"alg":"ES256","session":"`+b64(random(32))+`"}`, claimsOf(""), random(64)), probe.Confirmed, true, 0, 1, 2)
	add("public key in the header", compact(`{"typ":"dpop+jwt","alg":"ES256","jwk":{"kty":"EC","crv":"P-256","x":"`+b64(random(32))+`","y":"`+b64(random(32))+`"}}`, claimsOf(""), random(64)), probe.Confirmed, true, 1, 2)
	add("payload that is no JSON", compact(`{"alg":"ES256"}`, random(100), random(64)), probe.Likely, false, 1, 2)
	add("no signature", compact(`{"alg":"ES256"}`, claimsOf("")), probe.Likely, true, 1)
	add("signature cut", compact(`{"alg":"ES256"}`, claimsOf(""), random(20)), probe.Likely, true, 1, 2)
	add("payload cut", compact(`{"alg":"ES256"}`, claimsOf("")[:50])+"\x00", probe.Likely, true, 1)
	add("header lost", "fQ."+b64(claimsOf(""))+"."+b64(random(64)), probe.Likely, true, 1, 2)
	add("nested claims", compact(`{"alg":"RS256"}`, claimsOf(`,"realm":{"roles":["a","b"],"x":{"y":[{"z":[]}]}},"name":"Zoë \"\u00e9\""`), random(256)), probe.Confirmed, true, 1, 2)
	probetest.Accept(t, JWT(), cases...)
}

// TestJWTPadded has the tokens of AWS load balancers, whose parts are padded.
func TestJWTPadded(t *testing.T) {
	e := base64.URLEncoding.EncodeToString
	h, p, s := e([]byte(`{"alg":"ES256","typ":"JWT"}`)), e(append(claimsOf(""), "  "[:1]...)), e(random(64))
	if !strings.HasSuffix(s, "==") {
		t.Fatal("the example is not padded")
	}
	token := h + "." + p + "." + s
	probetest.Accept(t, JWT(), probetest.Case{
		Name: "padded", Data: []byte(token), Text: true, Kind: "jwt", Confidence: probe.Confirmed, Private: private(token, 1, 2), Cut: true,
	})
}

func TestJWTRightEdge(t *testing.T) {
	s := searcher(t, JWT())
	for _, c := range []struct {
		name, alg string
		sig       int
		after     string
		rest      int // characters of after that belong to the token for all we can know
	}{
		{"stale letters, fixed length", "HS256", 32, "StaleLetters_123", 0},
		{"stale letters, unsigned", "none", 0, "StaleLetters", 0},
		{"stale letters, free length", "RS256", 256, "Stale", 5},
		{"NUL", "HS256", 32, "\x00abc", 0},
		{"semicolon", "EdDSA", 64, "; Path=/", 0},
		{"ampersand", "RS256", 256, "&state=abc", 0},
		{"quote", "HS384", 48, `","token_type":"Bearer"`, 0},
		{"full stop", "HS512", 64, ". Then", 0},
		{"another token", "HS512", 64, compact(`{"alg":"none"}`, []byte(`{"sub":"a"}`)) + ".", 0},
	} {
		for _, before := range []string{"", "Authorization: Bearer ", "id_token=", "q%20", "stale", "\x00"} {
			token := compact(`{"alg":"`+c.alg+`","typ":"JWT"}`, claimsOf(""), random(c.sig))
			text := before + token + c.after
			for _, wide := range []bool{false, true} {
				data, width := []byte(text), 1
				if wide {
					data, width = probetest.Widen(data), 2
				}
				fs := probetest.Matches(s, data, len(data))
				if len(fs) == 0 || fs[0].Start != width*len(before) || fs[0].End != width*(len(before)+len(token)+c.rest) || fs[0].Confidence != probe.Confirmed {
					t.Errorf("%s, after %q, wide %v: wrong edges or confidence in %d matches", c.name, before, wide, len(fs))
					continue
				}
				if !bytes.Equal(fs[0].Identity, []byte(token+c.after[:c.rest])) {
					t.Errorf("%s: identity is not the token's characters", c.name)
				}
			}
		}
	}
}

func TestJWTRejects(t *testing.T) {
	header := b64([]byte(`{"alg":"HS256","typ":"JWT"}`))
	for name, text := range map[string]string{
		"header only":         header,
		"header and dot":      header + ".",
		"header and word":     header + ".example.com",
		"source map":          `//# sourceMappingURL=data:application/json;base64,` + base64.StdEncoding.EncodeToString([]byte(`{"version":3,"sources":["a.js"],"names":[],"mappings":"AAAA"}`)),
		"base64 of JSON":      b64([]byte(`{"k":"` + b64(random(30)) + `","n":"x","id":1}`)),
		"JSON in three parts": compact(`{"id":1}`, []byte(`{"id":2}`), random(32)),
		"session of Flask":    compact(`{"user_id":1}`, []byte{0x65, 1, 2, 3}, random(20)),
		"detached":            header + ".." + b64(random(32)),
		"redacted":            header + ".[REDACTED:jwt#1]****.[REDACTED:jwt#1]****",
		"redacted, short":     header + ".[REDAC.[RE",
		"encrypted":           compact(`{"alg":"dir","enc":"A128GCM"}`, nil, random(12), random(100), random(16)),
		"a version":           "eyJ.eyJ.1.2.3",
		"claims, no header":   b64(claimsOf("")) + "." + b64(random(64)),
		"dot, claims":         "." + b64(claimsOf("")) + ".short",
		"claims in brackets":  "fQ." + b64([]byte(`["iss"]`)) + "." + b64(random(64)),
		"deep header":         compact(strings.Repeat(`{"alg":`, 9)+"1"+strings.Repeat("}", 9), []byte("x"), random(32)),
	} {
		probetest.Reject(t, JWT(), name, []byte(text))
		probetest.Reject(t, JWT(), name+", wide", probetest.Widen([]byte(text)))
	}
	probetest.Reject(t, JWT(), "noise", probetest.Noise(1, 1<<16))
	for range 4 {
		long := random(3 << 18)
		probetest.Reject(t, JWT(), "random base64url", []byte(b64(long)))
		probetest.Reject(t, JWT(), "random octets", long)
		// Dots as dense as they can be while parts stay long enough.
		dotted := []byte(b64(long))
		for i := 60; i < len(dotted); i += 61 {
			dotted[i] = '.'
		}
		probetest.Reject(t, JWT(), "random base64url with dots", dotted)
		probetest.Reject(t, JWE(), "random base64url with dots", dotted)
	}
}

func TestJWE(t *testing.T) {
	var cases []probetest.Case
	add := func(name, token string, c probe.Confidence, cut bool, parts ...int) {
		cases = append(cases, probetest.Case{
			Name: name, Data: []byte(token), Text: true, Kind: "jwe", Encoding: probe.ASCII,
			Confidence: c, Private: private(token, parts...), Cut: cut,
		})
	}
	for enc, p := range map[string]parts{"A128GCM": {12, 16}, "A256GCM": {12, 16}, "A128CBC-HS256": {16, 16}, "A192CBC-HS384": {16, 24}, "A256CBC-HS512": {16, 32}, "XC20P": {24, 16}} {
		add(enc, compact(`{"alg":"RSA-OAEP","enc":"`+enc+`"}`, random(256), random(p.iv), random(100), random(p.tag)), probe.Confirmed, true, 1, 2, 3, 4)
		add(enc+" direct", compact(`{"alg":"dir","enc":"`+enc+`"}`, nil, random(p.iv), random(100), random(p.tag)), probe.Confirmed, true, 2, 3, 4)
	}
	epk := `"epk":{"kty":"EC","crv":"P-256","x":"` + b64(random(32)) + `","y":"` + b64(random(32)) + `"}`
	add("ephemeral key", compact(`{"alg":"ECDH-ES","enc":"A128GCM",`+epk+`}`, nil, random(12), random(64), random(16)), probe.Confirmed, true, 2, 3, 4)
	add("unknown encryption", compact(`{"alg":"RSA-OAEP","enc":"X"}`, random(256), random(12), random(100), random(16)), probe.Likely, true, 1, 2, 3, 4)
	add("tag lost", compact(`{"alg":"RSA-OAEP","enc":"A128GCM"}`, random(256), random(12), random(100))+"\x00", probe.Likely, true, 1, 2, 3)
	add("cut in the key", compact(`{"alg":"RSA-OAEP","enc":"A128GCM"}`, random(100)), probe.Likely, true, 1)
	probetest.Accept(t, JWE(), cases...)

	s := searcher(t, JWE())
	token := compact(`{"alg":"dir","enc":"A128CBC-HS256"}`, nil, random(16), random(64), random(16))
	data := []byte("Cookie: s=" + token + "StaleLetters")
	if fs := probetest.Matches(s, data, len(data)); len(fs) != 1 || fs[0].End != len(data)-len("StaleLetters") {
		t.Error("glued: wrong end")
	}
}

func TestJWERejects(t *testing.T) {
	for name, text := range map[string]string{
		"signed":            compact(`{"alg":"HS256"}`, claimsOf(""), random(32)),
		"direct with a key": compact(`{"alg":"dir","enc":"A128GCM"}`, random(32), random(12), random(64), random(16)),
		"no key":            compact(`{"alg":"RSA-OAEP","enc":"A128GCM"}`, nil, random(12), random(64), random(16)),
		"header only":       compact(`{"alg":"dir","enc":"A128GCM"}`) + ".",
		"redacted":          compact(`{"alg":"dir","enc":"A128GCM"}`) + "..[REDACTED:jw.[REDACTED:jwe#1]**.[REDACTED:jwe#1]*",
	} {
		probetest.Reject(t, JWE(), name, []byte(text))
	}
}

// benchmarkDecoy measures what copies of a decoy cost when they lie so close that each could be
// walked from all the others, and when they lie apart: walking the whole reach from
// each would cost some thousand times more.
func benchmarkDecoy(b *testing.B, s *search.Searcher, name, decoy string) {
	for _, c := range [][2]string{{"near", ""}, {"apart", "\x00\x01\x00\x01"}} {
		data := []byte(strings.Repeat(decoy+c[1], 1<<16/len(decoy)))
		b.Run(name+"/"+c[0], func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
			}
		})
	}
}

// BenchmarkDecoyTokens feeds what looks like a token for as long as can be.
func BenchmarkDecoyTokens(b *testing.B) {
	s := searcher(b, JWT(), JWE())
	for name, unit := range map[string]string{
		"anchors":          "eyJ",
		"anchors and dots": "eyJ.",
		"headers":          compact(`{"alg":"HS256"}`) + ".",
		"headers, no dots": compact(`{"alg":"HS256"}`),
		"nested":           b64([]byte(`{"a":`)) + "I",
		"open objects":     b64([]byte(`{"a":{"b":{"c":1,`)),
		"open strings":     b64([]byte(`{"aaaaaaaaaaaaaaaaaa`)),
		"claims":           "." + b64([]byte(`{"iss":""}`)),
		"spaces":           b64([]byte("{\n       ")),
	} {
		benchmarkDecoy(b, s, name, unit)
	}
}

// FuzzToken checks what every match must satisfy, on any bytes: the ranges lie
// inside, nothing but base64url goes, the header's first characters are its own,
// and the redacted copy holds no token.
func FuzzToken(f *testing.F) {
	f.Add([]byte(compact(`{"alg":"HS256"}`, []byte(`{"iss":"a"}`), make([]byte, 32))), false)
	f.Add([]byte(compact(`{"alg":"dir","enc":"A128GCM"}`, nil, make([]byte, 12), make([]byte, 32), make([]byte, 16))), true)
	f.Add([]byte("fQ."+b64([]byte(`{"iss":"a"}`))+"."+b64(make([]byte, 40))+"..eyJ"), false)
	s := searcher(f, JWT(), JWE())
	f.Fuzz(func(t *testing.T, data []byte, wide bool) {
		if wide {
			data = probetest.Widen(data)
		}
		for _, m := range probetest.Sound(t, s, data) {
			for _, r := range m.Redact {
				step := 1
				if m.Wide {
					step = 2
				}
				for i := r.Start; i < r.End; i += step {
					if c := data[i]; digit(c) == base64text.NoDigit && c != '=' {
						t.Fatalf("redacts %#x", c)
					}
				}
			}
		}
		probetest.Chunks(t, s, data, 7)
	})
}
