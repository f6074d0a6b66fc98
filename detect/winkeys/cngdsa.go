package winkeys

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// cngDSA reads a BCRYPT_DSA_KEY_BLOB: counter, seed and q of fixed size in the
// header, then p, g, the public and the private number.
func (s blob) cngDSA() (privkey.Key, bool) {
	const group = 20
	n := s.word(1)
	if n < minBits/8 || n > 1024/8 {
		return privkey.Key{}, false
	}
	return s.dsa(s.split(8, 4, group, group, n, n, n, group))
}

// cngDSA2 reads a BCRYPT_DSA_KEY_BLOB_V2, in which the sizes of seed and q vary.
func (s blob) cngDSA2() (privkey.Key, bool) {
	n, seed, group := s.word(1), s.word(4), s.word(5)
	if n < 1024/8 || n > 4096/8 || s.word(2) > 2 || s.word(3) > 1 || seed > 64 || group < 20 || group > 64 {
		return privkey.Key{}, false
	}
	return s.dsa(s.split(24, 4, seed, group, n, n, n, group))
}

func (s blob) dsa(f fields) (privkey.Key, bool) {
	if !f.has(6) || f.live(6) < minPrivate {
		return privkey.Key{}, false
	}
	return privkey.DSAKey(f.span(s.at), privkey.DSAParts{
		Q: f.public(2, false), P: f.public(3, false), G: f.public(4, false), Y: f.public(5, false), X: f.private(6, false),
	})
}

// cngDH reads a BCRYPT_DH_KEY_BLOB: p, g, the public and the private number.
func (s blob) cngDH() (privkey.Key, bool) {
	n := s.word(1)
	if n < minBits/8 || n > maxBits/8 {
		return privkey.Key{}, false
	}
	f := s.split(8, n, n, n, n)
	if !f.has(3) || f.live(3) < minPrivate {
		return privkey.Key{}, false
	}
	return dh(f, s.at, false)
}

// oidDH is dhKeyAgreement (PKCS #3, section 9).
const oidDH = "\x2a\x86\x48\x86\xf7\x0d\x01\x03\x01"

// dh makes a Diffie-Hellman key of p, g, perhaps the public number y, and x. With
// a y it is confirmed when that belongs to x, without one when it is whole.
func dh(f fields, start int, reversed bool) (privkey.Key, bool) {
	p, g := f.public(0, reversed), f.public(1, reversed)
	last := len(f.at) - 1
	// A prime is odd, and a generator less than it.
	if p[len(p)-1]&1 == 0 || p[0] == 0 || len(der.Trim(g)) == 0 || bytes.Compare(g, p) >= 0 {
		return privkey.Key{}, false
	}
	params := der.AppendUnsigned(der.AppendUnsigned(nil, p), g)
	params = der.Append(nil, der.Sequence, params)
	k, ok := privkey.DHKey(f.span(start), privkey.DHParts{
		OID: oidDH, Params: params, P: p, G: g, X: f.private(last, reversed), Full: f.whole,
	})
	if !ok || last < 3 {
		return k, ok
	}
	given := privkey.SPKIForOID(oidDH, params, der.AppendUnsigned(nil, f.public(2, reversed)))
	k.Confidence = probe.Likely
	if bytes.Equal(given, k.SPKI) {
		k.Confidence = probe.Confirmed
	}
	k.SPKI, k.Identity = given, given
	return k, true
}
