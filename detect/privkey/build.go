package privkey

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// RSAParts are the numbers of an RSA key (RFC 8017, appendix A.1.2). N and E are
// nil when they are not known in full.
type RSAParts struct {
	N, E                  []byte
	D, P, Q, DP, DQ, QInv Number
	More                  []RSAPrime // the third prime and further ones
	Rest                  []Number   // private octets of which it is not known what they are
}

// RSAPrime is an OtherPrimeInfo (RFC 8017, appendix A.1.2).
type RSAPrime struct{ R, D, T Number }

// RSAKey returns the key that lies at at. It is confirmed when the primes or the
// private exponent factor the modulus. It fails when N and E are given and cannot
// be a public key, and when no private number is left.
func RSAKey(at probe.Range, p RSAParts) (Key, bool) {
	if p.N != nil && p.E != nil && !RSAPublic(p.N, p.E) {
		return Key{}, false
	}
	primes := [][]byte{p.P.value(), p.Q.value()}
	numbers := []Number{p.D, p.P, p.Q, p.DP, p.DQ, p.QInv}
	for _, m := range p.More {
		primes = append(primes, m.R.value())
		numbers = append(numbers, m.R, m.D, m.T)
	}
	numbers = append(numbers, p.Rest...)
	known := p.N != nil && p.E != nil
	proven := known && proveRSA(p.N, p.E, p.D.value(), primes...)
	var found [][]byte
	if known && !proven && len(p.More) == 0 {
		if P, Q, ok := RSAFromExponent(p.N, p.E, p.D.value()); ok {
			proven, found = true, [][]byte{P, Q}
		}
	}
	k, ok := gather(RSA, at, proven, numbers...)
	if !ok {
		return Key{}, false
	}
	k.Values = append(k.Values, found...)
	if known {
		k.public(SPKIForRSA(p.N, p.E))
	}
	if found == nil {
		found = primes
	}
	k.derive(RSADerived(p.E, found...))
	return k, true
}

// ECParts are the halves of an elliptic-curve key. Curve is empty and Point nil
// when they are not known.
type ECParts struct {
	Curve  Curve
	Scalar Number
	Point  []byte // SEC 1, section 2.3.3: compressed or not
	Full   bool   // the structure was read to its end
}

// ECKey returns the key that lies at at. It is confirmed when the point belongs
// to the scalar, or when there is no point to compare with and the parse was full.
func ECKey(at probe.Range, p ECParts) (Key, bool) {
	scalar := p.Scalar.value()
	if p.Curve == "" && len(scalar) > 0 {
		p.Curve, _ = CurveOf(scalar, p.Point)
	}
	if size := p.Curve.Size(); size > 0 && len(scalar) > size {
		return Key{}, false
	}
	given, isPoint := p.Curve.Uncompressed(p.Point)
	var own []byte
	var valid bool
	// A multiplication costs a hundred times what this test does, and whoever wants
	// to can write an anchor at every eighth octet.
	if isPoint && !p.Curve.holds(given) {
		valid = p.Curve.inOrder(scalar)
	} else {
		own, valid = ECPublic(p.Curve, scalar)
	}
	proven := isPoint && valid && string(own) == string(given)
	if len(scalar) > 0 && !valid && p.Curve.provable() {
		p.Full = false // zero, or not below the order
	}
	k, ok := gather(EC, at, proven, p.Scalar)
	if !ok {
		return Key{}, false
	}
	switch {
	case isPoint:
		k.public(SPKIForEC(p.Curve, given))
	case valid:
		k.public(SPKIForEC(p.Curve, own))
	case p.Curve != "" && p.Curve.Size() == 0 && p.Point != nil:
		k.public(SPKIForEC(p.Curve, p.Point)) // a curve without a name here
	}
	if p.Full && len(scalar) > 0 && !(isPoint && valid) {
		k.Confidence = probe.Confirmed
	}
	k.derive(ECDerived(p.Curve, scalar))
	return k, true
}

// EdParts are the halves of a key on Curve25519 or Curve448.
type EdParts struct {
	Kind   string // Ed25519, X25519, Ed448 or X448
	Seed   Number // the private octets
	Public []byte // nil when not known
	Full   bool   // the structure was read to its end
}

// EdKey returns the key that lies at at. It is confirmed when the public half
// belongs to the private one, or when there is none to compare with and the parse
// was full. It fails when the private half has not the length of its kind.
func EdKey(at probe.Range, p EdParts) (Key, bool) {
	var size int
	var public func([]byte) []byte
	var spki func([]byte) []byte
	switch p.Kind {
	case Ed25519:
		size, public, spki = SizeEd25519, Ed25519Public, SPKIForEd25519
	case X25519:
		size, public, spki = SizeX25519, X25519Public, SPKIForX25519
	case Ed448:
		size, public, spki = SizeEd448, Ed448Public, SPKIForEd448
	case X448:
		size, public, spki = SizeX448, X448Public, SPKIForX448
	default:
		return Key{}, false
	}
	if len(p.Seed.Bytes) > size || len(p.Seed.Bytes) < size && !p.Seed.Cut {
		return Key{}, false
	}
	own := public(p.Seed.octets(size))
	given := p.Public
	if len(given) != size {
		given = nil
	}
	proven := own != nil && string(own) == string(given)
	k, ok := gather(p.Kind, at, proven, p.Seed)
	if !ok {
		return Key{}, false
	}
	switch {
	case given != nil:
		k.public(spki(given))
	case own != nil:
		k.public(spki(own))
	}
	if p.Full && own != nil && given == nil {
		k.Confidence = probe.Confirmed
	}
	k.derive(EdDerived(p.Kind, p.Seed.octets(size)))
	return k, true
}

// DSAParts are the numbers of a DSA key. Y is nil when it is not known.
type DSAParts struct {
	P, Q, G, Y []byte
	X          Number
	Full       bool // the structure was read to its end
}

// DSAKey returns the key that lies at at, confirmed when y = g^x mod p, or when
// there is no y to compare with and the parse was full.
func DSAKey(at probe.Range, p DSAParts) (Key, bool) {
	if !DSADomain(p.P, p.Q, p.G) || len(p.X.Bytes) > maxSubgroup+1 {
		return Key{}, false
	}
	own, valid := DSAPublic(p.P, p.Q, p.G, p.X.value())
	proven := valid && p.Y != nil && string(own) == string(der.Trim(p.Y))
	k, ok := gather(DSA, at, proven, p.X)
	if !ok {
		return Key{}, false
	}
	switch {
	case p.Y != nil:
		k.public(SPKIForDSA(p.P, p.Q, p.G, p.Y))
	case valid:
		k.public(SPKIForDSA(p.P, p.Q, p.G, own))
		if p.Full {
			k.Confidence = probe.Confirmed
		}
	}
	return k, true
}

// DHParts are the numbers of a Diffie-Hellman key. OID and Params, the DER of the
// domain, are those of its algorithm identifier.
type DHParts struct {
	OID    string
	Params []byte
	P, G   []byte
	X      Number
	Full   bool // the structure was read to its end
}

// DHKey returns the key that lies at at. Its public half is computed where that
// is affordable.
func DHKey(at probe.Range, p DHParts) (Key, bool) {
	if n := len(der.Trim(p.P)); n < minBits/8 || n > maxBits/8 || len(p.X.Bytes) > n+1 {
		return Key{}, false
	}
	k, ok := gather(DH, at, false, p.X)
	if !ok {
		return Key{}, false
	}
	if own, valid := dhPublic(p.P, p.G, p.X.value()); valid {
		k.public(SPKIForOID(p.OID, p.Params, der.AppendUnsigned(nil, own)))
	}
	if p.Full {
		k.Confidence = probe.Confirmed
	}
	return k, true
}

// OpaqueKey returns a key of which only the private octets are known, and nothing
// can be computed.
func OpaqueKey(kind string, at probe.Range, private Number, c probe.Confidence) (Key, bool) {
	k, ok := gather(kind, at, false, private)
	if ok {
		k.Confidence = c
	}
	return k, ok
}
