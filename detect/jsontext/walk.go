package jsontext

const (
	// maxDepth bounds brackets inside a value. A JWK has two ("oth", RFC 7518,
	// section 6.3.2.7), a JWS header with a JWK in it three.
	maxDepth = 8

	// maxLiteral bounds a number or a literal name.
	maxLiteral = 32
)

// Kind says what a value is.
type Kind uint8

// The kinds of value.
const (
	Literal Kind = iota // a number, true, false, null
	String
	Array
	Object
)

// Value is what stands behind a colon or between commas.
type Value struct {
	Kind Kind
	Span      // of a string, the characters between its quotes; else all of it
	Cut  bool // the value has no end: Span goes as far as text does
}

// ValueAt reads the value whose first character is at i. next is the position
// behind it. It is false when no value can begin there.
func (d Doc) ValueAt(i int) (v Value, next int, ok bool) {
	if start, is := d.open(i); is {
		v.Kind = String
		v.Span, next, v.Cut = d.stringAt(start)
		return v, next, true
	}
	switch d.Text.At(i) {
	case '{':
		v.Kind = Object
	case '[':
		v.Kind = Array
	default:
		for next = i; next < i+maxLiteral && isLiteral(d.Text.At(next)); next++ {
		}
		v.Span = Span{i, next}
		return v, next, next > i
	}
	next, v.Cut = d.nestedAt(i)
	v.Span = Span{i, next}
	return v, next, true
}

// valueBack reads the value that ends before end, backwards. begin is its first
// character, quotes included.
func (d Doc) valueBack(end int) (v Value, begin int, ok bool) {
	if e, is := d.closed(end); is {
		v.Kind = String
		v.Span, begin, v.Cut = d.stringBack(e)
		return v, begin, true
	}
	switch d.Text.At(end - 1) {
	case '}':
		v.Kind = Object
	case ']':
		v.Kind = Array
	default:
		for begin = end; begin > end-maxLiteral && isLiteral(d.Text.At(begin-1)); begin-- {
		}
		v.Span = Span{begin, end}
		return v, begin, begin < end
	}
	begin, v.Cut = d.nestedBack(end)
	v.Span = Span{begin, end}
	return v, begin, true
}

// stringAt reads the string whose first character is start. next is the position
// behind its closing quote or, when it is cut, the end of the text.
func (d Doc) stringAt(start int) (s Span, next int, cut bool) {
	i, run := start, 0
	for ; d.isText(i); i++ {
		switch d.Text.At(i) {
		case '\\':
			run++
			continue
		case '"':
			switch level := levelOf(run); {
			case level == d.Level:
				return Span{start, i - d.escapes()}, i + 1, false
			case level < d.Level:
				return Span{start, i - run}, i - run, true
			}
		}
		run = 0
	}
	return Span{start, i}, i, true
}

// stringBack reads the string that ends before end, backwards. begin is the
// first character of its opening quote or, when it is cut, of the text.
func (d Doc) stringBack(end int) (s Span, begin int, cut bool) {
	i := end - 1
	for ; d.isText(i); i-- {
		if d.Text.At(i) != '"' {
			continue
		}
		run := d.escapesBefore(i)
		if level := levelOf(run); level == d.Level && run == d.escapes() {
			return Span{i + 1, end}, i - run, false
		} else if level <= d.Level {
			// The end of another string: what precedes is not ours.
			break
		}
		i -= run
	}
	return Span{i + 1, end}, i + 1, true
}

// nestedAt passes over the array or object whose bracket is at i.
func (d Doc) nestedAt(i int) (next int, cut bool) {
	for depth := 0; ; {
		switch c := d.Text.At(i); {
		case c == '{' || c == '[':
			if depth++; depth > maxDepth {
				return i, true
			}
			i++
		case c == '}' || c == ']':
			i++
			if depth--; depth == 0 {
				return i, false
			}
		case c == '"' || c == '\\':
			start, ok := d.open(i)
			if !ok {
				j := d.skip(i)
				if j == i {
					return i, true
				}
				i = j
				continue
			}
			if _, i, cut = d.stringAt(start); cut {
				return i, true
			}
		case isLiteral(c) || c == ':' || c == ',' || isSpace(c):
			i++
		default:
			return i, true
		}
	}
}

// nestedBack passes backwards over the array or object that ends before i.
func (d Doc) nestedBack(i int) (begin int, cut bool) {
	for depth := 0; ; {
		switch c := d.Text.At(i - 1); {
		case c == '}' || c == ']':
			if depth++; depth > maxDepth {
				return i, true
			}
			i--
		case c == '{' || c == '[':
			i--
			if depth--; depth == 0 {
				return i, false
			}
		case c == '"':
			end, ok := d.closed(i)
			if !ok {
				return i, true
			}
			if _, i, cut = d.stringBack(end); cut {
				return i, true
			}
		case isLiteral(c) || c == ':' || c == ',' || isSpace(c):
			if j := d.skipBack(i); j < i {
				i = j
				continue
			}
			i--
		default:
			return i, true
		}
	}
}

func isSpace(c byte) bool { return c == ' ' || c == '\t' || c == '\n' || c == '\r' }

func isLiteral(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '-' || c == '+' || c == '.'
}
