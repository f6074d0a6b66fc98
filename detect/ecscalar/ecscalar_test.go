package ecscalar

import (
	"bytes"
	"crypto/sha512"
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"

	"golang.org/x/crypto/sha3"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// tame makes random numbers until each of their aligned words is one that
// random numbers nearly always consist of, so that no test fails by chance.
func tame(n int, make func() []byte) []byte {
	for {
		b := make()
		ok := true
		for i := 0; i+8 <= n; i += 8 {
			ok = ok && classify(binary.LittleEndian.Uint64(b[i:])) == dense && classify(binary.BigEndian.Uint64(b[len(b)-i-8:])) == dense
		}
		if ok {
			return b
		}
	}
}

func montgomeryForm(s, order *big.Int, words int) []byte {
	m := new(big.Int).Lsh(s, uint(64*words))
	return reversed(m.Mod(m, order).FillBytes(make([]byte, 8*words)))
}

func java(be []byte) []byte {
	out := bytes.Clone(be)
	for i := 0; i < len(out); i += 4 {
		binary.LittleEndian.PutUint32(out[i:], binary.BigEndian.Uint32(be[i:]))
	}
	return append([]byte{byte(len(be) / 4), 0, 0, 0}, out...)
}

type kase struct {
	name, encoding string
	data           []byte
}

// accept plants each form of a key at the offsets it is promised for.
func accept(t *testing.T, kind string, spki []byte, cases ...kase) {
	t.Helper()
	d := New(probe.Facts{SPKI: [][]byte{spki}})
	if d == nil {
		t.Fatalf("%s: no detector", kind)
	}
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	find := func(name string, c kase, data []byte, off int) {
		t.Helper()
		fs := probetest.Matches(s, data, len(data))
		ok := false
		for _, f := range fs {
			if f.Kind == kind && f.Confidence == probe.Confirmed && bytes.Equal(f.Identity, spki) && bytes.Equal(f.SPKI, spki) {
				ok = ok || f.Encoding == c.encoding
			}
		}
		if !ok {
			t.Errorf("%s, %s at %d (%s): not found among %d", kind, c.name, off, name, len(fs))
		}
		if len(data) < 400 {
			if one := probetest.Matches(s, data, 1); len(one) != len(fs) {
				t.Errorf("%s, %s: %d matches in chunks of one byte, %d in one", kind, c.name, len(one), len(fs))
			}
		}
		red := probetest.Redact(data, fs)
		if again := probetest.Matches(s, red, len(red)); len(again) > 0 {
			t.Errorf("%s, %s: found again after redaction", kind, c.name)
		}
		if bytes.Contains(red, c.data[8:24]) {
			t.Errorf("%s, %s: survives", kind, c.name)
		}
	}
	for _, c := range cases {
		pad := make([]byte, 16)
		find("zeros", c, join(pad, c.data, pad), 16)
		find("alone", c, c.data, 0)
		if len(c.data)%8 != 4 {
			find("zeros", c, join(pad[:12], c.data, pad), 12)
			find("noise", c, join(probetest.Noise(3, 160), c.data, probetest.Noise(4, 160)), 160)
			find("dense", c, join(random(80), c.data, random(80)), 80)
		}
	}
}

func join(ps ...[]byte) []byte { return bytes.Join(ps, nil) }

func TestCurves(t *testing.T) {
	for name, c := range map[string]privkey.Curve{"P-224": privkey.P224, "P-256": privkey.P256,
		"P-384": privkey.P384, "P-521": privkey.P521, "secp256k1": privkey.Secp256k1,
		"brainpoolP256r1": privkey.BrainpoolP256r1, "brainpoolP384r1": privkey.BrainpoolP384r1, "brainpoolP512r1": privkey.BrainpoolP512r1} {
		t.Run(name, func(t *testing.T) {
			s, _ := shapeOf(c)
			be := tame(s.size/8*8, func() []byte { return scalarBelow(s.order).FillBytes(make([]byte, s.size)) })
			point, ok := privkey.ECPublic(c, be)
			if !ok {
				t.Fatal("no public key")
			}
			cases := []kase{{"bytes", probe.IntBE, be}, {"limbs", probe.LimbsLE, reversed(be)}}
			for _, width := range []int{8, 4} {
				padded := append(make([]byte, -s.size&(width-1)), be...)
				var limbs []byte
				for i := len(padded) - width; i >= 0; i -= width {
					limbs = append(limbs, padded[i:i+width]...)
				}
				cases = append(cases, kase{fmt.Sprintf("big-endian limbs of %d", width), probe.LimbsBE, limbs})
			}
			if s.size%8 == 0 {
				cases = append(cases,
					kase{"Montgomery", probe.Mont, montgomeryForm(new(big.Int).SetBytes(be), s.order, s.words)},
					kase{"int[]", probe.Words32BE, java(be)})
			}
			accept(t, privkey.EC, privkey.SPKIForEC(c, point), cases...)
		})
	}
}

func TestCurve25519(t *testing.T) {
	seed := tame(32, func() []byte { return random(32) })
	var h [64]byte
	tame(64, func() []byte {
		seed = tame(32, func() []byte { return random(32) })
		h = sha512.Sum512(seed)
		h[0] &= 248
		h[31] = h[31]&127 | 64
		return h[:]
	})
	order := montgomery25519().order
	s := new(big.Int).SetBytes(reversed(h[:32]))
	mod := new(big.Int).Mod(s, order)
	accept(t, privkey.Ed25519, privkey.SPKIForEd25519(privkey.Ed25519Public(seed)),
		kase{"seed", probe.Raw, seed},
		kase{"seed and public", probe.Raw, join(seed, privkey.Ed25519Public(seed))},
		kase{"expanded", probe.Expanded, h[:]},
		kase{"scalar", probe.Expanded, h[:32]},
		kase{"reduced", probe.Expanded, reversed(mod.FillBytes(make([]byte, 32)))},
		kase{"Montgomery", probe.Mont, montgomeryForm(s, order, 4)},
		kase{"big-endian", probe.Expanded, s.FillBytes(make([]byte, 32))})
	x := tame(32, func() []byte { return random(32) })
	cl := bytes.Clone(x)
	cl[0] &= 248
	cl[31] = cl[31]&127 | 64
	accept(t, privkey.X25519, privkey.SPKIForX25519(privkey.X25519Public(x)),
		kase{"octets", probe.Raw, x}, kase{"clamped", probe.LimbsLE, cl})
}

func TestCurve448(t *testing.T) {
	var seed []byte
	var h [114]byte
	tame(56, func() []byte {
		seed = tame(56, func() []byte { return random(57) })
		sha3.ShakeSum256(h[:], seed)
		h[0] &= 252
		h[55] |= 128
		return h[:56]
	})
	accept(t, privkey.Ed448, privkey.SPKIForEd448(privkey.Ed448Public(seed)),
		kase{"seed", probe.Raw, seed}, kase{"scalar", probe.Expanded, h[:56]})
	x := tame(56, func() []byte { return random(56) })
	accept(t, privkey.X448, privkey.SPKIForX448(privkey.X448Public(x)), kase{"octets", probe.Raw, x})
}

// TestNone holds that what cannot be a fact gives no detector, and what is not
// the key no match.
func TestNone(t *testing.T) {
	for _, spki := range [][]byte{nil, {0x30, 0x80}, privkey.SPKIForEd25519(make([]byte, 32)),
		privkey.SPKIForEd25519(make([]byte, 31)), privkey.SPKIForX25519(make([]byte, 32)),
		privkey.SPKIForEC(privkey.P256, append([]byte{4}, random(64)...)),
		privkey.SPKIForRSA(random(256), []byte{1, 0, 1})} {
		if d := New(probe.Facts{SPKI: [][]byte{spki}}); d != nil {
			t.Errorf("%x: a detector", spki)
		}
	}
	x := random(32)
	x[0] |= 1
	x[31] = 1
	point, _ := privkey.ECPublic(privkey.P256, random(31))
	d := New(probe.Facts{SPKI: [][]byte{privkey.SPKIForEd25519(privkey.Ed25519Public(x)), privkey.SPKIForEC(privkey.P256, point)}})
	x[0] ^= 2
	probetest.Reject(t, d, "another seed", x)
	probetest.Reject(t, d, "random", random(20000))
	probetest.Reject(t, d, "memory", probetest.Noise(9, 20000))
	probetest.Reject(t, d, "the public key", point)
}
