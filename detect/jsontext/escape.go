package jsontext

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// MaxLevel is how many times a document may be escaped. A log line that
	// quotes a request that quotes a configuration has three levels.
	MaxLevel = 4

	// maxEscapes bounds the backslashes counted before one quote. A quote of
	// MaxLevel has 15; twice as many leave room for a string that ends in a
	// backslash.
	maxEscapes = 4 << MaxLevel

	// maxSpace bounds the white space between two tokens: a line break and an
	// indentation.
	maxSpace = 256
)

// Span is the characters [Start, End).
type Span struct{ Start, End int }

// Len returns the number of characters.
func (s Span) Len() int { return s.End - s.Start }

// Doc is a text and how often the JSON in it was escaped.
type Doc struct {
	Text  probe.Text
	Level int
}

// Is reports whether the characters of s are name.
func (d Doc) Is(s Span, name string) bool {
	return s.Len() == len(name) && d.Text.Has(s.Start, name)
}

// escapes returns the number of backslashes that precede every quote of d.
func (d Doc) escapes() int { return 1<<d.Level - 1 }

// levelOf returns the level of a quote that r backslashes precede: those which
// belong to the quote are the lowest ones of r, whatever literal backslashes,
// a power of two each, stand before them.
func levelOf(r int) int { return bits.TrailingZeros(^uint(r)) }

// escapesBefore counts the backslashes that end before i, up to maxEscapes.
func (d Doc) escapesBefore(i int) int {
	n := 0
	for n < maxEscapes && d.Text.At(i-1-n) == '\\' {
		n++
	}
	return n
}

// open returns the first character of the string whose opening quote, with its
// escapes, stands at i.
func (d Doc) open(i int) (start int, ok bool) {
	n := d.escapes()
	for k := range n {
		if d.Text.At(i+k) != '\\' {
			return 0, false
		}
	}
	return i + n + 1, d.Text.At(i+n) == '"'
}

// closed returns the end of the string whose closing quote ends at i (exclusive),
// that is the position of the quote's first own backslash.
func (d Doc) closed(i int) (end int, ok bool) {
	if d.Text.At(i-1) != '"' || levelOf(d.escapesBefore(i-1)) != d.Level {
		return 0, false
	}
	return i - 1 - d.escapes(), true
}

// skip returns the position of the first character from i on that is not white
// space. Line breaks and tabs of an escaped document are letters with backslashes.
func (d Doc) skip(i int) int {
	for limit := i + maxSpace; i < limit; {
		switch d.Text.At(i) {
		case ' ', '\t', '\n', '\r':
			i++
			continue
		case '\\':
			if n := d.spaceEscapes(); n > 0 && d.escapesBefore(i+n) >= n && isSpaceLetter(d.Text.At(i+n)) {
				i += n + 1
				continue
			}
		}
		break
	}
	return i
}

// skipBack returns the end (exclusive) of what stands before the white space
// that ends at i.
func (d Doc) skipBack(i int) int {
	for limit := i - maxSpace; i > limit; {
		switch c := d.Text.At(i - 1); {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			i--
			continue
		case isSpaceLetter(c):
			if n := d.spaceEscapes(); n > 0 && d.escapesBefore(i-1) == n {
				i -= n + 1
				continue
			}
		}
		break
	}
	return i
}

// spaceEscapes returns how many backslashes make a letter a line break or tab.
func (d Doc) spaceEscapes() int { return (d.escapes() + 1) / 2 }

func isSpaceLetter(c byte) bool { return c == 'n' || c == 'r' || c == 't' }

// isText reports whether the character at i can stand in a JSON string: control
// characters cannot (RFC 8259, section 7), what is not ASCII can.
func (d Doc) isText(i int) bool {
	if uint(i) >= uint(d.Text.Len()) {
		return false
	}
	c := d.Text.At(i)
	return c >= ' ' && c != 0x7f
}
