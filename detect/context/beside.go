package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// Forms in which something else than a separator ties a value to its name: other members,
// parts of a multipart body, elements, lines, words of a language.

// valueMember returns the value of the member "value" that follows the one whose value
// names a secret, as environments of containers and lists of headers have it. The name
// ended before i, with the quote q after depth backslashes.
func valueMember(t text, i, depth int, q byte) value {
	i = spaces(t.Text, i)
	if t.At(i) != ',' {
		return value{}
	}
	i = spaces(t.Text, i+1)
	d, c := quoteAt(t.Text, i)
	if c != q || d != depth || !hasFold(t.Text, i+d+1, "value") {
		return value{}
	}
	i += d + 1 + len("value")
	if d, c = quoteAt(t.Text, i); c != q || d != depth {
		return value{}
	}
	if i = spaces(t.Text, i+d+1); t.At(i) != ':' {
		return value{}
	}
	i = spaces(t.Text, i+1)
	if d, c = quoteAt(t.Text, i); c == 0 {
		return value{}
	}
	return value{stringAt(t, i+d+1, d, c), quoted}
}

func spaces(t probe.Text, i int) int { return run(t, i, 64, isSpace) }

// valueLine is valueMember for YAML: the value is in the line that begins behind i.
func valueLine(t text, i int) value {
	if i = spaces(t.Text, i); !hasFold(t.Text, i, "value:") {
		return value{}
	}
	return member(t, i+len("value:")-1, false)
}

// part returns the body of the part of a multipart message (RFC 7578) that n names. The
// quote behind the name is before i.
func part(t text, n ident, i int) value {
	const most = 256 // characters of further headers
	if t.At(i) != '\r' && t.At(i) != '\n' || !hasFold(t.Text, n.start-len(`name="`), `name="`) {
		return value{}
	}
	for k := i; k-i < most; k++ {
		switch {
		case t.Has(k, "\r\n\r\n"):
			s := k + len("\r\n\r\n")
			return value{span{s, t.line(s, maxValue)}, element}
		case t.Has(k, "\n\n"):
			s := k + len("\n\n")
			return value{span{s, t.line(s, maxValue)}, element}
		case !kubeText(t.At(k)):
			return value{}
		}
	}
	return value{}
}

// subscript returns where the value of a form begins whose name is "object[name]", or 0.
func subscript(t probe.Text, n ident) int {
	switch {
	case t.At(n.start-1) == '[' && isName(t.At(n.start-2)) && t.Has(n.end, "]="):
		return n.end + len("]=")
	case t.At(n.start-1) == '%' && (t.Has(n.end, "%5D=") || t.Has(n.end, "%5d=")):
		return n.end + len("%5D=")
	}
	return 0
}

// pairOfElements returns the value of a property list: <key>name</key><string>value</string>.
func pairOfElements(t text, i int) value {
	if !t.Has(i, "</key>") {
		return value{}
	}
	if i = spaces(t.Text, i+len("</key>")); !t.Has(i, "<string>") {
		return value{}
	}
	return elementAt(t, i+len("<string>"))
}

// quotedWord returns the string at j that follows the word PASSWORD of SQL, or its option
// of that name: in other languages a string does not follow a word.
func quotedWord(t text, n ident, j int) value {
	if n.len() != len("password") || !hasFold(t.Text, n.start, "password") {
		return value{}
	}
	if c := t.At(j); c == 'N' || c == 'E' {
		j++
	}
	if t.At(j) != '\'' {
		return value{}
	}
	if c := t.At(n.start - 1); c != ' ' && c != '(' && c != '\n' && c != '\t' && c != ',' {
		return value{}
	}
	return value{stringAt(t, j+1, 0, '\''), quoted}
}

// setting returns the value at i of a setting among others. ODBC and ADO.NET put braces
// around values that hold what ends one.
func setting(t text, i int) value {
	if t.At(i) == '{' {
		j := run(t.Text, i+1, maxName, func(c byte) bool { return isPrint(c) && c != '}' && c != '{' })
		if next := t.At(j + 1); t.At(j) == '}' && !isAlnum(next) && next != '}' {
			return value{span{i + 1, j}, settings}
		}
	}
	return value{until(t, i, isSettingEnd), settings}
}

// spacedSetting returns the value of a setting that has blanks around its equals sign,
// which is at j: another one stands behind it or before it.
func spacedSetting(t text, n ident, j int) value {
	i := blanks(t.Text, j+1, 4)
	if c := t.At(i); c == '=' || c == '{' || isQuote(c) {
		return value{}
	}
	before := t.At(n.start - 1)
	if before == ' ' {
		before = t.At(n.start - 2)
	}
	s := until(t, i, isSettingEnd)
	if t.At(s.end) == ';' && (before == ';' || follows(t, s.end+1)) || before == ';' && ended(t.Text, s.end) {
		return value{s, settings}
	}
	return value{}
}

// keywords reports whether n and the value that ends at end are one of several pairs
// with equals signs that blanks divide, as libpq has them and logs.
func keywords(t text, n ident, end int) bool {
	if t.At(n.start-1) != ' ' {
		return false
	}
	if t.At(end) == ' ' {
		if k := run(t.Text, end+1, maxName, isName); k > end+1 && t.At(k) == '=' && t.At(k+1) != '=' && t.At(k+1) != ' ' {
			return true
		}
	}
	k := n.start - 2
	for n.start-k < maxName && isGraph(t.At(k)) && t.At(k) != '=' {
		k--
	}
	return t.At(k) == '=' && isName(t.At(k-1)) && k < n.start-2 && !isBlank(t.At(end)) && t.printable(end) == 0
}

// inBraces reports whether a brace is open before i in its line.
func inBraces(t probe.Text, i int) bool {
	for k := i - 1; i-k < 192 && isPrint(t.At(k)); k-- {
		switch t.At(k) {
		case '{':
			return true
		case '}':
			return false
		}
	}
	return false
}

// fieldOf returns the value of a field that programs print with others: {User:u Password:p}
// in Go, Config { User = u, Password = p } in C#. sep is before i.
func fieldOf(t text, i int, sep byte) span {
	j := run(t.Text, i, gradeLen, isGraph)
	if t.At(j) != ' ' || j == i {
		if j > i+1 && t.At(j-1) == '}' && sep == ':' && !isBlank(t.At(i-1)) {
			return span{i, j - 1}
		}
		return span{}
	}
	k := run(t.Text, j+1, maxName, isName)
	switch {
	case sep == ':' && !isBlank(t.At(i-1)) && k > j+1 && t.At(k) == ':' && t.At(k+1) != ' ' && isUpper(t.At(j+1)):
		return span{i, j}
	case sep == '=' && t.At(j-1) == ',' && k > j+1 && t.Has(k, " = "):
		return span{i, j - 1}
	case sep == '=' && t.At(j+1) == '}':
		return span{i, j}
	}
	return span{}
}
