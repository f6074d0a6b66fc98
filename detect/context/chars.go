package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

func isLower(c byte) bool  { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isLetter(c byte) bool { return isLower(c | 0x20) }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
func isAlnum(c byte) bool  { return isLetter(c) || isDigit(c) }
func isBlank(c byte) bool  { return c == ' ' || c == '\t' }
func isQuote(c byte) bool  { return c == '"' || c == '\'' || c == '`' }

// isPrint reports whether c is a printable ASCII character or a space.
func isPrint(c byte) bool { return c >= ' ' && c < 0x7f }

// isHex reports whether c is a hexadecimal digit.
func isHex(c byte) bool { return isDigit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }

// isToken68 reports whether c may stand in a token68 (RFC 7235, section 2.1)
// before its padding.
func isToken68(c byte) bool {
	return isAlnum(c) || c == '-' || c == '.' || c == '_' || c == '~' || c == '+' || c == '/'
}

// isBase64 reports whether c is a digit of base64 or base64url.
func isBase64(c byte) bool { return isAlnum(c) || c == '+' || c == '/' || c == '-' || c == '_' }

// isCrypt reports whether c is a digit of crypt(5)'s base 64.
func isCrypt(c byte) bool { return isAlnum(c) || c == '.' || c == '/' }

// lower returns c as a lower-case letter if it is a letter.
func lower(c byte) byte {
	if isUpper(c) {
		return c | 0x20
	}
	return c
}

// hasFold reports whether s, which is in lower case, stands at character i in
// either case.
func hasFold(t probe.Text, i int, s string) bool {
	for k := range len(s) {
		if lower(t.At(i+k)) != s[k] {
			return false
		}
	}
	return true
}

// run returns the end of the characters from i on that in accepts, at most limit.
func run(t probe.Text, i, limit int, in func(byte) bool) int {
	j := i
	for j-i < limit && in(t.At(j)) {
		j++
	}
	return j
}

// blanks returns the end of the spaces and tabs at i, at most limit.
func blanks(t probe.Text, i, limit int) int { return run(t, i, limit, isBlank) }
