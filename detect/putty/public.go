package putty

import (
	"encoding/binary"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// The key types that PuTTY writes ("PPK file format", section "Private key
// encodings").
const (
	typeRSA     = "ssh-rsa"
	typeDSA     = "ssh-dss"
	typeEC      = "ecdsa-sha2-"
	typeEd25519 = "ssh-ed25519"
	typeEd448   = "ssh-ed448"
	// certSuffix ends the type of a certificate, which is in the place of the public
	// key (PROTOCOL.certkeys).
	certSuffix = "-cert-v01@openssh.com"
)

// wire reads SSH strings (RFC 4251, section 5).
type wire struct {
	b   []byte
	bad bool // a length was missing
}

// next returns the next string; cut says that only its beginning is there.
func (w *wire) next() (p []byte, cut bool) {
	if len(w.b) < 4 {
		w.b, w.bad = nil, true
		return nil, true
	}
	n := binary.BigEndian.Uint32(w.b)
	p = w.b[4:]
	if uint64(n) > uint64(len(p)) {
		w.b = nil
		return p, true
	}
	w.b = p[n:]
	return p[:n:n], false
}

// number returns the next number without its leading zeros, or nil.
func (w *wire) number() []byte {
	p, cut := w.next()
	if cut {
		return nil
	}
	return der.Trim(p)
}

// public is the public half of a key; what it has not is nil.
type public struct {
	typ        string // without certSuffix
	n, e       []byte // RSA
	p, q, g, y []byte // DSA
	curve      privkey.Curve
	point      []byte // EC, Ed25519, Ed448
}

// readPublic reads a public key or certificate in SSH wire format (RFC 4253, section
// 6.6; RFC 5656, section 3.1; RFC 8709, section 4).
func readPublic(blob []byte) public {
	w := wire{b: blob}
	name, cut := w.next()
	if cut {
		return public{}
	}
	typ, cert := strings.CutSuffix(string(name), certSuffix)
	k := public{typ: typ}
	if cert {
		w.next() // nonce
	}
	switch {
	case typ == typeRSA:
		k.e, k.n = w.number(), w.number()
		if !privkey.RSAPublic(k.n, k.e) {
			return public{}
		}
	case typ == typeDSA:
		k.p, k.q, k.g, k.y = w.number(), w.number(), w.number(), w.number()
		if !privkey.DSADomain(k.p, k.q, k.g) {
			return public{}
		}
	case strings.HasPrefix(typ, typeEC):
		k.curve, _ = privkey.CurveBySSH(typ)
		w.next() // the curve's name again
		k.point, _ = w.next()
	default:
		k.point, _ = w.next()
	}
	return k
}

// spki returns k as a SubjectPublicKeyInfo, or nil.
func (k *public) spki() []byte {
	switch {
	case k.n != nil:
		return privkey.SPKIForRSA(k.n, k.e)
	case k.p != nil && k.y != nil:
		return privkey.SPKIForDSA(k.p, k.q, k.g, k.y)
	case k.curve != "":
		if point, ok := k.curve.Uncompressed(k.point); ok {
			return privkey.SPKIForEC(k.curve, point)
		}
	case k.typ == typeEd25519 && len(k.point) == privkey.SizeEd25519:
		return privkey.SPKIForEd25519(k.point)
	case k.typ == typeEd448 && len(k.point) == privkey.SizeEd448:
		return privkey.SPKIForEd448(k.point)
	}
	return nil
}
