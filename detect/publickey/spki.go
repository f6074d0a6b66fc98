package publickey

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// oidPSS is id-RSASSA-PSS (RFC 4055, section 1.2): the same numbers as an ordinary
// RSA key, limited to one use.
const oidPSS = "\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"

// The stems of the post-quantum algorithms' identifiers (RFC 9935, RFC 9881, RFC 9909).
const (
	oidKEMs       = "\x60\x86\x48\x01\x65\x03\x04\x04"
	oidSignatures = "\x60\x86\x48\x01\x65\x03\x04\x03"
)

// widest is the longest header, in octets, of a SEQUENCE that holds a public key
// or its algorithm: two length octets reach 64 KiB.
const widest = 4

// key is a public key and the bytes that it was read from.
type key struct {
	spki []byte
	at   probe.Range
}

// spkiAround reads the SubjectPublicKeyInfo whose algorithm's object identifier
// has its header at data[oid]. It must be whole.
func spkiAround(data []byte, oid int) (key, bool) {
	for inner := der.MinHeader; inner <= widest; inner++ {
		if !der.Opens(data, der.Sequence, oid, inner) {
			continue
		}
		for outer := der.MinHeader; outer <= widest; outer++ {
			if !der.Opens(data, der.Sequence, oid-inner, outer) {
				continue
			}
			if k, ok := spkiAt(data, oid-inner-outer); ok {
				return k, true
			}
		}
	}
	return key{}, false
}

// spkiAt reads a whole SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7) at data[i].
func spkiAt(data []byte, i int) (key, bool) {
	c := der.At(data, i)
	info, ok := c.Expect(der.Sequence)
	if !ok || !info.Whole() {
		return key{}, false
	}
	in := c.Inside(info)
	alg, ok1 := in.Expect(der.Sequence)
	bits, ok2 := in.Expect(der.BitString)
	if !ok1 || !ok2 || !in.Done() || bits.Len < 2 || data[bits.Start] != 0 {
		return key{}, false
	}
	a := in.Inside(alg)
	oid, ok := a.Expect(der.OID)
	if !ok {
		return key{}, false
	}
	params := data[oid.End:alg.End:alg.End]
	pub := in.Bytes(bits)[1:]
	if privkey.Redacted(pub) {
		return key{}, false
	}
	spki := normal(string(a.Bytes(oid)), params, pub)
	return key{spki, probe.Range{Start: i, End: info.End}}, spki != nil
}

// normal returns the one SubjectPublicKeyInfo of a key, whatever variants the
// encodings of its algorithm and its point allow, or nil for what is no key.
func normal(oid string, params, pub []byte) []byte {
	switch oid {
	case privkey.OIDRSA, oidPSS:
		n, e, ok := rsaNumbers(pub)
		if !ok {
			return nil
		}
		return rsaSPKI(n, e)
	case privkey.OIDECPublic:
		return normalEC(params, pub)
	case privkey.OIDDSA:
		return normalDSA(params, pub)
	}
	if size := octets(oid); size == 0 || len(pub) != size || privkey.Junk(pub) {
		return nil
	}
	return privkey.SPKIForOID(oid, nil, pub)
}

// rsaNumbers reads an RSAPublicKey (RFC 8017, appendix A.1.1) that fills b.
func rsaNumbers(b []byte) (n, e []byte, ok bool) {
	c := der.At(b, 0)
	seq, _ := c.Expect(der.Sequence)
	if seq.Next() != len(b) {
		return nil, nil, false
	}
	in := c.Inside(seq)
	nv, ok1 := in.Expect(der.Integer)
	ev, ok2 := in.Expect(der.Integer)
	return in.Bytes(nv), in.Bytes(ev), ok1 && ok2 && in.Done()
}

func normalEC(params, pub []byte) []byte {
	c := der.At(params, 0)
	name, ok := c.Expect(der.OID)
	if !ok || !name.Whole() {
		// A curve given by its parameters: it is kept as it is.
		if c.Peek() != der.Sequence || pub[0] < 2 || pub[0] > 7 {
			return nil
		}
		return privkey.SPKIForOID(privkey.OIDECPublic, params, pub)
	}
	curve, known := privkey.CurveByOID(c.Bytes(name))
	if !known {
		return privkey.SPKIForEC(curve, pub)
	}
	return ecSPKI(curve, pub)
}

func normalDSA(params, pub []byte) []byte {
	c := der.At(params, 0)
	seq, _ := c.Expect(der.Sequence)
	in := c.Inside(seq)
	p, ok1 := in.Expect(der.Integer)
	q, ok2 := in.Expect(der.Integer)
	g, ok3 := in.Expect(der.Integer)
	yc := der.At(pub, 0)
	y, ok4 := yc.Expect(der.Integer)
	if !ok1 || !ok2 || !ok3 || !ok4 || !in.Done() || !y.Whole() || y.End != len(pub) {
		return nil
	}
	if !privkey.DSADomain(in.Bytes(p), in.Bytes(q), in.Bytes(g)) || privkey.Junk(yc.Bytes(y)) {
		return nil
	}
	return privkey.SPKIForDSA(in.Bytes(p), in.Bytes(q), in.Bytes(g), yc.Bytes(y))
}

// octets returns the length of a public key that is plain octets, or zero. Sources:
// RFC 8410, section 4; FIPS 203, table 3; FIPS 204, table 2; FIPS 205, table 2.
func octets(oid string) int {
	switch privkey.ParameterSet(oid) {
	case privkey.OIDEd25519:
		return privkey.SizeEd25519
	case privkey.OIDX25519:
		return privkey.SizeX25519
	case privkey.OIDEd448:
		return privkey.SizeEd448
	case privkey.OIDX448:
		return privkey.SizeX448
	case privkey.MLKEM512:
		return 800
	case privkey.MLKEM768:
		return 1184
	case privkey.MLKEM1024:
		return 1568
	case privkey.MLDSA44:
		return 1312
	case privkey.MLDSA65:
		return 1952
	case privkey.MLDSA87:
		return 2592
	}
	if set := privkey.ParameterSet(oid); set.Kind() == privkey.SLHDSA {
		return set.ExpandedSize() / 2
	}
	return 0
}
