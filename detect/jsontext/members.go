package jsontext

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// MaxMembers bounds the members of one object. A JWK with every member of
	// RFC 7517, section 4, and RFC 7518, section 6.3, has 18; the rest are a
	// provider's own.
	MaxMembers = 40

	// maxName bounds the name of a member.
	maxName = 128
)

// Member is a name and its value.
type Member struct {
	At    int  // the first character of the name's opening quote
	Name  Span // between the quotes
	Value Value
}

// Members is an object, or as much of one as there is.
type Members struct {
	Span        // from the brace, or the first member, to the brace, or the cut
	Open   bool // begins with its brace
	Closed bool // ends with its brace
	List   []Member
	// Head is the end of a string value of which the beginning was lost, just
	// before the first member; empty when there is none.
	Head Span
}

// Whole reports whether no member is missing.
func (m *Members) Whole() bool { return m.Open && m.Closed }

// At returns the object whose brace is at i.
func (d Doc) At(i int) (m Members, ok bool) {
	if d.Text.At(i) != '{' {
		return m, false
	}
	m.Span, m.Open = Span{i, i + 1}, true
	if j := d.skip(i + 1); d.Text.At(j) == '}' {
		m.End, m.Closed = j+1, true
		return m, true
	}
	d.forward(&m, i+1)
	return m, true
}

// MemberAt returns the member whose name has its first character at i, and the
// document at the level that its quotes show. It is false when none stands there.
func MemberAt(t probe.Text, i int) (Doc, Member, bool) {
	d := Doc{Text: t}
	d.Level = levelOf(d.escapesBefore(i - 1))
	if t.At(i-1) != '"' || d.Level > MaxLevel {
		return d, Member{}, false
	}
	m, _, ok := d.member(i - 1 - d.escapes())
	return d, m, ok
}

// Around returns the object in which a member stands.
func (d Doc) Around(f Member) Members {
	m := Members{Span: Span{f.At, f.At}, List: make([]Member, 0, 16)}
	d.backward(&m, f.At)
	slices.Reverse(m.List)
	d.forward(&m, f.At)
	return m
}

// Objects calls use for each object in an array, up to most of them, and stops
// at the first thing that is none.
func (d Doc) Objects(array Value, most int, use func(Members)) {
	if array.Kind != Array {
		return
	}
	for i := d.skip(array.Start + 1); most > 0; most-- {
		m, ok := d.At(i)
		if !ok {
			return
		}
		use(m)
		if i = d.skip(m.End); !m.Closed || d.Text.At(i) != ',' {
			return
		}
		i = d.skip(i + 1)
	}
}

// member reads the member whose name's quote begins at i.
func (d Doc) member(i int) (m Member, next int, ok bool) {
	start, ok := d.open(i)
	if !ok {
		return m, i, false
	}
	name, next, cut := d.nameAt(start)
	if cut {
		return m, i, false
	}
	if next = d.skip(next); d.Text.At(next) != ':' {
		return m, i, false
	}
	v, next, ok := d.ValueAt(d.skip(next + 1))
	return Member{At: i, Name: name, Value: v}, next, ok
}

// nameAt is stringAt for what cannot be long.
func (d Doc) nameAt(start int) (s Span, next int, cut bool) {
	for i := start; i <= start+maxName && d.isText(i); i++ {
		if d.Text.At(i) == '"' {
			s, next, cut = d.stringAt(start)
			return s, next, cut || s.Len() > maxName
		}
	}
	return s, start, true
}

// forward appends the members from i on and sets the end of m.
func (d Doc) forward(m *Members, i int) {
	for len(m.List) < MaxMembers {
		f, next, ok := d.member(d.skip(i))
		if !ok || d.has(m.List, f.Name) {
			return
		}
		m.List = append(m.List, f)
		m.End = next
		if f.Value.Cut {
			return
		}
		next = d.skip(next)
		switch d.Text.At(next) {
		case ',':
			i = next + 1
		case '}':
			m.End, m.Closed = next+1, true
			return
		default:
			return
		}
	}
}

// backward appends the members that end before i, last one first, and sets the
// beginning of m.
func (d Doc) backward(m *Members, i int) {
	for len(m.List) < MaxMembers {
		j := d.skipBack(i)
		switch d.Text.At(j - 1) {
		case '{':
			m.Start, m.Open = j-1, true
			return
		case ',':
		default:
			return
		}
		v, begin, ok := d.valueBack(d.skipBack(j - 1))
		if !ok {
			return
		}
		f, ok := d.nameBack(begin)
		if !ok {
			if v.Kind == String {
				m.Head = v.Span
				m.Start = v.Start
			}
			return
		}
		if f.Value = v; d.has(m.List, f.Name) {
			return
		}
		m.List = append(m.List, f)
		m.Start, i = f.At, f.At
	}
}

// nameBack reads the name whose value begins at i.
func (d Doc) nameBack(i int) (m Member, ok bool) {
	i = d.skipBack(i)
	if d.Text.At(i-1) != ':' {
		return m, false
	}
	end, ok := d.closed(d.skipBack(i - 1))
	if !ok {
		return m, false
	}
	name, at, cut := d.stringBack(end)
	return Member{At: at, Name: name}, !cut && name.Len() <= maxName
}

// has reports whether a member of that name is in list.
func (d Doc) has(list []Member, name Span) bool {
	for _, m := range list {
		if d.same(m.Name, name) {
			return true
		}
	}
	return false
}

func (d Doc) same(a, b Span) bool {
	if a.Len() != b.Len() {
		return false
	}
	for k := range a.Len() {
		if d.Text.At(a.Start+k) != d.Text.At(b.Start+k) {
			return false
		}
	}
	return true
}
