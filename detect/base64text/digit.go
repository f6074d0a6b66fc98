package base64text

// NoDigit is what [Digit] returns for a character that is none.
const NoDigit = 0xff

// Digit returns the six bits of a base64 character of either alphabet (RFC 4648,
// sections 4 and 5), or [NoDigit].
func Digit(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c - 'A'
	case c >= 'a' && c <= 'z':
		return c - 'a' + 26
	case c >= '0' && c <= '9':
		return c - '0' + 52
	case c == '+', c == '-':
		return 62
	case c == '/', c == '_':
		return 63
	}
	return NoDigit
}
