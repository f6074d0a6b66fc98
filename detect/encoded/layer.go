package encoded

import (
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// symbols are the encoded characters of one run, escapes resolved and line breaks
// left out, and where each lies in the bytes that the run was read from.
type symbols struct {
	c          []byte // a separator where something else than a digit stands
	start, end []int32
	width      int32 // bytes that an unescaped character takes
}

// separator stands between digits that do not belong together.
const separator = ' '

func (s *symbols) add(c byte, r probe.Range) {
	s.c = append(s.c, c)
	s.start = append(s.start, int32(r.Start))
	s.end = append(s.end, int32(r.End))
}

func newSymbols(t probe.Text, n int) *symbols {
	return &symbols{width: int32(t.Range(0, 1).Len()), c: make([]byte, 0, n), start: make([]int32, 0, n), end: make([]int32, 0, n)}
}

// owned returns the symbols that begin within r.
func (s *symbols) owned(r probe.Range) (lo, hi int) {
	at := func(pos int) int {
		return sort.Search(len(s.start), func(i int) bool { return int(s.start[i]) >= pos })
	}
	return at(r.Start), at(r.End)
}

// readDigits reads the digits of the characters [i, end).
func readDigits(t probe.Text, i, end int) *symbols {
	s := newSymbols(t, end-i)
	for i < end {
		c, n := t.At(i), 1
		if c == '\\' || c == '%' {
			if c, n = base64text.Unit(t, i); n == 0 {
				c, n = separator, 1
			}
		}
		n = min(n, end-i)
		switch {
		case c == '-':
			s.add('+', t.Range(i, i+n))
		case c == '_':
			s.add('/', t.Range(i, i+n))
		case base64Value[c] != noDigit:
			s.add(c, t.Range(i, i+n))
		case c != '\n' && c != '\r':
			s.add(separator, t.Range(i, i+n))
		}
		i += n
	}
	return s
}

// layer is what one decode has made of symbols.
type layer struct {
	up       *layer // the layer that the symbols lie in; nil for the view
	depth    int
	encoding string
	symbols  *symbols
	first    int // the symbol that byte 0 begins in
	last     int // the symbol behind the last that may belong to this layer
	bytes    []byte
	escapes  bool // each byte is one symbol
	decimal  bool // the symbols are decimal digits all
}

// of returns the symbols [a, b) that byte i lies in.
func (l *layer) of(i int) (a, b int) {
	switch l.encoding {
	case probe.Base64:
		a = l.first + i/3*4 + i%3
		return a, a + 2
	case probe.Hex:
		a = l.first + 2*i
		return a, a + 2
	}
	return l.first + i, l.first + i + 1
}

// owned returns the bytes that begin in the symbols [lo, hi).
func (l *layer) owned(lo, hi int) probe.Range {
	at := func(k int) int {
		return sort.Search(len(l.bytes), func(i int) bool { a, _ := l.of(i); return a >= k })
	}
	return probe.Range{Start: at(lo), End: at(hi)}
}

// place returns where the bytes r lie in the view.
func (l *layer) place(r probe.Range) probe.Range {
	s, a, b := l.outside(r)
	return probe.Range{Start: int(s.start[a]), End: int(s.end[b-1])}
}

// pieces appends where the digits of the bytes r lie in the view, without the line
// breaks between them, to out; what touches its last piece is joined to it.
func (l *layer) pieces(out []probe.Range, r probe.Range) []probe.Range {
	s, a, b := l.outside(r)
	for k := a; k < b; k++ {
		start, end := int(s.start[k]), int(s.end[k])
		if n := len(out); n > 0 && start <= out[n-1].End {
			out[n-1].End = max(end, out[n-1].End)
			continue
		}
		out = append(out, probe.Range{Start: start, End: end})
	}
	return out
}

// outside returns the symbols [a, b) of the outermost layer that the bytes r lie in.
// What goes on to the end of the bytes was cut off there, and takes the rest of
// the symbols with it.
func (l *layer) outside(r probe.Range) (s *symbols, a, b int) {
	for ; l != nil; l = l.up {
		a, _ = l.of(r.Start)
		_, b = l.of(r.End - 1)
		if r.End == len(l.bytes) {
			b = l.last
		}
		s, a, b = l.symbols, max(a, 0), max(min(b, l.last), 1)
		r = probe.Range{Start: int(s.start[a]), End: int(s.end[b-1])}
	}
	return s, a, b
}

// decodeBase64 decodes the digits of s, of which groups of four begin at phase. A
// byte that a separator or the beginning of s has a part of becomes one that is in
// no text.
func decodeBase64(s *symbols, phase int) *layer {
	l := &layer{encoding: probe.Base64, symbols: s, first: phase, last: len(s.c)}
	l.bytes = make([]byte, 0, len(s.c)/4*3+6)
	if phase > 0 {
		l.first -= 4
		group := [4]byte{separator, separator, separator, separator}
		copy(group[4-phase:], s.c)
		l.group(group[:])
	}
	digits := s.c[min(phase, len(s.c)):]
	for ; len(digits) >= 4; digits = digits[4:] {
		l.group(digits)
	}
	if n := len(digits); n >= 2 {
		group := [4]byte{separator, separator, separator, separator}
		copy(group[:], digits)
		l.group(group[:])
		l.bytes = l.bytes[:len(l.bytes)-4+n]
	}
	return l
}

// group appends the three bytes of four digits.
func (l *layer) group(p []byte) {
	a, b, c, d := base64Value[p[0]], base64Value[p[1]], base64Value[p[2]], base64Value[p[3]]
	x, y, z := a<<2|b>>4, b<<4|c>>2, c<<6|d
	if a|b|c|d >= 64 {
		if a|b >= 64 {
			x = noDigit
		}
		if b|c >= 64 {
			y = noDigit
		}
		if c|d >= 64 {
			z = noDigit
		}
	}
	l.bytes = append(l.bytes, x, y, z)
}

// decodeHex decodes the digits s.c[start:end), which are hexadecimal all.
func decodeHex(s *symbols, start, end int) *layer {
	l := &layer{encoding: probe.Hex, symbols: s, first: start, last: end, decimal: decimal(s.c[start:end])}
	l.bytes = make([]byte, 0, (end-start)/2)
	for i := start; i+2 <= end; i += 2 {
		l.bytes = append(l.bytes, hexValue[s.c[i]]<<4|hexValue[s.c[i+1]])
	}
	return l
}
