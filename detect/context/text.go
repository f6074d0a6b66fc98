package context

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textrun"
)

// text is the characters of a view and the view itself, for what characters
// outside ASCII and length words say.
type text struct {
	probe.Text
	v probe.View
}

// textOf returns the characters of v and the index of the one at v.At.
func textOf(v probe.View) (text, int) {
	t, i := probe.TextOf(v)
	return text{t, v}, i
}

// printable returns how many units the printable characters at i have that belong
// together, none when there is a control character, a line end or no text.
func (t text) printable(i int) int {
	c := t.At(i)
	if isPrint(c) || c == '\t' {
		return 1
	}
	if c != probe.NotASCII {
		return 0
	}
	end := textrun.Within(t.v, t.Text, i, i, i+utf8.UTFMax).End
	j := i
	for j < end && t.At(j) == probe.NotASCII {
		j++
	}
	return j - i
}

// line returns the end of the printable characters from i on, at most limit. Line
// ends are not among them.
func (t text) line(i, limit int) int {
	j := i
	for j-i < limit {
		n := t.printable(j)
		if n == 0 || t.endless(i, j) {
			break
		}
		j += n
	}
	return j
}

// endless reports, once a value that begins at i has reached j and the length that
// is graded, whether it is not worth to be read on: only random values are longer,
// and they do not repeat themselves. This bounds the work on text that consists of
// names.
func (t text) endless(i, j int) bool {
	if j-i != gradeLen {
		return false
	}
	var buf [gradeLen]byte
	p := t.Append(buf[:0], i, j)
	return bytes.Contains(p[1:], p[:gradeLen/6]) || judge(unescape(p), false) < random
}

// extent returns what of s is the value by the length word of the string that it
// ends, and what must be redacted with it because it is stale. Stale characters may
// hold what ends a value.
func (t text) extent(s span) (value, hide span) {
	const stale = 8 // fewer characters than this are behind the end
	r := textrun.Within(t.v, t.Text, s.start, 0, s.end+stale)
	if r.End < s.end+stale && r.Stop > s.start && r.Stop < s.end {
		return span{s.start, r.Stop}, s
	}
	return s, s
}

// octets returns s as bytes, UTF-8 where it is not ASCII.
func (t text) octets(s span) []byte {
	r := t.Range(s.start, s.end)
	p := t.v.Data[r.Start:r.End]
	if !t.Wide() {
		return append([]byte(nil), p...)
	}
	out := make([]byte, 0, s.len())
	for i := 0; i+1 < len(p); i += 2 {
		u := rune(p[i]) | rune(p[i+1])<<8
		if utf16.IsSurrogate(u) && i+3 < len(p) {
			u = utf16.DecodeRune(u, rune(p[i+2])|rune(p[i+3])<<8)
			i += 2
		}
		out = utf8.AppendRune(out, u)
	}
	return out
}
