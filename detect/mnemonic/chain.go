package mnemonic

import "github.com/dumpscrub/dumpscrub/detect/probe"

// maxSeparator is how many characters may divide two words: the quotes, comma, line
// end and indentation of JSON.
const maxSeparator = 24

// The classes of characters.
const (
	other = iota
	letter
	separator
)

// classes holds the class of each byte.
var classes = func() (m [256]byte) {
	for c := 'a'; c <= 'z'; c++ {
		m[c], m[c-0x20] = letter, letter
	}
	for _, c := range []byte("\x00\t\n\r \"'`,;.:-_+*/|()[]<>=&#0123456789") {
		m[c] = separator
	}
	return m
}()

// item is a word of a chain: where it stands, and where in the list.
type item struct{ start, end, index int }

// wordAt returns the word around the letter at i of t.
func wordAt(t probe.Text, i int) (item, bool) {
	start, end := i, i+1
	for i-start < maxWord && classes[t.At(start-1)] == letter {
		start--
	}
	for end-start <= maxWord && classes[t.At(end)] == letter {
		end++
	}
	n := end - start
	if n < minWord || n > maxWord {
		return item{}, false
	}
	index := indexAt(t, start, n)
	return item{start, end, index}, index >= 0
}

// indexAt returns the place in the list of the n letters at start, or -1.
func indexAt(t probe.Text, start, n int) int {
	var w packed
	for k := range n {
		w |= packed(t.At(start+k)|0x20) << (8 * k)
	}
	return list().index(w)
}

// skip returns the first character from i on, in steps of one or minus one, that is no
// separator. It is -1 when there are none, too many, or more than one NUL.
func skip(t probe.Text, i, step int) int {
	nuls := 0
	for n := range maxSeparator + 1 {
		c := t.At(i)
		switch {
		case classes[c] != separator:
			if n == 0 {
				return -1
			}
			return i
		case c == 0:
			if nuls++; nuls > 1 {
				return -1
			}
		}
		i += step
	}
	return -1
}

// next returns the word behind w, and previous the one before it.
func next(t probe.Text, w item) (item, bool)     { return wordFrom(t, skip(t, w.end, 1)) }
func previous(t probe.Text, w item) (item, bool) { return wordFrom(t, skip(t, w.start-1, -1)) }

func wordFrom(t probe.Text, i int) (item, bool) {
	if i < 0 || classes[t.At(i)] != letter {
		return item{}, false
	}
	return wordAt(t, i)
}

// glued returns the words of the list that the letters from i on begin with, or, with a
// step of minus one, end with: other text may touch the ends of a phrase.
func glued(t probe.Text, i, step int) []item {
	if i < 0 {
		return nil
	}
	var out []item
	for n := minWord; n <= maxWord && classes[t.At(i+step*(n-1))] == letter; n++ {
		start := min(i, i+step*(n-1))
		if index := indexAt(t, start, n); index >= 0 {
			out = append(out, item{start, start + n, index})
		}
	}
	return out
}

// chainAround returns the words around w, at most maxWords to either side, and the
// index of w among them.
func chainAround(t probe.Text, w item) (ws []item, at int) {
	ws = make([]item, 0, 2*maxWords+1)
	for p, ok := previous(t, w); ok && len(ws) < maxWords; p, ok = previous(t, p) {
		ws = append(ws, p)
	}
	for i, j := 0, len(ws)-1; i < j; i, j = i+1, j-1 {
		ws[i], ws[j] = ws[j], ws[i]
	}
	at = len(ws)
	ws = append(ws, w)
	for p, ok := next(t, w); ok && len(ws)-at <= maxWords; p, ok = next(t, p) {
		ws = append(ws, p)
	}
	return ws, at
}

// alike reports whether the characters of t between a and b and those between c and d
// divide alike: runs of white space are one blank, as lines may be wrapped, and numbers
// one digit, as words may be counted.
func alike(t probe.Text, a, b, c, d item) bool {
	i, j := a.end, c.end
	for i < b.start && j < d.start {
		x, y := normal(t.At(i)), normal(t.At(j))
		if x != y {
			return false
		}
		for i++; i < b.start && normal(t.At(i)) == x; {
			i++
		}
		for j++; j < d.start && normal(t.At(j)) == x; {
			j++
		}
	}
	return i == b.start && j == d.start
}

// normal returns a blank for white space, one for a digit, and other characters as
// they are.
func normal(c byte) byte {
	switch {
	case c == ' ' || c == '\t' || c == '\n' || c == '\r':
		return ' '
	case c >= '0' && c <= '9':
		return '1'
	}
	return c
}
