package jose

import (
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

const (
	// minPrivate is how many characters of a private number are evidence beside
	// a "kty": twelve octets, as many as cannot be guessed.
	minPrivate = 16

	// minSymmetric is minPrivate for the "k" of an oct key, which RFC 7518,
	// section 3.2 wants longer, but which people choose: eight octets.
	minSymmetric = 11

	// minNumber is the least without a "kty": 256 bits.
	minNumber = 43
)

// infer returns the type of an object of which the "kty" is lost with the rest
// before or after, when two members say the same.
func (o *object) infer() keyType {
	switch {
	case o.looksRSA():
		return typeRSA
	case o.d.long() && o.curve() != unknownType:
		return o.curve()
	case o.k.digits >= 2*minSymmetric && symmetric(o.alg):
		return typeOct
	case o.priv.digits >= minNumber, o.priv.long() && strings.HasPrefix(o.alg, "ML-"):
		// The name alone tells; the public half is so long that what precedes it
		// is seldom left.
		return typeAKP
	}
	return unknownType
}

// long reports whether n has the length of a private number, as far as present.
func (n number) long() bool {
	return n.digits >= minNumber || n.Cut && n.digits >= minPrivate
}

// looksRSA reports whether there are two of: a private number, another one, a
// modulus, a common exponent.
func (o *object) looksRSA() bool {
	found := 0
	for _, n := range []number{o.d, o.p, o.q, o.dp, o.dq, o.qi} {
		if n.long() {
			found++
		}
	}
	if found == 0 {
		return false
	}
	switch string(o.e) {
	case "\x03", "\x11", "\x01\x00\x01":
		found++
	}
	if len(o.n) >= 64 {
		found++
	}
	return found >= 2
}

// curve returns the type of a key on a curve: by the curve's name, or by
// coordinates of the private number's length.
func (o *object) curve() keyType {
	_, ec := privkey.CurveByJWK(o.crv)
	same := !o.d.Cut && scalarSize(len(o.d.Bytes))
	switch {
	case ec, same && len(o.x) == len(o.d.Bytes) && len(o.y) == len(o.x):
		return typeEC
	case kindOf(o.crv) != "", same && len(o.x) == len(o.d.Bytes):
		return typeOKP
	case same && len(o.y) == len(o.d.Bytes):
		return typeEC
	}
	return unknownType
}

// scalarSize reports whether a private number of n octets is one of a named
// curve (RFC 7518, section 6.2.2.1; RFC 8037, section 2).
func scalarSize(n int) bool {
	return n == 32 || n == 48 || n == 56 || n == 57 || n == 66
}

// kindOf returns the kind of key on a curve of RFC 8037, section 3.
func kindOf(crv string) string {
	switch crv {
	case "Ed25519":
		return privkey.Ed25519
	case "X25519":
		return privkey.X25519
	case "Ed448":
		return privkey.Ed448
	case "X448":
		return privkey.X448
	}
	return ""
}

// symmetric reports whether alg works with one shared key (RFC 7518, sections
// 3.1, 4.1 and 5.1).
func symmetric(alg string) bool {
	switch alg {
	case "HS256", "HS384", "HS512", "dir", "C20P", "XC20P",
		"A128KW", "A192KW", "A256KW", "A128GCMKW", "A192GCMKW", "A256GCMKW",
		"A128GCM", "A192GCM", "A256GCM", "A128CBC-HS256", "A192CBC-HS384", "A256CBC-HS512":
		return true
	}
	return false
}

// evident reports whether enough of a private number is there for its type.
func (o *object) evident() bool {
	switch o.kty {
	case typeRSA:
		return max(o.d.digits, o.p.digits, o.q.digits, o.dp.digits, o.dq.digits, o.qi.digits, o.otherDigits) >= minPrivate
	case typeEC, typeOKP:
		return o.d.digits >= minPrivate
	case typeOct:
		return o.k.digits >= minSymmetric
	case typeAKP:
		return o.priv.digits >= minPrivate
	}
	return false
}
