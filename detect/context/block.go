package context

// scalarAt returns where the first line of the block scalar of YAML begins of which the
// header, "|" or ">" and what may follow it, is at i; 0 when there is none.
func scalarAt(t text, i int) int {
	if c := t.At(i); c != '|' && c != '>' {
		return 0
	}
	i = run(t.Text, i+1, 2, func(c byte) bool { return c == '+' || c == '-' || isDigit(c) })
	if t.At(i) == '\r' {
		i++
	}
	if t.At(i) != '\n' || t.At(i+1) != ' ' {
		return 0
	}
	return blanks(t.Text, i+1, maxName)
}

// moreLines calls yield with the further lines of the block scalar of which a line is s:
// those that are indented as much.
func moreLines(t text, s span, yield func(span)) {
	indent := 0
	for t.At(s.start-indent-1) == ' ' && indent < maxName {
		indent++
	}
	for first := s.start; s.end-first < maxValue; {
		i := s.end
		if t.At(i) == '\r' {
			i++
		}
		if t.At(i) != '\n' || run(t.Text, i+1, indent, func(c byte) bool { return c == ' ' }) != i+1+indent {
			return
		}
		k := i + 1 + indent
		if s = (span{k, t.line(k, maxValue)}); s.len() == 0 {
			return
		}
		yield(s)
	}
}
