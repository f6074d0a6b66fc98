package context

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// statements is the detector of passwords in commands of protocols and statements of SQL,
// which servers read: AUTH of Redis (RESP), PASS of FTP and POP3 (RFC 959, 1939), LOGIN
// of IMAP (RFC 9051), AUTH PLAIN of SMTP (RFC 4954), users in files of Redis, IDENTIFIED
// BY and PASSWORD() of MySQL and Oracle.
type statements struct{}

const maxStatement = 512

// NewStatement returns the detector of passwords in commands and statements.
func NewStatement() probe.Detector { return statements{} }

// Spec implements [probe.Detector].
func (statements) Spec() probe.Spec {
	return probe.Spec{
		ID: "statement-password", About: "passwords in commands of Redis, FTP, POP3, IMAP and SMTP, in SQL, and user:password among arguments",
		Kinds: []string{Password, PasswordHash},
		Anchors: []string{
			"auth\r\n$", "\npass ", "\x00pass ", "auth plain ", " login ", "identified ", " password(", "=password(", " on >", " on #", "resetpass >",
			" -u ", "\x00-u\x00", "--user ", "--user\x00",
		},
		Text: true, Fold: true, Before: 64, After: maxStatement + 128,
	}
}

// Detect implements [probe.Detector].
func (statements) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	st := statement{t, at, emit}
	switch {
	case hasFold(t.Text, at, "auth\r\n$"):
		st.resp(at + len("auth\r\n"))
	case hasFold(t.Text, at+1, "pass "):
		i := at + len("\npass ")
		if s := (span{i, t.line(i, maxStatement/2)}); t.Has(s.end, "\r\n") {
			st.judge(Password, s, chosen)
		}
	case hasFold(t.Text, at, "auth plain "):
		st.plain(at + len("auth plain "))
	case hasFold(t.Text, at, " login "):
		st.login(at + len(" login "))
	case hasFold(t.Text, at, "identified "):
		st.identified(at + len("identified "))
	case hasFold(t.Text, at+1, "password("):
		if i := at + len(" password("); t.At(i) == '\'' {
			st.judge(Password, stringAt(t, i+1, 0, '\''), chosen)
		}
	case t.At(at+1) == '-':
		st.pair(at + len(" -u "))
		st.pair(at + len("--user "))
	default:
		st.user(at)
	}
}

// statement is what is read around an anchor at start.
type statement struct {
	text
	start int
	emit  func(probe.Match)
}

// judge emits s if its grade is least or more.
func (st statement) judge(kind string, s span, least grade) {
	if s.len() < minSecret {
		return
	}
	f := found{kind: kind, confidence: probe.Likely, whole: span{st.start, s.end}, secret: s}
	switch g := gradeOf(st.Text, s, false); {
	case g == nothing:
		return
	case g < least && g != numbered:
		f.confidence = probe.Possible
	}
	f.emitTo(st.text, st.emit)
}

// resp reads the arguments of AUTH, of which the last is the password; i is at the
// dollar sign before the length of the first.
func (st statement) resp(i int) {
	first, next, ok := st.bulk(i)
	if !ok {
		return
	}
	if second, _, ok := st.bulk(next); ok {
		first = second
	}
	if first.len() >= minSecret {
		found{kind: Password, confidence: probe.Likely, whole: span{st.start, first.end}, secret: first}.emitTo(st.text, st.emit)
	}
}

// bulk reads a bulk string of RESP at i, and returns where the next one begins.
func (st statement) bulk(i int) (s span, next int, ok bool) {
	if st.At(i) != '$' {
		return span{}, 0, false
	}
	n, k := 0, i+1
	for ; k-i < 4 && isDigit(st.At(k)); k++ {
		n = 10*n + int(st.At(k)-'0')
	}
	if n == 0 || n > maxStatement/2 || !st.Has(k, "\r\n") {
		return span{}, 0, false
	}
	s = span{k + 2, k + 2 + n}
	if !st.Has(s.end, "\r\n") {
		return span{}, 0, false
	}
	return s, s.end + 2, true
}

// plain reads the base64 of authorization, user and password at i (RFC 4616).
func (st statement) plain(i int) {
	digits := run(st.Text, i, maxStatement/2, isBase64)
	s := span{i, padded(st.Text, digits)}
	p := decode(st.Append(make([]byte, 0, digits-i), i, digits))
	defer clear(p)
	parts := bytes.Split(p, []byte{0})
	if len(parts) != 3 || len(parts[2]) < minSecret || readable(parts[1]) < len(parts[1]) || readable(parts[2]) < len(parts[2]) {
		return
	}
	f := found{kind: Password, confidence: probe.Possible, whole: span{st.start, s.end}, secret: s}
	f.encoding, f.identity = probe.Base64, bytes.Clone(parts[2])
	if judge(parts[2], false) >= numbered {
		f.confidence = probe.Likely
	}
	f.emitTo(st.text, st.emit)
}

// login reads user and password at i, in quotes or not, up to the end of the line.
func (st statement) login(i int) {
	if c := st.At(st.start - 1); !isAlnum(c) {
		return
	}
	word := func() (s span) {
		if st.At(i) == '"' {
			s = stringAt(st.text, i+1, 0, '"')
			i = s.end + 1
			return s
		}
		s = span{i, run(st.Text, i, maxStatement/4, isGraph)}
		i = s.end
		return s
	}
	user := word()
	if user.len() < 2 || st.At(i) != ' ' {
		return
	}
	i++
	if s := word(); st.Has(i, "\r\n") {
		st.judge(Password, s, chosen)
	}
}

// pair reads user:password at i, an argument of curl and its like.
func (st statement) pair(i int) {
	if c := st.At(i - 1); c != ' ' && c != 0 {
		return
	}
	q := byte(0)
	if isQuote(st.At(i)) {
		q = st.At(i)
		i++
	}
	colon := run(st.Text, i, maxStatement/4, func(c byte) bool { return isName(c) || c == '@' || c == '+' })
	if colon == i || st.At(colon) != ':' {
		return
	}
	i = colon + 1
	if c := st.At(i); q == 0 && isQuote(c) {
		q = c
		i++
	}
	st.judge(Password, span{i, run(st.Text, i, maxStatement/4, func(c byte) bool { return isGraph(c) && (q == 0 || c != q) })}, chosen)
}

// identified reads BY 'password', WITH plugin BY 'password' and WITH plugin AS 'hash'.
func (st statement) identified(i int) {
	if hasFold(st.Text, i, "with ") {
		i = run(st.Text, i+len("with "), maxName, func(c byte) bool { return isName(c) || isQuote(c) })
		i = blanks(st.Text, i, 4)
	}
	switch {
	case hasFold(st.Text, i, "by password "):
		i += len("by password ")
	case hasFold(st.Text, i, "by "), hasFold(st.Text, i, "as "):
		i += len("by ")
	default:
		return
	}
	c := st.At(i)
	if c != '\'' && c != '"' {
		// Oracle takes it without quotes; prose and templates go on with a word.
		st.judge(Password, span{i, run(st.Text, i, maxStatement/4, func(c byte) bool { return isGraph(c) && c != ';' && !isQuote(c) })}, random)
		return
	}
	s := stringAt(st.text, i+1, 0, c)
	if st.At(s.start) == '*' && s.len() == 41 && run(st.Text, s.start+1, 40, isHex) == s.end {
		found{kind: PasswordHash, confidence: probe.Likely, whole: span{st.start, s.end}, secret: s}.emitTo(st.text, st.emit)
		return
	}
	st.judge(Password, s, chosen)
}

// user reads a password or its SHA-256 in the rules of a user of Redis.
func (st statement) user(i int) {
	for i-st.start < len("resetpass >") && st.At(i) != '>' && st.At(i) != '#' {
		i++
	}
	s := span{i + 1, run(st.Text, i+1, maxStatement/2, isGraph)}
	if next := st.At(s.end); next != ' ' && !ended(st.Text, s.end) {
		return
	}
	if st.At(i) == '#' {
		if s.len() == 64 && run(st.Text, s.start, 64, isHex) == s.end {
			st.judge(PasswordHash, s, random)
		}
		return
	}
	if k := run(st.Text, s.end+1, 1, func(c byte) bool {
		return c == '~' || c == '+' || c == '-' || c == '&' || c == '%' || c == '@' || c == 'r'
	}); k > s.end+1 {
		st.judge(Password, s, chosen)
	}
}
