package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// passwordFiles is the detector of lines in which fields divided by colons say what
// is what: PostgreSQL's password file (host:port:database:user:password) and
// shadow(5), of which hashes without an identifier are found here.
type passwordFiles struct{}

const maxField = 256

// NewPasswordFile returns the detector of lines of password files.
func NewPasswordFile() probe.Detector { return passwordFiles{} }

// Spec implements [probe.Detector]. The anchors are the ports in use and the ages
// that shadow has by default.
func (passwordFiles) Spec() probe.Spec {
	return probe.Spec{
		ID: "password-file", About: "lines of .pgpass and shadow files",
		Kinds:   []string{Password, PasswordHash},
		Anchors: []string{":5431:", ":5432:", ":5433:", ":5434:", ":5435:", ":6432:", ":6543:", ":15432:", ":25432:", ":26257:", ":*:", ":99999:7:"},
		Text:    true, Before: 2 * maxField, After: 4 * maxField,
	}
}

// Detect implements [probe.Detector].
func (passwordFiles) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	if t.At(at+1) == '9' {
		shadow(t, at, emit)
		return
	}
	// host, then the port, which is the anchor.
	start := at
	for at-start < maxField && (isName(t.At(start-1)) || t.At(start-1) == '*' || t.At(start-1) == '/') {
		start--
	}
	if start == at || isPrint(t.At(start-1)) {
		return
	}
	i := at + 1
	for range 3 { // port, database, user
		j := run(t.Text, i, maxField, isPgField)
		if j == i || t.At(j) != ':' {
			return
		}
		i = j + 1
	}
	s := span{i, t.line(i, maxField)}
	if !ended(t.Text, s.end) {
		return
	}
	f := found{kind: Password, confidence: probe.Likely, whole: span{start, s.end}, secret: s}
	switch g := gradeOf(t.Text, s, false); {
	case g == nothing:
		return
	case g < chosen:
		f.confidence = probe.Possible
	}
	f.emitTo(t, emit)
}

func isPgField(c byte) bool { return isName(c) || c == '*' || c == '$' || c == '@' }

// shadow judges the line user:hash:changed:0:99999:7: of which ":99999" is at i.
func shadow(t text, i int, emit func(probe.Match)) {
	back := func(in func(byte) bool) int {
		j := i
		for i-j < maxField && in(t.At(j-1)) {
			j--
		}
		return j
	}
	for range 2 { // the least age and the day of the last change
		j := back(isDigit)
		if j == i || t.At(j-1) != ':' {
			return
		}
		i = j - 1
	}
	start := back(isCrypt)
	if n := i - start; n != 13 || t.At(start-1) != ':' || !isAlnum(t.At(start-2)) {
		return
	}
	found{kind: PasswordHash, confidence: probe.Likely, whole: span{start, i}, secret: span{start, i}}.emitTo(t, emit)
}
