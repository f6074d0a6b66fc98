package base64text

import "github.com/dumpscrub/dumpscrub/detect/probe"

// Backward reads the body that ends before character end, going back no further
// than low. Gaps may lie between the body and end. The head of the body may be
// overwritten: lines are taken back from the last as long as all are of one
// width; the first may be shorter, when what stands before it is no text. first
// is where digits and gaps begin, the lines that were not taken included.
func Backward(t probe.Text, end, low int, prefix string) (b Body, first int) {
	low = max(low, 0)
	start := end
	for start > low && belongs(t.At(start-1), prefix) {
		start--
	}
	b = lastBody(t, start, end, prefix)
	if len(b.Lines) == 0 {
		return b, end
	}
	first = b.Lines[0].Start
	b.dropHead(firstWrapped(t, &b))
	return b, first
}

// belongs reports whether c can be part of a digit, a gap or an escape. This is
// coarser than what Forward takes, and only bounds where it may begin.
func belongs(c byte, prefix string) bool {
	if digit(c) >= 0 {
		return true
	}
	switch c {
	case '=', ' ', '\t', '\r', '\n', '\\', '"', '\'', '%', '&', '#', ';':
		return true
	}
	for i := range len(prefix) {
		if prefix[i] == c && c != '-' {
			return true
		}
	}
	return false
}

// lastBody reads forward from start, beginning anew after everything that is
// neither digit nor gap, and returns the body after which nothing but gaps and
// padding stands before end.
func lastBody(t probe.Text, start, end int, prefix string) Body {
	for i := start; i < end; {
		b := Forward(t, i, end, prefix)
		if len(b.Digits) == 0 {
			k, _ := Gap(t, i, prefix)
			i = max(k, i+1)
			continue
		}
		next := b.End
		for next < end {
			k, _ := Gap(t, next, prefix)
			if k == next {
				break
			}
			next = k
		}
		// A check sum of OpenPGP armour ("=" and four digits) may stand between
		// the body and what follows it.
		if _, k := Checksum(t, next); k > 0 {
			next, _ = Gap(t, k, prefix)
		}
		if next >= end {
			return b
		}
		b.Wipe()
		i = max(next, b.End, i+1)
	}
	return Body{End: end}
}

// Checksum reads the check sum of OpenPGP armour at i, "=" and four digits (RFC
// 9580, section 6.1): the digits are the characters [start, end). Both are 0 when
// there is none.
func Checksum(t probe.Text, i int) (start, end int) {
	c, n := unit(t, i)
	if n == 0 || c != '=' {
		return 0, 0
	}
	start = i + n
	end = start
	for range 4 {
		c, n := unit(t, end)
		if n == 0 || digit(c) < 0 {
			return 0, 0
		}
		end += n
	}
	if c, n := unit(t, end); n > 0 && digit(c) >= 0 {
		return 0, 0
	}
	return start, end
}

// firstWrapped returns the index of the first line that belongs to the body
// which the last line ends.
func firstWrapped(t probe.Text, b *Body) int {
	n := len(b.Lines)
	for n > 0 && b.Lines[n-1].N == 0 { // a line of padding alone
		n--
	}
	if n < 2 {
		return 0
	}
	width := b.Lines[n-2].N
	if width < b.Lines[n-1].N {
		// The last line is longer than the one before: it is all there is, unless
		// the one before is the overwritten head of a body of two lines.
		if n == 2 && cutOff(t, b.Lines[0].Start) {
			return 0
		}
		return n - 1
	}
	k := n - 2
	for k > 0 && b.Lines[k-1].N == width {
		k--
	}
	if k > 0 && b.Lines[k-1].N < width && cutOff(t, b.Lines[k-1].Start) {
		k--
	}
	return k
}

// cutOff reports whether what stands before character i is no text: then the
// line at i may have lost its head.
func cutOff(t probe.Text, i int) bool {
	c := t.At(i - 1)
	return c == probe.NotASCII || c < ' ' && c != '\t' && c != '\n' && c != '\r'
}

// dropHead removes the first n lines.
func (b *Body) dropHead(n int) {
	sum := 0
	for _, l := range b.Lines[:n] {
		sum += l.N
	}
	clear(b.Digits[:sum])
	b.Lines, b.Digits = b.Lines[n:], b.Digits[sum:]
}
