package kernel

// isDigit marks the digits of both alphabets of base64 (RFC 4648, sections 4 and 5).
var isDigit = func() (m [256]bool) {
	for _, c := range []byte("+-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz") {
		m[c] = true
	}
	return m
}()

// lines looks for digits that are width bytes each, those behind the first of them zeros.
func lines(dst []uint64, p []byte, width int) {
	clear(dst)
	end := TextBytes * len(dst)
	for i := range width { // characters at even and at odd places
		for i < end {
			// From the last digit to the first: what is none rules out all lines across it.
			k := LineLen - 1
			for k >= 0 && lineDigit(p, i+k*width, width) {
				k--
			}
			if k >= 0 {
				i += (k + 1) * width
				continue
			}
			// Each digit that follows makes a line of one more place.
			start := i
			i += LineLen * width
			for {
				dst[start/TextBytes] |= 1 << (start % TextBytes)
				if start += width; start >= end || !lineDigit(p, i, width) {
					break
				}
				i += width
			}
		}
	}
}

func lineDigit(p []byte, i, width int) bool {
	return isDigit[p[i]] && (width == 1 || p[i+1] == 0)
}

func escapes(dst []uint64, p []byte) {
	for k := range dst {
		b := p[TextBytes*k:][:TextBytes]
		var m uint64
		for i := 0; i < TextBytes; i += 8 {
			v := load64(b, i)
			// A zero byte in x or y is one of the two; others may be marked wrongly.
			x, y := v^'%'*ones, v^'\\'*ones
			if ((x-ones)&^x|(y-ones)&^y)&highs == 0 {
				continue
			}
			for j, c := range b[i : i+8] {
				if c == '%' || c == '\\' {
					m |= 1 << (i + j)
				}
			}
		}
		dst[k] = m
	}
}

// textRuns is what is known of one word of 64 bytes: which are text, which the zeros of
// characters of two bytes, and where RunLen of either end.
type textRuns struct{ text, wide, ends, wideEnds uint64 }

func runs(dst []uint64, p []byte) {
	now := textRuns{}.next(p).next(p[TextBytes:])
	for k := range dst {
		next := now.next(p[TextBytes*(k+2):])
		dst[k] = back(now.ends, next.ends, 1, 2, 2) | back(now.wideEnds, next.wideEnds, 1, 2, 4, 4)
		now = next
	}
}

// next reads the word that p begins with, behind that of r.
func (r textRuns) next(p []byte) (n textRuns) {
	var zeros uint64
	for i, c := range p[:TextBytes] {
		switch {
		case c >= ' ' && c <= '~' || c >= '\t' && c <= '\r':
			n.text |= 1 << i
		case c == 0:
			zeros |= 1 << i
		}
	}
	n.wide = zeros & (n.text<<1 | r.text>>63)
	n.ends, n.wideEnds = runEnds(n.text, r.text, 1), runEnds(n.wide, r.wide, 2)
	return n
}

// runEnds returns the bits of m at which RunLen of them end, each width behind the one
// before; below is the word below m.
func runEnds(m, below uint64, width int) uint64 {
	ends := m
	for n := width; n < RunLen*width; n += width {
		ends &= m<<n | below>>(64-n)
	}
	return ends
}

// back adds to the bits of m those below them, in steps; above is the word above m.
func back(m, above uint64, steps ...int) uint64 {
	for _, n := range steps {
		m |= m>>n | above<<(64-n)
		above |= above >> n
	}
	return m
}
