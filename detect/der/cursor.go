package der

import (
	"math"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Value is one value: its header was read, its content may be cut.
type Value struct {
	Tag    byte
	Header int // index of the identifier octet
	Start  int // index of the first content octet
	End    int // index behind the last content octet that is present
	// Len is the declared length of the content in octets. For an indefinite
	// length it is the length found, or what is present when the end is not.
	Len int
	// Indefinite says that end-of-contents octets close the value.
	Indefinite bool

	next int // index behind the value, end-of-contents octets included, as declared
	cut  bool
}

// Whole reports whether every content octet is present.
func (v Value) Whole() bool { return !v.cut }

// Content returns the content octets that are present.
func (v Value) Content() probe.Range { return probe.Range{Start: v.Start, End: v.End} }

// Next returns the index behind the value as its header declares it, which may
// lie behind the end of the data.
func (v Value) Next() int { return v.next }

// Cursor walks the values of one container. Copy it to look ahead.
type Cursor struct {
	data []byte
	i    int
	end  int // declared end of the container; may lie behind len(data)
	ber  bool
	s    state
}

// At returns a cursor at data[i] that nothing bounds but the data itself: a value
// there may be cut.
func At(data []byte, i int) Cursor { return Cursor{data: data, i: i, end: math.MaxInt} }

// BER is [At] for data with indefinite lengths.
func BER(data []byte, i int) Cursor { return Cursor{data: data, i: i, end: math.MaxInt, ber: true} }

// Next returns the next value and steps behind it.
func (c *Cursor) Next() (Value, bool) {
	if c.s != good || c.i >= c.end {
		return Value{}, false
	}
	tag, start, n, s := header(c.data, c.i)
	if s != good {
		return c.stop(s)
	}
	if start > c.end {
		return c.stop(bad)
	}
	v := Value{Tag: tag, Header: c.i, Start: start, Len: n}
	if n == indefinite {
		return c.open(v)
	}
	if n > c.end-start {
		return c.stop(bad)
	}
	v.next = start + n
	v.End = min(v.next, len(c.data))
	v.cut = v.next > len(c.data)
	c.i = v.next
	return v, true
}

// open completes a value of indefinite length.
func (c *Cursor) open(v Value) (Value, bool) {
	if !c.ber || v.Tag&constructed == 0 {
		return c.stop(bad)
	}
	v.Indefinite = true
	limit := min(c.end, len(c.data))
	at, s := contentsEnd(c.data, v.Start, limit)
	switch {
	case s == bad || s == cut && limit == c.end:
		return c.stop(bad)
	case s == cut:
		v.End, v.cut = len(c.data), true
		v.next = c.end
	default:
		v.End, v.next = at, at+2
	}
	v.Len = v.End - v.Start
	c.i = v.next
	return v, true
}

func (c *Cursor) stop(s state) (Value, bool) {
	c.s = s
	return Value{}, false
}

// Expect returns the next value if it has this tag, else it stays where it is.
func (c *Cursor) Expect(tag byte) (Value, bool) {
	if c.Peek() != tag {
		return Value{}, false
	}
	return c.Next()
}

// Peek returns the identifier octet of the next value, or zero when there is
// none.
func (c *Cursor) Peek() byte {
	if c.s != good || c.i >= c.end || c.i >= len(c.data) {
		return 0
	}
	return c.data[c.i]
}

// Inside returns a cursor over the content of v. For a primitive value that is
// the right thing too where DER lies in an OCTET STRING.
func (c *Cursor) Inside(v Value) Cursor {
	end := v.next
	if v.Whole() {
		end = v.End
	}
	return Cursor{data: c.data, i: v.Start, end: end, ber: c.ber}
}

// Seek moves the cursor to index i of its container, and lets it go on when it
// was bad. It is for a parser that knows what must stand behind damaged octets.
func (c *Cursor) Seek(i int) { c.i, c.s = i, good }

// End returns the index behind the container as its header declares it, which
// may lie behind the end of the data.
func (c *Cursor) End() int { return c.end }

// Bytes returns the content octets of v that are present.
func (c *Cursor) Bytes(v Value) []byte { return c.data[v.Start:v.End:v.End] }

// Done reports whether the container was read to its declared end, and no value
// in it was cut.
func (c *Cursor) Done() bool { return c.s == good && c.i == c.end && c.end <= len(c.data) }

// Pos returns the index of what Next would read, which lies behind the end of
// the data after a cut value.
func (c *Cursor) Pos() int { return c.i }

const (
	// maxDepth bounds the nesting of indefinite lengths. A PFX nests nine deep
	// down to the pieces of a key bag.
	maxDepth = 32
	// maxValues bounds the values inside one of indefinite length. NSS writes
	// octet strings in pieces, so that a store of 256 KiB has about a thousand.
	maxValues = 1 << 12
)

// contentsEnd returns the index of the end-of-contents octets (X.690, section
// 8.1.5) that close the contents beginning at data[i].
func contentsEnd(data []byte, i, limit int) (int, state) {
	depth := 1
	for range maxValues {
		if i+2 > limit {
			return 0, cut
		}
		if data[i] == 0 && data[i+1] == 0 {
			if depth--; depth == 0 {
				return i, good
			}
			i += 2
			continue
		}
		tag, start, n, s := header(data[:limit], i)
		if s != good {
			return 0, s
		}
		if n == indefinite {
			if depth++; depth > maxDepth || tag&constructed == 0 {
				return 0, bad
			}
			n = 0
		}
		if n > limit-start {
			return 0, cut
		}
		i = start + n
	}
	return 0, bad
}
