package context

import "github.com/dumpscrub/dumpscrub/detect/probe"

// kubeYAML reads the mappings under data and stringData that stand beside the line with
// "kind" around at, in the same object.
func kubeYAML(t text, at int, emit func(probe.Match)) {
	i := run(t.Text, at+len("kind: "), 8, func(c byte) bool { return isLetter(c) || c == '"' })
	if c := t.At(i); i-at != len("kind: Secret") && i-at != len(`kind: "Secret"`) || c != '\n' && c != '\r' && c != 0 && c != probe.NotASCII {
		return
	}
	indent := 0
	for c := t.At(at - indent - 1); indent < 32 && (c == ' ' || c == '-'); c = t.At(at - indent - 1) {
		indent++
	}
	y := yaml{t, at, indent, emit}
	for k := at; k > at-kubeAround/2 && kubeText(t.At(k)) && !y.line(k); k-- {
	}
	for k := at; k < at+kubeAround/2 && kubeText(t.At(k)) && !y.line(k); k++ {
	}
}

// yaml is a document around the line with its kind at character at, which is indented by
// so many characters.
type yaml struct {
	text
	at, indent int
	emit       func(probe.Match)
}

// line looks at the line behind k, and reports whether another object begins there.
func (y yaml) line(k int) bool {
	if y.At(k) != '\n' {
		return false
	}
	if y.Has(k+1, "---") {
		return true
	}
	i := k + 1 + y.indent
	if run(y.Text, k+1, y.indent, func(c byte) bool { return c == ' ' || c == '-' }) != i {
		return false
	}
	switch {
	case y.Has(i, "kind: ") && i != y.at:
		return true
	case y.Has(i, "data:"):
		y.members(i + len("data:"))
	case y.Has(i, "stringData:"):
		y.members(i + len("stringData:"))
	}
	return false
}

// nextLine returns where the line behind the one that ends at i begins, or -1.
func (y yaml) nextLine(i int) int {
	if y.At(i) == '\r' {
		i++
	}
	if y.At(i) != '\n' {
		return -1
	}
	return i + 1
}

// members reads the lines "name: value" that are indented more than the object whose
// line ends at i.
func (y yaml) members(i int) {
	for range 256 {
		if i = y.nextLine(i); i < 0 {
			return
		}
		start := blanks(y.Text, i, 64)
		end := run(y.Text, start, 256, isName)
		if start-i <= y.indent || end == start || y.At(end) != ':' {
			return
		}
		first := blanks(y.Text, end+1, 4)
		s := span{first, y.text.line(first, maxValue)}
		if k := scalarAt(y.text, first); k > 0 {
			s = span{k, y.text.line(k, maxValue)}
			y.found(start, s)
			moreLines(y.text, s, func(m span) {
				s = m
				y.found(start, m)
			})
		} else {
			y.found(start, s)
		}
		i = s.end
	}
}

func (y yaml) found(start int, s span) {
	if s.len() >= minSecret {
		found{kind: KubernetesSecret, confidence: probe.Likely, whole: span{start, s.end}, secret: s}.decoded(y.text).emitTo(y.text, y.emit)
	}
}
