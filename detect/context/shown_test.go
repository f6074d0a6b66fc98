package context

import (
	"strings"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestShown calls what a manual shows possible and what a record holds likely.
func TestShown(t *testing.T) {
	m := newMaker(11)
	s, err := search.New(Detectors())
	if err != nil {
		t.Fatal(err)
	}
	const crypt = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
	md5 := func() string { return "$1$" + m.of(crypt, 8) + "$" + m.of(crypt, 22) }
	sha := func() string { return "$6$" + m.of(crypt, 16) + "$" + m.of(crypt, 86) }
	bcrypt := func() string { return "$2b$12$" + m.of(crypt, 53) }
	const prose = "tables of users. The most popular of the schemes that we know of is one in\nwhich the word is mixed with a salt and then put through a digest for a\n" +
		"thousand times. It is what most systems keep, and there the entries look like\n\""
	for _, c := range []struct {
		text string
		want probe.Confidence
	}{
		{prose + md5() + "\".\n", probe.Possible},
		{"\n.nf\nolcRootPW: " + sha() + "\n.fi\n", probe.Possible},
		{"\n.nf\npassword = " + m.token(24) + "\n.fi\n", probe.Possible},
		{"\n    >>> hash('x')\n    '" + bcrypt() + "'\n", probe.Possible},
		{"\x00$1$xxxxxxxx$" + m.of(crypt, 22) + "\x00", probe.Possible},

		{"root:" + sha() + ":19000:0:99999:7:::\nbob:*:19000:0:99999:7:::\n", probe.Likely},
		{"root:" + md5() + ":0:0:root:/root:/bin/sh\n", probe.Likely},
		{"\x00\x07\x00\x00\x00bob@mail.net\x00" + bcrypt() + "\x00\x00", probe.Likely},
		{"7\tbob\t" + bcrypt() + "\t2026-11-30 10:00:00\n", probe.Likely},
		{`{"id":7,"password":"` + bcrypt() + `"}`, probe.Likely},
		{"INSERT INTO users VALUES (7, 'bob', '" + bcrypt() + "');\n", probe.Likely},
		{"bob:" + "$apr1$" + m.of(crypt, 8) + "$" + m.of(crypt, 22) + "\n", probe.Likely},
		{"an example of a user in the table of users is\nbob with the password\n" + sha() + "\n", probe.Likely},
		{"DEBUG the hash of the password of the user bob is \"" + bcrypt() + "\"\n", probe.Likely},
		{">>> user.password\n'" + bcrypt() + "'\n", probe.Likely},
	} {
		for _, data := range [][]byte{[]byte(c.text), probetest.Widen([]byte(c.text))} {
			got, n := probe.Confidence(0), 0
			for _, f := range probetest.Matches(s, data, len(data)) {
				got = max(got, f.Confidence)
				n++
			}
			if n == 0 || got != c.want {
				shape := strings.Map(func(r rune) rune {
					if r == '\n' || r == ' ' {
						return r
					}
					return 'x'
				}, c.text)
				t.Errorf("%q: %d findings, %v, want %v", shape, n, got, c.want)
			}
		}
	}
}
