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
