package jose

import (
	"bytes"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// key returns the private key that o is. What names its type is taken at its
// word, whether its halves fit or not, and all its private members are hidden.
func (o *object) key() (privkey.Key, bool) {
	if !o.evident() {
		return privkey.Key{}, false
	}
	k, ok := o.build()
	if !o.named {
		return k, ok
	}
	for _, n := range o.numbers() {
		if len(n.Bytes) == 0 || slices.Contains(k.Private, n.At) {
			continue
		}
		k.Private = append(k.Private, n.At)
	}
	return k, len(k.Private) > 0 && len(k.Identity) > 0
}

func (o *object) build() (privkey.Key, bool) {
	switch o.kty {
	case typeRSA:
		return o.rsa()
	case typeEC:
		return o.ec()
	case typeOKP:
		return o.okp()
	case typeAKP:
		return o.akp()
	}
	return o.opaque(privkey.Symmetric, o.k), true
}

// numbers returns all private members, whatever the type.
func (o *object) numbers() []privkey.Number {
	ns := []privkey.Number{
		o.d.Number, o.p.Number, o.q.Number, o.dp.Number, o.dq.Number, o.qi.Number, o.k.Number, o.priv.Number,
	}
	for _, p := range o.otherPrimes {
		ns = append(ns, p.R, p.D, p.T)
	}
	return ns
}

// opaque returns a key of which nothing can be computed. Unlike
// [privkey.OpaqueKey] it does not want the octets to look random: symmetric keys
// are often somebody's passphrase.
func (o *object) opaque(kind string, n number) privkey.Key {
	k := privkey.Key{
		Kind: kind, Confidence: probe.Likely, Range: o.at,
		Private: []probe.Range{n.At}, Identity: n.Bytes,
	}
	if v := der.Trim(n.Bytes); !n.Cut && len(v) >= minValue && varied(v) {
		k.Identity, k.Values = v, [][]byte{v}
	}
	return k
}

// minValue is the shortest value, in octets, that is worth a search for its
// copies, as in package privkey.
const minValue = 16

// varied reports whether copies of p say anything: a few octets repeated are
// found in every padding.
func varied(p []byte) bool {
	const few = 5
	return entropy.Distinct(p) > few
}

// full reports whether a missing public half is missing by intention.
func (o *object) full() bool { return o.whole && o.named }

func (o *object) rsa() (privkey.Key, bool) {
	p := privkey.RSAParts{
		N: o.n, E: o.e, D: o.d.Number, P: o.p.Number, Q: o.q.Number,
		DP: o.dp.Number, DQ: o.dq.Number, QInv: o.qi.Number, More: o.otherPrimes,
	}
	if o.n == nil || o.e == nil {
		p.N, p.E = o.publicRSA()
	}
	k, ok := privkey.RSAKey(o.at, plausible.RSA(p))
	if !ok {
		p.N, p.E = nil, nil
		if k, ok = privkey.RSAKey(o.at, p); ok {
			return k, true
		}
		n := o.longest()
		return o.opaque(privkey.RSA, n), o.named && len(n.Bytes) > 0
	}
	if k.Confidence != probe.Confirmed && k.SPKI != nil {
		for _, f := range []number{o.p, o.q} {
			if other := cofactor(p.N, f); other != nil {
				k.Confidence = probe.Confirmed
				k.Values = append(k.Values, other)
				break
			}
		}
	}
	return k, ok
}

// longest returns the longest private number of an RSA key.
func (o *object) longest() number {
	best := o.d
	for _, n := range []number{o.p, o.q, o.dp, o.dq, o.qi} {
		if n.digits > best.digits {
			best = n
		}
	}
	return best
}

// publicRSA computes the public half of a key that has lost it from the primes,
// when another private number belongs to them.
func (o *object) publicRSA() (n, e []byte) {
	if o.p.Cut || o.q.Cut || len(o.p.Bytes) > maxPrime || len(o.q.Bytes) > maxPrime {
		return nil, nil
	}
	e = o.e
	if e == nil {
		e = []byte{1, 0, 1} // what practically every key has
	}
	all, ok := privkey.RSAFromPrimes(e, o.p.Bytes, o.q.Bytes)
	if !ok || o.n != nil && !bytes.Equal(der.Trim(o.n), all.N) {
		return nil, nil
	}
	for _, pair := range [][2][]byte{
		{o.d.Bytes, all.D}, {o.d.Bytes, all.DPhi}, {o.dp.Bytes, all.DP}, {o.dq.Bytes, all.DQ}, {o.n, all.N},
	} {
		if bytes.Equal(der.Trim(pair[0]), pair[1]) {
			return all.N, all.E
		}
	}
	return nil, nil
}

// maxPrime bounds the octets of a prime that is computed with: half of 16384 bits.
const maxPrime = 1024

// cofactor returns n divided by f, or nil when f is no proper factor of n.
func cofactor(n []byte, f number) []byte {
	const minPrime = 8 // octets; a shorter one can divide n by chance
	factor := der.Trim(f.Bytes)
	if f.Cut || len(factor) < minPrime || len(factor) > maxPrime || len(n) > 2*maxPrime {
		return nil
	}
	other, rest := new(big.Int).QuoRem(new(big.Int).SetBytes(n), new(big.Int).SetBytes(factor), new(big.Int))
	if rest.Sign() != 0 || other.BitLen() < 8*minPrime {
		return nil
	}
	return other.Bytes()
}

func (o *object) ec() (privkey.Key, bool) {
	curve, _ := privkey.CurveByJWK(o.crv)
	p := privkey.ECParts{Curve: curve, Scalar: o.d.Number, Point: o.point(curve), Full: o.full() && curve != ""}
	if k, ok := privkey.ECKey(o.at, p); ok {
		return k, true
	}
	return o.opaque(privkey.EC, o.d), o.named
}

// point returns the uncompressed point (SEC 1, section 2.3.3) of x and y; with x
// alone, that of the scalar, if it has this x.
func (o *object) point(curve privkey.Curve) []byte {
	size := curve.Size()
	if size == 0 {
		size = max(len(o.x), len(o.y))
	}
	x, y := der.Trim(o.x), der.Trim(o.y)
	if len(o.x) == 0 || len(x) > size || len(y) > size {
		return nil
	}
	point := make([]byte, 1+2*size)
	point[0] = 4
	copy(point[1+size-len(x):], x)
	if len(o.y) > 0 {
		copy(point[1+2*size-len(y):], y)
		return point
	}
	if o.d.Cut {
		return nil
	}
	if own, ok := privkey.ECPublic(curve, o.d.Bytes); ok && bytes.Equal(own[:1+size], point[:1+size]) {
		return own
	}
	return nil
}

// curveOfX finds the curve on which x, without y, belongs to the scalar.
func (o *object) curveOfX() privkey.Curve {
	for _, c := range [...]privkey.Curve{privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521} {
		if len(o.x) == c.Size() && o.point(c) != nil {
			return c
		}
	}
	return ""
}

func (o *object) okp() (privkey.Key, bool) {
	kind := kindOf(o.crv)
	if kind == "" && !o.d.Cut && len(o.x) > 0 {
		// Without a name, a public half that follows from the private one tells.
		switch {
		case bytes.Equal(privkey.Ed25519Public(o.d.Bytes), o.x):
			kind = privkey.Ed25519
		case bytes.Equal(privkey.X25519Public(o.d.Bytes), o.x):
			kind = privkey.X25519
		case bytes.Equal(privkey.Ed448Public(o.d.Bytes), o.x):
			kind = privkey.Ed448
		case bytes.Equal(privkey.X448Public(o.d.Bytes), o.x):
			kind = privkey.X448
		case !o.named:
			if curve := o.curveOfX(); curve != "" {
				return privkey.ECKey(o.at, privkey.ECParts{Curve: curve, Scalar: o.d.Number, Point: o.point(curve)})
			}
		}
	}
	p := privkey.EdParts{Kind: kind, Seed: o.d.Number, Public: o.x, Full: o.full()}
	if k, ok := privkey.EdKey(o.at, p); ok {
		return k, true
	}
	if kind == "" {
		kind = privkey.Other
	}
	return o.opaque(kind, o.d), o.named || !privkey.Junk(o.d.Bytes)
}

func (o *object) akp() (privkey.Key, bool) {
	set, ok := privkey.ParameterSetByName(o.alg)
	if !ok {
		return o.opaque(privkey.Other, o.priv), true
	}
	p := privkey.PQParts{Set: set, Public: o.pub, Full: o.full()}
	if len(o.priv.Bytes) > set.SeedSize() {
		p.Expanded = o.priv.Number
	} else {
		p.Seed = o.priv.Number
	}
	k, ok := privkey.PQKey(o.at, p)
	if !ok {
		return o.opaque(set.Kind(), o.priv), true
	}
	if k.SPKI == nil && len(o.pub) > 0 {
		k.SPKI = privkey.SPKIForOID(string(set), nil, o.pub)
		k.Identity = k.SPKI
	}
	return k, true
}
