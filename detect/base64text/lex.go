package base64text

import "github.com/dumpscrub/dumpscrub/detect/probe"

// The limits of what is taken for one escape or one gap.
const (
	// maxSlashes is how many backslashes may escape one character: JSON in JSON
	// doubles them at each level, and four levels make fifteen.
	maxSlashes = 16
	// maxPercents is how often a percent sign may be escaped again as "%25".
	maxPercents = 4
	// maxGap is how many characters may lie between two lines: a line break, and
	// the indentation and quotes of deeply nested source code.
	maxGap = 256
)

// digit returns the value of a base64 digit, or -1.
func digit(b byte) int {
	switch {
	case b >= 'A' && b <= 'Z':
		return int(b - 'A')
	case b >= 'a' && b <= 'z':
		return int(b-'a') + 26
	case b >= '0' && b <= '9':
		return int(b-'0') + 52
	case b == '+':
		return 62
	case b == '/':
		return 63
	}
	return -1
}

// unit returns the character that stands at i, escaped or not, and how many
// characters of text it takes: 0 when there is none that could be part of a body.
func unit(t probe.Text, i int) (b byte, n int) {
	b = t.At(i)
	switch b {
	case '\\':
		return backslash(t, i)
	case '%':
		return percent(t, i)
	case '&':
		return entity(t, i)
	case '<':
		for _, br := range [...]string{"<br>", "<br/>", "<br />", "<BR>"} {
			if t.Has(i, br) {
				return '\n', len(br)
			}
		}
		return 0, 0
	case probe.NotASCII:
		return 0, 0
	}
	return b, 1
}

// backslash reads the escapes of C, Java and JSON, escaped again or not.
func backslash(t probe.Text, i int) (byte, int) {
	k := 1
	for k < maxSlashes && t.At(i+k) == '\\' {
		k++
	}
	switch c := t.At(i + k); c {
	case 'n':
		return '\n', k + 1
	case 'r':
		return '\r', k + 1
	case 't':
		return '\t', k + 1
	case '/', '=', '+', '\n', '\r':
		return c, k + 1
	case 'u':
		if t.At(i+k+1) != '0' || t.At(i+k+2) != '0' {
			return 0, 0
		}
		return number(t, i, i+k+3, 2, 16)
	case 'x':
		return number(t, i, i+k+1, 2, 16)
	case '0', '1':
		return number(t, i, i+k, 3, 8)
	}
	return 0, 0
}

// percent reads the escapes of URLs (RFC 3986, section 2.1).
func percent(t probe.Text, i int) (byte, int) {
	k := i + 1
	for n := 0; n < maxPercents && t.Has(k, "25"); n++ {
		k += 2
	}
	return number(t, i, k, 2, 16)
}

// number reads n digits of the given base at k, of an escape that begins at i.
func number(t probe.Text, i, k, n, base int) (byte, int) {
	v := 0
	for range n {
		d := HexDigit(t.At(k))
		if d < 0 || d >= base {
			return 0, 0
		}
		v = v*base + d
		k++
	}
	if v >= 0x80 {
		return 0, 0
	}
	return byte(v), k - i
}

// entity reads the numeric character references of HTML and XML.
func entity(t probe.Text, i int) (byte, int) {
	k, base := i+2, 10
	if t.At(i+1) != '#' {
		return 0, 0
	}
	if c := t.At(k); c == 'x' || c == 'X' {
		k, base = k+1, 16
	}
	v, n := 0, 0
	for ; n < 6; n++ {
		d := HexDigit(t.At(k + n))
		if d < 0 || d >= base {
			break
		}
		v = v*base + d
	}
	if n == 0 || v >= 0x80 || t.At(k+n) != ';' {
		return 0, 0
	}
	return byte(v), k + n + 1 - i
}

// HexDigit returns the value of a hexadecimal digit, or -1.
func HexDigit(b byte) int {
	switch {
	case b >= '0' && b <= '9':
		return int(b - '0')
	case b >= 'a' && b <= 'f':
		return int(b-'a') + 10
	case b >= 'A' && b <= 'F':
		return int(b-'A') + 10
	}
	return -1
}

// Gap returns the first character at or after i that is no gap, and whether a
// line break was passed. prefix is what may stand at the beginning of each line,
// "" when nothing does; see [Prefix].
func Gap(t probe.Text, i int, prefix string) (next int, broke bool) {
	for end := i + maxGap; i < end; {
		b, n := unit(t, i)
		switch {
		case n == 0:
			return i, broke
		case b == '\n' || b == '\r':
			broke = true
			i += n
			if len(prefix) > 0 && t.Has(i, prefix) {
				i += len(prefix)
			}
		case b == ' ' || b == '\t':
			i += n
		case b == '"' || b == '\'':
			j := quotes(t, i, b)
			if j == 0 {
				return i, broke
			}
			i, broke = j, true
		default:
			return i, broke
		}
	}
	return i, broke
}

// quotes returns the character after the quote that opens the next of two
// concatenated string literals, when the one that closes the first is at i: 0
// when no other literal follows. What may stand between are blanks, line breaks
// and the operators of common languages.
func quotes(t probe.Text, i int, quote byte) int {
	for k := i + 1; k < i+maxGap; k++ {
		switch b := t.At(k); b {
		case ' ', '\t', '\r', '\n', '+', '.', ',', '&', '_', '\\':
		case quote:
			return k + 1
		default:
			return 0
		}
	}
	return 0
}

// maxPrefix is the longest line prefix: indentation and a comment sign.
const maxPrefix = 32

// Prefix returns what stands before character i on its line, such as "> " or
// "# ": it may be repeated on the lines that follow. It is "" where the line
// does not begin within reach, or where the prefix could be a piece of a body.
func Prefix(t probe.Text, i int) string {
	for k := i - 1; k >= i-maxPrefix-1; k-- {
		switch b := t.At(k); {
		case b == '\n' || b == '\r':
			if k+1 == i || digit(t.At(i-1)) >= 0 {
				return ""
			}
			return string(t.Append(nil, k+1, i))
		case b == probe.NotASCII || b < ' ' && b != '\t':
			return ""
		}
	}
	return ""
}

// Unit returns the character that stands at i, escaped or not, and how many
// characters of text it takes: 0 when there is none that could be part of a body.
func Unit(t probe.Text, i int) (b byte, n int) { return unit(t, i) }
