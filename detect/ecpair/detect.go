package ecpair

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// reach is how far the public half may lie from the private one, in bytes.
const reach = 4 << 10

type detector struct{ bases bases }

// New returns the detector. It needs no public key, but costs tens of microseconds for
// each candidate.
func New() probe.Detector { return &detector{bases{memo: tried.NewMemo[halves](memoBits)}} }

// Spec implements probe.Detector.
func (*detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     "ec-pair",
		About:  "private scalars and seeds whose public half is near by as a bare number",
		Kinds:  []string{privkey.EC, privkey.Ed25519, privkey.X25519},
		Before: reach, After: reach,
	}
}

// Filter implements probe.Filter. It tries the candidates itself, because that is cheap
// only for many at once.
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	t := trial{bases: &d.bases, data: data, near: sieve{data: data}}
	parts(data, base, lo, hi, func(lo, hi int) {
		runs(data, base, lo, hi, func(r run) {
			for i := max(r.start, lo); i < min(r.end, hi); i += 8 {
				if r.holds(i) && lively(data[i:i+8*keyWords]) && !entropy.Scheduled(data, i) {
					t.add(i)
				}
			}
		})
	})
	t.finish(hit)
}

// Detect tries the candidate at v.At on every curve.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	j := judge{v: v, emit: emit}
	if j.candidate(8*keyWords) == nil {
		return
	}
	j.twisted()
	j.expanded()
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

// judgeAt returns what judges the candidate at data[i] but emits nothing.
func judgeAt(data []byte, i int) judge {
	start, end := max(0, i-reach), min(len(data), i+reach)
	return judge{v: probe.View{Data: data[start:end:end], At: i - start}}
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

// coreOf returns the octets of a public number that are looked for: its first and last
// are left out, for they carry signs.
func coreOf(number []byte) []byte { return number[1 : len(number)-1][:proof] }

// near reports whether the number, in the order given or the other, lies near by.
func (j *judge) near(number []byte) bool {
	core := coreOf(number)
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

// limbs521 tries nine little-endian limbs.
func (j *judge) limbs521() {
	if value := j.value521(); value != nil {
		j.scalar(privkey.P521, value, privkey.P521.Size(), probe.LimbsLE)
		clear(value)
	}
}

// value521 returns the number in nine little-endian limbs of 64 bits, the last of which
// has nine, or nil when there is none.
func (j *judge) value521() []byte {
	const limbs, top = 9, 1 << 9
	p := j.candidate(8 * limbs)
	if p == nil || !randomWords(p[8*keyWords:8*(limbs-1)]) || entropy.Patterned(p[8*keyWords:]) || binary.LittleEndian.Uint64(p[8*(limbs-1):]) >= top {
		return nil
	}
	value := slices.Clone(p[:privkey.P521.Size()])
	slices.Reverse(value)
	return value
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
