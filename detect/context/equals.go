package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// equals returns the value of n, of which the equals sign is before i and without
// blanks around it.
func equals(t text, n ident, i int) value {
	if d, q := quoteAt(t.Text, i); q != 0 {
		if t.At(n.start-1) == q && !isAlnum(t.At(i+d+1)) {
			return value{} // it closes the string that the name begins, as "PWD="+dir
		}
		return value{stringAt(t, i+d+1, d, q), quoted}
	}
	if c := t.At(i); (c == '>' || c == '=' && !(n.shout && alone(t.Text, n))) && !entry(t.Text, n) {
		return value{} // a comparison; passwords of the environment may begin so
	}
	before := t.At(n.start - 1)
	for k := n.start - 1; before == ' ' && k > n.start-4; k-- {
		before = t.At(k)
	}
	switch {
	case before == '&' || before == '?':
		return value{until(t, i, isFormEnd), form}
	case before == ';':
		return setting(t, i)
	}
	if entry(t.Text, n) && t.At(n.start-1) == '-' {
		if s := (span{i, t.line(i, maxValue)}); t.At(s.end) == 0 {
			return value{s, environment}
		}
	}
	s := until(t, i, isFormEnd)
	switch c := t.At(s.end); {
	case c == '&' && isName(t.At(s.end+1)) && !(n.shout && alone(t.Text, n)):
		return value{s, form}
	case c == ';' || settingFollows(t, s.end):
		s = until(t, i, isSettingEnd)
		if follows(t, s.end+1) {
			return value{s, settings}
		}
	}
	if alone(t.Text, n) {
		return value{span{i, t.line(i, maxValue)}, environment}
	}
	s = until(t, i, isAssignEnd)
	for t.At(s.end) == ',' && goesOn(t, s.end+1) {
		s.end = until(t, s.end+1, isAssignEnd).end
	}
	if t.At(s.end-1) == '}' && inBraces(t.Text, n.start) {
		s.end--
	}
	if keywords(t, n, s.end) {
		return value{s, keyword}
	}
	return value{s, assigned}
}

// entry reports whether n begins a string of argv, as an option, or of the environment: what ends
// those is NUL, whatever is in them.
func entry(t probe.Text, n ident) bool {
	k := n.start - 1
	for n.start-k < 3 && t.At(k) == '-' {
		k--
	}
	return t.At(k) == 0 && (n.shout || k < n.start-1)
}

// goesOn reports whether a value goes on at i, behind a comma in it, instead of
// another assignment or other text.
func goesOn(t text, i int) bool {
	if isAssignEnd(t.At(i)) || t.printable(i) == 0 {
		return false
	}
	j := run(t.Text, i, maxName, isName)
	return t.At(j) != '=' && t.At(j) != ':'
}

// alone reports whether nothing printable stands before n: the name begins a
// string or a line.
func alone(t probe.Text, n ident) bool {
	c := t.At(n.start - 1)
	return !isPrint(c) && c != '\t'
}

// until returns the characters from i to the first that ends accepts, or to the
// end of the line.
func until(t text, i int, ends func(byte) bool) span {
	j := i
	for j-i < maxValue && !ends(t.At(j)) {
		n := t.printable(j)
		if t.endless(i, j) {
			return span{i, i}
		}
		if n == 0 {
			break
		}
		j += n
	}
	return span{i, j}
}

func isFormEnd(c byte) bool {
	return c == '&' || c == ' ' || c == '"' || c == '\'' || c == '#' || c == '<' || c == '>' || c == ';' || c == '\\' || c == '`'
}
func isSettingEnd(c byte) bool { return c == ';' || c == '"' || c == '\'' }
func isAssignEnd(c byte) bool {
	return isQuote(c) || isBlank(c) || c == ',' || c == '<' || c == '>' || c == '&' || c == ';' || c == '\\' || c == ')'
}

// settingFollows reports whether a semicolon comes later in the line than at i,
// with a setting behind it: the value holds what ends a form's value.
func settingFollows(t text, i int) bool {
	for k := i; k-i < 64 && t.printable(k) > 0; k++ {
		if t.At(k) == ';' {
			return follows(t, k+1)
		}
		if c := t.At(k); isQuote(c) || c == '&' {
			return false
		}
	}
	return false
}

// follows reports whether another name with an equals sign is at i, or the end of
// the string: what a setting is followed by, and a statement of a program is not.
func follows(t text, i int) bool {
	i = blanks(t.Text, i, 2)
	j := run(t.Text, i, maxName, func(c byte) bool { return isName(c) || c == ' ' })
	return j > i && t.At(j) == '=' && t.At(j+1) != '='
}

// following returns the value in the string behind that of the name n, which ends
// before i: the next argument of a command line, or the header's value where a
// server has put a NUL in place of the colon.
func following(t text, n ident, i int) value {
	if t.At(n.start-1) == '-' {
		return value{span{i, t.line(i, maxValue)}, option}
	}
	if !alone(t.Text, n) {
		return value{}
	}
	j := i
	if t.At(j) == ' ' {
		j++ // "name: value" with the colon gone
	}
	s := span{j, graph(t, j)}
	if j == i && (t.printable(s.end) > 0 || symbols(t, n, s)) {
		return value{}
	}
	return value{s, listed}
}

// symbols reports whether the name n and s are neighbours in a table of a
// program's symbols: s is mangled, or both begin as a library's names do.
func symbols(t text, n ident, s span) bool {
	const prefix = 3
	if run(t.Text, s.start, s.len(), isName) != s.end {
		return false
	}
	same := 0
	for same < prefix && t.At(n.start+same) == t.At(s.start+same) {
		same++
	}
	return same == prefix || t.At(s.start) == '_'
}

// afterBlanks returns the value at j, which only blanks divide from the name n:
// that of an option, and of the files that have it so (.netrc, redis.conf).
func afterBlanks(t text, n ident, j int) value {
	if t.At(n.start-1) == '-' && t.At(n.start-2) == '-' {
		return value{span{j, graph(t, j)}, option}
	}
	if v := quotedWord(t, n, j); v.syntax != noSyntax {
		return v
	}
	switch {
	case t.Has(j, "string ") && t.At(blanks(t.Text, j+len("string"), 4)) == '=':
		return stringBehind(t, blanks(t.Text, j+len("string"), 4)+1) // a variable of Go with its type
	case hasFold(t.Text, n.end-len("requirepass"), "requirepass") || hasFold(t.Text, n.end-len("masterauth"), "masterauth"):
		return value{restOfLine(t, j), spaced}
	case n.len() == len("password") && hasFold(t.Text, n.start, "password") && login(t.Text, n.start):
		return value{span{j, graph(t, j)}, spaced}
	case t.At(n.start-1) == ':' || t.At(n.start-1) == '<':
		if k := run(t.Text, j, 192, func(c byte) bool { return isPrint(c) && c != '>' && c != '<' }); t.At(k) == '>' && t.At(k-1) != '/' {
			return elementAt(t, k+1)
		}
	}
	return said(t, n, j)
}

// said returns the value at j of the name n in a message: a single long word, or a string. A
// verb, a colon, a dash or the border of a column may stand before it.
func said(t text, n ident, j int) value {
	if n.role < tokenRole && !called(t.Text, n) {
		return value{}
	}
	if k := j + len("is"); hasFold(t.Text, j, "is") && (isBlank(t.At(k)) || t.At(k) == ':') {
		if t.At(k) == ':' {
			k++
		}
		j = blanks(t.Text, k, 4)
	} else if c := t.At(j); (c == '-' || c == '|') && isBlank(t.At(j+1)) {
		j = blanks(t.Text, j+1, 4)
	}
	if q := t.At(j); isQuote(q) {
		return value{stringAt(t, j+1, 0, q), spoken}
	}
	end := run(t.Text, j, minSpoken, isValue)
	if end-j < minSpoken {
		return value{}
	}
	if end = run(t.Text, j, gradeLen, isValue); t.endless(j, end) {
		return value{}
	}
	end = run(t.Text, j, maxValue, isValue)
	for t.At(end-1) == '.' || t.At(end-1) == ':' {
		end--
	}
	if isGraph(t.At(end)) && !isQuote(t.At(end)) && t.At(end) != ',' && t.At(end) != ';' && t.At(end) != ')' && t.At(end) != ']' && t.At(end) != '.' && t.At(end) != ':' {
		return value{} // code, or an address
	}
	return value{span{j, end}, spoken}
}

// isValue reports whether c may stand in a token that nothing encloses.
func isValue(c byte) bool { return isToken68(c) || c == '=' || c == ':' || c == '!' || c == '|' }

// login reports whether what stands before i is of a .netrc: the name of a machine, a
// login or an account and its value, or the word default.
func login(t probe.Text, i int) bool {
	var words [2]span
	for k := range words {
		end := i
		for i-end < 16 && (isBlank(t.At(end-1)) || t.At(end-1) == '\n' || t.At(end-1) == '\r') {
			end--
		}
		start := end
		for end-start < 128 && isGraph(t.At(start-1)) {
			start--
		}
		if end == i || start == end {
			break
		}
		words[k], i = span{start, end}, start
	}
	is := func(s span, w string) bool {
		return s.len() >= len(w) && t.Has(s.end-len(w), w) && !isAlnum(t.At(s.end-len(w)-1))
	}
	return is(words[0], "default") || is(words[1], "login") || is(words[1], "account") || is(words[1], "machine")
}

// graph returns the end of the word at i.
func graph(t text, i int) int {
	j := run(t.Text, i, gradeLen, isGraph)
	if t.endless(i, j) {
		return i
	}
	return run(t.Text, i, maxValue, isGraph)
}
