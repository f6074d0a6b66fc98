package textrun

import (
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Run is a maximal run of printable characters of a text: the characters
// [Start, End). Tabulators and line ends count as printable. It may be cut at the
// ends of the view.
type Run struct {
	Start, End int
	// Stop is where the string that begins at Start ends by its length word, or
	// End when there is none. What lies between Stop and End is less than eight
	// bytes of an older object; who redacts a secret that ends at Stop redacts it too.
	Stop int
}

// Within returns the run around character i of t, which is the text of v; the run
// is empty when that character is not printable. What of it lies outside [lo, hi) does not matter:
// it is cut there, which bounds the work.
func Within(v probe.View, t probe.Text, i, lo, hi int) Run {
	lo, hi = max(lo, 0), min(hi, t.Len())
	if i < lo || i >= hi {
		return Run{Start: i, End: i, Stop: i}
	}
	r := Run{Start: i, End: i}
	if t.Wide() {
		for n := 1; n > 0 && r.End < hi; r.End += n {
			n = wideAt(v, t, r.End, hi)
		}
		for n := 1; n > 0 && r.Start > lo; r.Start -= n {
			n = wideBefore(v, t, r.Start, lo)
		}
	} else {
		for n := 1; n > 0 && r.End < hi; r.End += n {
			if c := v.Data[r.End]; c >= ' ' && c < 0x7f {
				continue // most characters
			}
			n = narrowAt(v.Data[r.End:hi])
		}
		for n := 1; n > 0 && r.Start > lo; r.Start -= n {
			if c := v.Data[r.Start-1]; c >= ' ' && c < 0x7f {
				continue
			}
			n = narrowBefore(v.Data[lo:r.Start])
		}
	}
	if r.End == i && t.At(i) != probe.NotASCII {
		r.Start = i // a control character belongs to no run
	}
	r.Stop = stop(v, t, r)
	return r
}

// Printable reports whether the ASCII character c belongs to a run.
func Printable(c byte) bool {
	return c >= ' ' && c < 0x7f || c == '\t' || c == '\n' || c == '\r'
}

// narrowAt returns the length in bytes of the printable character that p begins
// with, or 0.
func narrowAt(p []byte) int {
	if p[0] < utf8.RuneSelf {
		if Printable(p[0]) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeRune(p)
	return printable(r, n)
}

// narrowBefore is narrowAt for the character that p ends with.
func narrowBefore(p []byte) int {
	if c := p[len(p)-1]; c < utf8.RuneSelf {
		if Printable(c) {
			return 1
		}
		return 0
	}
	r, n := utf8.DecodeLastRune(p)
	return printable(r, n)
}

// printable returns n when r, read from n bytes outside ASCII, is printable.
func printable(r rune, n int) int {
	if r == utf8.RuneError && n <= 1 || r < 0xa0 || r&0xfffe == 0xfffe {
		return 0
	}
	return n
}

// unit returns UTF-16 unit i of t.
func unit(v probe.View, t probe.Text, i int) rune {
	at := t.Range(i, i).Start
	return rune(v.Data[at]) | rune(v.Data[at+1])<<8
}

// wideAt returns how many units the printable character at unit i has, or 0.
func wideAt(v probe.View, t probe.Text, i, hi int) int {
	u := unit(v, t, i)
	switch {
	case u < 0x80:
		if Printable(byte(u)) {
			return 1
		}
		return 0
	case !utf16.IsSurrogate(u):
		return printable(u, 1)
	case i+1 < hi && utf16.DecodeRune(u, unit(v, t, i+1)) != utf8.RuneError:
		return 2
	}
	return 0
}

// wideBefore is wideAt for the character that ends before unit i.
func wideBefore(v probe.View, t probe.Text, i, lo int) int {
	u := unit(v, t, i-1)
	if !utf16.IsSurrogate(u) {
		return wideAt(v, t, i-1, i)
	}
	if i-2 >= lo {
		return wideAt(v, t, i-2, i) // 2 or, for a lone half, 0
	}
	return 0
}
