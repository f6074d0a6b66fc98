package base64text

import (
	"encoding/base64"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Line is a run of base64 digits: the characters [Start, End) of the text,
// which hold N digits. Padding belongs to the line that it ends.
type Line struct{ Start, End, N int }

// Body is a base64 body as it lies in text.
type Body struct {
	Lines  []Line
	Digits []byte // of all lines, one byte each, without padding
	Pad    int    // number of padding characters after the last digit, at most 2
	End    int    // the character after the last digit or padding character
	Broke  bool   // a line break lies in the body
}

// Forward reads the body that begins at character i and ends before limit. It
// stops at padding, at the first character that is neither digit nor gap, and at
// the end of the text.
func Forward(t probe.Text, i, limit int, prefix string) Body {
	b := Body{End: i}
	limit = min(limit, t.Len())
	for i < limit {
		c, n := unit(t, i)
		switch {
		case n > 0 && digit(c) >= 0:
			b.add(c, i, n)
			i += n
		case n > 0 && c == '=':
			b.pad(t, i, n)
			return b
		default:
			next, broke := Gap(t, i, prefix)
			if next == i || next >= limit {
				return b
			}
			if c, n := unit(t, next); n == 0 || digit(c) < 0 {
				if n > 0 && c == '=' {
					b.pad(t, next, n)
				}
				return b
			}
			b.Broke = b.Broke || broke
			b.Lines = append(b.Lines, Line{Start: next, End: next})
			i = next
		}
	}
	return b
}

// add appends a digit that takes the n characters at i.
func (b *Body) add(c byte, i, n int) {
	if len(b.Lines) == 0 {
		b.Lines = append(b.Lines, Line{Start: i, End: i})
	}
	l := &b.Lines[len(b.Lines)-1]
	l.End, l.N = i+n, l.N+1
	b.Digits = append(b.Digits, c)
	b.End = l.End
}

// pad takes the padding characters at i, which take n characters each. The one
// that begins the check sum of OpenPGP armour is none (RFC 9580, section 6.1). How
// many the digits call for is not asked: the head of the body may be lost.
func (b *Body) pad(t probe.Text, i, n int) {
	for c := byte('='); n > 0 && c == '=' && b.Pad < 2 && len(b.Lines) > 0; {
		if _, sum := Checksum(t, i); sum > 0 {
			return
		}
		b.Pad++
		if l := &b.Lines[len(b.Lines)-1]; l.End == i {
			l.End = i + n
		} else {
			b.Lines = append(b.Lines, Line{Start: i, End: i + n})
		}
		i += n
		b.End = i
		c, n = unit(t, i)
	}
}

// Keep shortens b to its first n lines.
func (b *Body) Keep(n int) {
	if n >= len(b.Lines) {
		return
	}
	b.Lines, b.Pad = b.Lines[:n], 0
	sum := 0
	for _, l := range b.Lines {
		sum += l.N
		b.End = l.End
	}
	clear(b.Digits[sum:])
	b.Digits = b.Digits[:sum]
}

// Wrapped returns how many lines from the first on look as if an encoder had
// wrapped them: all of one width, save that the last may be shorter. What
// follows is other text that happens to consist of base64 digits.
func (b *Body) Wrapped() int {
	for i, l := range b.Lines {
		if w := b.Lines[0].N; l.N < w {
			return i + 1
		} else if l.N > w {
			return i
		}
	}
	return len(b.Lines)
}

// Longest returns the number of digits in the longest line.
func (b *Body) Longest() int {
	n := 0
	for _, l := range b.Lines {
		n = max(n, l.N)
	}
	return n
}

// Ranges returns the bytes of the lines.
func (b *Body) Ranges(t probe.Text) []probe.Range {
	rs := make([]probe.Range, 0, len(b.Lines)+1)
	for _, l := range b.Lines {
		rs = append(rs, t.Range(l.Start, l.End))
	}
	return rs
}

// Decode returns the bytes of the digits, counted from the first. Of a body
// that breaks off within a group of four, the bits that fill a byte are kept.
func (b *Body) Decode() []byte { return decode(b.Digits) }

// DecodeTail returns the bytes of the digits, counted from the last: the head
// of the body is lost, and the end of the text shows where groups of four end.
func (b *Body) DecodeTail() []byte {
	if len(b.Digits) == 0 {
		return nil
	}
	return decode(b.Digits[min((len(b.Digits)+b.Pad)%4, len(b.Digits)):])
}

func decode(digits []byte) []byte {
	if len(digits)%4 == 1 {
		digits = digits[:len(digits)-1]
	}
	p := make([]byte, base64.RawStdEncoding.DecodedLen(len(digits)))
	n, err := base64.RawStdEncoding.Decode(p, digits)
	if err != nil {
		return nil
	}
	return p[:n]
}

// Wipe overwrites the copy of the digits.
func (b *Body) Wipe() { clear(b.Digits) }
