package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// form is one of the structures that this package reads.
type form uint8

const (
	pkcs1 form = iota + 1
	pkcs8
	sec1
	dsa
	encrypted
)

// Parse reads the private key that begins at b[0], in any form of this package.
// What follows it is ignored; b may end inside it. The key's slices alias b.
func Parse(b []byte) (privkey.Key, bool) {
	k, _, ok := parse(b, 0, "")
	return k, ok
}

// structure is the outer SEQUENCE while its content is read.
type structure struct {
	der.Cursor // over its content
	data       []byte
	seq        der.Value
}

// extent returns the range of the structure when last is the last value read of
// it. A damaged structure ends there; what is behind belongs to somebody else.
func (s *structure) extent(last int) probe.Range {
	end := s.seq.End
	if s.seq.Whole() && !s.Done() {
		end = min(last, end)
	}
	return probe.Range{Start: s.seq.Header, End: end}
}

// full reports whether the structure was read to its end, and is all there.
func (s *structure) full() bool { return s.seq.Whole() && s.Done() }

// number returns v as a private number.
func (s *structure) number(v der.Value) privkey.Number {
	return privkey.Number{Bytes: s.Bytes(v), At: v.Content(), Cut: !v.Whole()}
}

// unsigned returns the content of a whole INTEGER that is not negative. It is how
// public numbers are read; private ones may have been written over.
func (s *structure) unsigned() ([]byte, bool) {
	v, ok := s.Expect(der.Integer)
	if !ok || !v.Whole() || v.Len == 0 {
		return nil, false
	}
	b := s.Bytes(v)
	return b, b[0] < 0x80
}

// open enters a SEQUENCE.
func open(data []byte, c *der.Cursor) (structure, bool) {
	seq, ok := c.Expect(der.Sequence)
	if !ok {
		return structure{}, false
	}
	return structure{c.Inside(seq), data, seq}, true
}

// parse reads the key at data[i]. curve is that of a surrounding PKCS#8, if any,
// in case the structure is an ECPrivateKey without its own.
func parse(data []byte, i int, curve privkey.Curve) (privkey.Key, form, bool) {
	c := der.At(data, i)
	s, ok := open(data, &c)
	if !ok || s.seq.Len > afterAny {
		return privkey.Key{}, 0, false
	}
	if s.Peek() == der.Sequence {
		k, ok := parseEncrypted(s)
		return k, encrypted, ok
	}
	version, ok := s.version()
	if !ok {
		return privkey.Key{}, 0, false
	}
	switch tag := s.Peek(); {
	case tag == der.Sequence:
		k, ok := parsePKCS8(s)
		return k, pkcs8, ok
	case tag == der.OctetString && version == 1:
		k, ok := parseSEC1(s, ecHints{curve: curve})
		return k, sec1, ok
	case tag == der.Integer:
		if k, ok := parseDSA(s); ok && version == 0 {
			return k, dsa, true
		}
		k, ok := parsePKCS1(s)
		return k, pkcs1, ok
	}
	return privkey.Key{}, 0, false
}

// version reads an INTEGER that is zero or one.
func (s *structure) version() (byte, bool) {
	v, ok := s.Expect(der.Integer)
	if !ok || v.Len != 1 || !v.Whole() {
		return 0, false
	}
	b := s.Bytes(v)[0]
	return b, b <= 1
}
