package ecpair

import (
	"bytes"
	"crypto/sha512"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/ecscalar"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// expanded tries the scalar that a seed of Ed25519 was expanded to, which ring keeps in place of the
// seed, with the other half of the hash behind it.
func (j *judge) expanded() {
	p := j.candidate(privkey.SizeEd25519)
	if !ecscalar.Clamped(p) {
		return
	}
	y := edwards(privkey.X25519Public(p))
	if y == nil || !j.near(y) {
		return
	}
	public := j.signed(y)
	scalar := slices.Clone(p)
	slices.Reverse(scalar)
	n := len(p)
	m := probe.Match{
		Kind: privkey.Ed25519, Encoding: probe.Expanded, Confidence: probe.Confirmed,
		SPKI: privkey.SPKIForEd25519(public), Values: [][]byte{scalar},
	}
	m.Identity = m.SPKI
	if rest := j.candidate(sha512.Size); rest != nil && randomWords(rest[n:]) && !bytes.Equal(rest[n:], public) {
		n = len(rest)
		m.Values = append(m.Values, slices.Clone(rest[len(p):]))
	}
	m.Range = probe.Range{Start: j.v.At, End: j.v.At + n}
	j.emit(m)
}

// edwards returns the y of Ed25519, least significant octet first, of the point with the given u of
// X25519 (RFC 7748, section 4.1), or nil when there is none.
func edwards(u []byte) []byte {
	if u == nil {
		return nil
	}
	little := slices.Clone(u)
	slices.Reverse(little)
	one, p := big.NewInt(1), new(big.Int).Lsh(big.NewInt(1), 255)
	p.Sub(p, big.NewInt(19))
	x := new(big.Int).SetBytes(little)
	below := new(big.Int).Add(x, one)
	if below.ModInverse(below, p) == nil {
		return nil
	}
	y := x.Sub(x, one)
	y.Mul(y, below).Mod(y, p)
	out := y.FillBytes(make([]byte, len(u)))
	slices.Reverse(out)
	return out
}

// signed returns the public key with the given y, least significant octet first, with the sign of x that
// stands in its last octet where it lies.
func (j *judge) signed(y []byte) []byte {
	core := coreOf(y)
	for data, at := j.v.Data, 0; ; {
		k := bytes.Index(data[at:], core)
		if k < 0 {
			return y
		}
		start := at + k - 1
		if end := start + len(y); start >= 0 && end <= len(data) {
			public := slices.Clone(data[start:end])
			last := len(y) - 1
			if sign := public[last] & 0x80; string(public[:last]) == string(y[:last]) && public[last]&^0x80 == y[last] {
				y[last] |= sign
				return y
			}
		}
		at += k + 1
	}
}
