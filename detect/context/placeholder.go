package context

import "bytes"

// openers begin what a template or a shell will put a value in place of, and what ends it, if anything does.
var openers = [...][2]string{
	{"${", "}"}, {"$(", ")"}, {"{{", "}"}, {"{%", "}"}, {"#{", "}"}, {"<%", ">"}, {"%(", ")"}, {"%{", "}"}, {"@@", "@"},
	{"<", ">"}, {"[", "]"}, {"...", ""}, {"__", ""}, {"os.", ""}, {"ENV[", "]"},
}

// blanked are pieces of text that only placeholders have, and formats are those that a generator
// makes by chance, too.
var (
	blanked = [...]string{"xxxx", "XXXX", "****", "....", "____", "----", "your", "YOUR", "Your", "\\x", "\\u", "placeholder"}
	formats = [...]string{"%s", "%v", "%q", "{}", "{0}"}
)

// placeholder reports whether p stands for a value and is none. made says that a generator may have
// made it, so that one sign at its begin is no evidence.
func placeholder(p []byte, made bool) bool {
	for _, o := range openers {
		if rest, ok := bytes.CutPrefix(p, []byte(o[0])); ok && (!made || closed(rest, o[0], o[1])) {
			return true
		}
	}
	for _, b := range blanked {
		if bytes.Contains(p, []byte(b)) {
			return true
		}
	}
	if p[0] == '$' && len(p) > 1 && (p[1] == '_' || isLetter(p[1])) && name(p[1:]) && !made {
		return true // a variable of a shell
	}
	if p[0] == '{' && p[len(p)-1] == '}' && !bytes.HasPrefix(p, []byte("{AQAAAB")) { // as Jenkins has them, encrypted
		return true
	}
	if i := bytes.IndexByte(p, '`'); i >= 0 && bytes.IndexByte(p[i+1:], '`') > 0 && !made {
		return true // what a shell puts the output of a program in place of
	}
	return vacant(p)
}

// closed reports whether end closes in rest what the opener before it begins: at the end or, of an
// opener of two signs, behind a name.
func closed(rest []byte, opener, end string) bool {
	if end == "" {
		return false
	}
	if bytes.HasSuffix(rest, []byte(end)) {
		return true
	}
	i := bytes.Index(rest, []byte(end))
	return len(opener) > 1 && i > 0 && name(rest[:i])
}

// formatted reports whether p has what a program puts a value in place of.
func formatted(p []byte) bool {
	for _, f := range formats {
		if bytes.Contains(p, []byte(f)) {
			return true
		}
	}
	return false
}

// vacant reports whether p is a word that says what would stand here.
func vacant(p []byte) bool {
	switch string(fold(bytes.TrimRight(p, "\xff"))) { // an arrow or a bullet is no letter of it
	case "null", "none", "undefined", "true", "false", "string", "text", "bytes", "object", "required", "optional",
		"hidden", "masked", "prompt", "empty", "default", "redacted", "filtered", "unknown", "unset", "enabled", "disabled",
		"boolean", "integer", "number", "self", "this", "function", "const", "value", "password", "passwd", "pass", "token", "secret":
		return true
	}
	return false
}

// fold returns the first characters of p in lower case; longer ones are no word.
func fold(p []byte) []byte {
	if len(p) > 16 {
		return nil
	}
	var b [16]byte
	for i, c := range p {
		b[i] = lower(c)
	}
	return b[:len(p)]
}

// sample reports whether p says of itself that it is an example: it may still be
// in use, so it is not ignored.
func sample(p []byte) bool {
	for _, s := range [...]string{"EXAMPLE", "xample", "changeme", "dummy", "sample", "foobar", "00010203", "12345", "qwerty", "abcdef", "deadbeef"} {
		if bytes.Contains(p, []byte(s)) {
			return true
		}
	}
	return false
}

// selfNamed reports whether p is words of which one says what should stand here, as in
// "mysql-password".
func selfNamed(p []byte, c counts) bool {
	if c.digit > 0 || c.letter == len(p) || len(p) > 32 {
		return false
	}
	for i := 0; i < len(p); {
		end := i
		for end < len(p) && isLetter(p[end]) {
			end++
		}
		switch string(fold(p[i:end])) {
		case "password", "passwd", "passphrase", "secret", "token":
			return true
		}
		for end < len(p) && !isLetter(p[end]) {
			if c := p[end]; c != '-' && c != '_' && c != '.' {
				return false
			}
			end++
		}
		i = end
	}
	return false
}
