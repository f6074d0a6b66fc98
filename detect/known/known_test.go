package known

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// searcher returns one for the values.
func searcher(t testing.TB, values ...string) *search.Searcher {
	t.Helper()
	var vs []Value
	for _, v := range values {
		vs = append(vs, Value{Bytes: []byte(v)})
	}
	s, err := search.New(New(vs))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func token() string {
	p := make([]byte, 15)
	rand.Read(p)
	return base64.RawURLEncoding.EncodeToString(p)
}

func TestAccept(t *testing.T) {
	v := token()
	ds := New([]Value{{Bytes: []byte(v)}})
	probetest.Accept(t, ds[0], probetest.Case{
		Name: "token", Data: []byte(v), Text: true, Kind: Kind, Encoding: probe.ASCII,
		Confidence: probe.Confirmed, Private: [][]byte{[]byte(v)},
	}, probetest.Case{
		Name: "hex", Data: []byte(hex.EncodeToString([]byte(v))), Text: true, Kind: Kind, Encoding: probe.Hex,
		Confidence: probe.Confirmed, Private: [][]byte{[]byte(hex.EncodeToString([]byte(v)))},
	}, probetest.Case{
		Name: "base64", Data: []byte(base64.StdEncoding.EncodeToString([]byte("ab" + v + "c"))), Text: true, Kind: Kind, Encoding: probe.Base64,
		Confidence: probe.Confirmed,
	})
	raw := make([]byte, 32)
	rand.Read(raw)
	raw[3] = 0x80
	for _, d := range New([]Value{{Bytes: raw}}) {
		if d.Spec().ID == "known-bytes" {
			probetest.Accept(t, d, probetest.Case{
				Name: "bytes", Data: raw, Kind: Kind, Encoding: probe.Raw, Confidence: probe.Confirmed, Private: [][]byte{raw},
			})
		}
	}
}

func wide(s string, big bool) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b = append(b, byte(u>>8), byte(u))
		} else {
			b = append(b, byte(u), byte(u>>8))
		}
	}
	return string(b)
}

func escapeAll(s, format string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

// folded breaks s into lines.
func folded(s string, n int, end string) string {
	var b strings.Builder
	for c := range slices.Chunk([]byte(s), n) {
		b.Write(c)
		b.WriteString(end)
	}
	return b.String()
}

// Every encoding of values of every make is found, and covered wherever it lies.
func TestEveryEncoding(t *testing.T) {
	values := []string{
		"p4ss", `a"b\c/d`, "päss wörd €", "x y+z&k=ü", "\x00\x01binary\xff\xfe", "%41%42", "!!??", "tail\n",
		token(), token() + "/+=" + token(), strings.Repeat(token(), 9),
	}
	for _, v := range values {
		text := strings.ToValidUTF8(v, "") == v && !strings.Contains(v, "\x00")
		forms := map[string]string{
			"raw": v, "hex": hex.EncodeToString([]byte(v)), "HEX": strings.ToUpper(hex.EncodeToString([]byte(v))),
			"reversed": string(reversed([]byte(v))), "percent all": escapeAll(v, "%%%02x"), "PERCENT ALL": escapeAll(v, "%%%02X"),
			"query": url.QueryEscape(v), "path": url.PathEscape(v), "query lower": lowerEscapes(url.QueryEscape(v)),
		}
		for lead := range 3 {
			in := "xyz"[:lead] + v + "q"
			std := base64.StdEncoding.EncodeToString([]byte(in))
			forms[fmt.Sprint("base64 ", lead)] = std
			forms[fmt.Sprint("base64url ", lead)] = base64.RawURLEncoding.EncodeToString([]byte(in))
			forms[fmt.Sprint("base64 in a query ", lead)] = url.QueryEscape(std)
			forms[fmt.Sprint("base64 in JSON ", lead)] = strings.ReplaceAll(std, "/", `\/`)
			forms[fmt.Sprint("base64 lines ", lead)] = folded(std, 64, "\r\n")
			forms[fmt.Sprint("base64 lines in JSON ", lead)] = folded(std, 76, `\n`)
		}
		if text {
			forms["utf16le"], forms["utf16be"] = wide(v, false), wide(v, true)
			forms["base64 of utf16"] = base64.StdEncoding.EncodeToString([]byte(wide("x"+v+"y", false)))
			forms["hex of utf16"] = hex.EncodeToString([]byte(wide(v, false)))
			j, _ := json.Marshal(v)
			forms["json"] = string(j[1 : len(j)-1])
			if isASCII([]byte(v)) {
				forms["json all"] = escapeAll(v, `\u%04x`)
				forms["json all in utf16"] = wide(escapeAll(v, `\u%04X`), false)
				forms["json slashes"] = strings.ReplaceAll(string(j[1:len(j)-1]), "/", `\/`)
			}
			forms["hex in utf16"] = wide(hex.EncodeToString([]byte(v)), false)
		}
		s := searcher(t, "another value", v)
		for name, f := range forms {
			data := slices.Concat(probetest.Noise(3, 99), []byte(f), probetest.Noise(4, 99))
			fs := probetest.Matches(s, data, len(data))
			red := probetest.Redact(data, fs)
			if len(fs) == 0 {
				t.Errorf("%q as %s is not found", v, name)
				continue
			}
			// What is left of base64 are digits that hold bits of the neighbours too.
			left := len(f)
			gone := make([]bool, len(data))
			for _, m := range fs {
				for _, r := range m.Redact {
					for i := max(99, r.Start); i < min(99+len(f), r.End); i++ {
						if !gone[i] {
							gone[i], left = true, left-1
						}
					}
				}
			}
			limit := 0
			if strings.HasPrefix(name, "base64") {
				limit = 16
			}
			if left > limit+len(f)/10 {
				t.Errorf("%q as %s: %d of %d bytes are left", v, name, left, len(f))
			}
			for _, n := range []int{1, 13} {
				if len(probetest.Matches(s, data, n)) != len(fs) {
					t.Errorf("%q as %s: chunks of %d bytes give another result", v, name, n)
				}
			}
			if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
				t.Errorf("%q as %s: found again", v, name)
			}
		}
	}
}

func lowerEscapes(s string) string {
	b := []byte(s)
	for i := 0; i+2 < len(b); i++ {
		if b[i] == '%' {
			copy(b[i:], bytes.ToLower(b[i:i+3]))
		}
	}
	return string(b)
}

// What differs in one character is another value.
func TestNearMisses(t *testing.T) {
	v := token()
	s := searcher(t, v)
	for _, f := range []string{v, hex.EncodeToString([]byte(v)), base64.StdEncoding.EncodeToString([]byte(v)), escapeAll(v, "%%%02x")} {
		for i := range f {
			data := []byte(f)
			data[i] ^= 1
			if fs := probetest.Matches(s, data, len(data)); len(fs) > 0 && f == v {
				t.Errorf("%q is found as %q", v, data)
			}
		}
		if fs := probetest.Matches(s, []byte(f[:len(f)-5]), len(f)); len(fs) > 0 {
			t.Errorf("a piece of %s is found", f)
		}
	}
}

func TestWholeValuesStandAlone(t *testing.T) {
	s, err := search.New(New([]Value{{Bytes: []byte("hunter22"), Whole: true}}))
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]int{
		"hunter22": 1, "=hunter22;": 1, "xhunter22": 0, "hunter223": 0, "a_hunter22_": 0, "x hunter22\n": 1,
	} {
		if n := len(probetest.Matches(s, []byte(data), 99)); n != want {
			t.Errorf("%q: %d matches, want %d", data, n, want)
		}
	}
}

// A word that tags consist of is not found in tags, but beside them.
func TestTags(t *testing.T) {
	s := searcher(t, "access", "REDACTED", "key#12]")
	for data, want := range map[string]int{
		"[REDACTED:aws-access-key#12]":     0,
		"access [REDACTED:jwt#1] access":   2,
		"[REDACTED:an access":              1,
		"[REDACTED:jwt#1]***access":        1,
		"REDACTED and key#12] in the open": 2,
	} {
		if n := len(probetest.Matches(s, []byte(data), 99)); n != want {
			t.Errorf("%q: %d matches, want %d", data, n, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for v, want := range map[string]error{"abc": ErrShort, "": ErrShort, "aaaa": ErrUniform, "abcd": nil, strings.Repeat("ab", MaxValue): ErrLong} {
		if err := Check([]byte(v)); err != want {
			t.Errorf("a value of %d bytes: %v, want %v", len(v), err, want)
		}
	}
}

func FuzzDetect(f *testing.F) {
	f.Add([]byte("p4ss/w0rd"), []byte("x=p4ss%2Fw0rd&"))
	f.Add([]byte("\x00\xff\x01\x02"), []byte("AP8BAg=="))
	f.Fuzz(func(t *testing.T, v, data []byte) {
		if Check(v) != nil || len(v) > 200 || len(data) > 2000 {
			return
		}
		s := searcher(t, string(v))
		data = slices.Concat(data, v, data)
		fs := probetest.Matches(s, data, len(data))
		if len(fs) == 0 && !bytes.Contains(data, []byte(probe.TagOpen)) {
			t.Fatal("the value itself is not found")
		}
		if n := len(probetest.Matches(s, data, 3)); n != len(fs) {
			t.Fatalf("%d matches in chunks, %d whole", n, len(fs))
		}
	})
}

func BenchmarkManyValues(b *testing.B) {
	var vs []string
	for range 1000 {
		vs = append(vs, token())
	}
	s := searcher(b, vs...)
	data := probetest.Noise(1, 4<<20)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
