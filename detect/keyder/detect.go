package keyder

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// detector finds one form. Its anchors begin with the first octet of the outer
// SEQUENCE's content, or, for the encrypted form, with the OID inside the inner
// SEQUENCE at the beginning of the outer one.
type detector struct {
	spec  probe.Spec
	form  form
	inner bool // the anchor is inside two SEQUENCEs
}

// Spec implements probe.Detector.
func (d detector) Spec() probe.Spec { return d.spec }

const (
	// afterRSA is more than an RSAPrivateKey of 16384 bits takes: modulus and
	// private exponent of 2 KiB, five numbers of 1 KiB.
	afterRSA = 10 << 10
	// afterDSA holds p, g and y of 8192 bits.
	afterDSA = 4 << 10
	// afterEC holds an ECPrivateKey with specified parameters.
	afterEC = 1 << 10
	// afterAny holds what PKCS#8 may carry: 5 KiB of ML-DSA-87, 13 KiB of Classic
	// McEliece, 43 KiB of FrodoKEM.
	afterAny = 64 << 10
	// beforeEC reaches over the OCTET STRING and the AlgorithmIdentifier of a
	// PKCS#8 around an ECPrivateKey.
	beforeEC = 48
)

// PKCS1 finds RSAPrivateKey structures of 512 bits or more.
func PKCS1() probe.Detector {
	return detector{form: pkcs1, spec: probe.Spec{
		ID: "pkcs1-private-key", About: "RSA private keys in DER (PKCS#1)",
		Kinds:   []string{privkey.RSA},
		Anchors: append(modulusAnchors(), "\x02\x01\x01\x02\x81", "\x02\x01\x01\x02\x82"),
		Before:  der.MaxHeader, After: afterRSA,
	}}
}

// DSA finds the traditional form of DSA keys.
func DSA() probe.Detector {
	return detector{form: dsa, spec: probe.Spec{
		ID: "dsa-private-key", About: "DSA private keys in DER (OpenSSL's traditional form)",
		Kinds:   []string{privkey.DSA},
		Anchors: modulusAnchors(),
		Before:  der.MaxHeader, After: afterDSA,
	}}
}

// modulusAnchors are the version 0 and the header of a modulus: of 512 and 768
// bits, which take one length octet, and of all longer ones.
func modulusAnchors() []string {
	return []string{
		"\x02\x01\x00\x02\x81", "\x02\x01\x00\x02\x82",
		"\x02\x01\x00\x02\x41\x00", "\x02\x01\x00\x02\x61\x00",
	}
}

// PKCS8 finds PrivateKeyInfo and OneAsymmetricKey structures.
func PKCS8() probe.Detector {
	return detector{form: pkcs8, spec: probe.Spec{
		ID: "pkcs8-private-key", About: "private keys of any algorithm in DER (PKCS#8)",
		Kinds: []string{
			privkey.RSA, privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448, privkey.DSA,
			privkey.DH, privkey.MLDSA, privkey.MLKEM, privkey.SLHDSA, privkey.Other,
		},
		Anchors: []string{"\x02\x01\x00\x30", "\x02\x01\x01\x30"},
		Before:  der.MaxHeader, After: afterAny,
	}}
}

// SEC1 finds ECPrivateKey structures.
func SEC1() probe.Detector {
	return detector{form: sec1, spec: probe.Spec{
		ID: "sec1-private-key", About: "elliptic-curve private keys in DER (SEC 1, RFC 5915)",
		Kinds:   []string{privkey.EC},
		Anchors: []string{"\x02\x01\x01\x04"},
		Before:  beforeEC, After: afterEC,
	}}
}

// EncryptedPKCS8 finds EncryptedPrivateKeyInfo structures.
func EncryptedPKCS8() probe.Detector {
	return detector{form: encrypted, inner: true, spec: probe.Spec{
		ID: "pkcs8-encrypted-private-key", About: "private keys under a password in DER (PKCS#8, Java key stores)",
		Kinds: []string{privkey.Encrypted},
		Anchors: []string{
			"\x06\x09" + pkcs5, "\x06\x0a" + pbe12, "\x06\x0a" + sunJKS, "\x06\x09" + sunJCEKS,
		},
		Before: 2 * der.MaxHeader, After: afterAny,
	}}
}

// Detect implements probe.Detector. Several header widths may fit by chance in
// front of one anchor; the surest reading wins, then the narrowest.
func (d detector) Detect(v probe.View, emit func(probe.Match)) {
	var best privkey.Key
	found := false
	for width := der.MinHeader; width <= der.MaxHeader; width++ {
		if !der.Opens(v.Data, der.Sequence, v.At, width) {
			continue
		}
		if !d.inner {
			d.try(v.Data, v.At-width, &best, &found)
			continue
		}
		for outer := der.MinHeader; outer <= der.MaxHeader; outer++ {
			if der.Opens(v.Data, der.Sequence, v.At-width, outer) {
				d.try(v.Data, v.At-width-outer, &best, &found)
			}
		}
	}
	if found {
		emit(best.Match(probe.DER, 0))
	}
}

func (d detector) try(data []byte, i int, best *privkey.Key, found *bool) {
	var curve privkey.Curve
	if d.form == sec1 {
		curve = surroundingCurve(data, i)
	}
	k, f, ok := parse(data, i, curve)
	if ok && f == d.form && (!*found || k.Confidence > best.Confidence) {
		*best, *found = k, true
	}
}

// surroundingCurve returns the curve of the PKCS#8 whose privateKey the structure
// at data[i] is, so that both are known to be one key.
func surroundingCurve(data []byte, i int) privkey.Curve {
	const oid = "\x06\x07" + privkey.OIDECPublic
	for width := der.MinHeader; width <= der.MaxHeader; width++ {
		if !der.Opens(data, der.OctetString, i, width) {
			continue
		}
		end := i - width
		at := bytes.LastIndex(data[max(0, end-beforeEC):end], []byte(oid))
		if at < 0 {
			continue
		}
		c := der.At(data[:end], max(0, end-beforeEC)+at+len(oid))
		if curve, ok := c.Expect(der.OID); ok && c.Pos() == end {
			return privkey.Curve(c.Bytes(curve))
		}
	}
	return ""
}
