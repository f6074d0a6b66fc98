package manual

import "github.com/dumpscrub/dumpscrub/detect/probe"

// Shown reports whether the characters [start, end) stand in an example by the marks of
// its document: in a session with Python or in the source of a manual page.
func Shown(t probe.Text, start, end int) bool {
	return session(t, start) || roff(t, start, end)
}

// session reports whether the character at i stands in an example of a session with
// Python, which documentation strings have and tests run: a line before it begins with
// blanks and the prompt. Without blanks it would be a session that somebody had.
func session(t probe.Text, i int) bool {
	const prompt, far, indent = ">>> ", 256, 4
	for k := i - 1; k > i-far && printable(t.At(k)); k-- {
		if t.At(k) != prompt[0] || !t.Has(k, prompt) {
			continue
		}
		j := k
		for isBlank(t.At(j - 1)) {
			j--
		}
		if k-j >= indent || j < k && t.At(j) == '\t' {
			return true
		}
	}
	return false
}

// requests are those of roff that stand around examples (groff_man(7), groff_mdoc(7), and
// what Pod::Man, Sphinx and DocBook write).
var requests = [...]string{
	"br", "sp", "nf", "fi", "ft", "in", "ne", "ti", "PP", "LP", "P", "IP", "TP", "TQ", "RS", "RE", "EX", "EE", "SH", "SS",
	"B", "I", "BR", "BI", "RI", "IR", "RB", "IB", "Sp", "Vb", "Ve", "IX", "UNINDENT", "INDENT", "Bd", "Ed", "Dl", "Pp", "It", "El", "Li",
}

// roff reports whether two lines near the characters [start, end) are requests of roff. The
// first line of a page may be cut off, so they may lie on either side.
func roff(t probe.Text, start, end int) bool {
	const most, least = Before - 16, 2
	seen := 0
	for k := start - 1; k > start-most && seen < least && printable(t.At(k)); k-- {
		if t.At(k) == '\n' && request(t, k+1) {
			seen++
		}
	}
	for k := end; k < end+most && seen < least && printable(t.At(k)); k++ {
		if t.At(k) == '\n' && request(t, k+1) {
			seen++
		}
	}
	return seen == least
}

// request reports whether the line at i is a request of roff, or text that is kept from
// being one.
func request(t probe.Text, i int) bool {
	if t.Has(i, `\&`) {
		return true
	}
	if t.At(i) != '.' {
		return false
	}
	for _, r := range requests {
		if t.Has(i+1, r) {
			if c := t.At(i + 1 + len(r)); c == '\n' || c == ' ' {
				return true
			}
		}
	}
	return false
}

// Mentioned reports whether the characters [start, end) stand in quotes within prose: most
// of what is before them are words in small letters, in several lines of which none
// begins like a record. Messages between people are prose too, so this is evidence for what
// is no credential by itself, a hash.
func Mentioned(t probe.Text, start, end int) bool {
	const (
		far   = 320 // characters that are read
		words = 24  // of two small letters and more
		lines = 3
	)
	q := t.At(start - 1)
	if q != '"' && q != '\'' && q != '`' || t.At(end) != q {
		return false
	}
	n, breaks, small, all := 0, 0, 0, 0
	k := start - 2
	for ; k > start-far && printable(t.At(k)); k-- {
		c := t.At(k)
		all++
		switch {
		case c == '\n':
			breaks++
		case isLower(c):
			small++
			if before := t.At(k - 1); isLower(t.At(k+1)) && (before == ' ' || before == '\n') {
				n++
			}
		case c == '{' || c == '}' || c == '=' || c == ';' || c == '|' || c == '\t':
			return false
		case c == ' ':
			small++
		}
	}
	return n >= words && breaks >= lines && 10*small >= 9*all
}

func printable(c byte) bool { return c >= ' ' && c < 0x7f || c == '\n' || c == '\t' || c == '\r' }
func isBlank(c byte) bool   { return c == ' ' || c == '\t' }
func isLower(c byte) bool   { return c >= 'a' && c <= 'z' }
