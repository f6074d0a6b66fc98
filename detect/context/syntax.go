package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// syntax is how a name and its value are tied.
type syntax uint8

const (
	noSyntax    syntax = iota
	quoted             // name: "value", with or without quotes around the name
	listed             // "name", "value": pairs in lists
	environment        // NAME=value between NULs or line ends
	form               // name=value&
	settings           // Name=value; as connection strings have it
	keyword            // name=value among others, divided by blanks
	assigned           // name=value in other text
	header             // name: value up to the end of the line
	element            // <name>value</name>
	option             // --name NUL value NUL
	spaced             // name value, in the few files that have it so
	encoded            // name:: base64, of LDIF (RFC 2849)
	scalar             // name: | and the value in the lines behind it
	spoken             // token value, key is value: in messages and logs
)

// maxValue is the longest value in characters; of a longer one the beginning is
// redacted.
const maxValue = 4096

// value is where the value of a name lies.
type value struct {
	span
	syntax syntax
}

// valueOf returns the value of the name n, if one follows.
func valueOf(t text, n ident) value {
	i := n.end
	d, q := quoteAt(t.Text, i)
	if q != 0 {
		if !isQuote(t.At(n.start - 1)) {
			return value{}
		}
		i += d + 1
		if v := valueMember(t, i, d, q); v.syntax != noSyntax {
			return v
		}
		if v := part(t, n, i); v.syntax != noSyntax {
			return v
		}
		return member(t, blanks(t.Text, i, 8), true)
	}
	if k := subscript(t.Text, n); k > 0 {
		return value{until(t, k, isFormEnd), form}
	}
	switch t.At(i) {
	case '\n', '\r':
		return valueLine(t, i)
	case '<':
		return pairOfElements(t, i)
	case '=':
		if t.At(i+1) == '>' && !entry(t.Text, n) { // Ruby, Perl and PHP
			if _, q := quoteAt(t.Text, blanks(t.Text, i+2, 4)); q == 0 {
				return value{}
			}
			return member(t, i, false)
		}
		if isBlank(t.At(n.start-1)) && isBlank(t.At(i+1)) {
			break
		}
		return equals(t, n, i+1)
	case '>':
		if c := t.At(n.start - 1); c == '<' || c == ':' {
			return elementAt(t, i+1)
		}
		return value{}
	case 0:
		return following(t, n, i+1)
	}
	j := blanks(t.Text, i, 16)
	switch t.At(j) {
	case '=':
		if v := spacedSetting(t, n, j); v.syntax != noSyntax {
			return v
		}
		return member(t, j, false)
	case '?':
		if t.At(j+1) == '=' {
			return stringBehind(t, j+len("?="))
		}
	case ':':
		if j == i && t.At(n.start-1) == '/' && isGraph(t.At(j+1)) && !isQuote(t.At(j+1)) {
			return value{span{j + 1, graph(t, j+1)}, option} // of Windows
		}
		return member(t, j, false)
	}
	if j > i {
		return afterBlanks(t, n, j)
	}
	return value{}
}

// quoteAt returns the quote at i and how many backslashes stand before it.
func quoteAt(t probe.Text, i int) (depth int, quote byte) {
	for depth < 8 && t.At(i+depth) == '\\' {
		depth++
	}
	if c := t.At(i + depth); isQuote(c) {
		return depth, c
	}
	return 0, 0
}

// member reads the separator at i and the value behind it. closed says that the
// name stood in quotes, so that a value without them is no string.
func member(t text, i int, closed bool) value {
	sep := t.At(i)
	switch {
	case sep == ':' || sep == '=':
		i++
		if sep == ':' && t.Has(i, ": ") && !closed {
			return value{restOfLine(t, i+2), encoded}
		}
		if c := t.At(i); c == '=' || c == ':' {
			k := run(t.Text, i, 2, func(c byte) bool { return c == ':' })
			if sep == ':' && t.At(k) == '=' {
				return stringBehind(t, k+1) // of Go and of make
			}
			return value{} // a comparison or a scope
		}
		if sep == '=' && t.At(i) == '>' {
			i++
		}
	case sep == ',' && closed:
		i++
	case closed && hasFold(t.Text, i, "value="):
		i += len("value=")
	default:
		return value{}
	}
	i = blanks(t.Text, i, 16)
	if c := t.At(i); (c == 'b' || c == 'u' || c == 'r' || c == 'N' || c == 'E') && isQuote(t.At(i+1)) {
		i++
	}
	if d, q := quoteAt(t.Text, i); q != 0 {
		s := value{stringAt(t, i+d+1, d, q), quoted}
		if sep == ',' {
			s.syntax = listed
		}
		return s
	}
	if closed || sep == ',' {
		return value{}
	}
	if k := scalarAt(t, i); k > 0 {
		return value{span{k, t.line(k, maxValue)}, scalar}
	}
	if s := fieldOf(t, i, sep); s.len() > 0 {
		return value{s, header}
	}
	return value{restOfLine(t, i), header}
}

// stringAt returns the string that begins at i and ends at a quote after as many
// backslashes as stood before the one that opened it.
func stringAt(t text, i, depth int, quote byte) span {
	j := i
	for j-i < maxValue {
		c := t.At(j)
		switch {
		case c == quote && depth == 0:
			return span{i, j}
		case c == '\\':
			d, q := quoteAt(t.Text, j)
			if q == quote && d == depth {
				return span{i, j}
			}
			j++ // what is escaped is no end
		}
		n := t.printable(j)
		if t.endless(i, j) {
			return span{}
		}
		if n == 0 {
			break
		}
		j += n
	}
	// Cut off by the end of memory or by other data: the rest of it is lost, the
	// beginning is not.
	if j-i >= minCut {
		return span{i, j}
	}
	return span{}
}

// minCut is how much of a string that is cut off must be there.
const minCut = 12

// restOfLine returns the single word from i to the end of the line, and nothing
// when there are more words: prose goes on.
func restOfLine(t text, i int) span {
	j := run(t.Text, i, gradeLen, isGraph)
	if t.endless(i, j) {
		return span{}
	}
	j = run(t.Text, i, maxValue, isGraph)
	for k := i; k+1 < j; k++ {
		if c := t.At(k + 1); t.At(k) == '\\' && (c == 'n' || c == 'r') {
			return span{i, k} // the line ends here, escaped
		}
	}
	// A header among the arguments of a command, in quotes with its name.
	for k := i; k < j; k++ {
		if c := t.At(k); isQuote(c) && t.At(k-1) != '\\' && !isAlnum(t.At(k+1)) && openedBy(t.Text, i, c) {
			return span{i, k}
		}
	}
	end := blanks(t.Text, j, 64)
	comment := end > j && (t.At(end) == '#' || t.At(end) == ';')
	if t.printable(end) > 0 && !comment && j-i < maxValue {
		return span{}
	}
	for j > i && (t.At(j-1) == ',' || t.At(j-1) == ';' || isQuote(t.At(j-1))) {
		j--
	}
	return span{i, j}
}

// openedBy reports whether the name of the header whose value begins at i stands behind
// the quote q.
func openedBy(t probe.Text, i int, q byte) bool {
	for k := i - 1; i-k < maxName && (isName(t.At(k)) || t.At(k) == ':' || t.At(k) == ' ' || t.At(k) == q); k-- {
		if t.At(k) == q {
			return t.At(k-1) == ' ' || t.At(k-1) == '='
		}
	}
	return false
}

// stringBehind returns the string behind the operator that ends at i.
func stringBehind(t text, i int) value {
	if i = blanks(t.Text, i, 4); isQuote(t.At(i)) {
		return value{stringAt(t, i+1, 0, t.At(i)), quoted}
	}
	return value{}
}

func isGraph(c byte) bool { return c > ' ' && c < 0x7f }

// elementAt returns the text of the XML element that begins at i, which may stand in a line of
// its own.
func elementAt(t text, i int) value {
	i = spaces(t.Text, i)
	j := i
	for j-i < maxValue && t.At(j) != '<' {
		n := t.printable(j)
		if t.endless(i, j) {
			return value{}
		}
		if n == 0 {
			break
		}
		j += n
	}
	if k := spaces(t.Text, j); t.At(k) != '<' || t.At(k+1) != '/' {
		return value{}
	}
	return value{span{i, j}, element}
}
