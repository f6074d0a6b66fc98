package known

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// match compares t with f, of which character at is spelled at pos, and returns
// the characters that spell all of it.
func (f *form) match(t probe.Text, pos, at int) (start, end int, ok bool) {
	n := len(f.text)
	if f.units != nil {
		n = len(f.units)
	}
	end = pos
	for k := at; k < n; k++ {
		if k > at {
			end = f.skip(t, end)
		}
		w := f.spelled(t, end, k)
		if w == 0 {
			return 0, 0, false
		}
		end += w
	}
	start = pos
	for k := at - 1; k >= 0; k-- {
		start = f.skipBack(t, start)
		w := f.spelledBefore(t, start, k)
		if w == 0 {
			return 0, 0, false
		}
		start -= w
	}
	if f.head.mask != 0 {
		i := f.skipBack(t, start)
		w := f.partBefore(t, i)
		if w == 0 {
			return 0, 0, false
		}
		start = i - w
	}
	if f.tail.mask != 0 {
		i := f.skip(t, end)
		w := f.partAt(t, i, f.tail)
		if w == 0 {
			return 0, 0, false
		}
		end = i + w
	}
	return start, end, start >= 0 && end <= t.Len()
}

// spelled returns how many characters at i spell character k of f, or 0.
func (f *form) spelled(t probe.Text, i, k int) int {
	switch f.style {
	case percent:
		return percentAt(t, i, f.text[k])
	case escaped:
		return jsonAt(t, i, f.units[k])
	case digits:
		return digitAt(t, i, f.text[k])
	}
	if t.At(i) == f.text[k] && i >= 0 && i < t.Len() {
		return 1
	}
	return 0
}

// widths are how many characters one may be spelled with, the longest first.
var widths = [...][]int{asIs: {1}, percent: {3, 1}, escaped: {6, 2, 1}, digits: {6, 3, 2, 1}}

// spelledBefore is spelled for the characters that end before i.
func (f *form) spelledBefore(t probe.Text, i, k int) int {
	for _, w := range widths[f.style] {
		if i-w >= 0 && f.spelled(t, i-w, k) == w {
			return w
		}
	}
	return 0
}

// digitAt returns how many characters at i spell the base64 digit c, or 0: those
// that are no letters may be escaped.
func digitAt(t probe.Text, i int, c byte) int {
	if t.At(i) == c {
		return 1
	}
	if alphanumeric(c) {
		return 0
	}
	if w := percentAt(t, i, c); w > 0 {
		return w
	}
	return jsonAt(t, i, uint16(c))
}

// partAt returns how many characters at i spell a base64 digit with the bits of
// p, or 0.
func (f *form) partAt(t probe.Text, i int, p part) int {
	if d := base64text.Digit(t.At(i)); d != base64text.NoDigit {
		if d&p.mask == p.bits&p.mask {
			return 1
		}
		return 0
	}
	for _, c := range []byte("+/") {
		if w := digitAt(t, i, c); w > 0 && base64text.Digit(c)&p.mask == p.bits&p.mask {
			return w
		}
	}
	return 0
}

// partBefore is partAt for the head, which ends before i.
func (f *form) partBefore(t probe.Text, i int) int {
	for _, w := range widths[digits] {
		if i-w >= 0 && f.partAt(t, i-w, f.head) == w {
			return w
		}
	}
	return 0
}

// skip returns the first character at or behind i that is no break of a line, as
// it is or escaped. Only base64 has such breaks.
func (f *form) skip(t probe.Text, i int) int {
	if f.style != digits {
		return i
	}
	for range 4 {
		switch c := t.At(i); {
		case c == '\r' || c == '\n':
			i++
		case c == '\\' && (t.At(i+1) == 'n' || t.At(i+1) == 'r'):
			i += 2
		default:
			return i
		}
	}
	return i
}

// skipBack is skip for what ends before i.
func (f *form) skipBack(t probe.Text, i int) int {
	if f.style != digits {
		return i
	}
	for range 4 {
		switch c := t.At(i - 1); {
		case c == '\r' || c == '\n':
			i--
		case (c == 'n' || c == 'r') && t.At(i-2) == '\\':
			i -= 2
		default:
			return i
		}
	}
	return i
}
