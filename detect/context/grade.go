package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/manual"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/wordlike"
)

// grade is what the characters of a value say of themselves, in ascending order.
type grade uint8

const (
	nothing  grade = iota // empty, a placeholder, a path, code, prose
	word                  // what could as well be a name or a number
	numbered              // words and a number behind them: a password where passwords stand
	chosen                // what somebody may choose as a password
	random                // what a generator made
)

const (
	// gradeLen is how much of a value is graded.
	gradeLen = 96
	// minSecret is the fewest characters that are worth redacting by a rule that
	// has only a name to go by: shorter ones are flags and numbers.
	minSecret = 4
	// minRandom is the fewest characters that can show disorder.
	minRandom = 8
	// disordered is the sum from which a value is taken for random, and mixed
	// the one from which it is no plain word. Identifiers with two numbers reach 8.
	disordered = 12
	// minNumbered is the fewest characters of words and a number for a password.
	minNumbered = 10
	mixed       = 6
)

// gradeOf grades the characters of s. bare says that no quotes are around the
// value, so that code must be told from it.
func gradeOf(t probe.Text, s span, bare bool) grade {
	n := s.len()
	if n < minSecret || redacted(t, s) {
		return nothing
	}
	var buf [gradeLen]byte
	p := t.Append(buf[:0], s.start, min(s.end, s.start+gradeLen))
	return judge(unescape(unescapeJSON(p)), bare)
}

// unescape decodes, in place, the percent-encoding of p.
func unescape(p []byte) []byte {
	n := 0
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '%' && i+2 < len(p) && isHex(p[i+1]) && isHex(p[i+2]) {
			c = nibble(p[i+1])<<4 | nibble(p[i+2])
			i += 2
		}
		p[n] = c
		n++
	}
	return p[:n]
}

// unescapeJSON decodes, in place, the signs of p that JSON escapes by number: encoders that think of HTML write
// < > & and some = that way (encoding/json of Go, Gson). JSON in JSON has more backslashes.
func unescapeJSON(p []byte) []byte {
	n := 0
	for i := 0; i < len(p); i++ {
		c := p[i]
		if c == '\\' && i+5 < len(p) && bytes.HasPrefix(p[i+1:], []byte("u00")) && isHex(p[i+4]) && isHex(p[i+5]) && isGraph(nibble(p[i+4])<<4|nibble(p[i+5])) {
			for n > 0 && p[n-1] == '\\' {
				n--
			}
			c = nibble(p[i+4])<<4 | nibble(p[i+5])
			i += 5
		}
		p[n] = c
		n++
	}
	return p[:n]
}

func nibble(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

func judge(p []byte, bare bool) grade {
	c := count(p)
	d := wordlike.Disorder(p)
	if c.distinct < 3 || c.space > 1 && d < 2*disordered || c.letter+c.digit == 0 {
		return nothing
	}
	j := jumbled(p, c)
	made := j || d >= disordered
	if placeholder(p, made) || !made && (formatted(p) || path(p, c)) || bare && !j && code(p, c) && d < codeLimit(c, len(p)) || c.slash > 0 && extended(p) && d < 2*disordered {
		return nothing
	}
	switch {
	case c.bracket > 0 && bytes.Contains(p, []byte("*?[")), c.bracket > 1 && expression(p, d):
		return nothing
	case sample(p) || manual.Published(p) || bare && number(p) || selfNamed(p, c):
		return word
	case hexadecimal(p, c):
		return random
	case c.letter == 0 || len(p) < 6 || c.space > 0 && d < disordered:
		return word
	case len(p) >= minRandom && d >= disordered && c.letter+c.special >= 3:
		return random
	case d >= mixed, c.digit > 0 && (c.upper > 0 && c.lower > 0 || c.special > 0):
		return chosen
	case c.special > 0 && c.upper > 0 && c.lower > 0 && !bare:
		return chosen
	case len(p) >= minNumbered && c.letter >= 6 && c.digit >= 2 && isDigit(p[len(p)-1]) && !bytes.Contains(bytes.ToLower(p), []byte("passw")):
		return numbered
	}
	return word
}

// counts says what a value consists of.
type counts struct{ letter, upper, lower, digit, special, space, dot, slash, bracket, distinct int }

func count(p []byte) counts {
	var c counts
	var seen [256]bool
	for _, b := range p {
		if !seen[b] {
			seen[b] = true
			c.distinct++
		}
		switch {
		case isUpper(b):
			c.upper++
		case isLower(b):
			c.lower++
		case isDigit(b):
			c.digit++
		case b == ' ':
			c.space++
		case b == '.':
			c.dot++
		case b == '/':
			c.slash++
		case b == '(' || b == ')' || b == '[' || b == ']' || b == '{' || b == '}' || b == '<' || b == '>':
			c.bracket++
		case wordlike.Special(b):
			c.special++
		}
	}
	c.letter = c.upper + c.lower
	return c
}

// openers begin what a template or a shell will put a value in place of, and what ends it, if anything does.
var openers = [...][2]string{
	{"${", "}"}, {"$(", ")"}, {"{{", "}"}, {"{%", "}"}, {"#{", "}"}, {"<%", ">"}, {"%(", ")"}, {"%{", "}"}, {"@@", "@"},
	{"<", ">"}, {"[", "]"}, {"...", ""}, {"__", ""}, {"os.", ""}, {"ENV[", "]"},
}

// blanked are pieces of text that only placeholders have, and formats are those that a generator
// makes by chance, too.
var (
	blanked = [...]string{"xxxx", "XXXX", "****", "....", "____", "----", "your", "YOUR", "Your", "\\x", "\\u", "placeholder"}
	formats = [...]string{"%s", "%v", "%q", "{}", "{0}"}
)

// jumbled reports whether p is a password of all kinds of characters, as generators make them: it
// has signs that join no words, or brackets without their partner, and no word. Without capital or
// small letters or digits it must have both.
func jumbled(p []byte, c counts) bool {
	odd := !balanced(p)
	if c.digit > 0 && c.upper > 0 && c.lower > 0 {
		return (c.special > 0 || odd) && !worded(p)
	}
	return c.special > 0 && odd && !worded(p)
}

// worded reports whether p has a word: letters that follow each other as those of words do.
func worded(p []byte) bool {
	const word = 6
	for i := 0; i < len(p); i++ {
		end := i
		for end < len(p) && isLetter(p[end]) {
			end++
		}
		if end-i >= word && wordlike.Disorder(p[i:end]) <= 0 {
			return true
		}
		i = end
	}
	return false
}

// balanced reports whether every bracket of p has its partner; that of an arrow is none.
func balanced(p []byte) bool {
	var open [gradeLen]byte
	n := 0
	for k, b := range p {
		if i := bytes.IndexByte([]byte("([{<"), b); b == '>' && k > 0 && (p[k-1] == '-' || p[k-1] == '=') {
			continue
		} else if i >= 0 && n < len(open) {
			open[n] = ")]}>"[i]
			n++
		} else if bytes.IndexByte([]byte(")]}>"), b) >= 0 {
			if n == 0 || open[n-1] != b {
				return false
			}
			n--
		}
	}
	return n == 0
}

// placeholder reports whether p stands for a value and is none. made says that a generator may have
// made it, so that one sign at its begin is no evidence.
func placeholder(p []byte, made bool) bool {
	for _, o := range openers {
		if rest, ok := bytes.CutPrefix(p, []byte(o[0])); ok && (!made || closed(rest, o[0], o[1])) {
			return true
		}
	}
	for _, b := range blanked {
		if bytes.Contains(p, []byte(b)) {
			return true
		}
	}
	if p[0] == '$' && len(p) > 1 && (p[1] == '_' || isLetter(p[1])) && name(p[1:]) && !made {
		return true // a variable of a shell
	}
	if p[0] == '{' && p[len(p)-1] == '}' && !bytes.HasPrefix(p, []byte("{AQAAAB")) { // as Jenkins has them, encrypted
		return true
	}
	if i := bytes.IndexByte(p, '`'); i >= 0 && bytes.IndexByte(p[i+1:], '`') > 0 && !made {
		return true // what a shell puts the output of a program in place of
	}
	return vacant(p)
}

// closed reports whether end closes in rest what the opener before it begins: at the end or, of an
// opener of two signs, behind a name.
func closed(rest []byte, opener, end string) bool {
	if end == "" {
		return false
	}
	if bytes.HasSuffix(rest, []byte(end)) {
		return true
	}
	i := bytes.Index(rest, []byte(end))
	return len(opener) > 1 && i > 0 && name(rest[:i])
}

// formatted reports whether p has what a program puts a value in place of.
func formatted(p []byte) bool {
	for _, f := range formats {
		if bytes.Contains(p, []byte(f)) {
			return true
		}
	}
	return false
}

// vacant reports whether p is a word that says what would stand here.
func vacant(p []byte) bool {
	switch string(fold(bytes.TrimRight(p, "\xff"))) { // an arrow or a bullet is no letter of it
	case "null", "none", "undefined", "true", "false", "string", "text", "bytes", "object", "required", "optional",
		"hidden", "masked", "prompt", "empty", "default", "redacted", "filtered", "unknown", "unset", "enabled", "disabled",
		"boolean", "integer", "number", "self", "this", "function", "const", "value", "password", "passwd", "pass", "token", "secret":
		return true
	}
	return false
}

// fold returns the first characters of p in lower case; longer ones are no word.
func fold(p []byte) []byte {
	if len(p) > 16 {
		return nil
	}
	var b [16]byte
	for i, c := range p {
		b[i] = lower(c)
	}
	return b[:len(p)]
}

// sample reports whether p says of itself that it is an example: it may still be
// in use, so it is not ignored.
func sample(p []byte) bool {
	for _, s := range [...]string{"EXAMPLE", "xample", "changeme", "dummy", "sample", "foobar", "00010203", "12345", "qwerty", "abcdef", "deadbeef"} {
		if bytes.Contains(p, []byte(s)) {
			return true
		}
	}
	return false
}

// selfNamed reports whether p is words of which one says what should stand here, as in
// "mysql-password".
func selfNamed(p []byte, c counts) bool {
	if c.digit > 0 || c.letter == len(p) || len(p) > 32 {
		return false
	}
	for i := 0; i < len(p); {
		end := i
		for end < len(p) && isLetter(p[end]) {
			end++
		}
		switch string(fold(p[i:end])) {
		case "password", "passwd", "passphrase", "secret", "token":
			return true
		}
		for end < len(p) && !isLetter(p[end]) {
			if c := p[end]; c != '-' && c != '_' && c != '.' {
				return false
			}
			end++
		}
		i = end
	}
	return false
}

// hexadecimal reports whether p is a number in hexadecimal, or a UUID, long enough
// to be a secret. Its letters are few, so that pairs of them say little.
func hexadecimal(p []byte, c counts) bool {
	for _, b := range p {
		if !isHex(b) && b != '-' {
			return false
		}
	}
	return len(p) >= minToken && c.letter > 2 && c.digit > 2 && c.distinct >= 8 && (c.upper == 0 || c.lower == 0)
}

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
