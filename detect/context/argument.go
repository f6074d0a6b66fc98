package context

const maxArguments = 24 // of a command line that are looked at

// argument is one argument of a command, without its quotes.
type argument struct {
	span
	quoted bool
}

// arguments are those of a command.
type arguments struct {
	text
	list []argument
}

// argumentsAt returns the arguments from the separator at i on: blanks in a line of a shell,
// up to what ends a command there, or NULs in an argument vector, up to an empty string that
// another does not follow.
func argumentsAt(t text, i int) arguments {
	a := arguments{text: t}
	sep := t.At(i)
	for limit := i + maxCommand; i < limit && len(a.list) < maxArguments && t.At(i) == sep; {
		if sep == 0 {
			end := t.line(i+1, maxCommand)
			if end == i+1 && (t.At(end) != 0 || !isPrint(t.At(end+1))) {
				break
			}
			a.list = append(a.list, argument{span: span{i + 1, end}})
			i = end
			continue
		}
		i = blanks(t.Text, i, 8)
		arg := wordAt(t, i)
		if arg.end <= i && !arg.quoted {
			break
		}
		a.list = append(a.list, arg)
		if i = arg.end; arg.quoted {
			i++
		}
	}
	return a
}

// wordAt reads the word of a shell at i.
func wordAt(t text, i int) argument {
	if q := t.At(i); isQuote(q) {
		if s := stringAt(t, i+1, 0, q); t.At(s.end) == q {
			return argument{s, true}
		}
		return argument{}
	}
	s := span{i, run(t.Text, i, maxCommand, isWord)}
	if s.len() > 1 && isQuote(t.At(s.end-1)) {
		s.end-- // of a line that is quoted as a whole
	}
	return argument{span: s}
}

// isWord reports whether c may stand in a word of a shell without quotes.
func isWord(c byte) bool {
	return isGraph(c) && c != '|' && c != ';' && c != '>' && c != '<' && c != ')'
}

// operands returns the arguments that are no options.
func (a arguments) operands() []argument {
	var out []argument
	for _, arg := range a.list {
		if arg.quoted || a.At(arg.start) != '-' {
			out = append(out, arg)
		}
	}
	return out
}
