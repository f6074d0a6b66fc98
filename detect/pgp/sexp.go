package pgp

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// sexp reads an S-expression (RFC 9804), canonical (section 6.1: every atom is a
// decimal length, a colon and as many octets) or in the advanced form (section
// 6.3: tokens, quoted strings, and octets as hexadecimal digits between #). The
// index i counts characters.
type sexp struct {
	t    probe.Text
	data []byte
	i    int
	form form
	fail outcome
}

// form is how an expression is written.
type form uint8

const (
	canonicalForm form = iota // verbatim atoms only
	advancedForm              // text
	nativeForm                // as libgcrypt keeps it, see native.go
)

// atom is one octet string.
type atom struct {
	value []byte        // the octets; nil when they are redacted
	at    []probe.Range // of the octets or their digits, line by line
	cut   bool          // only a beginning of it is there, or some was overwritten
	text  bool          // written as digits
	start int           // index of its first character
	end   int           // index behind its last character
}

// The limits of one key in characters: 16384-bit RSA numbers in hexadecimal, and
// no name is longer than that of a protection mode.
const (
	maxDigits = 5 // of a length
	maxName   = 64
	// The walk gives up where no key has so many lists in each other, or so many
	// lists or atoms behind each other: else text of nothing but beginnings would be
	// read to the end of the view from each of them.
	maxDepth = 8
	maxLists = 32
	maxAtoms = 64
	maxAtom  = 2*maxRSA/8 + 512
)

func (s *sexp) stop(o outcome) {
	if s.fail == whole {
		s.fail = o
	}
}

// peek skips white space and returns the character that follows, zero when the
// walk has failed or the data ends.
func (s *sexp) peek() byte {
	if s.form == nativeForm {
		return s.nativePeek()
	}
	for s.fail == whole {
		switch c := s.t.At(s.i); c {
		case ' ', '\t', '\r', '\n', '\v', '\f':
			s.i++
		case probe.NotASCII:
			if s.i >= s.t.Len() {
				s.stop(cut)
			} else {
				s.stop(damaged)
			}
		default:
			return c
		}
	}
	return 0
}

// expect steps over c.
func (s *sexp) expect(c byte) bool {
	if s.peek() != c {
		s.stop(damaged)
		return false
	}
	s.i++
	return true
}

// atom reads one atom.
func (s *sexp) atom() atom {
	s.peek()
	start := s.i
	a := s.read()
	a.start, a.end = start, s.i
	return a
}

func (s *sexp) read() atom {
	switch c := s.peek(); {
	case s.form == nativeForm:
		return s.nativeAtom()
	case c == '#':
		return s.hex()
	case c == '"':
		return s.quoted()
	case c >= '0' && c <= '9':
		if n, size := s.length(); size > 0 && !s.t.Wide() {
			return s.verbatim(n, size)
		}
	}
	var name []byte
	for len(name) < maxName && token(s.t.At(s.i)) {
		name = append(name, s.t.At(s.i))
		s.i++
		if n := s.fold(s.i); n > 0 && token(s.t.At(s.i+n)) {
			s.i += n
		}
	}
	if len(name) == 0 {
		s.stop(damaged)
	}
	return atom{value: name}
}

// fold returns how many characters at i are a folded line: GnuPG's key files break
// lines anywhere, even in a word, and mark the continuation by one space (GnuPG,
// agent/keyformat.txt).
func (s *sexp) fold(i int) int {
	switch {
	case s.t.Has(i, "\n "):
		return 2
	case s.t.Has(i, "\r\n "):
		return 3
	}
	return 0
}

// token reports whether c may stand in a token (RFC 9804, section 4.5).
func token(c byte) bool {
	switch {
	case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9':
		return true
	}
	return c == '-' || c == '.' || c == '/' || c == '_' || c == '*' || c == '+' || c == '='
}

// length reads the length before a verbatim atom without stepping over it; size
// is zero when there is none.
func (s *sexp) length() (n, size int) {
	for size <= maxDigits {
		c := s.t.At(s.i + size)
		if c == ':' && size > 0 {
			return n, size + 1
		}
		if c < '0' || c > '9' {
			break
		}
		n, size = 10*n+int(c-'0'), size+1
	}
	return 0, 0
}

// verbatim reads n octets behind a length of size characters.
func (s *sexp) verbatim(n, size int) atom {
	if n > maxAtom {
		s.stop(damaged)
		return atom{}
	}
	start := s.i + size
	end := min(start+n, s.t.Len())
	g := s.t.Range(start, end)
	a := atom{value: s.data[g.Start:g.End], at: []probe.Range{g}, cut: end-start < n}
	if s.i = end; a.cut {
		s.stop(cut)
	}
	return a
}

// quoted reads a quoted string, of which only names are of interest: escapes and
// octets that are no ASCII are stepped over.
func (s *sexp) quoted() atom {
	var name []byte
	for s.i++; len(name) <= maxName; s.i++ {
		s.i += s.fold(s.i)
		switch c := s.t.At(s.i); c {
		case '"':
			s.i++
			return atom{value: name}
		case '\\':
			s.i++
			name = append(name, s.t.At(s.i))
		case probe.NotASCII:
			if !s.upper() {
				s.stop(damaged)
				return atom{}
			}
			name = append(name, c)
		default:
			name = append(name, c)
		}
	}
	s.stop(damaged)
	return atom{}
}

// upper reports whether the character is an octet above 0xa0: libgcrypt quotes octets
// that have no control character among them, a salt that happens to have none, too
// (libgcrypt, src/sexp.c, suitable_encoding).
func (s *sexp) upper() bool {
	if s.t.Wide() || s.i >= s.t.Len() {
		return false
	}
	return s.data[s.t.Range(s.i, s.i+1).Start] > 0xa0
}

// hex reads hexadecimal digits up to the closing #. White space may stand between
// them, and what was overwritten: such an atom has no value, but all that is left
// of it is private. Digits that were replaced by a redaction's text make an atom
// that is not there.
func (s *sexp) hex() atom {
	s.i++
	a, first := atom{text: true}, s.i
	end, state := s.closing(first)
	odd, redacted := false, false
	high, line := byte(0), first
	for ; s.i <= end; s.i++ {
		c := s.t.At(s.i)
		if c <= ' ' || s.i == end {
			if s.i > line {
				a.at = append(a.at, s.t.Range(line, s.i))
			}
			line = s.i + 1
			continue
		}
		d, ok := digit(c)
		switch {
		case !ok:
			redacted = redacted || c == '[' || c == '*'
			a.cut = true
		case odd:
			a.value, odd = append(a.value, high<<4|d), false
		default:
			high, odd = d, true
		}
	}
	if a.cut = a.cut || odd || state != whole; state != whole {
		s.i = end
		s.stop(state)
	}
	if redacted {
		return atom{text: true}
	}
	return a
}

// maxGap is how many bytes that are no text may stand among digits: allocators and
// stray writes spoil fewer.
const maxGap = 64

// closing returns where the # stands that closes the digits that begin at i, or
// where they end for another reason. Behind a character that is no digit, only a #
// before a parenthesis counts: what was overwritten may hold one by chance. The
// text of a redaction counts as digits, so that a second run sees what the first saw.
func (s *sexp) closing(i int) (int, outcome) {
	first, bad, gap, tag := i, -1, 0, false
	for ; i-first <= 2*maxAtom && gap <= maxGap; i++ {
		c := s.t.At(i)
		_, hex := digit(c)
		tag = tag && c != probe.NotASCII
		switch {
		case c == '#' && tag && s.ordinal(i+1):
		case c == '#' && (bad < 0 || s.t.At(i+1) == ')'):
			return i, whole
		case c == '[':
			tag = true
		case c == ']' || c <= ' ':
			tag = false
		case i >= s.t.Len():
			if bad < 0 {
				return i, cut
			}
			return bad, damaged
		case tag || hex || c == '*':
		default:
			if bad < 0 {
				bad = i
			}
			if c == probe.NotASCII {
				gap++
			}
		}
	}
	if bad < 0 {
		bad = i
	}
	return bad, damaged
}

// ordinal reports whether "1]" stands at character i, with any number: the end of
// a redaction's text, whose # does not close the digits.
func (s *sexp) ordinal(i int) bool {
	start := i
	for s.t.At(i) >= '0' && s.t.At(i) <= '9' && i-start < maxDigits {
		i++
	}
	return i > start && s.t.At(i) == ']'
}

func digit(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'A' && c <= 'F':
		return c - 'A' + 10, true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	}
	return 0, false
}

// skip steps over the rest of the list that the walk is in, and its end.
func (s *sexp) skip() {
	atoms := 0
	for depth := 1; depth > 0 && s.fail == whole; {
		if depth > maxDepth || atoms > maxAtoms {
			s.stop(damaged)
			return
		}
		switch s.peek() {
		case '(':
			depth++
			s.i++
		case ')':
			depth--
			s.i++
		default:
			s.atom()
			atoms++
		}
	}
}
