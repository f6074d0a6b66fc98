package jsontext

// Status says what a [Machine] thinks of what it was fed.
type Status uint8

// The three answers.
const (
	More Status = iota // a JSON object so far, not at its end
	Done               // a whole JSON object, perhaps with white space behind it
	Bad                // no JSON object
)

// Machine checks that the characters fed to it are one JSON object (RFC 8259)
// nested at most Depth deep. It keeps no character. The zero Machine with a
// Depth is ready. Strings may hold any byte but control characters, numbers and
// literal names are not looked into.
type Machine struct {
	Depth int // how many brackets may be open at once, at most 32

	state state
	open  int
	array uint32 // bit n: bracket n is square
	run   int    // characters of a literal, hexadecimal digits still to come
	name  bool   // the string is a member's name
}

type state uint8

const (
	atStart state = iota
	atName        // a name must follow
	atFirst       // a name, or the end of an empty object
	inString
	inEscape
	inHex
	atColon
	atValue
	atItem // a value, or the end of an empty array
	inLiteral
	atComma // behind a value
	atEnd
	failed
)

// Feed takes the next character.
func (m *Machine) Feed(c byte) Status {
	m.state = m.next(c)
	return m.Status()
}

// Status returns the answer for what was fed so far.
func (m *Machine) Status() Status {
	switch m.state {
	case atEnd:
		return Done
	case failed:
		return Bad
	}
	return More
}

func (m *Machine) next(c byte) state {
	switch m.state {
	case inString:
		return m.inString(c)
	case inEscape:
		return m.escape(c)
	case inHex:
		return m.hex(c)
	case inLiteral:
		if isLiteral(c) {
			if m.run++; m.run > maxLiteral {
				return failed
			}
			return inLiteral
		}
		m.state = atComma
	case failed:
		return failed
	}
	if isSpace(c) && m.state != atStart {
		return m.state
	}
	switch m.state {
	case atStart:
		if c == '{' {
			return m.push(c)
		}
	case atName, atFirst:
		if c == '"' {
			m.name = true
			return inString
		}
		if c == '}' && m.state == atFirst {
			return m.pop(c)
		}
	case atColon:
		if c == ':' {
			return atValue
		}
	case atValue, atItem:
		return m.value(c)
	case atComma:
		if c != ',' {
			return m.pop(c)
		}
		if m.array>>(m.open-1)&1 == 1 {
			return atValue
		}
		return atName
	}
	return failed
}

func (m *Machine) value(c byte) state {
	switch {
	case c == '"':
		m.name = false
		return inString
	case c == '{' || c == '[':
		return m.push(c)
	case c == ']' && m.state == atItem:
		return m.pop(c)
	case isLiteral(c):
		m.run = 1
		return inLiteral
	}
	return failed
}

func (m *Machine) inString(c byte) state {
	switch {
	case c == '"' && m.name:
		return atColon
	case c == '"':
		return atComma
	case c == '\\':
		return inEscape
	case c < ' ' || c == 0x7f:
		return failed
	}
	return inString
}

// escape checks the character behind a backslash (RFC 8259, section 7).
func (m *Machine) escape(c byte) state {
	switch c {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return inString
	case 'u':
		m.run = 4
		return inHex
	}
	return failed
}

func (m *Machine) hex(c byte) state {
	if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f') {
		return failed
	}
	if m.run--; m.run > 0 {
		return inHex
	}
	return inString
}

func (m *Machine) push(c byte) state {
	if m.open >= min(m.Depth, 32) {
		return failed
	}
	bit := uint32(1) << m.open
	m.open++
	if c == '[' {
		m.array |= bit
		return atItem
	}
	m.array &^= bit
	return atFirst
}

func (m *Machine) pop(c byte) state {
	want := byte('}')
	if m.array>>(m.open-1)&1 == 1 {
		want = ']'
	}
	if c != want {
		return failed
	}
	if m.open--; m.open == 0 {
		return atEnd
	}
	return atComma
}
