package jsontext

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func docOf(s string, wide bool) Doc {
	p := []byte(s)
	if wide {
		p = p[:0:0]
		for _, b := range []byte(s) {
			p = append(p, b, 0)
		}
	}
	t, _ := probe.TextOf(probe.View{Data: p, Wide: wide})
	return Doc{Text: t}
}

// escape puts s into a JSON string, without the outer quotes.
func escape(s string, times int) string {
	for range times {
		b, err := json.Marshal(s)
		if err != nil {
			panic(err)
		}
		s = string(b[1 : len(b)-1])
	}
	return s
}

func around(d Doc, i int) (Doc, Members, bool) {
	d, f, ok := MemberAt(d.Text, i)
	if !ok {
		return d, Members{}, false
	}
	return d, d.Around(f), true
}

func show(d Doc, m Members) string {
	var b strings.Builder
	if m.Open {
		b.WriteByte('{')
	}
	if m.Head.Len() > 0 {
		fmt.Fprintf(&b, "~%s ", d.Text.Append(nil, m.Head.Start, m.Head.End))
	}
	for i, f := range m.List {
		if i > 0 {
			b.WriteByte(' ')
		}
		fmt.Fprintf(&b, "%s=%s", d.Text.Append(nil, f.Name.Start, f.Name.End), d.Text.Append(nil, f.Value.Start, f.Value.End))
		if f.Value.Cut {
			b.WriteByte('~')
		}
	}
	if m.Closed {
		b.WriteByte('}')
	}
	return b.String()
}

func TestAround(t *testing.T) {
	for _, c := range []struct{ name, text, at, want string }{
		{"one member", `{"a":"b"}`, "a", `{a=b}`},
		{"every kind", `x{"a" : [1,{"b":"]"}], "kty":"RSA" ,"n":-1.5e3,"t":true,"o":{"p":"q"}}y`, "kty", `{a=[1,{"b":"]"}] kty=RSA n=-1.5e3 t=true o={"p":"q"}}`},
		{"from the first", `{"kty":1,"b":2}`, "kty", `{kty=1 b=2}`},
		{"from the last", `{"a":1,"kty":2}`, "kty", `{a=1 kty=2}`},
		{"inner object only", `{"keys":[{"kty":"A"},{"kty":"B"}]}`, "kty", `{kty=A}`},
		{"line breaks", "{\n\t\"a\": 1,\r\n  \"kty\" :\t2\n}", "kty", `{a=1 kty=2}`},
		{"head lost in a value", "\x00XYZ\",\"kty\":1,\"b\":2}", "kty", `~XYZ kty=1 b=2}`},
		{"head lost in a name", "\x00ty\":3,\"kty\":1}", "kty", `kty=1}`},
		{"tail lost in a value", "{\"a\":1,\"kty\":\"XYZ\x00", "kty", `{a=1 kty=XYZ~`},
		{"tail lost in a name", "{\"kty\":1,\"xy\x00", "kty", `{kty=1`},
		{"tail lost behind a comma", `{"kty":1,`, "kty", `{kty=1`},
		{"second of one name", `{"a":1,"b":2,"a":3,"kty":4,"b":5}`, "kty", `b=2 a=3 kty=4`},
		{"quotes in strings", `{"a":"say \"hi\", \\","kty":1}`, "kty", `{a=say \"hi\", \\ kty=1}`},
		{"not ASCII", `{"kid":"schlüssel","kty":1}`, "kty", "{kid=schl\xff\xffssel kty=1}"},
		{"brackets in strings", `{"a":["}]{["],"kty":1}`, "kty", `{a=["}]{["] kty=1}`},
		{"too deep", `{"kty":1,"a":[[[[[[[[[[[]]]]]]]]]]]}`, "kty", `{kty=1 a=[[[[[[[[~`},
	} {
		t.Run(c.name, func(t *testing.T) {
			for level := range MaxLevel {
				if level > 0 && !utf8.ValidString(c.text) {
					continue
				}
				if level > 0 && c.name == "not ASCII" {
					c.text = strings.ReplaceAll(c.text, "ü", "ue")
					c.want = strings.ReplaceAll(c.want, "\xff\xff", "ue")
				}
				text := c.text
				if level > 0 && !strings.ContainsRune(text, 0) {
					text = escape(text, level)
				} else if level > 0 {
					// The NUL is where memory ends, it is not part of the JSON.
					text = strings.ReplaceAll(escape(strings.ReplaceAll(text, "\x00", "@@"), level), "@@", "\x00")
				}
				want := strings.ReplaceAll(escape(c.want, level), `\xff`, "\xff")
				if level == 0 {
					want = c.want
				}
				for _, wide := range []bool{false, true} {
					d := docOf(text, wide)
					i := strings.Index(text, c.at+`"`)
					if level > 0 {
						i = strings.Index(text, c.at+`\`)
					}
					d, m, ok := around(d, i)
					if !ok || d.Level != level {
						t.Fatalf("level %d wide %v: not found, level %d", level, wide, d.Level)
					}
					if got := show(d, m); got != want {
						t.Errorf("level %d wide %v:\n got %s\nwant %s", level, wide, got, want)
					}
					if m.Start < 0 || m.End > d.Text.Len() || m.Start > m.End {
						t.Errorf("level %d: outside the text", level)
					}
				}
			}
		})
	}
}

func TestAroundRejects(t *testing.T) {
	for _, s := range []string{``, `kty`, `"kty"`, `"kty",1`, `"kty":`, `"kty:1`, `kty":1`, `"kty\":1`, `\"kty":1`, `"kty":}`, "\"kty\x00\":1"} {
		if _, m, ok := around(docOf(s, false), strings.Index(s, "k")); ok {
			t.Errorf("%q: %d members", s, len(m.List))
		}
	}
}

// TestLinear feeds a megabyte of names that all have to be walked around.
func TestLinear(t *testing.T) {
	for _, unit := range []string{`"kty":"a",`, `"kty":`, `"kty":[`, `{"kty":`, `"kty":"`, `\"kty\":\"`, `,"a":"b","kty":"c"`, `"kty":1   ,`, `"kty":[[]],`} {
		text := strings.Repeat(unit, 1<<20/len(unit))
		d := docOf(text, false)
		members := 0
		for i := strings.Index(text, "k"); i < len(text); i += len(unit) {
			_, m, _ := around(d, i)
			members += len(m.List)
		}
		if members > 3*len(text)/len(unit) {
			t.Errorf("%s: %d members in %d names", unit, members, len(text)/len(unit))
		}
	}
}

func TestObjects(t *testing.T) {
	for text, want := range map[string]int{
		`[]`: 0, `[1]`: 0, `[{"a":1}]`: 1, `[{"a":1}, {} ,{"b":2}]`: 3, `[{"a":1},2,{}]`: 1, `[{"a":1},{"b":"c`: 2, `[{},{},{},{},{}]`: 4, `{"a":{}}`: 0,
	} {
		d := docOf(text, false)
		v, _, _ := d.ValueAt(0)
		n := 0
		d.Objects(v, 4, func(Members) { n++ })
		if n != want {
			t.Errorf("%s: %d objects, want %d", text, n, want)
		}
	}
}

func TestMachine(t *testing.T) {
	for _, c := range []struct {
		text string
		want Status
	}{
		{`{}`, Done}, {`{"a":1}`, Done}, {"{ \"a\" :\n[1,2,{\"b\":\"\\u00e9\\n\"}] , \"c\":null } \n", Done},
		{`{"a":{"b":{"c":{}}}}`, Done}, {`{"a":[]}`, Done}, {`{"a":"ü{"}`, Done},
		{`{`, More}, {`{"a`, More}, {`{"a":"b`, More}, {`{"a":[1,`, More}, {``, More}, {`{"a":-`, More},
		{`[1]`, Bad}, {` {}`, Bad}, {`{}x`, Bad}, {`{"a"}`, Bad}, {`{"a":1,}`, Bad}, {`{"a":[1,]}`, Bad}, {`{a:1}`, Bad},
		{`{"a":1]`, Bad}, {`{"a":[1}`, Bad}, {"{\"a\":\"\n\"}", Bad}, {`{"a":"\x"}`, Bad}, {`{"a":"\u12g4"}`, Bad}, {`{"a" 1}`, Bad},
		{`{"a":1 2}`, Bad}, {`{"a":[[[[]]]]}`, Bad}, {`{,}`, Bad},
	} {
		m := Machine{Depth: 4}
		for i := range len(c.text) {
			m.Feed(c.text[i])
		}
		if m.Status() != c.want {
			t.Errorf("%s: %d, want %d", c.text, m.Status(), c.want)
		}
	}
}

// FuzzMachine compares the machine with encoding/json: what the library takes for
// an object, the machine does too.
func FuzzMachine(f *testing.F) {
	f.Add([]byte(`{"a":[1,true,{"b":"\u00e9\""}],"c":{}}`))
	f.Add([]byte(`{"a":1}{`))
	f.Fuzz(func(t *testing.T, p []byte) {
		m := Machine{Depth: 32}
		for i, b := range p {
			if m.Feed(b); m.Status() == Done && i+1 < len(p) {
				// Text behind the end can make it bad, nothing else.
				var v any
				if q := slices.Clone(p[:i+1]); json.Unmarshal(q, &v) == nil {
					if _, is := v.(map[string]any); !is {
						t.Fatalf("done at %d, but no object", i)
					}
				}
			}
		}
		var v map[string]any
		if json.Unmarshal(p, &v) == nil && v != nil && len(p) > 0 && p[0] == '{' && depth(v) <= 32 && !longLiteral(p) && !strings.ContainsRune(string(p), 0x7f) {
			if m.Status() != Done {
				t.Errorf("%q: status %d", p, m.Status())
			}
		}
	})
}

func depth(v any) int {
	n := 0
	switch v := v.(type) {
	case map[string]any:
		for _, e := range v {
			n = max(n, depth(e))
		}
	case []any:
		for _, e := range v {
			n = max(n, depth(e))
		}
	default:
		return 0
	}
	return n + 1
}

func longLiteral(p []byte) bool {
	n := 0
	for _, b := range p {
		if n++; !isLiteral(b) {
			n = 0
		}
		if n > maxLiteral {
			return true
		}
	}
	return false
}

// FuzzAround checks that whatever member of an object one starts from, the
// walker finds exactly the members that encoding/json finds, at every level.
func FuzzAround(f *testing.F) {
	f.Add([]byte(`{"a":[1,true,{"b":"\u00e9\""}],"c":{},"d":"x\\"}`), uint8(2), []byte("zz\","), []byte("}"))
	f.Fuzz(func(t *testing.T, p []byte, lvl uint8, before, after []byte) {
		level := int(lvl % (MaxLevel + 1))
		var v map[string]json.RawMessage
		if json.Unmarshal(p, &v) != nil || len(v) == 0 || len(v) > MaxMembers {
			v = nil
		}
		text := string(p)
		if v != nil {
			// Rewrite it, so that names are unique.
			b, err := json.Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			text = escape(string(b), level)
		}
		all := string(before) + text + string(after)
		d := docOf(all, false)
		for i := range len(all) {
			d, m, ok := around(d, i)
			if !ok {
				continue
			}
			if m.Start < 0 || m.End > len(all) || m.Start > m.End || len(m.List) == 0 {
				t.Fatal("outside the text")
			}
			last := m.Start
			for _, f := range m.List {
				if f.At < last || f.Name.Start < f.At || f.Value.Start < f.Name.End || f.Value.End < f.Value.Start {
					t.Fatal("members out of order")
				}
				last = f.Value.End
			}
			if v == nil || len(before) > 0 || len(after) > 0 || level != d.Level || m.Start != 0 || m.End != len(all) || !m.Whole() {
				continue
			}
			if len(m.List) != len(v) {
				t.Errorf("%d members of %d in %s", len(m.List), len(v), all)
			}
		}
	})
}
