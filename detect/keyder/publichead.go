package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// PublicHead returns how many octets of b, which begins with an RSA or DSA private key, stand before its first
// private number: lengths, modulus and exponent, or the domain and y, which public keys have too. Of a key that
// ends before that they are all. It fails where b begins with anything else, or those octets are damaged.
func PublicHead(b []byte) (int, bool) {
	c := der.At(b, 0)
	s, ok := open(b, &c)
	if !ok {
		return 0, false
	}
	if _, ok := s.version(); !ok {
		return 0, false
	}
	if s.Peek() != der.Sequence {
		return s.publicHead()
	}
	p := info{structure: s}
	alg := s.Cursor
	if seq, ok := alg.Next(); ok && !seq.Whole() {
		in := s.Inside(seq)
		oid, ok := in.Expect(der.OID)
		return len(b), ok && string(s.Bytes(oid)) == privkey.OIDDSA // the domain stands there
	}
	if !p.algorithm() {
		return 0, false
	}
	key, ok := p.Expect(der.OctetString)
	if !ok {
		return p.ended()
	}
	in := p.Inside(key)
	switch p.oid {
	case privkey.OIDDSA:
		inner := structure{Cursor: in, data: b}
		return inner.before()
	case privkey.OIDRSA, oidRSAPSS, oidRSAOAEP:
		inner, ok := open(b, &in)
		if !ok {
			return 0, false
		}
		if _, ok := inner.version(); !ok {
			return inner.ended()
		}
		return inner.publicHead()
	}
	return 0, false
}

// publicHead goes over the public numbers behind the version.
func (s *structure) publicHead() (int, bool) {
	public := 2 // of RSA: modulus and exponent; of DSA p, q, g and y
	var first []byte
	for i := 0; i < public; i++ {
		v, ok := s.Expect(der.Integer)
		switch {
		case !ok:
			return s.ended()
		case !v.Whole():
			return len(s.data), true
		case i == 0:
			first = s.Bytes(v)
		case i == 1 && privkey.Subgroup(first, s.Bytes(v)):
			public = 4
		}
	}
	return s.before()
}

// before returns where the content of the INTEGER that comes next begins.
func (s *structure) before() (int, bool) {
	v, ok := s.Expect(der.Integer)
	if !ok {
		return s.ended()
	}
	return v.Start, true
}

// ended fails unless the data end within what is read next.
func (s *structure) ended() (int, bool) {
	return len(s.data), len(s.data)-s.Pos() < der.MaxHeader
}
