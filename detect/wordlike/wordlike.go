// Package wordlike tells what a generator made from words and identifiers, by the pairs
// of its characters.
package wordlike

// pairs has bit b of pairs[a] set when letter b often follows letter a in words
// and identifiers. It holds the two hundred most frequent of the 676 pairs, counted
// over the words of software documentation: about 0.77 of the pairs of words are in
// it, and 0.30 of those of random letters.
var pairs = [26]uint32{
	0x01eb94e, 0x0104911, 0x01e4d91, 0x0144111, 0x0eeb97f, 0x0124131, 0x0020110, 0x0004111, 0x26ef87f,
	0x0000000, 0x0040010, 0x11c4919, 0x000d111, 0x01c417d, 0x07ef82c, 0x01acd11, 0x0100000, 0x11e755d,
	0x01cc995, 0x11ec9b5, 0x00eb812, 0x0000111, 0x0000111, 0x00c0000, 0x0008800, 0x0000010,
}

// Disorder says how little p looks like words: what a generator made is far above
// zero, words and identifiers are below. Each step from one character to the next
// counts by what it is worth as evidence.
func Disorder(p []byte) int {
	sum := 0
	for i := 1; i < len(p); i++ {
		a, b := p[i-1], p[i]
		switch {
		case b == a+1 || a == b:
			sum -= 2 // alphabets, counting and padding
		case isLetter(a) && isLetter(b):
			sum += pairOf(p, i)
		case isLetter(a) && isDigit(b):
			sum += 2 // the number at the end of a name
		case isDigit(a) && isLetter(b):
			sum += 4
		case Special(b):
			sum += 3
		}
	}
	return sum
}

// pairOf returns what the letters at i-1 and i are worth.
func pairOf(p []byte, i int) int {
	a, b := p[i-1], p[i]
	switch {
	case isUpper(b) && isLower(a):
		return 1 // camelCase has it too
	case isUpper(a) && isLower(b) && i > 1 && isUpper(p[i-2]):
		return 1
	case pairs[(a|0x20)-'a']>>((b|0x20)-'a')&1 != 0:
		return -2
	case isUpper(a) != isUpper(b):
		return 2
	}
	return 3
}

// Special reports whether c joins no words: passwords hold it, names do not.
func Special(c byte) bool {
	switch c {
	case '!', '#', '$', '%', '&', '*', '+', '=', '?', '@', '^', '|', '~':
		return true
	}
	return false
}

func isLower(c byte) bool  { return c >= 'a' && c <= 'z' }
func isUpper(c byte) bool  { return c >= 'A' && c <= 'Z' }
func isLetter(c byte) bool { return isLower(c | 0x20) }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }
