package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// minOpaque is the shortest private key, in octets, of an algorithm that is not
// known here.
const minOpaque = 16

// info is a PrivateKeyInfo of which the algorithm is read.
type info struct {
	structure
	oid    string
	params []byte    // DER of the parameters, empty for none
	domain structure // their content, when they are a SEQUENCE
	key    der.Value // the privateKey OCTET STRING
	point  []byte    // the publicKey of version 2, without its unused bits
	last   int       // index behind the last value read
}

// parsePKCS8 reads a PrivateKeyInfo behind its version. In a certificate without
// version, of which the serial number may be zero, a Name follows the algorithm
// instead of the OCTET STRING; in a request, what stands here is a Name.
func parsePKCS8(s structure) (privkey.Key, bool) {
	p := info{structure: s}
	if !p.algorithm() {
		return privkey.Key{}, false
	}
	var ok bool
	if p.key, ok = p.Expect(der.OctetString); !ok {
		return privkey.Key{}, false
	}
	p.last = p.key.End
	p.optional()
	k, ok := p.private()
	if ok {
		k.Range = p.extent(p.last)
	}
	return k, ok
}

// algorithm reads the AlgorithmIdentifier (RFC 5280, section 4.1.1.2).
func (p *info) algorithm() bool {
	alg, ok := open(p.data, &p.Cursor)
	if !ok || !alg.seq.Whole() {
		return false
	}
	oid, ok := alg.Expect(der.OID)
	if !ok || !oid.Whole() || !validOID(p.Bytes(oid)) {
		return false
	}
	p.oid = string(p.Bytes(oid))
	if alg.Done() {
		return true
	}
	look := alg.Cursor
	params, ok := alg.Next()
	if !ok || !alg.Done() {
		return false
	}
	p.params = p.data[params.Header:params.End]
	p.domain, _ = open(p.data, &look)
	return true
}

// optional reads the attributes and the public key (RFC 5958, section 2). Some
// versions of Bouncy Castle and Java tag the latter explicitly.
func (p *info) optional() {
	if v, ok := p.Expect(der.ContextCons(0)); ok {
		p.last = v.End
	}
	bits, ok := p.Expect(der.Context(1))
	if !ok {
		if outer, explicit := p.Expect(der.ContextCons(1)); explicit {
			in := p.Inside(outer)
			bits, ok = in.Expect(der.BitString)
			p.last = outer.End
		}
	}
	if !ok {
		return
	}
	p.last = max(p.last, bits.End)
	if b := p.Bytes(bits); bits.Whole() && len(b) > 1 && b[0] == 0 {
		p.point = b[1:]
	}
}

// private reads the privateKey by its algorithm.
func (p *info) private() (privkey.Key, bool) {
	at, in := p.seqRange(), p.Inside(p.key)
	switch p.oid {
	case privkey.OIDRSA, oidRSAPSS, oidRSAOAEP:
		return p.rsa(in)
	case privkey.OIDECPublic, oidECDH, oidECMQV:
		return p.ec(in)
	case privkey.OIDEd25519:
		return p.edwards(privkey.Ed25519, privkey.SizeEd25519)
	case privkey.OIDX25519:
		return p.edwards(privkey.X25519, privkey.SizeX25519)
	case privkey.OIDEd448:
		return p.edwards(privkey.Ed448, privkey.SizeEd448)
	case privkey.OIDX448:
		return p.edwards(privkey.X448, privkey.SizeX448)
	case privkey.OIDDSA, oidDH, oidX942:
		return p.discrete(in)
	}
	if set := privkey.ParameterSet(p.oid); set.Kind() != "" {
		return p.quantum(set)
	}
	if p.key.Len < minOpaque || p.seq.Whole() && !p.Done() {
		return privkey.Key{}, false
	}
	return privkey.OpaqueKey(privkey.Other, at, p.number(p.key), probe.Likely)
}

func (p *info) seqRange() probe.Range { return probe.Range{Start: p.seq.Header, End: p.seq.End} }

// rsa reads the PKCS#1 inside. The public half is that of rsaEncryption for
// RSASSA-PSS and RSAES-OAEP too, so that the inner structure is the same secret.
func (p *info) rsa(in der.Cursor) (privkey.Key, bool) {
	s, ok := open(p.data, &in)
	if !ok {
		return privkey.Key{}, false
	}
	if _, ok = s.version(); !ok {
		return privkey.Key{}, false
	}
	return parsePKCS1(s)
}

// ec reads the SEC 1 structure inside, or the bare scalar that some encoders put
// there. The public half is that of id-ecPublicKey for ECDH and ECMQV keys too.
func (p *info) ec(in der.Cursor) (privkey.Key, bool) {
	var curve privkey.Curve
	if c := der.At(p.params, 0); len(p.params) > 0 {
		if oid, ok := c.Expect(der.OID); ok {
			curve = privkey.Curve(c.Bytes(oid))
		}
	}
	hints := ecHints{curve, p.point}
	s, ok := open(p.data, &in)
	if !ok {
		return privkey.ECKey(p.seqRange(), privkey.ECParts{
			Curve: curve, Scalar: p.number(p.key), Point: p.point, Full: p.full() && curve.Size() == p.key.Len,
		})
	}
	if version, ok := s.version(); !ok || version != 1 {
		return privkey.Key{}, false
	}
	return parseSEC1(s, hints)
}

// edwards reads a CurvePrivateKey (RFC 8410, section 7): an OCTET STRING inside
// the OCTET STRING. Early encoders left the inner one out, or put the public key
// behind the seed.
func (p *info) edwards(kind string, size int) (privkey.Key, bool) {
	seed := p.number(p.key)
	in := p.Inside(p.key)
	if inner, ok := in.Expect(der.OctetString); ok && inner.Next() == p.key.Next() {
		seed = p.number(inner)
	}
	if len(seed.Bytes) == 2*size && p.point == nil {
		p.point = seed.Bytes[size:]
		seed.Bytes, seed.At.End = seed.Bytes[:size], seed.At.Start+size
	}
	return privkey.EdKey(p.seqRange(), privkey.EdParts{
		Kind: kind, Seed: seed, Public: p.point, Full: p.full() && plausible.Whole(seed.Bytes),
	})
}

// discrete reads a DSA key (RFC 3279, section 2.3.2, for the parameters) or a
// Diffie-Hellman key (PKCS #3, section 9; RFC 3279, section 2.3.3): an INTEGER
// inside the OCTET STRING.
func (p *info) discrete(in der.Cursor) (privkey.Key, bool) {
	var numbers [3][]byte
	for i := range numbers {
		b, ok := p.domain.unsigned()
		if !ok && i < 2 {
			return privkey.Key{}, false
		}
		numbers[i] = b
	}
	x, ok := in.Expect(der.Integer)
	if !ok || x.Next() != p.key.Next() {
		return privkey.Key{}, false
	}
	// Nothing here proves the number, of which other memory may have taken the end.
	full := p.full() && plausible.Whole(p.Bytes(x))
	if p.oid == privkey.OIDDSA {
		return privkey.DSAKey(p.seqRange(), privkey.DSAParts{
			P: numbers[0], Q: numbers[1], G: numbers[2], X: p.number(x), Full: full,
		})
	}
	return privkey.DHKey(p.seqRange(), privkey.DHParts{
		OID: p.oid, Params: p.params, P: numbers[0], G: numbers[1], X: p.number(x), Full: full,
	})
}

// quantum reads the three forms of ML-KEM and ML-DSA keys (RFC 9935, section 6;
// RFC 9881, section 6): the seed as [0], the expanded key as OCTET STRING, or a
// SEQUENCE of both; and the bare octets of SLH-DSA (RFC 9909, section 6) and of
// early encoders.
func (p *info) quantum(set privkey.ParameterSet) (privkey.Key, bool) {
	q := privkey.PQParts{Set: set, Public: p.point, Full: p.full()}
	in := p.Inside(p.key)
	both, isBoth := open(p.data, &in)
	switch {
	case isBoth && both.seq.Next() == p.key.Next():
		if v, ok := both.Expect(der.OctetString); ok {
			q.Seed = p.number(v)
		}
		if v, ok := both.Expect(der.OctetString); ok {
			q.Expanded = p.number(v)
		}
	default:
		q.Seed, q.Expanded = p.choice(set)
	}
	q.Full = q.Full && plausible.Whole(q.Seed.Bytes)
	k, ok := privkey.PQKey(p.seqRange(), q)
	for i, v := range k.Values {
		k.Values[i] = provenPart(set, v)
	}
	return k, ok
}

// provenPart returns the part of a value that the proof of an expanded ML-DSA key
// covers: all but t0, its last part of 416 octets for each row (FIPS 204,
// algorithm 24). The public half follows from the rest, and gives t0 too.
func provenPart(set privkey.ParameterSet, v []byte) []byte {
	const row, before = 416, 128 // octets of a row; of rho, K and tr before the secret vectors
	rows := 0
	switch set {
	case privkey.MLDSA44:
		rows = 4
	case privkey.MLDSA65:
		rows = 6
	case privkey.MLDSA87:
		rows = 8
	}
	if n := len(v) - rows*row; rows > 0 && len(v) == set.ExpandedSize()-before && n > 0 {
		return v[:n]
	}
	return v
}

// choice reads a seed or an expanded key, tagged or bare.
func (p *info) choice(set privkey.ParameterSet) (seed, expanded privkey.Number) {
	in := p.Inside(p.key)
	if v, ok := in.Expect(der.Context(0)); ok && v.Len == set.SeedSize() {
		return p.number(v), privkey.Number{}
	}
	in = p.Inside(p.key)
	if v, ok := in.Expect(der.OctetString); ok && v.Next() == p.key.Next() && v.Len == set.ExpandedSize() {
		return privkey.Number{}, p.number(v)
	}
	if p.key.Len == set.SeedSize() {
		return p.number(p.key), privkey.Number{}
	}
	return privkey.Number{}, p.number(p.key)
}
