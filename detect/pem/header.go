package pem

import (
	"github.com/dumpscrub/dumpscrub/detect/base64text"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// maxHeaders is how many characters the headers of one key may take. GnuPG and
	// ssh-keygen write comments of 1,024 at most (RFC 4716, section 3.3).
	maxHeaders = 2048
	// maxName is the longest header name (RFC 4716, section 3.3).
	maxName = 64
	// bodyRun is how many digits after a blank end the value of a header where line
	// breaks became blanks. Initialisation vectors have 32 and stand after a comma.
	bodyRun = 40
)

// headers is what stands between the opening boundary and the body.
type headers struct {
	next      int  // where the body begins
	any       bool // there is a header
	encrypted bool // one of them names a cipher
}

// readHeaders reads the headers at i. folded says that a value goes on after a
// backslash at the end of its line (RFC 4716, section 3.3).
func readHeaders(t probe.Text, i int, prefix string, folded bool) headers {
	h := headers{next: i}
	for limit := i + maxHeaders; h.next < limit; {
		k := h.next
		for k < h.next+maxName && inName(t.At(k)) {
			k++
		}
		if k == h.next || t.At(h.next) == '-' || t.At(k) != ':' {
			return h
		}
		h.any = true
		h.encrypted = h.encrypted || t.Has(h.next, "DEK-Info")
		h.next = h.value(t, k+1, limit, prefix, folded)
	}
	return h
}

// value returns the character after the value at i, and after what separates it
// from what follows.
func (h *headers) value(t probe.Text, i, limit int, prefix string, folded bool) int {
	for i < limit {
		switch c := t.At(i); c {
		case probe.NotASCII, 0:
			return i
		case '-':
			if t.Has(i, "----") {
				return i // another boundary: this one has no body
			}
		case 'D', ',':
			// Proc-Type says "4,ENCRYPTED" (RFC 1421, section 4.6.1.1). DEK-Info is on
			// the same line where line breaks became blanks.
			h.encrypted = h.encrypted || t.Has(i, "DEK-Info:") || t.Has(i, ",ENCRYPTED")
			if n := vector(t, i); n > 0 && run(t, i+1+n, bodyRun) {
				return i + 1 + n
			}
		case '\\':
			if n := foldedBreak(t, i); folded && n > 0 {
				i += n
				continue
			}
			fallthrough
		case ' ', '\t', '\r', '\n', '%', '&', '<', '"', '\'':
			next, broke := base64text.Gap(t, i, prefix)
			if broke || next > i && run(t, next, bodyRun) {
				return next
			}
			if next > i {
				i = next
				continue
			}
		}
		i++
	}
	return i
}

// vector returns how many digits the initialisation vector after the comma at i has
// (RFC 1421, section 4.6.1.3), or 0 when it is none. Where all line breaks are
// lost, only its length tells it from the body.
func vector(t probe.Text, i int) int {
	const des, aes = 16, 32
	switch {
	case !t.Has(i-4, "-CBC,") && !t.Has(i-4, "-CFB,"):
		return 0
	case t.Has(i-len("AES-256-CBC"), "AES-"), t.Has(i-len("CAMELLIA-256-CBC"), "CAMELLIA-"), t.Has(i-len("ARIA-256-CBC"), "ARIA-"):
		return aes
	}
	return des
}

// foldedBreak returns the length of the backslash at i and the line break after
// it, 0 when there is none.
func foldedBreak(t probe.Text, i int) int {
	for _, s := range [...]string{"\\\r\n", "\\\n", "\\\r"} {
		if t.Has(i, s) {
			return len(s)
		}
	}
	return 0
}

// inName reports whether c may stand in the name of a header.
func inName(c byte) bool {
	return c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '-'
}

// run reports whether n letters, figures, plus signs and slashes stand at i.
func run(t probe.Text, i, n int) bool {
	for k := range n {
		if c := t.At(i + k); c == '-' || c != '+' && c != '/' && !inName(c) {
			return false
		}
	}
	return true
}
