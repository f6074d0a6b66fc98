package encoded

import (
	"bytes"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// minText is how many characters a piece of text must have to hold a secret.
	minText = 12
	// before is how many characters before the first escape of a block are answered
	// for with it, though they may lie in the block before: a secret may begin there.
	before = 512
)

// escapes is the detector of percent-encoding and of the escapes of JSON.
type escapes struct{ *core }

func (d escapes) Spec() probe.Spec {
	return d.spec("escaped", "everything else in percent-encoding or in JSON's escapes")
}

// Depth implements [probe.Shallow]: a candidate is an escape.
func (escapes) Depth() int { return 1 }

// Filter implements [probe.Filter].
func (d escapes) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	textmap.Blocks(data, lo, hi, func(m textmap.Map, lo, hi int) { d.FilterText(data, base, m, lo, hi, hit) })
}

// FilterText implements [probe.TextFilter]: a candidate is the first escape in one block of
// a run of text.
func (d escapes) FilterText(data []byte, base int64, m textmap.Map, lo, hi int, hit func(i int)) {
	from, to := m.Span(lo, hi)
	for k, w := range m.Marks[from:to] {
		if w == 0 {
			continue
		}
		at := m.First + (from+k)*kernel.ClassBytes
		for w := textmap.Clip(w, at, lo, hi); w != 0; w &= w - 1 {
			if i := at + bits.TrailingZeros64(w); mayEscape(data, i) && d.first(data, base, i) {
				hit(i)
			}
		}
	}
}

// mayEscape looks at the character behind the percent sign or backslash at i. It
// says no only where escape would too.
func mayEscape(data []byte, i int) bool {
	if i+1 >= len(data) {
		return false
	}
	c := data[i+1]
	if c == 0 { // in UTF-16LE
		if i+2 >= len(data) {
			return false
		}
		c = data[i+2]
	}
	if data[i] == '%' {
		return hexValue[c] != noDigit
	}
	switch c {
	case '/', '"', '\\', '\'', 'n', 'r', 't', 'x', 'u':
		return true
	}
	return false
}

// first reports whether the first escape of its run in its block stands at i.
func (d escapes) first(data []byte, base int64, i int) bool {
	v := probe.View{Data: data, At: i, Wide: i+1 < len(data) && data[i+1] == 0}
	t, at := probe.TextOf(v)
	_, n := escape(t, at)
	return n > 0 && firstEscape(t, at, blockOf(t, base, at).start)
}

// next returns the first place of c in data[i:hi), or hi; known is what it returned
// for an earlier i.
func next(data []byte, known, i, hi int, c byte) int {
	if known > i {
		return known
	}
	if k := bytes.IndexByte(data[i:hi], c); k >= 0 {
		return i + k
	}
	return hi
}

// firstEscape reports whether no escape stands before character i in its run and
// behind start, and whether the run is long enough.
func firstEscape(t probe.Text, i, start int) bool {
	k := i - 1
	for ; k >= start; k-- {
		c := t.At(k)
		if !plain[c] && !inText(t, k) {
			break
		}
		if c != '%' && c != '\\' {
			continue
		}
		// One whose reading covers i is the beginning of what stands at i.
		if _, n := escape(t, k); n > 0 {
			return false
		}
	}
	for n := i; n < i+minText; n++ {
		if !inText(t, n) {
			return n-k > minText
		}
	}
	return true
}

// plain marks the characters that belong to a run whatever stands before them.
var plain = func() (m [256]bool) {
	for c := ' '; c < 0x7f; c++ {
		m[c] = c != '"'
	}
	return m
}()

// inText reports whether character i belongs to a run: printable ASCII without
// quotes, but for escaped ones.
func inText(t probe.Text, i int) bool {
	c := t.At(i)
	return plain[c] || c == '"' && t.At(i-1) == '\\'
}

// textAround returns the part [start, end) of the run around character i that lies in [from, to).
func textAround(t probe.Text, i, from, to int) (start, end int) {
	start, end = i, i+1
	p := t.Narrow()
	for {
		for p != nil && start > from && plain[p[start-1]] {
			start--
		}
		if start <= from || !inText(t, start-1) {
			break
		}
		start--
	}
	for {
		for p != nil && end < to && plain[p[end]] {
			end++
		}
		if end >= to || !inText(t, end) {
			return start, end
		}
		end++
	}
}

// escapeMost is the most characters that an escape takes.
const escapeMost = 6

// escape reads the escape at i that changes what a detector sees: the character,
// and how many characters it takes, 0 when none is there.
func escape(t probe.Text, i int) (c byte, n int) {
	if p := t.Narrow(); i >= 0 && i+escapeMost <= len(p) {
		return resolve([escapeMost]byte(p[i:]))
	}
	var p [escapeMost]byte
	for k := range p {
		p[k] = t.At(i + k)
	}
	return resolve(p)
}

// resolve is escape for the characters themselves.
func resolve(p [escapeMost]byte) (c byte, n int) {
	switch p[0] {
	case '%':
		c, n = hexByte(p[1], p[2]), 3
	case '\\':
		switch p[1] {
		case '/', '"', '\\', '\'':
			return p[1], 2
		case 'n':
			return '\n', 2
		case 'r':
			return '\r', 2
		case 't':
			return '\t', 2
		case 'x':
			c, n = hexByte(p[2], p[3]), 4
		case 'u':
			if p[2] == '0' && p[3] == '0' {
				c, n = hexByte(p[4], p[5]), 6
			}
		}
	}
	if c >= ' ' && c < 0x7f || n > 0 && (c == '\n' || c == '\r' || c == '\t') {
		return c, n
	}
	return 0, 0
}

// hexByte returns the value of two hexadecimal digits, or 0.
func hexByte(a, b byte) byte {
	if a, b = hexValue[a], hexValue[b]; a|b < 16 {
		return a<<4 | b
	}
	return 0
}

// readEscapes reads the text of the characters [i, end), and says whether there is one in percent-encoding.
func readEscapes(t probe.Text, i, end int) (s *symbols, percent bool) {
	s = newSymbols(t, end-i)
	for i < end {
		c, n := t.At(i), 1
		if c == '%' || c == '\\' {
			if e, k := escape(t, i); k > 0 {
				percent = percent || c == '%'
				c, n = e, min(k, end-i)
			}
		}
		s.add(c, t.Range(i, i+n))
		i += n
	}
	return s, percent
}

// Detect implements [probe.Detector].
func (d escapes) Detect(v probe.View, emit func(probe.Match)) {
	t, at, b := view(v)
	x := &work{core: d.core, wide: t.Wide(), left: maxWork, emit: emit}
	start, end := textAround(t, at, max(0, at-context), min(t.Len(), b.end+context))
	from := max(start, min(b.start, at-before))
	own := probe.Range{Start: t.Range(from, from).Start, End: t.Range(b.end, b.end).Start}
	x.escapes(t, start, end, own, nil)
}

// escapedRuns calls yield for every run of text with an escape in it.
func (x *work) escapedRuns(data []byte, t probe.Text, yield func(start, end int)) {
	base, width := t.Range(0, 0).Start, t.Range(0, 1).Len()
	percent, slash := base, base
	for i := 0; i < t.Len(); i++ {
		// data[at] is the next percent sign or backslash, wherever it lies.
		at := base + i*width
		percent, slash = next(data, percent, at, len(data), '%'), next(data, slash, at, len(data), '\\')
		if at = min(percent, slash) - base; at%width != 0 {
			i = at / width // in the middle of a character
			continue
		}
		if i = at / width; i >= t.Len() {
			return
		}
		if _, n := escape(t, i); n == 0 {
			continue
		}
		start, end := textAround(t, i, 0, t.Len())
		if end-start >= minText {
			yield(start, end)
		}
		i = end
	}
}

// escapes resolves the escapes of the characters [start, end), and searches what
// they make.
func (x *work) escapes(t probe.Text, start, end int, own probe.Range, up *layer) {
	s, percent := readEscapes(t, start, end)
	lo, hi := s.owned(own)
	l := &layer{encoding: probe.Escaped, symbols: s, last: len(s.c), bytes: s.c, escapes: true}
	if percent {
		l.encoding = probe.Percent
	}
	x.inside(l, lo, hi, up)
}

// changes reports whether f owes anything to the encoding of l: what was found
// in text without an escape in or beside it is found without this package.
func (l *layer) changes(f search.Found) bool {
	if !l.escapes {
		return true
	}
	for i := max(0, min(f.Hit, f.Start)-1); i < min(f.End+1, len(l.bytes)); i++ {
		if l.symbols.end[i]-l.symbols.start[i] > l.symbols.width {
			return true
		}
	}
	return false
}
