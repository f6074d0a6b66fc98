package base64text

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

func textOf(s string) probe.Text {
	t, _ := probe.TextOf(probe.View{Data: []byte(s)})
	return t
}

func random(n int) []byte {
	p := make([]byte, n)
	rand.Read(p)
	return p
}

// wrap returns the base64 of p in lines of n digits separated by sep.
func wrap(p []byte, n int, sep string) string {
	s := base64.StdEncoding.EncodeToString(p)
	var lines []string
	for len(s) > n {
		lines = append(lines, s[:n])
		s = s[n:]
	}
	return strings.Join(append(lines, s), sep)
}

func TestUnit(t *testing.T) {
	for _, c := range []struct {
		text string
		b    byte
		n    int
	}{
		{"A", 'A', 1}, {`\n`, '\n', 2}, {`\\\\n`, '\n', 5}, {`\/`, '/', 2}, {`\u002b`, '+', 6}, {`\\u003D`, '=', 7},
		{`\x2f`, '/', 4}, {`\012`, '\n', 4}, {"\\\n", '\n', 2}, {"%2B", '+', 3}, {"%252b", '+', 5}, {"&#10;", '\n', 5},
		{"&#x2B;", '+', 6}, {"<br/>", '\n', 5},
		{`\q`, 0, 0}, {`\`, 0, 0}, {`\u012b`, 0, 0}, {`\u00`, 0, 0}, {"%", 0, 0}, {"%s", 0, 0}, {"%ff", 0, 0}, {"&amp;", 0, 0},
		{"&#;", 0, 0}, {"&#99999999;", 0, 0}, {"<b>", 0, 0}, {"", 0, 0}, {"\xff", 0, 0}, {strings.Repeat(`\`, 40) + "n", 0, 0},
	} {
		if b, n := unit(textOf(c.text), 0); n != c.n || n > 0 && b != c.b {
			t.Errorf("%q: %q of %d characters, want %q of %d", c.text, b, n, c.b, c.n)
		}
	}
}

func TestForward(t *testing.T) {
	p := random(200)
	for _, sep := range []string{"\n", "\r\n", "\r", " ", "\t", "\n\n", "\n    ", `\n`, `\\r\\n`, "%0A", "&#xA;", "\\n\" +\n  \"", "', '"} {
		s := wrap(p, 64, sep)
		b := Forward(textOf(s), 0, len(s), "")
		if !bytes.Equal(b.Decode(), p) || b.End != len(s) || len(b.Lines) != 5 {
			t.Errorf("separator %q: %d of %d characters, %d lines", sep, b.End, len(s), len(b.Lines))
		}
		for i, l := range b.Lines {
			if got := s[l.Start:l.End]; strings.Trim(got, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=") != "" {
				t.Errorf("separator %q: line %d has more than digits", sep, i)
			}
		}
	}
}

// What must end a body, and how many of the digits before it belong to it.
func TestForwardStops(t *testing.T) {
	for _, c := range []struct {
		text        string
		digits, end int
	}{
		{"", 0, 0}, {"AAAA", 4, 4}, {"AAAA-----", 4, 4}, {"AAAA\x00BBBB", 4, 4}, {"AA==BBBBB", 2, 4}, {"AA=\n=BB", 2, 3},
		{"AAAA\n=njUN\n-----", 4, 4}, {"AAA==njUN\n", 3, 4}, {"AA==\n=njUN", 2, 4}, {"AAAA[REDACTED:x#1]", 4, 4},
		{"AAAA*", 4, 4}, {"\nAAAA", 4, 5}, {`AAAA"`, 4, 4}, {`AAAA": "b"`, 4, 4}, {`AAAA", 1`, 4, 4}, {"AAAA" + strings.Repeat(" ", 300) + "BBBB", 4, 4},
		{"AAAA%3D", 4, 7}, {"AAAA\xe9", 4, 4}, {"AAAA.BBBB", 4, 4},
	} {
		b := Forward(textOf(c.text), 0, len(c.text), "")
		if len(b.Digits) != c.digits || b.End != c.end {
			t.Errorf("%q: %d digits to %d, want %d to %d", c.text, len(b.Digits), b.End, c.digits, c.end)
		}
	}
}

func TestPrefix(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"\n> ", "> "}, {"\n# ", "# "}, {"x\r\n\t// ", "\t// "}, {"\n", ""}, {"> ", ""}, {"\x00> ", ""}, {"\nabc", ""},
		{"\n" + strings.Repeat(" ", 40), ""},
	} {
		if got := Prefix(textOf(c.text), len(c.text)); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	p := random(150)
	s := "\n// " + wrap(p, 64, "\n// ")
	if b := Forward(textOf(s), 4, len(s), "// "); !bytes.Equal(b.Decode(), p) {
		t.Error("prefixed lines are not read")
	}
}

func TestBackward(t *testing.T) {
	p := random(240) // five lines of 64
	body := wrap(p, 64, "\n")
	for _, c := range []struct {
		name, head string
		lost       int // characters of the body that head replaces
		want       int // bytes that must be found, from the last
	}{
		{"whole", "", 0, 240},
		{"after a boundary", "-----\n", 0, 240},
		{"after words", "\x00some words\n", 0, 240},
		{"head overwritten", "\xff\x7f\x00", 10, 240 - 9},
		{"first line overwritten", "\x00", 64, 192},
		{"middle overwritten", "\x00", 64*2 + 5, 144 - 6},
	} {
		s := c.head + strings.TrimPrefix(body[c.lost:], "\n") + "\n"
		b, first := Backward(textOf(s+"-----END"), len(s), 0, "")
		got := b.DecodeTail()
		if !bytes.HasSuffix(p, got) || len(got) < c.want {
			t.Errorf("%s: %d bytes, want %d", c.name, len(got), c.want)
		}
		if first > b.Lines[0].Start {
			t.Errorf("%s: the text begins behind the body", c.name)
		}
	}
}

func TestBackwardFindsNothing(t *testing.T) {
	for _, s := range []string{"", "\n", "-----\n", "{}", "AAAA\x00\n", "[REDACTED:x#1]**", "AAAA.\n", "=\n"} {
		if b, _ := Backward(textOf(s), len(s), 0, ""); len(b.Digits) > 0 {
			t.Errorf("%q: %d digits", s, len(b.Digits))
		}
	}
}

func TestKeepAndWrapped(t *testing.T) {
	s := wrap(random(100), 64, "\n") + "\nand more\nwords"
	s = strings.ReplaceAll(s, "=", "A")
	b := Forward(textOf(s), 0, len(s), "")
	if n := b.Wrapped(); n != 3 {
		t.Fatalf("%d lines, want 3", n)
	}
	b.Keep(3)
	if len(b.Digits) != 136 || b.End != 138 {
		t.Errorf("%d digits to %d", len(b.Digits), b.End)
	}
}

// Whatever the text, ranges are in order and inside it, the digits are those of the
// ranges, and reading is the same in UTF-16.
func FuzzBody(f *testing.F) {
	f.Add([]byte("AAAA\nBB==\n=abcd\n-----END"), uint8(2))
	f.Add([]byte(`\u002b\/AAA%2Bx&#10;yyyy"+ "zz==`), uint8(0))
	f.Add([]byte("> AAAA\n> BBBB\n> "), uint8(2))
	f.Fuzz(func(t *testing.T, data []byte, cut uint8) {
		text := textOf(string(data))
		prefix := string(data[:min(int(cut)%4, len(data))])
		fwd := Forward(text, 0, text.Len(), prefix)
		check(t, text, &fwd)
		back, first := Backward(text, text.Len(), 0, prefix)
		check(t, text, &back)
		if len(back.Lines) > 0 && (first < 0 || first > back.Lines[0].Start) {
			t.Error("the text begins outside")
		}
		for _, b := range data {
			if b >= 0x80 {
				return
			}
		}
		var w []byte
		for _, b := range data {
			w = append(w, b, 0)
		}
		wide, _ := probe.TextOf(probe.View{Data: w, Wide: true})
		wf := Forward(wide, 0, wide.Len(), prefix)
		if !bytes.Equal(wf.Digits, fwd.Digits) || wf.End != fwd.End {
			t.Error("UTF-16 is read otherwise")
		}
	})
}

func check(t *testing.T, text probe.Text, b *Body) {
	t.Helper()
	sum, last := 0, 0
	for i, l := range b.Lines {
		if l.Start < last || l.End < l.Start || l.End > text.Len() {
			t.Fatalf("line %d lies outside or out of order", i)
		}
		n := 0
		for k := l.Start; k < l.End; {
			c, w := unit(text, k)
			if w == 0 || digit(c) < 0 && c != '=' {
				t.Fatalf("line %d holds more than digits", i)
			}
			if c != '=' {
				n++
			}
			k += w
		}
		if n != l.N {
			t.Fatalf("line %d has %d digits, says %d", i, n, l.N)
		}
		sum, last = sum+l.N, l.End
	}
	if sum != len(b.Digits) || len(b.Lines) > 0 && b.End != last {
		t.Fatalf("%d digits in %d lines, want %d", len(b.Digits), len(b.Lines), sum)
	}
	if n := len(b.Decode()); n != len(b.Digits)*6/8 {
		t.Fatalf("%d bytes of %d digits", n, len(b.Digits))
	}
}
