package ecpair

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// reach is how far the public half may lie from the private one, in bytes.
const reach = 4 << 10

type detector struct {
	known func([]byte) bool
}

// New returns the detector. It needs no public key, but costs more than a hundred
// microseconds for each candidate, so it leaves out what is known for a secret.
func New(f probe.Facts) probe.Detector {
	if f.Secret == nil {
		f.Secret = func([]byte) bool { return false }
	}
	return detector{f.Secret}
}

// Spec implements probe.Detector.
func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     "ec-pair",
		About:  "private scalars and seeds whose public half is near by as a bare number",
		Kinds:  []string{privkey.EC, privkey.Ed25519, privkey.X25519},
		Before: reach, After: reach,
	}
}

// Filter implements probe.Filter.
func (detector) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	runs(data, base, lo, hi, func(r run) {
		for i := max(r.start, lo+int(-(base+int64(lo))&7)); i < min(r.end, hi); i += 8 {
			if r.holds(i) && lively(data[i:i+8*keyWords]) {
				hit(i)
			}
		}
	})
}

// Detect tries the candidate at v.At on every curve.
func (d detector) Detect(v probe.View, emit func(probe.Match)) {
	j := judge{v: v, emit: emit}
	if p := j.candidate(8 * keyWords); p == nil || d.known(p) {
		return
	}
	j.twisted()
	j.weierstrass(privkey.P256, 32)
	j.weierstrass(privkey.Secp256k1, 32)
	if j.alone(48) {
		j.weierstrass(privkey.P384, 48)
	}
	j.limbs521()
}

// judge looks for the public halves of one candidate.
type judge struct {
	v    probe.View
	emit func(probe.Match)
}

// candidate returns the n bytes at v.At, or nil.
func (j *judge) candidate(n int) []byte {
	if j.v.At+n > len(j.v.Data) {
		return nil
	}
	return j.v.Data[j.v.At : j.v.At+n]
}

// alone reports whether the n bytes at v.At are a run of their own: multiplication on
// the larger curves is too slow for pieces of others.
func (j *judge) alone(n int) bool {
	p, i := j.v.Data, j.v.At
	return (i < 8 || !random(binary.LittleEndian.Uint64(p[i-8:]))) && (i+n+8 > len(p) || !random(binary.LittleEndian.Uint64(p[i+n:])))
}

// proof is how much of a public number must agree: the rest may be cut off or hold
// the sign of another coordinate.
const proof = 16

// near reports whether the number, big-endian or little-endian, lies near by. Its
// first and last octets are left out, for they carry signs.
func (j *judge) near(number []byte) bool {
	core := number[1 : len(number)-1][:proof]
	if bytes.Contains(j.v.Data, core) {
		return true
	}
	turned := slices.Clone(core)
	slices.Reverse(turned)
	return bytes.Contains(j.v.Data, turned)
}

// twisted tries the seed of Ed25519 and the private octets of X25519.
func (j *judge) twisted() {
	p := j.candidate(privkey.SizeEd25519)
	if p == nil {
		return
	}
	at := probe.Range{End: len(p)}
	for _, c := range []struct {
		kind   string
		public []byte
	}{{privkey.Ed25519, privkey.Ed25519Public(p)}, {privkey.X25519, privkey.X25519Public(p)}} {
		if c.public == nil || !j.near(c.public) {
			continue
		}
		k, ok := privkey.EdKey(at, privkey.EdParts{Kind: c.kind, Seed: privkey.Number{Bytes: p, At: at}, Public: c.public})
		if ok {
			j.emit(k.Match(probe.Raw, j.v.At))
		}
	}
}

// weierstrass tries a scalar of n bytes in either order.
func (j *judge) weierstrass(curve privkey.Curve, n int) {
	p := j.candidate(n)
	if p == nil || !randomWords(p[8*keyWords:]) {
		return
	}
	little := slices.Clone(p)
	defer clear(little)
	slices.Reverse(little)
	j.scalar(curve, p, n, probe.IntBE)
	j.scalar(curve, little, n, probe.LimbsLE)
}

// limbs521 tries nine little-endian limbs of 64 bits, the last of which has nine.
func (j *judge) limbs521() {
	const limbs, top = 9, 1 << 9
	p := j.candidate(8 * limbs)
	if p == nil || !randomWords(p[8*keyWords:8*(limbs-1)]) {
		return
	}
	if w := binary.LittleEndian.Uint64(p[8*(limbs-1):]); w >= top {
		return
	}
	value := slices.Clone(p[:privkey.P521.Size()])
	defer clear(value)
	slices.Reverse(value)
	j.scalar(privkey.P521, value, privkey.P521.Size(), probe.LimbsLE)
}

// scalar tries a scalar, most significant octet first, that lies in n bytes at the
// candidate.
func (j *judge) scalar(curve privkey.Curve, value []byte, n int, encoding string) {
	point, ok := privkey.ECPublic(curve, value)
	if !ok || !j.near(point[1:1+curve.Size()]) {
		return
	}
	at := probe.Range{End: n}
	k, ok := privkey.ECKey(at, privkey.ECParts{Curve: curve, Scalar: privkey.Number{Bytes: value, At: at}, Point: point})
	if ok {
		j.emit(k.Match(encoding, j.v.At))
	}
}

func randomWords(p []byte) bool {
	for ; len(p) >= 8; p = p[8:] {
		if !random(binary.LittleEndian.Uint64(p)) {
			return false
		}
	}
	return true
}
