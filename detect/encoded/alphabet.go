package encoded

// noDigit marks characters that are no digits.
const noDigit = 0xff

// base64Value and hexValue are the values of the digits of both alphabets of RFC
// 4648, sections 4 and 5, and of section 8.
var base64Value, hexValue = values("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), values("0123456789abcdef")

// isDigit marks the digits of base64.
var isDigit = func() (m [256]bool) {
	for c := range m {
		m[c] = base64Value[c] != noDigit
	}
	return m
}()

// runChar marks the characters that runs consist of.
var runChar = func() (m [256]bool) {
	for c := range m {
		m[c] = base64Value[c] != noDigit || c == '\\' || c == '%' || c == '\n' || c == '\r'
	}
	return m
}()

func values(alphabet string) (v [256]byte) {
	for i := range v {
		v[i] = noDigit
	}
	for i := range len(alphabet) {
		v[alphabet[i]] = byte(i)
		if c := alphabet[i]; len(alphabet) == 16 && c >= 'a' {
			v[c-0x20] = byte(i)
		}
	}
	if len(alphabet) == 64 {
		v['-'], v['_'] = 62, 63
	}
	return v
}

// What three bytes are, as text.
const (
	letters = 1 << iota // three printable characters
	outer               // a zero between two characters of UTF-16
	middle              // a character between two zeros
)

// quad returns what the four base64 digits at p[0] are.
func quad(p []byte) byte {
	a, b, c, d := base64Value[p[0]], base64Value[p[1]], base64Value[p[2]], base64Value[p[3]]
	if a|b|c|d >= 64 {
		return 0
	}
	w := uint32(a)<<18 | uint32(b)<<12 | uint32(c)<<6 | uint32(d)
	const high = 0x808080
	if w&high != 0 {
		return 0
	}
	// The top bit of each byte of up is set when that byte is a space or more.
	up := w + 0x606060
	switch {
	case up&high == high:
		return letters
	case w&0x00ff00 == 0 && up&0x800080 == 0x800080:
		return outer
	case w&0xff00ff == 0 && up&0x008000 != 0:
		return middle
	}
	return 0
}

// stretch is how many groups of digits must be text, and how many hexadecimal bytes.
const (
	stretch    = 4
	hexStretch = 3 * stretch
)

// textPhases returns, as a set of bits, at which of the four phases p holds
// base64 of text.
func textPhases(p []byte) (set uint8) {
	for phase := range 4 {
		for i := phase; i+4*stretch <= len(p); {
			// From the last group to the first: where one is no text, no stretch
			// contains it.
			k, kind := stretch-1, byte(0)
			for ; k >= 0; k-- {
				q := quad(p[i+4*k:])
				if q == 0 || kind != 0 && (q == letters) != (kind == letters) || kind != 0 && q != letters && q == kind {
					break
				}
				kind = q
			}
			if k < 0 {
				set |= 1 << phase
				break
			}
			i += 4 * (k + 1)
		}
	}
	return set
}

// hexText reports at which of the two phases p, hexadecimal digits all, holds
// text.
func hexText(p []byte) (set uint8) {
	for phase := range 2 {
		n, zeros := 0, 0
		for i := hexStart(p, phase); i+2 <= len(p); i += 2 {
			b := hexValue[p[i]]<<4 | hexValue[p[i+1]]
			switch {
			case b >= 0x20 && b < 0x7f:
				n, zeros = n+1, 0
			case b == 0 && n > 0 && zeros == 0:
				zeros++ // the other half of a UTF-16 character
			default:
				n, zeros = 0, 0
			}
			if n >= hexStretch {
				set |= 1 << phase
				break
			}
		}
	}
	return set
}

// hexStart returns the first place from i on, in steps of two, behind which enough
// bytes for text lie that are printable or zero; or the end of p.
func hexStart(p []byte, i int) int {
	for i+2*hexStretch <= len(p) {
		// From the last byte to the first: where one is neither, no text reaches across.
		k := hexStretch - 1
		for ; k >= 0; k-- {
			// High digits 2 to 7 make printable characters, but for 0x7f.
			a, b := p[i+2*k], p[i+2*k+1]
			if (a-'2' > 7-2 || a == '7' && b|0x20 == 'f') && (a != '0' || b != '0') {
				break
			}
		}
		if k < 0 {
			return i
		}
		i += 2 * (k + 1)
	}
	return len(p)
}

const minHex = 2 * hexStretch

// hexRuns calls yield for the maximal runs of hexadecimal digits in p that are
// long enough to matter.
func hexRuns(p []byte, yield func(start, end int)) {
	const step = minHex / 2
	for i := step - 1; i < len(p); {
		if hexValue[p[i]] == noDigit {
			i += step
			continue
		}
		start, end := i, i+1
		for start > 0 && hexValue[p[start-1]] != noDigit {
			start--
		}
		for end < len(p) && hexValue[p[end]] != noDigit {
			end++
		}
		if end-start >= minHex {
			yield(start, end)
		}
		i = end + step
	}
}
