package pgp

import (
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// fields is the detector of RSA packets that lost their header, as a freed block
// of memory does, whose first bytes the allocator uses for itself.
type fields struct{}

// NewFields returns the detector of the plain secret fields of RSA keys, without
// their packet's header and modulus, which follows from the primes.
func NewFields() probe.Detector { return fields{} }

// rsaTail is the MPI of the public exponent 65537 and the usage octet zero. GnuPG
// has made keys with no other exponent since version 1.4.6 of 2006, and the
// libraries agree.
const rsaTail = "\x00\x11\x01\x00\x01\x00"

// Spec implements [probe.Detector].
func (fields) Spec() probe.Spec {
	return probe.Spec{
		ID:      "pgp-secret-fields",
		About:   "the secret numbers of OpenPGP RSA keys without their packet header",
		Kinds:   kinds(),
		Anchors: []string{rsaTail},
		Before:  headSize + maxRSA/8,
		After:   len(rsaTail) + maxRSA/8 + 3*maxPrime/8 + 64,
	}
}

// Detect implements [probe.Detector].
func (fields) Detect(v probe.View, emit func(probe.Match)) {
	start := v.At + len(rsaTail)
	r := reader{b: v.Data, off: start}
	_, secret := layout(algoRSA)
	var at [4]probe.Range
	for i, p := range secret {
		g, o := r.field(p)
		if o != whole || !r.exact(g) {
			return
		}
		at[i] = g
	}
	n := func(i int) privkey.Number {
		return privkey.Number{Bytes: v.Data[at[i].Start:at[i].End], At: at[i]}
	}
	p, q := new(big.Int).SetBytes(n(1).Bytes), new(big.Int).SetBytes(n(2).Bytes)
	modulus := p.Mul(p, q).Bytes()
	k, ok := privkey.RSAKey(probe.Range{Start: v.At, End: r.off}, privkey.RSAParts{
		N: modulus, E: []byte{1, 0, 1}, D: n(0), P: n(1), Q: n(2), QInv: n(3),
	})
	if !ok || k.Confidence != probe.Confirmed || hasHeader(v.Data, v.At-2-len(modulus)) {
		return
	}
	k.Kind = privkey.PGP
	emit(k.Match(probe.PGP, 0))
}

// hasHeader reports whether the modulus at b[at] is the first field of a packet
// with a header, which is then found by it.
func hasHeader(b []byte, at int) bool {
	for _, fixed := range [...]int{6, 8, 10} { // versions 4, 3, and 5 or 6
		for _, size := range [...]int{1, 2, 3, 5, 6} {
			i := at - fixed - size
			if i < 0 || !beginsKey(b[i:]) {
				continue
			}
			if p, ok := parsePacket(b, i); ok && (p.tag == tagSecretKey || p.tag == tagSecretSubkey) {
				if _, ok := p.key(i); ok {
					return true
				}
			}
		}
	}
	return false
}
