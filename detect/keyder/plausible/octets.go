package plausible

import "github.com/dumpscrub/dumpscrub/detect/probe"

const (
	// head is how many octets decide whether a number can have begun here.
	head = 16
	// headZeros is how many zeros those may hold: of random octets one in two
	// million numbers holds more; pointers and UTF-16 text always do.
	headZeros = 3

	// window is how many octets are judged together to find where a number ends.
	window = 32
	// windowZeros and windowDistinct are what random octets exceed and fall short
	// of in less than one of a billion windows: seven zeros, or only sixteen
	// different values.
	windowZeros, windowDistinct = 6, 17
)

// Random reports whether the first octets of p could be those of a private
// number that was drawn at random. Fill octets do not count, so that redacting
// some of p never makes the rest look random.
func Random(p []byte) bool {
	for len(p) > 0 && p[0] == 0 {
		p = p[1:] // a number shorter than its field
	}
	n, zeros, text := 0, 0, true
	for _, b := range p[:min(len(p), head)] {
		if b == probe.Fill {
			continue
		}
		n++
		if b == 0 {
			zeros++
		}
		text = text && isText(b)
	}
	return n > 0 && zeros <= headZeros && !text
}

// Prefix returns how many of p's first octets can belong to a number that was
// drawn at random. Where something else follows, the result is at most
// 32 too large, and never too small.
func Prefix(p []byte) int {
	var count [256]int
	zeros, text, distinct := 0, 0, 0
	for i, b := range p {
		if count[b]++; count[b] == 1 {
			distinct++
		}
		if b == 0 {
			zeros++
		}
		if isText(b) {
			text++
		}
		if i >= window {
			old := p[i-window]
			if count[old]--; count[old] == 0 {
				distinct--
			}
			if old == 0 {
				zeros--
			}
			if isText(old) {
				text--
			}
		}
		if i >= window-1 && (zeros > windowZeros || text == window || distinct < windowDistinct) {
			return i + 1
		}
	}
	return len(p)
}

func isText(b byte) bool {
	return b == 0 || b == '\t' || b == '\n' || b == '\r' || b >= ' ' && b <= '~'
}

// textTail is how many octets of text at the end of a secret are none of it: random
// ones are once in 700,000.
const textTail = 14

// Whole reports whether p may be a secret that was drawn at random, to its last octet: where it was
// cut off, other memory stands in its place.
func Whole(p []byte) bool {
	n := len(p)
	for n > 0 && isText(p[n-1]) {
		n--
	}
	return len(p)-n < textTail && Prefix(p) == len(p)
}
