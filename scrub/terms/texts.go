package terms

import (
	"bytes"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// Textual reports whether the redacted text of m is the secret itself, not an
// encoding of it.
func Textual(m *probe.Match) bool {
	return m.Text && (m.Encoding == probe.ASCII || m.Encoding == probe.UTF16LE)
}

// Structured reports whether the text of m is of a form that all secrets of its
// kind share: the lines of PEM and its relatives begin alike.
func Structured(m *probe.Match) bool {
	switch m.Encoding {
	case probe.PEM, probe.OpenSSH, probe.PuTTY, probe.PGP, probe.JWK:
		return true
	}
	return strings.HasSuffix(m.Kind, "private-key") || strings.HasPrefix(m.Kind, "pgp-")
}

// Of returns the private texts of f, one byte a character, in memory of their
// own. What lies encoded is represented by its identity.
func Of(f search.Found, data []byte) [][]byte {
	if !Textual(&f.Match) || len(f.Remote) > 0 {
		if len(f.Identity) > 0 && printable(f.Identity) {
			return append(unescaped(f.Identity), bytes.Clone(f.Identity))
		}
		return nil
	}
	var out [][]byte
	for _, r := range f.Redact {
		p := data[r.Start:r.End]
		if !f.Wide {
			out = append(out, bytes.Clone(p))
			continue
		}
		out = append(out, Narrow(p))
	}
	// Words that lie one to a line are written in one line elsewhere.
	if len(out) == 1 && len(f.Identity) > 0 && !bytes.Equal(out[0], f.Identity) && printable(f.Identity) {
		out = append(out, bytes.Clone(f.Identity))
	}
	for _, p := range out {
		out = append(out, unescaped(p)...)
	}
	return out
}

// passWords is how many words of a pass phrase in a row are hunted for, where there are
// more than twice as many: of the 2,048 words of a wallet's list they tell 44 bits.
const passWords = 4

// Passages returns every passWords words in a row of a pass phrase, which is of small
// letters and single blanks, for none of its words is rare.
func Passages(text []byte) [][]byte {
	words := bytes.Split(text, []byte(" "))
	if len(words) <= 2*passWords {
		return nil
	}
	for _, w := range words {
		if len(w) == 0 || len(bytes.Trim(w, "abcdefghijklmnopqrstuvwxyz")) > 0 {
			return nil
		}
	}
	var out [][]byte
	for i := range len(words) - passWords + 1 {
		out = append(out, bytes.Join(words[i:i+passWords], []byte(" ")))
	}
	return out
}

// Narrow returns the lower bytes of UTF-16LE text.
func Narrow(p []byte) []byte {
	n := make([]byte, 0, len(p)/2)
	for i := 0; i < len(p); i += 2 {
		n = append(n, p[i])
	}
	return n
}

func printable(p []byte) bool {
	for _, c := range p {
		if c < ' ' || c > '~' {
			return false
		}
	}
	return true
}
