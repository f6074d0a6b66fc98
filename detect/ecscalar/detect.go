package ecscalar

import (
	"crypto/sha512"
	"encoding/binary"
	"math/big"

	"golang.org/x/crypto/sha3"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// detector finds the scalars and seeds of some public keys.
type detector struct {
	curves []*targets
	forms  [][]form // of each curve
	little bool     // the process may have been a little-endian one
	// words are the first eight bytes of each public key in the orders in which
	// it is kept; sieve is quicker to ask.
	words map[uint64]bool
	sieve []uint64
	tried *tried.Set
}

// New returns the detector for the private halves of the elliptic-curve and
// Edwards keys among the facts, or nil when there is none.
func New(f probe.Facts) probe.Detector {
	byCurve := map[privkey.Curve][]public{}
	var k25519, k448 []public
	for _, spki := range f.SPKI {
		k, ok := publicOf(spki)
		if !ok {
			continue
		}
		switch k.kind {
		case privkey.EC:
			byCurve[k.curve] = append(byCurve[k.curve], k)
		case privkey.Ed25519, privkey.X25519:
			k25519 = append(k25519, k)
		default:
			k448 = append(k448, k)
		}
	}
	known := f.Arch != ""
	d := &detector{little: !f.BigEndian || !known, words: map[uint64]bool{}, sieve: make([]uint64, 1<<sieveBits/64), tried: tried.New(triedBits)}
	large := f.BigEndian || !known
	for _, c := range []privkey.Curve{
		privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521, privkey.P224,
		privkey.BrainpoolP256r1, privkey.BrainpoolP384r1, privkey.BrainpoolP512r1,
	} {
		if s, ok := shapeOf(c); ok && len(byCurve[c]) > 0 {
			d.enter(newTargets(s, byCurve[c]), large)
		}
	}
	if len(k25519) > 0 {
		d.enter(newTargets(montgomery25519(), k25519), large)
	}
	if len(k448) > 0 {
		d.enter(newTargets(montgomery448(), k448), large)
	}
	if len(d.curves) == 0 {
		return nil
	}
	return d
}

func (d *detector) enter(t *targets, large bool) {
	if t == nil {
		return
	}
	forms := []form{littleEnd, bigEnd}
	if t.seeds {
		forms = append(forms, seed)
	}
	if t.clamps {
		forms = append(forms, clamp)
	}
	if large {
		forms = append(forms, limbs64, limbs32)
	}
	d.curves, d.forms = append(d.curves, t), append(d.forms, forms)
	for _, k := range t.keys {
		x := k.raw
		if k.kind == privkey.EC {
			x = k.raw[1 : 1+t.size]
		}
		d.note(binary.LittleEndian.Uint64(x))
		d.note(binary.BigEndian.Uint64(x[len(x)-8:]))
	}
}

func (d *detector) note(w uint64) {
	d.words[w] = true
	d.sieve[w>>8&(1<<sieveBits-1)/64] |= 1 << (w >> 8 & 63)
}

// Spec implements probe.Detector.
func (d *detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     "ec-scalar",
		About:  "private scalars and seeds of known elliptic-curve keys, as numbers in memory",
		Kinds:  []string{privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448},
		Before: reach, After: reach,
	}
}

// Detect proves the position again, one form after the other, and says which key
// lies there.
func (d *detector) Detect(v probe.View, emit func(probe.Match)) {
	for c, t := range d.curves {
		forms := d.forms[c]
		if d.little && t.size%8 == 0 {
			forms = append(forms[:len(forms):len(forms)], words32)
		}
		for _, fm := range forms {
			n := t.octets(fm)
			if v.At+n > len(v.Data) {
				continue
			}
			if m, ok := t.judge(fm, v.Data[v.At:v.At+n], v.Data[v.At+n:]); ok {
				m.Range = probe.Range{Start: v.At, End: v.At + n + m.End}
				m.Redact = []probe.Range{m.Range}
				emit(m)
			}
		}
	}
}

// judge returns the match of the candidate in b. rest is what follows it; the
// match's End is how many bytes of it belong to the key.
func (t *targets) judge(fm form, b, rest []byte) (probe.Match, bool) {
	if privkey.Redacted(b) {
		return probe.Match{}, false
	}
	one := newBatch(t.group, 1)
	w := one.next(0, t.words)
	if !t.scalar(fm, b, w) {
		return probe.Match{}, false
	}
	s := fromWords(w)
	var mk mark
	ok := false
	one.run(func(_, k int, x []uint64) {
		if x != nil && k == 0 {
			mk, ok = t.lookup(x)
		}
	})
	if !ok || mk.shift != 0 && mk.shift != t.words || fm >= clamp && mk.shift != 0 {
		return probe.Match{}, false
	}
	key := &t.keys[mk.key]
	m := probe.Match{
		Kind: key.kind, Encoding: fm.encoding(), Confidence: probe.Confirmed,
		SPKI: key.spki, Identity: key.spki,
	}
	if mk.shift > 0 {
		m.Encoding = probe.Mont
		inv := new(big.Int).ModInverse(power2(uint(64*mk.shift), 0), t.order)
		s.Mul(s, inv).Mod(s, t.order)
	}
	t.values(fm, b, s, &m)
	if t.a2.Sign() != 0 && fm < clamp && mk.shift == 0 && (key.kind == privkey.Ed25519 || key.kind == privkey.Ed448) {
		m.Encoding = probe.Expanded
		if n := t.prefix(rest); n > 0 {
			m.End = n
			m.Values = append(m.Values, rest[:n])
		}
	}
	return m, true
}

// prefix returns the length of the other half of the hash, which signatures are
// made with and which gives the scalar away, when dense octets follow the scalar.
func (t *targets) prefix(rest []byte) int {
	if t.size != 32 || len(rest) < 32 || privkey.Redacted(rest[:32]) {
		return 0
	}
	for i := 0; i < 32; i += 8 {
		if classify(binary.LittleEndian.Uint64(rest[i:])) != dense {
			return 0
		}
	}
	for _, k := range t.keys {
		if string(rest[:32]) == string(k.raw) {
			return 0 // the public half
		}
	}
	return 32
}

// values collects what the copies of a key are made of: the number or octets
// themselves, the number modulo the order, in Montgomery form, and what a seed
// expands to.
func (t *targets) values(fm form, b []byte, s *big.Int, m *probe.Match) {
	add := func(v []byte) {
		if len(v) >= t.size/2 {
			m.Values = append(m.Values, v)
		}
	}
	if fm == seed || fm == clamp {
		add(b)
	}
	if fm == seed && t.size == 32 {
		h := sha512.Sum512(b)
		add(h[32:])
	}
	if fm == seed && t.size == 56 {
		var h [114]byte
		sha3.ShakeSum256(h[:], b)
		add(h[57:])
	}
	add(s.Bytes())
	reduced := new(big.Int).Mod(s, t.order)
	if reduced.Cmp(s) != 0 {
		add(reduced.Bytes())
	}
	r := new(big.Int).Lsh(reduced, uint(64*t.words))
	add(r.Mod(r, t.order).Bytes())
}
