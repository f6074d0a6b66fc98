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
