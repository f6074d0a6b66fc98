package known

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Escaped text has many spellings: encoders differ in what they escape and in
// the case of hexadecimal. So its forms are compared spelling by spelling, and
// only found by anchors: a run of letters and digits, which are escaped by nobody
// who does not escape everything, or the first characters as the common encoders
// write them.

// minRun is the shortest run of letters and digits that is an anchor; runs are
// looked for near the beginning, so that a view need not reach far back.
const (
	minRun  = 3
	runSpan = 1024
)

// longestRun returns the longest run of letters and digits near the beginning of p.
func longestRun(p []byte) (at, n int) {
	start := 0
	for i := 0; i <= min(len(p), runSpan); i++ {
		if i < min(len(p), runSpan) && alphanumeric(p[i]) {
			continue
		}
		if i-start > n {
			at, n = start, i-start
		}
		start = i + 1
	}
	return at, n
}

func alphanumeric(c byte) bool {
	return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z'
}

// rawAnchor returns the anchor of a text that stands as it is.
func rawAnchor(p []byte) anchor {
	if at, n := longestRun(p); n >= 8 || n == len(p) {
		return anchor{text: prefix(p[at : at+n]), at: at}
	}
	return anchor{text: prefix(p)}
}

func percentForms(i int, p []byte, put add) {
	f := form{value: i, encoding: encPercent, style: percent, text: p}
	as := allPercent(p)
	if plainEverywhere(p) {
		put(f, as...) // only who escapes everything writes this differently
		return
	}
	if at, n := longestRun(p); n >= minRun {
		as = append(as, anchor{text: prefix(p[at : at+n]), at: at})
	}
	for _, digits := range []string{"%%%02X", "%%%02x"} {
		for _, keep := range []string{unreserved, unreserved + subDelims} {
			s := percentEncode(p[:min(len(p), maxAnchor)], digits, keep)
			as = append(as, anchor{text: prefix(s)}, anchor{text: prefix(strings.ReplaceAll(s, "%20", "+"))})
		}
	}
	put(f, as...)
}

// What encoders keep beside letters and digits: all of them these (RFC 3986, section
// 2.3), those of paths and whole URIs these too (section 2.2).
const (
	unreserved = "-._~"
	subDelims  = "!$&'()*+,;=:@/?#[]"
)

func percentEncode(p []byte, digits, keep string) string {
	var s strings.Builder
	for _, c := range p {
		if alphanumeric(c) || strings.IndexByte(keep, c) >= 0 {
			s.WriteByte(c)
		} else {
			fmt.Fprintf(&s, digits, c)
		}
	}
	return s.String()
}

// plainEverywhere reports whether p is letters and digits only.
func plainEverywhere(p []byte) bool {
	for _, c := range p {
		if !alphanumeric(c) {
			return false
		}
	}
	return true
}

func allPercent(p []byte) []anchor {
	const n = 4
	q := p[:min(len(p), n)]
	var lower, upper strings.Builder
	for _, c := range q {
		fmt.Fprintf(&lower, "%%%02x", c)
		fmt.Fprintf(&upper, "%%%02X", c)
	}
	return []anchor{{text: lower.String()}, {text: upper.String()}}
}

func jsonForms(i int, p []byte, put add) {
	f := form{value: i, encoding: encJSON, style: escaped, text: p, units: utf16.Encode([]rune(string(p)))}
	var as []anchor
	start := firstRunes(string(p), maxAnchor)
	for _, digits := range []string{`\u%04x`, `\u%04X`} {
		as = append(as, anchor{text: prefix(jsonEncode(firstRunes(start, 4), digits, func(rune) bool { return true }))})
	}
	if plainEverywhere(p) {
		put(f, as...)
		return
	}
	// Positions in bytes are positions in units as long as all is ASCII.
	if at, n := longestRun(p); n >= minRun && isASCII(p) {
		as = append(as, anchor{text: prefix(p[at : at+n]), at: at})
	}
	for _, digits := range []string{`\u%04x`, `\u%04X`} {
		for _, escapes := range escapers() {
			s := jsonEncode(start, digits, func(r rune) bool { return r >= utf8.RuneSelf || escapes(r) })
			as = append(as, anchor{text: prefix(s)}, anchor{text: prefix(strings.ReplaceAll(s, "/", `\/`))})
		}
	}
	put(f, as...)
	if isASCII(p) {
		return
	}
	for _, escapes := range escapers() {
		if s := jsonEncode(string(p), `\u%04x`, escapes); s != string(p) {
			put(form{value: i, encoding: encJSON, text: []byte(s), binary: true}, anchor{text: prefix(s)})
		}
	}
}

// firstRunes returns the first n characters of s.
func firstRunes(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i]
		}
	}
	return s
}

// escapers returns what encoders of JSON write as \u: control characters all of
// them, Go also &, < and >, Gson = and ', .NET + and '.
func escapers() []func(rune) bool {
	var fs []func(rune) bool
	for _, set := range []string{"", "&<>", "&<>='", "&<>+'"} {
		fs = append(fs, func(r rune) bool { return r < ' ' || strings.ContainsRune(set, r) })
	}
	return fs
}

// jsonEncode returns s with what long reports, and what must be, escaped.
func jsonEncode(s, digits string, long func(rune) bool) string {
	short := map[rune]string{'"': `\"`, '\\': `\\`, '\n': `\n`, '\r': `\r`, '\t': `\t`}
	all := long('a')
	var b strings.Builder
	for _, r := range s {
		switch {
		case short[r] != "" && !all:
			b.WriteString(short[r])
		case long(r):
			for _, u := range utf16.Encode([]rune{r}) {
				fmt.Fprintf(&b, digits, u)
			}
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// hexAt returns the value of n hexadecimal digits at character i, or -1.
func hexAt(t probe.Text, i, n int) int {
	v := 0
	for k := range n {
		c := t.At(i + k)
		switch {
		case c >= '0' && c <= '9':
			v = v<<4 | int(c-'0')
		case c >= 'a' && c <= 'f':
			v = v<<4 | int(c-'a'+10)
		case c >= 'A' && c <= 'F':
			v = v<<4 | int(c-'A'+10)
		default:
			return -1
		}
	}
	return v
}

// percentAt returns how many characters at i spell the byte c, or 0.
func percentAt(t probe.Text, i int, c byte) int {
	switch got := t.At(i); {
	case got == '%':
		if hexAt(t, i+1, 2) == int(c) {
			return 3
		}
	case got == c && c < utf8.RuneSelf, got == '+' && c == ' ':
		return 1
	}
	return 0
}

// jsonAt returns how many characters at i spell the UTF-16 unit u, or 0.
func jsonAt(t probe.Text, i int, u uint16) int {
	c := t.At(i)
	if c == '\\' {
		if t.At(i+1) == 'u' {
			if hexAt(t, i+2, 4) == int(u) {
				return 6
			}
			return 0
		}
		if u < utf8.RuneSelf && unescape(t.At(i+1)) == byte(u) {
			return 2
		}
		return 0
	}
	if u < utf8.RuneSelf && c == byte(u) && c != '"' {
		return 1
	}
	return 0
}

// unescape returns what a backslash and c mean, or [probe.NotASCII].
func unescape(c byte) byte {
	switch c {
	case '"', '\\', '/', '\'':
		return c
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return probe.NotASCII
}
