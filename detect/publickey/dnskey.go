package publickey

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The algorithms of DNSSEC (RFC 4034, appendix A.1; RFC 5155, 5702, 6605 and 8080).
const (
	dnsRSASHA1   = 5
	dnsRSANSEC3  = 7
	dnsRSASHA256 = 8
	dnsRSASHA512 = 10
	dnsP256      = 13
	dnsP384      = 14
	dnsEd25519   = 15
	// dnsHead is the length of flags, protocol and algorithm, in octets.
	dnsHead = 4
	// dnsExponent is the length in octets of the longest exponent that is looked for: keys have 3, 65537 or, seldom,
	// one of five octets.
	dnsExponent = 5
	// dnsProtocol is that of every key.
	dnsProtocol = 3
)

// dnsDetector finds the data of DNSKEY records (RFC 4034, section 2.1), as in messages and in the
// zones that servers hold.
type dnsDetector struct{}

func (dnsDetector) Spec() probe.Spec {
	var as []string
	for _, flags := range []string{"\x01\x00", "\x01\x01"} { // a zone's key; one that signs keys
		for _, a := range []byte{dnsRSASHA1, dnsRSANSEC3, dnsRSASHA256, dnsRSASHA512, dnsP256, dnsP384, dnsEd25519} {
			as = append(as, flags+string([]byte{dnsProtocol, a}))
		}
	}
	return spec("public-key-dns", "DNSKEY records in wire format", 2, dnsHead+3+2*512, as...)
}

func (dnsDetector) Detect(v probe.View, emit func(probe.Match)) {
	if spki, n := dnsKey(v.Data, v.At); spki != nil {
		emit(match(spki, probe.Raw, false, probe.Range{Start: v.At, End: v.At + n}))
	}
}

// dnsKey reads the record's data at p[at:], and returns its length. A point is proven by its curve; any other
// key needs the data's length before it, as messages have it.
func dnsKey(p []byte, at int) (spki []byte, n int) {
	key := p[at+dnsHead:]
	length := 0
	if at >= 2 {
		length = int(binary.BigEndian.Uint16(p[at-2:])) - dnsHead
	}
	whole := length > 0 && length <= len(key)
	switch p[at+dnsHead-1] {
	case dnsP256:
		spki, n = dnsPoint(privkey.P256, key)
	case dnsP384:
		spki, n = dnsPoint(privkey.P384, key)
	case dnsEd25519:
		if n = privkey.SizeEd25519; whole && length == n && !privkey.Junk(key[:n]) {
			spki = privkey.SPKIForEd25519(key[:n])
		}
	default: // RFC 3110, section 2; exponents of more than 255 octets are left out
		if n = length; whole && key[0] > 0 && int(key[0]) < length/2 {
			e := key[1 : 1+key[0]]
			spki = dnsRSA(key[1+len(e):length], e)
		}
	}
	return spki, dnsHead + n
}

// dnsRSA returns the key of a modulus and exponent, which have no leading zeros. Numbers in the tables of
// programs, of which half follow one another as the octets of a record do, are told by what no modulus
// has: small factors, and words that look like no random ones. All moduli that provers have in vain cost them
// time, those of odd sizes most.
func dnsRSA(n, e []byte) []byte {
	if len(e) > dnsExponent || e[0] == 0 || n[0] == 0 || !dense(n[:len(n)&^7]) || smooth(n) {
		return nil
	}
	return rsaSPKI(n, e)
}

// dnsPoint reads the coordinates of a point (RFC 6605, section 4).
func dnsPoint(c privkey.Curve, key []byte) (spki []byte, n int) {
	if n = 2 * c.Size(); n > len(key) {
		return nil, 0
	}
	return ecSPKI(c, append([]byte{pointForm}, key[:n]...)), n
}
