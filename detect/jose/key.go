package jose

import (
	"bytes"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// key returns the private key that o is. A key whose halves do not fit is still
// hidden: what calls itself private and has the form is taken at its word.
func (o *object) key() (privkey.Key, bool) {
	if !o.evident() {
		return privkey.Key{}, false
	}
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
	return o.opaque(privkey.Symmetric, o.k)
}

func (o *object) opaque(kind string, n number) (privkey.Key, bool) {
	return privkey.OpaqueKey(kind, o.at, n.Number, probe.Likely)
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
	k, ok := privkey.RSAKey(o.at, p)
	if !ok {
		p.N, p.E = nil, nil
		return privkey.RSAKey(o.at, p)
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
	return o.opaque(privkey.EC, o.d)
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
		}
	}
	p := privkey.EdParts{Kind: kind, Seed: o.d.Number, Public: o.x, Full: o.full()}
	if k, ok := privkey.EdKey(o.at, p); ok {
		return k, true
	}
	if kind == "" {
		kind = privkey.Other
	}
	return o.opaque(kind, o.d)
}

func (o *object) akp() (privkey.Key, bool) {
	set, ok := privkey.ParameterSetByName(o.alg)
	if !ok {
		return o.opaque(privkey.Other, o.priv)
	}
	p := privkey.PQParts{Set: set, Public: o.pub, Full: o.full()}
	if len(o.priv.Bytes) > set.SeedSize() {
		p.Expanded = o.priv.Number
	} else {
		p.Seed = o.priv.Number
	}
	k, ok := privkey.PQKey(o.at, p)
	if !ok {
		return o.opaque(set.Kind(), o.priv)
	}
	if k.SPKI == nil && len(o.pub) > 0 {
		k.SPKI = privkey.SPKIForOID(string(set), nil, o.pub)
		k.Identity = k.SPKI
	}
	return k, true
}
