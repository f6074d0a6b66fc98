package context

import (
	"slices"
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// signs are the characters of a keyboard that stand in a string without an escape.
const signs = alnum + "!#$%&()*+,-./:;<=>?@[]^_{|}~"

// Passwords of random signs are found whatever they begin with or hold: what templates, formats
// and code have is chance in them.
func TestRandomSigns(t *testing.T) {
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	const trials = 300
	m := newMaker(21)
	for _, c := range []struct {
		first, within string
		most          int // misses in a thousand
	}{
		{"", "", 9},
		{"__", "", 90}, {"=", "", 10}, {"...", "", 150}, {"os.", "", 110}, {"@@", "", 100}, {"<", "", 45}, {"[", "", 50}, {"$", "", 15},
		{"", "%s", 40}, {"", "%v", 40}, {"", "%q", 40}, {"", "{}", 80}, {"", ".*", 110},
	} {
		missed, n := 0, 0
		for range trials {
			secret := c.first + m.of(signs, 7) + c.within + m.of(signs, 8-len(c.first)-len(c.within)) + "k" // 16 characters
			for _, form := range []string{"\x00DB_PASSWORD=@@\x00", "\x00mysql\x00--password=@@\x00-h\x00", `{"user":"u","password":"@@"}`} {
				n++
				data := []byte(strings.ReplaceAll(form, "@@", secret))
				at := strings.Index(form, "@@")
				if !slices.ContainsFunc(probetest.Matches(s, data, len(data)), func(f search.Found) bool {
					return f.Confidence >= probe.Likely && f.Redact[0].Start <= at && f.Redact[0].End >= at+len(secret)
				}) {
					missed++
				}
			}
		}
		if missed*1000 > c.most*n {
			t.Errorf("%q, %q: %d of %d are missed", c.first, c.within, missed, n)
		}
	}
}

// What an encoder of JSON has escaped for the sake of HTML says no less for it.
func TestEscapedSigns(t *testing.T) {
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	m := newMaker(22)
	for _, escape := range []string{`\u0026`, `\u003c`, `\u003E`, `\u003d`, `\\u0026`} {
		for range 50 {
			secret := m.password() + escape + m.token(3)
			data := []byte(`{"user":"bob","password":"` + secret + `","x":1}`)
			found := probetest.Matches(s, data, len(data))
			if len(found) != 1 || found[0].Confidence < probe.Likely || string(data[found[0].Redact[0].Start:found[0].Redact[0].End]) != secret {
				t.Errorf("a password with %s in it is not found as a whole", escape)
			}
		}
	}
	for _, text := range []string{`{"password":"\u65e5\u672c\u8a9e\u306e"}`, `{"password":"caf\u00e9 du \u00c9tat"}`} {
		probetest.Reject(t, NewNamed(), "characters beyond ASCII", []byte(text))
	}
}
