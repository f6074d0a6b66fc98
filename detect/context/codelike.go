package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/wordlike"
)

// number reports whether p is a constant of a program in hexadecimal, of 64 bits at
// most.
func number(p []byte) bool {
	if len(p) < 3 || p[0] != '0' || p[1]|0x20 != 'x' {
		return false
	}
	digits := 0
	for _, b := range p[2:] {
		if isHex(b) {
			digits++
		} else if b != '_' {
			return false
		}
	}
	return digits <= 16
}

// expression reports whether p, which has brackets and of which d is the disorder, is a regular
// expression. Two signs of one stand in what a generator made by chance, which is more disordered.
func expression(p []byte, d int) bool {
	for _, s := range [...]string{"(?:", "(?=", "(?!", "(?<", "(?i", "(?P", "[\\", "\\w", "\\d", "\\s", "a-z", "A-Z", "0-9"} {
		if bytes.Contains(p, []byte(s)) {
			return true
		}
	}
	for _, s := range [...]string{"(?", "[^", ".*", ".+"} {
		if bytes.Contains(p, []byte(s)) {
			return d < max(len(p)/2, disordered)
		}
	}
	return false
}

// name reports whether p is an identifier.
func name(p []byte) bool {
	for _, b := range p {
		if !isAlnum(b) && b != '_' {
			return false
		}
	}
	return true
}

// code reports whether a value without quotes is rather an expression: a call, an
// index, an attribute. Attributes do not end in numbers of three digits.
func code(p []byte, c counts) bool {
	return c.bracket > 0 || c.dot > 0 && isLetter(p[0]) && c.letter > 2*c.digit && !numberEnds(p) || bytes.Contains(p, []byte("::")) || bytes.Contains(p, []byte("->"))
}

// numberEnds reports whether p ends in three digits, or in those and one sign.
func numberEnds(p []byte) bool {
	if n := len(p); n > 0 && wordlike.Special(p[n-1]) {
		p = p[:n-1]
	}
	n := len(p)
	return n > 3 && isDigit(p[n-1]) && isDigit(p[n-2]) && isDigit(p[n-3])
}

// codeLimit returns the disorder up to which what looks like code is code. Without
// brackets and with operators it would be arithmetic on attributes, whose names are
// words; passwords with a dot and a sign are not.
func codeLimit(c counts, n int) int {
	if c.special > 0 && c.bracket == 0 {
		return disordered
	}
	return min(2*disordered, max(disordered, n))
}

// path reports whether p names a file or a resource.
func path(p []byte, c counts) bool {
	return c.slash > 0 && (p[0] == '/' || p[0] == '.' || p[0] == '~') || c.slash > 1 || bytes.Contains(p, []byte("://")) ||
		len(p) > 2 && p[1] == ':' && p[2] == '\\' || c.slash == 1 && c.digit == 0 && c.special == 0
}

// extended reports whether p ends like the name of a file: a dot and up to four small letters
// behind letters.
func extended(p []byte) bool {
	i := bytes.LastIndexByte(p, '.')
	if i < 1 || len(p)-i < 2 || len(p)-i > 5 || !isLetter(p[i-1]) {
		return false
	}
	for _, b := range p[i+1:] {
		if !isLower(b) {
			return false
		}
	}
	return true
}
