package sweep

import "github.com/dumpscrub/dumpscrub/detect/base64text"

// Pieces of texts are searched for when nobody else would have written them: tokens
// begin with public prefixes, contain URLs, and share claims with one another, and
// what is common must not be redacted all over a dump. How common a piece is tells
// a model of what text in memory looks like, pairs of characters counted.

const (
	// minToken is the shortest piece of a token that is a hit, in characters.
	minToken = 12
	// rareBits is what twelve characters must tell, in quarter bits: 66 bits. Of
	// twelve random letters and digits 99 in 100 do, of random small letters
	// and digits 91, of the text in libraries and documents 3, most of which are
	// machine code that is printable by chance.
	rareBits = 4 * 66
	// punctuationBits is the most that a border of a word tells.
	punctuationBits = 4 * 2
)

// The classes of characters are the letters, of either case, and these.
const (
	classDigit = iota + 26
	classUnderscore
	classHyphen
	classDot
	classSlash
	classColon
	classSpace
	classDelimiter
	classBracket
	classOther
	charClasses
)

func classOfChar(c byte) int {
	switch {
	case c|0x20 >= 'a' && c|0x20 <= 'z':
		return int(c | 0x20 - 'a')
	case c >= '0' && c <= '9':
		return classDigit
	}
	switch c {
	case '_':
		return classUnderscore
	case '-':
		return classHyphen
	case '.':
		return classDot
	case '/':
		return classSlash
	case ':':
		return classColon
	case ' ', '\t', '\n', '\r':
		return classSpace
	case '=', '&', '?', ';', ',':
		return classDelimiter
	case '"', '\'', '(', ')', '[', ']', '{', '}', '<', '>', '`':
		return classBracket
	}
	return classOther
}

// letterCase says whether c is no letter or digit, a small letter, a capital, or a
// digit.
func letterCase(c byte) int {
	switch {
	case c >= 'a' && c <= 'z':
		return 1
	case c >= 'A' && c <= 'Z':
		return 2
	case c >= '0' && c <= '9':
		return 3
	}
	return 0
}

// caseBits holds, at 2*before+case-1, what the case of a letter tells behind a
// character, in quarter bits.
const caseBits = "\x02\x07" + "\x00\x0f" + "\x07\x02" + "\x04\x04"

// tells returns what the characters of p behind the first one tell, in quarter bits.
func tells(p []byte) int {
	sum := 0
	for i := 1; i < len(p); i++ {
		before, c := letterCase(p[i-1]), letterCase(p[i])
		bits := int(surprise[charClasses*classOfChar(p[i-1])+classOfChar(p[i])])
		if before == 0 || c == 0 {
			// Formats of texts differ in their punctuation, and it is no secret.
			bits = min(bits, punctuationBits)
		}
		sum += bits
		if c == 1 || c == 2 {
			sum += int(caseBits[2*before+c-1])
		}
	}
	return sum
}

// rareAt reports whether the minToken characters at i could be random.
func rareAt(p []byte, i int) bool {
	w := p[i : i+minToken]
	return (tells(w) >= rareBits && letters(w) >= 3 || randomHex(w)) && !plain(w) && !encodesText(w)
}

// Rare reports whether p has a piece of minToken characters that could be random.
func Rare(p []byte) bool {
	for i := 0; i+minToken <= len(p); i++ {
		if rareAt(p, i) {
			return true
		}
	}
	return false
}

func letters(p []byte) int {
	n := 0
	for _, c := range p {
		if c|0x20 >= 'a' && c|0x20 <= 'z' {
			n++
		}
	}
	return n
}

// randomHex reports whether p is hexadecimal, mixed and varied: few words and
// fewer addresses are.
func randomHex(p []byte) bool {
	var seen [256]bool
	digits, small, capital, distinct := 0, 0, 0, 0
	for _, c := range p {
		switch {
		case c >= '0' && c <= '9':
			digits++
		case c >= 'a' && c <= 'f':
			small++
		case c >= 'A' && c <= 'F':
			capital++
		default:
			return false
		}
		if !seen[c] {
			seen[c] = true
			distinct++
		}
	}
	return digits >= 3 && small+capital >= 2 && small*capital == 0 && distinct >= 6
}

// encodesText reports whether p is base64 of text from one of its first four
// digits on: the headers and claims of tokens. Of random digits one in a hundred is.
func encodesText(p []byte) bool {
	var buf [16]byte
	for lead := range 4 {
		if q := decode64(buf[:0], p[lead:]); len(q) >= 6 && printables(q) {
			clear(buf[:])
			return true
		}
	}
	clear(buf[:])
	return false
}

func printables(p []byte) bool {
	for _, c := range p {
		if !printable(c) {
			return false
		}
	}
	return true
}

// decode64 appends what the base64 digits at the beginning of p mean, in groups of
// four and as many bytes as dst has room for.
func decode64(dst, p []byte) []byte {
	for ; len(p) >= 4 && cap(dst)-len(dst) >= 3; p = p[4:] {
		var v uint32
		for _, c := range p[:4] {
			d := base64text.Digit(c)
			if d == base64text.NoDigit {
				return dst
			}
			v = v<<6 | uint32(d)
		}
		dst = append(dst, byte(v>>16), byte(v>>8), byte(v))
	}
	return dst
}
