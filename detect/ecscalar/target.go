package ecscalar

import (
	"encoding/asn1"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// maxKeys bounds the public keys of one curve that are hunted for: a key costs
// about 3 KiB. Trust stores hold some hundred; a hostile dump may hold millions.
const maxKeys = 4096

// public is a public key that is hunted for.
type public struct {
	kind  string
	curve privkey.Curve // of an ECDSA or ECDH key
	spki  []byte
	raw   []byte // the uncompressed point, or the octets of RFC 7748 and 8032
}

// mark is the x coordinate of 2^(64·shift) times a public key. Shift 0 is the key.
// A window k of a lane meets shift k; a scalar in Montgomery form with R = 2^(64·words)
// meets as many more.
type mark struct {
	x     []uint64
	key   int
	shift int
}

// targets are the public keys of one curve, ready to be compared with.
type targets struct {
	*group
	keys  []public
	marks map[uint64][]mark // by the lowest limb of x
	sieve []uint64          // one bit for each value of the low sieveBits of that limb
	// What is hunted for depends on the kinds of key.
	seeds, clamps bool
}

// sieveBits is log2 of the bits of a sieve: 8 KiB, which the first-level cache
// holds, for the some thousand marks of some hundred keys.
const sieveBits = 16

// lookup returns the mark with this x coordinate. Two marks of one x belong to
// one point or to two opposite ones; the first will do.
func (t *targets) lookup(x []uint64) (mark, bool) {
	low := x[0] & (1<<sieveBits - 1)
	if t.sieve[low/64]>>(low%64)&1 == 0 {
		return mark{}, false
	}
	for _, m := range t.marks[x[0]] {
		if slices.Equal(m.x, x) {
			return m, true
		}
	}
	return mark{}, false
}

// newTargets returns nil when no key lies on the curve.
func newTargets(s shape, keys []public) *targets {
	xs, ys := make([]*big.Int, 0, len(keys)), make([]*big.Int, 0, len(keys))
	t := &targets{marks: map[uint64][]mark{}, sieve: make([]uint64, 1<<sieveBits/64)}
	for _, k := range keys {
		x, y, ok := k.point(&s)
		if !ok || y.Sign() == 0 || len(t.keys) == maxKeys {
			continue
		}
		xs, ys, t.keys = append(xs, x), append(ys, y), append(t.keys, k)
		switch k.kind {
		case privkey.Ed25519, privkey.Ed448:
			t.seeds = true
		case privkey.X25519, privkey.X448:
			t.clamps = true
		}
	}
	if len(t.keys) == 0 {
		return nil
	}
	t.group = s.ready()
	ps := newPoints(t.group, len(xs))
	for i := range xs {
		ps.put(i, t.f.element(xs[i]), t.f.element(ys[i]))
	}
	for shift := 0; shift <= s.span; shift++ {
		for i := range xs {
			if shift%s.words > s.span-s.words {
				continue // no window meets it
			}
			x, _ := ps.at(i)
			m := mark{x: slices.Clone(x), key: i, shift: shift}
			t.marks[x[0]] = append(t.marks[x[0]], m)
			low := x[0] & (1<<sieveBits - 1)
			t.sieve[low/64] |= 1 << (low % 64)
		}
		for range 64 {
			ps.double()
		}
	}
	return t
}

// point returns the public key as a point of the curve that is computed with. It
// fails for what is no point of prime order, on which doubling could fail.
func (k *public) point(s *shape) (x, y *big.Int, ok bool) {
	switch k.kind {
	case privkey.EC:
		n := k.curve.Size()
		x, y = new(big.Int).SetBytes(k.raw[1:1+n]), new(big.Int).SetBytes(k.raw[1+n:])
		return x, y, onCurve(k.curve, x, y)
	case privkey.X25519, privkey.X448:
		b := reversed(k.raw)
		if k.kind == privkey.X25519 {
			b[0] &= 0x7f // RFC 7748, section 5
		}
		x = new(big.Int).SetBytes(b)
	case privkey.Ed25519:
		b := reversed(k.raw)
		b[0] &= 0x7f // the sign of x (RFC 8032, section 5.1.2)
		y := new(big.Int).SetBytes(b)
		one := big.NewInt(1)
		x = quotient(new(big.Int).Add(one, y), new(big.Int).Sub(one, y), s.p)
	case privkey.Ed448:
		b := reversed(k.raw)
		b[0] &= 0x7f
		y2 := new(big.Int).SetBytes(b)
		y2.Mul(y2, y2)
		one := big.NewInt(1)
		// x² + y² = 1 + d·x²·y² with d = -39081 (RFC 8032, section 5.2), and u = y²/x².
		dy := new(big.Int).Mul(y2, big.NewInt(39081))
		dy.Add(dy, one).Mul(dy, y2)
		x = quotient(dy, new(big.Int).Sub(one, y2), s.p)
	}
	if x == nil || x.Cmp(s.p) >= 0 {
		return nil, nil, false
	}
	y, ok = s.lift(x)
	return x, y, ok && s.prime(x)
}

// quotient returns a/b modulo p, or nil when b is zero.
func quotient(a, b, p *big.Int) *big.Int {
	b.Mod(b, p)
	if b.Sign() == 0 {
		return nil
	}
	a.Mul(a, b.ModInverse(b, p))
	return a.Mod(a, p)
}

func reversed(p []byte) []byte {
	b := slices.Clone(p)
	slices.Reverse(b)
	return b
}

// publicOf reads a SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
func publicOf(spki []byte) (public, bool) {
	var info struct {
		Algorithm struct {
			OID    asn1.RawValue
			Params asn1.RawValue `asn1:"optional"`
		}
		Key asn1.BitString
	}
	if rest, err := asn1.Unmarshal(spki, &info); err != nil || len(rest) > 0 {
		return public{}, false
	}
	k := public{spki: spki, raw: info.Key.Bytes}
	size := 0
	switch string(info.Algorithm.OID.Bytes) {
	case privkey.OIDECPublic:
		k.kind, k.curve = privkey.EC, privkey.Curve(info.Algorithm.Params.Bytes)
		point, ok := k.curve.Uncompressed(k.raw)
		k.raw = point
		return k, ok
	case privkey.OIDEd25519:
		k.kind, size = privkey.Ed25519, privkey.SizeEd25519
	case privkey.OIDX25519:
		k.kind, size = privkey.X25519, privkey.SizeX25519
	case privkey.OIDEd448:
		k.kind, size = privkey.Ed448, privkey.SizeEd448
	case privkey.OIDX448:
		k.kind, size = privkey.X448, privkey.SizeX448
	default:
		return public{}, false
	}
	return k, len(k.raw) == size
}
