package openssh

import "github.com/dumpscrub/dumpscrub/detect/privkey"

// public is the public half of a key; the numbers are big-endian without leading
// zeros and nil where the type has no such number.
type public struct {
	typ        keyType
	n, e       []byte // RSA
	p, q, g, y []byte // DSS
	point      []byte // EC point or Edwards key; for ML-DSA both public keys
}

// public returns the public half of s, which for certificates is inside them.
func (s *serial) public() public {
	if s.typ.cert {
		if p := parsePublic(s.bytes(fieldCert)); p.typ == s.typ {
			return p
		}
		return public{typ: s.typ, point: s.bytes(fieldPub)}
	}
	p := public{typ: s.typ}
	switch s.typ.family {
	case rsaKey:
		p.n, p.e = number(s.bytes(fieldN)), number(s.bytes(fieldE))
	case dssKey:
		p.p, p.q = number(s.bytes(fieldP)), number(s.bytes(fieldQ))
		p.g, p.y = number(s.bytes(fieldG)), number(s.bytes(fieldY))
	default:
		p.point = s.bytes(fieldPub)
	}
	return p
}

// parsePublic reads a public key or certificate in wire format (RFC 4253,
// section 6.6; PROTOCOL.certkeys). The family of the result is noFamily when b is
// neither.
func parsePublic(b []byte) public {
	r := reader{b: b}
	name, o := r.str(len("ssh-rsa"), longestType)
	if o != whole {
		return public{}
	}
	t := typeOf(string(r.bytes(name)))
	if t.cert {
		if _, o := r.str(0, maxName); o != whole { // the nonce
			return public{}
		}
	}
	next := func(lo, hi int) []byte {
		g, o := r.str(lo, hi)
		if o != whole {
			t = keyType{}
			return nil
		}
		return r.bytes(g)
	}
	p := public{}
	switch t.family {
	case rsaKey:
		p.e, p.n = number(next(1, maxExponent+1)), number(next(minModulus, maxModulus))
	case dssKey:
		p.p, p.q = number(next(64, 385)), number(next(20, 33))
		p.g, p.y = number(next(1, 385)), number(next(32, 385))
	case ecKey, skECKey:
		if string(next(len(t.curve), len(t.curve))) != t.curve {
			return public{}
		}
		p.point = next(33, 133)
	case ed25519Key, skEd25519Key:
		p.point = next(32, 32)
	case ed448Key:
		p.point = next(57, 57)
	case mldsaKey:
		p.point = next(mldsaPub, mldsaPub)
	}
	p.typ = t
	return p
}

// spki returns p as a SubjectPublicKeyInfo, for a composite key that of its ML-DSA
// half, or nil when p is no public key.
func (p public) spki() []byte {
	switch p.typ.family {
	case rsaKey:
		if privkey.RSAPublic(p.n, p.e) {
			return privkey.SPKIForRSA(p.n, p.e)
		}
	case dssKey:
		if privkey.DSADomain(p.p, p.q, p.g) {
			return privkey.SPKIForDSA(p.p, p.q, p.g, p.y)
		}
	case ecKey, skECKey:
		curve, _ := privkey.CurveBySSH(p.typ.curve)
		if point, ok := curve.Uncompressed(p.point); ok {
			return privkey.SPKIForEC(curve, point)
		}
	case ed25519Key, skEd25519Key:
		if len(p.point) == privkey.SizeEd25519 {
			return privkey.SPKIForEd25519(p.point)
		}
	case ed448Key:
		if len(p.point) == privkey.SizeEd448 {
			return privkey.SPKIForEd448(p.point)
		}
	case mldsaKey:
		if len(p.point) == mldsaPub {
			return privkey.SPKIForOID(string(privkey.MLDSA44), nil, p.point[:mldsaPub-privkey.SizeEd25519])
		}
	}
	return nil
}
