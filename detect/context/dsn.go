package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// sourceNames is the detector of passwords in data source names that are no URLs: Oracle's
// user/password@host, with JDBC before it or not, and user:password@tcp(host) of the
// driver of MySQL for Go.
type sourceNames struct{}

const maxSourceName = 256

// NewSourceName returns the detector of passwords in data source names.
func NewSourceName() probe.Detector { return sourceNames{} }

// Spec implements [probe.Detector].
func (sourceNames) Spec() probe.Spec {
	return probe.Spec{
		ID: "data-source-name", About: "passwords in data source names of Oracle and of MySQL's driver for Go",
		Kinds:   []string{ConnectionString},
		Anchors: []string{"jdbc:oracle:", "@tcp(", "@unix(", "@//"},
		Text:    true, Before: maxSourceName, After: maxSourceName + 64,
	}
}

// Detect implements [probe.Detector].
func (sourceNames) Detect(v probe.View, emit func(probe.Match)) {
	t, at := textOf(v)
	switch t.At(at + 1) {
	case 'd': // jdbc:oracle:thin:user/password@host
		i := run(t.Text, at+len("jdbc:oracle:"), 16, isAlnum)
		if t.At(i) != ':' {
			return
		}
		slash := run(t.Text, i+1, 128, func(c byte) bool { return isName(c) || c == '"' || c == '$' || c == '#' })
		if t.At(slash) != '/' || slash == i+1 {
			return
		}
		end := -1
		for k := slash + 1; k-slash < maxSourceName-128 && isGraph(t.At(k)) && !isQuote(t.At(k)); k++ {
			if t.At(k) == '@' && (isAlnum(t.At(k+1)) || t.Has(k+1, "//") || t.At(k+1) == '(' || t.At(k+1) == '[') {
				end = k
			}
			if t.At(k) == '/' && end >= 0 {
				break
			}
		}
		sourcePassword(t, at, span{slash + 1, end}, emit)
	case 't', 'u':
		dividedBack(t, at, ':', emit)
	case '/':
		if isName(t.At(at + len("@//"))) {
			dividedBack(t, at, '/', emit)
		}
	}
}

// dividedBack judges the password that ends at i: the user's name and a sign divide it
// from the beginning of the word.
func dividedBack(t text, i int, sign byte, emit func(probe.Match)) {
	start := i
	for i-start < maxSourceName-8 && isGraph(t.At(start-1)) && !isQuote(t.At(start-1)) {
		start--
	}
	user := run(t.Text, start, 128, isName)
	if user == start || t.At(user) != sign || t.At(user+1) == '/' {
		return
	}
	sourcePassword(t, start, span{user + 1, i}, emit)
}

// sourcePassword judges the password s of the name that begins at start.
func sourcePassword(t text, start int, s span, emit func(probe.Match)) {
	if s.len() < minSecret {
		return
	}
	f := found{kind: ConnectionString, confidence: probe.Likely, whole: span{start, s.end}, secret: s}
	switch g := gradeOf(t.Text, s, false); {
	case g == nothing:
		return
	case g < numbered:
		f.confidence = probe.Possible
	}
	f.unescaped(t).emitTo(t, emit)
}
