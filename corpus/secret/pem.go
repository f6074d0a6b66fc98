package secret

import (
	"encoding/base64"
	"strings"
)

// pemStyle is how an encapsulated text lies in memory.
type pemStyle struct {
	name    string
	eol     string // "\n", "\r\n", or characters that stand for it
	width   int    // characters a line; 0: all in one
	indent  string
	headers string // lines between BEGIN and the body, without the last eol
	noBegin bool
	noEnd   bool
}

// pemWidth is RFC 7468, section 2; OpenSSH writes 70.
const (
	pemWidth = 64
	sshWidth = 70
)

func pemStyles() []pemStyle {
	return []pemStyle{
		{name: "lf", eol: "\n", width: pemWidth},
		{name: "crlf", eol: "\r\n", width: pemWidth},
		{name: "escaped", eol: `\n`, width: pemWidth},
		{name: "oneline", eol: "", width: 0},
		{name: "indented", eol: "\n", width: pemWidth, indent: "      "},
		{name: "wide-lines", eol: "\n", width: 76},
	}
}

// damagedStyles are PEM texts that have lost a line.
func damagedStyles() []pemStyle {
	return []pemStyle{
		{name: "no-end", eol: "\n", width: pemWidth, noEnd: true},
		{name: "no-begin", eol: "\n", width: pemWidth, noBegin: true},
	}
}

// pem encapsulates der under label: RFC 7468, section 3.
func pem(label string, der marked, style pemStyle) marked {
	var m marked
	line := func(s string) { m.str(style.indent + s + style.eol) }
	if !style.noBegin {
		line("-----BEGIN " + label + "-----")
	}
	if style.headers != "" {
		for _, h := range strings.Split(style.headers, "\n") {
			line(h)
		}
	}
	m.base64(der, style)
	if !style.noEnd {
		m.str(style.eol + style.indent + "-----END " + label + "-----" + style.eol)
	}
	return m
}

// base64 appends der as lines, without the last eol, and marks each character
// that carries a private bit.
func (m *marked) base64(der marked, style pemStyle) {
	text := base64.StdEncoding.EncodeToString(der.b)
	width := style.width
	if width == 0 {
		width = len(text)
	}
	chars := charsOf(der.priv)
	for i := 0; i < len(text); i += width {
		end := min(i+width, len(text))
		if i > 0 {
			m.str(style.eol)
		}
		m.str(style.indent)
		base := len(m.b)
		m.str(text[i:end])
		for _, c := range chars {
			m.mark(base+max(c.Start, i)-i, base+min(c.End, end)-i)
		}
	}
}

// charsOf returns the base64 characters that carry a bit of the given bytes:
// byte i is in the characters 8i/6 to (8i+7)/6.
func charsOf(bytes []Range) []Range {
	chars := make([]Range, len(bytes))
	for i, r := range bytes {
		chars[i] = Range{8 * r.Start / 6, (8*r.End + 5) / 6}
		if i > 0 {
			chars[i].Start = max(chars[i].Start, chars[i-1].End)
		}
	}
	return chars
}
