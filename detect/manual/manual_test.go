package manual

import (
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// prose is a paragraph as documentation has it, up to the quote that opens an example.
const prose = "tables of users. The most popular of the schemes that we know of is one in\n" +
	"   which the word is mixed with a salt and then put through a digest for a\n" +
	"   thousand times. It is what most systems keep, and there the entries look like\n   \""

// TestPlaces puts the mark @@ where the example stands, in characters of one and of two bytes.
func TestPlaces(t *testing.T) {
	for _, c := range []struct {
		text             string
		shown, mentioned bool
	}{
		{"    >>> f()\n    '@@'\n", true, false},
		{"\x00        >>> token = '@@'\n", true, false},
		{"x.        >>> token = '@@'\x00", true, false},
		{">>> token = '@@'\n", false, false}, // a session that somebody had
		{"    >>> f()\x00'@@'", false, false},
		{"\n.nf\nuserPassword: @@\n.fi\n", true, false},
		{"sentence.\n.br\nKey = @@\n.br\nmore\n", true, false},
		{"\n\\&  % mkpasswd\n\\&  @@\n", true, false},
		{"Subject: x\n\n.\nkey = @@\n.\n", false, false}, // SMTP
		{"\n.net framework\n@@\n.bashrc\n", false, false},
		{".nf\nuserPassword: @@\n", false, false}, // one is not enough, the other is not in a line of its own
		{prose + "@@\".\n", false, true},
		{prose + "@@',\n", false, false},
		{"root:@@:19000:0:99999:7:::\nbob:*:19000:0:99999:7:::\n", false, false},
		{"\x00\x01\x00\x00bob\x00@@\x00", false, false},
		{`{"id":7,"name":"bob","password":"@@","mail":"bob@mail.net","role":"admin"}`, false, false},
		{"INSERT INTO users (name, password)\nVALUES ('bob', '@@'),\n", false, false},
		{"2026-11-30 10:00:00 DEBUG comparing the given password of the user with the stored \"@@\"\n", false, false},
		{strings.Repeat("a user logged in and was seen by the server\n", 6) + "the hash of it is @@\n", false, false},
	} {
		head, tail, _ := strings.Cut(c.text, "@@")
		const example = "Xk2-example"
		for _, wide := range []bool{false, true} {
			data := []byte(head + example + tail)
			if wide {
				data = probetest.Widen(data)
			}
			text, _ := probe.TextOf(probe.View{Data: data, Wide: wide})
			start, end := len(head), len(head)+len(example)
			if got := Shown(text, start, end); got != c.shown {
				t.Errorf("%q, wide %v: shown %v", c.text, wide, got)
			}
			if got := Mentioned(text, start, end); got != c.mentioned {
				t.Errorf("%q, wide %v: mentioned %v", c.text, wide, got)
			}
		}
	}
}

// TestReach looks no further than it says.
func TestReach(t *testing.T) {
	for _, far := range []string{".nf\n.nf\n", "    >>> x\n"} {
		data := []byte("\n" + far + strings.Repeat("x", Before) + "@" + strings.Repeat("x", After) + "\n" + far)
		at := strings.IndexByte(string(data), '@')
		text, _ := probe.TextOf(probe.View{Data: data})
		if Shown(text, at, at+1) {
			t.Errorf("%q: seen from afar", far)
		}
	}
}

// TestPublished knows what standards and manuals print, by value.
func TestPublished(t *testing.T) {
	for p, want := range map[string]bool{
		"2YotnFZFEjr1zCsicMWpAA":      true,
		"2YotnFZFEjr1zCsicMWpAB":      false,
		"":                            false,
		strings.Repeat("# Hashes", 4): false,
		"7d7dc5f71eb29ddaf80d6214632eeae03d9058af1fb6d22ed80badb62bc1a534": true, // CAVS
	} {
		if Published([]byte(p)) != want {
			t.Errorf("%q: %v", p, !want)
		}
	}
	// Every line of the list is a digest or a comment; a digest is of no comment.
	n := 0
	for line := range strings.Lines(examples) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		n++
		if len(strings.TrimRight(line, "\n")) != 16 || strings.Trim(line, "0123456789abcdef\n") != "" {
			t.Errorf("line %d is no digest", n)
		}
	}
	if n == 0 {
		t.Error("no digests")
	}
}
