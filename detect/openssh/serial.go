package openssh

import (
	"bytes"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// minPrivate is how many private bytes must be there for a truncated key to be
// worth a finding; fewer are no secret and match by chance.
const minPrivate = 8

// serial is a serialised key, cut into its fields. All ranges are indices in b.
type serial struct {
	b    []byte
	typ  keyType
	span probe.Range
	at   [numFields]probe.Range
	priv []probe.Range // the private contents, in order
	end  outcome       // how the last field ended
}

// parseSerial reads the serialised private key at off. It fails where the public
// fields are not whole or no private one follows.
func parseSerial(b []byte, off int) (serial, bool) {
	r := reader{b: b, off: off}
	name, o := r.str(len("ssh-rsa"), longestType)
	if o != whole {
		return serial{}, false
	}
	s := serial{b: b, typ: typeOf(string(r.bytes(name)))}
	for _, st := range s.typ.steps() {
		if st.octet {
			if r.off == len(b) {
				return serial{}, false
			}
			r.off++
			continue
		}
		g, o := r.str(st.lo, st.hi)
		switch {
		case o == whole || st.private && o == cut:
			s.at[st.name] = g
			if st.private {
				s.priv = append(s.priv, s.typ.secret(g))
			}
		case len(s.priv) == 0:
			return serial{}, false
		case st.private:
			g = s.rest(r.off)
			s.at[fieldRest] = g
			s.priv = append(s.priv, g)
			r.off = g.End
		}
		if s.end = o; o != whole {
			break
		}
	}
	s.span = probe.Range{Start: off, End: r.off}
	return s, len(s.priv) > 0 && s.plausible()
}

// secret returns the private part of the private string at g: Ed25519 and Ed448
// store the public key behind the seed (PROTOCOL.key refers to RFC 8709).
func (t keyType) secret(g probe.Range) probe.Range {
	switch t.family {
	case ed25519Key:
		g.End = min(g.End, g.Start+32)
	case ed448Key:
		g.End = min(g.End, g.Start+57)
	}
	return g
}

// rest returns where the remaining private fields of a key lay of which the
// field at off was overwritten: three numbers half as long as the modulus, each
// with its length and a sign byte. Only RSA keys have several private fields.
func (s *serial) rest(off int) probe.Range {
	half := max(s.at[fieldN].Len(), s.at[fieldD].Len())/2 + 1 + lenSize
	left := 3
	for _, f := range []field{fieldQInv, fieldP, fieldQ} {
		if s.at[f].Len() > 0 {
			left--
		}
	}
	return probe.Range{Start: off, End: min(len(s.b), off+left*half)}
}

// plausible applies the cheap tests that no genuine key fails.
func (s *serial) plausible() bool {
	switch {
	case s.typ.cert:
	case s.typ.family == rsaKey:
		n, e := s.bytes(fieldN), s.bytes(fieldE)
		return n[0] < 0x80 && n[len(n)-1]&1 == 1 && e[0] < 0x80 && e[len(e)-1]&1 == 1 && s.at[fieldD].Len() <= len(n)+1
	case s.typ.family == ecKey, s.typ.family == skECKey:
		pub := s.bytes(fieldPub)
		return pub[0] >= 2 && pub[0] <= 4 // SEC 1, section 2.3.3
	}
	return true
}

// shaped reports whether the layout alone tells a private key: RSA begins with
// the modulus where the public form has the exponent, and the Edwards curves
// repeat the public key behind the seed.
func (s *serial) shaped() bool {
	switch s.typ.family {
	case rsaKey:
		return true
	case ed25519Key, ed448Key:
		sec := s.at[fieldSec]
		return bytes.HasPrefix(s.bytes(fieldPub), s.b[s.typ.secret(sec).End:sec.End])
	case skECKey, skEd25519Key:
		return bytes.HasPrefix(s.bytes(fieldApp), []byte("ssh:")) // PROTOCOL.u2f
	}
	return s.end == cut
}

func (s *serial) bytes(f field) []byte { return s.b[s.at[f].Start:s.at[f].End] }

// key turns s into a verdict. framed says that something outside s tells that
// this is a private key; without it the shape alone is not enough for those
// types of which the public form is a prefix of the private one.
func (s *serial) key(framed bool) (privkey.Key, bool) {
	n := 0
	for _, g := range s.priv {
		if p := s.b[g.Start:g.End]; live(p) {
			n += len(number(p))
		}
	}
	if n < minPrivate {
		return privkey.Key{}, false
	}
	k, ok := s.build(framed)
	if !ok || k.Confidence != probe.Confirmed && !framed && !s.shaped() {
		return privkey.Key{}, false
	}
	slices.SortFunc(k.Private, func(a, b probe.Range) int { return a.Start - b.Start })
	return k, true
}

// number returns the private number in field f, absent when it is zeroed.
func (s *serial) number(f field) privkey.Number {
	g := s.typ.secret(s.at[f])
	p := s.b[g.Start:g.End]
	if !live(p) {
		return privkey.Number{}
	}
	return privkey.Number{Bytes: p, At: g, Cut: s.end == cut && s.at[f].End == len(s.b)}
}

// build makes a key of the fields; it is confirmed when they prove each other.
func (s *serial) build(framed bool) (privkey.Key, bool) {
	pub := s.public()
	switch s.typ.family {
	case rsaKey:
		return privkey.RSAKey(s.span, plausible.RSA(privkey.RSAParts{
			N: pub.n, E: pub.e, D: s.number(fieldD), P: s.number(fieldP), Q: s.number(fieldQ),
			QInv: s.number(fieldQInv), DP: s.number(fieldRest),
		}))
	case dssKey:
		return privkey.DSAKey(s.span, privkey.DSAParts{P: pub.p, Q: pub.q, G: pub.g, Y: pub.y, X: s.number(fieldD)})
	case ecKey:
		curve, _ := privkey.CurveBySSH(s.typ.curve)
		return privkey.ECKey(s.span, privkey.ECParts{Curve: curve, Point: pub.point, Scalar: s.number(fieldSec)})
	case ed25519Key:
		return privkey.EdKey(s.span, privkey.EdParts{Kind: privkey.Ed25519, Public: pub.point, Seed: s.number(fieldSec)})
	case ed448Key:
		return privkey.EdKey(s.span, privkey.EdParts{Kind: privkey.Ed448, Public: pub.point, Seed: s.number(fieldSec)})
	case mldsaKey:
		return s.composite(pub)
	case skECKey, skEd25519Key:
		return s.handle(pub, framed)
	}
	return privkey.Key{}, false
}

// composite makes a key of the two seeds of ML-DSA-44 with Ed25519, which lie
// one behind the other as their public keys do.
func (s *serial) composite(pub public) (privkey.Key, bool) {
	const half, pubHalf = 32, 1312
	n := s.number(fieldSec)
	first, second := n, n
	if len(n.Bytes) > half {
		mid := n.At.Start + half
		first = privkey.Number{Bytes: n.Bytes[:half], At: probe.Range{Start: n.At.Start, End: mid}}
		second = privkey.Number{Bytes: n.Bytes[half:], At: probe.Range{Start: mid, End: n.At.End}, Cut: n.Cut}
	} else {
		second = privkey.Number{}
	}
	var pq, ed []byte
	if len(pub.point) == mldsaPub {
		pq, ed = pub.point[:pubHalf], pub.point[pubHalf:]
	}
	k, ok := privkey.PQKey(s.span, privkey.PQParts{Set: privkey.MLDSA44, Seed: first, Public: pq})
	e, also := privkey.EdKey(s.span, privkey.EdParts{Kind: privkey.Ed25519, Seed: second, Public: ed})
	switch {
	case !ok:
		return e, also
	case also:
		k.Add(e)
	}
	return k, true
}

// handle makes a key of a security key's handle. Nothing can be computed, so it
// is confirmed only by its frame.
func (s *serial) handle(pub public, framed bool) (privkey.Key, bool) {
	c := probe.Likely
	if framed && s.end == whole {
		c = probe.Confirmed
	}
	k, ok := privkey.OpaqueKey(privkey.Other, s.span, s.number(fieldSec), c)
	if spki := pub.spki(); ok && spki != nil {
		k.SPKI, k.Identity = spki, spki
	}
	return k, ok
}
