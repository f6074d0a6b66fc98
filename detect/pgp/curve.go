package pgp

import (
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// curveKey makes a key of an algorithm that names its curve by the content octets
// of an object identifier.
func curveKey(at probe.Range, oid, point []byte, n privkey.Number) (privkey.Key, bool) {
	kind, public := native(oid, point)
	switch kind {
	case "":
		curve, ok := privkey.CurveByOID(oid)
		if !ok {
			return privkey.OpaqueKey(privkey.EC, at, n, probe.Likely)
		}
		return privkey.ECKey(at, privkey.ECParts{Curve: curve, Point: point, Scalar: n})
	case privkey.X25519, privkey.X448:
		if string(oid) != oidX25519Legacy {
			n = padded(n, len(public))
			break
		}
		// The number is the private octets in reverse (RFC 9580, section
		// 5.5.5.6.1.1), so that their zeros are lost at the end.
		n = padded(n, len(public))
		if !n.Cut {
			n.Bytes = slices.Clone(n.Bytes)
			slices.Reverse(n.Bytes)
		}
	default:
		n = padded(n, len(public))
	}
	return privkey.EdKey(at, privkey.EdParts{Kind: kind, Seed: n, Public: public})
}

// padded gives n its size: an MPI has lost its leading zeros, and libgcrypt writes
// one more to keep a number positive.
func padded(n privkey.Number, size int) privkey.Number {
	if len(n.Bytes) == size+1 && n.Bytes[0] == 0 {
		n.Bytes = n.Bytes[1:]
	}
	if short := size - len(n.Bytes); short > 0 && short < size && !n.Cut {
		n.Bytes = append(make([]byte, short, size), n.Bytes...)
	}
	return n
}

// native returns the kind of key and the public octets for the curves that are
// not given as points of a Weierstrass curve, else an empty kind.
func native(oid, point []byte) (kind string, public []byte) {
	switch string(oid) {
	case oidEd25519Legacy, privkey.OIDEd25519:
		kind = privkey.Ed25519
	case oidX25519Legacy, privkey.OIDX25519:
		kind = privkey.X25519
	case privkey.OIDEd448:
		kind = privkey.Ed448
	case privkey.OIDX448:
		kind = privkey.X448
	default:
		return "", nil
	}
	if len(point) > 0 && point[0] == nativePoint {
		point = point[1:]
	}
	return kind, point
}

// spki returns the public half, nil for what has no such form.
func (s *secretKey) spki() []byte {
	switch s.algo {
	case algoRSA, algoRSAEncrypt, algoRSASign:
		return privkey.SPKIForRSA(s.field(0), s.field(1))
	case algoDSA:
		return privkey.SPKIForDSA(s.field(0), s.field(1), s.field(2), s.field(3))
	case algoECDH, algoECDSA, algoEdDSA:
		return curveSPKI(s.field(0), s.field(1))
	case algoX25519:
		return privkey.SPKIForX25519(s.field(0))
	case algoX448:
		return privkey.SPKIForX448(s.field(0))
	case algoEd25519:
		return privkey.SPKIForEd25519(s.field(0))
	case algoEd448:
		return privkey.SPKIForEd448(s.field(0))
	case algoMLDSA65:
		return privkey.SPKIForOID(string(privkey.MLDSA65), nil, s.field(1))
	case algoMLDSA87:
		return privkey.SPKIForOID(string(privkey.MLDSA87), nil, s.field(1))
	case algoSLHDSA128s, algoSLHDSA128f, algoSLHDSA256s:
		return privkey.SPKIForOID(string(slhdsa(s.algo)), nil, s.field(0))
	case algoMLKEM768:
		return privkey.SPKIForOID(string(privkey.MLKEM768), nil, s.field(1))
	case algoMLKEM1024:
		return privkey.SPKIForOID(string(privkey.MLKEM1024), nil, s.field(1))
	}
	return nil
}

func curveSPKI(oid, point []byte) []byte {
	kind, public := native(oid, point)
	switch {
	case kind == privkey.Ed25519 && len(public) == privkey.SizeEd25519:
		return privkey.SPKIForEd25519(public)
	case kind == privkey.X25519 && len(public) == privkey.SizeX25519:
		return privkey.SPKIForX25519(public)
	case kind == privkey.Ed448 && len(public) == privkey.SizeEd448:
		return privkey.SPKIForEd448(public)
	case kind == privkey.X448 && len(public) == privkey.SizeX448:
		return privkey.SPKIForX448(public)
	case kind != "":
		return nil
	}
	curve, ok := privkey.CurveByOID(oid)
	if !ok {
		return nil
	}
	if p, ok := curve.Uncompressed(point); ok {
		return privkey.SPKIForEC(curve, p)
	}
	return nil
}
