package ecscalar

import (
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// anchorLen is how much of a public key is searched for: more is compared then.
const anchorLen = 16

// besideBits is log2 of the number of octets beside public keys that are remembered, in 128 KiB.
const besideBits = 14

// besides finds private halves that lie directly before or behind their public
// half, at any alignment: seed and public key of Ed25519 as most libraries keep
// them, scalar and point of blobs.
type besides struct {
	curves  []*targets
	anchors []string
	tried   *tried.Set // octets that are no private half, with a form of a curve
}

// Beside returns the detector for the private halves that adjoin their public
// half, or nil when the facts hold no key for it.
func Beside(f probe.Facts) probe.Detector {
	d, ok := New(f).(*detector)
	if !ok {
		return nil
	}
	b := &besides{curves: d.curves, tried: tried.New(besideBits)}
	seen := map[string]bool{}
	for _, t := range d.curves {
		for i := range t.keys {
			if a := string(t.keys[i].octets()[:anchorLen]); !seen[a] {
				seen[a] = true
				b.anchors = append(b.anchors, a)
			}
		}
	}
	return b
}

// octets returns the public key without the octet that says how a point is encoded.
func (k *public) octets() []byte {
	if k.kind == privkey.EC {
		return k.raw[1:]
	}
	return k.raw
}

// Spec implements probe.Detector.
func (b *besides) Spec() probe.Spec {
	return probe.Spec{
		ID:      "ec-scalar-beside",
		About:   "private scalars and seeds that adjoin their public key",
		Kinds:   []string{privkey.EC, privkey.Ed25519, privkey.X25519, privkey.Ed448, privkey.X448},
		Anchors: b.anchors,
		// A point of P-521 is two coordinates of 66 octets, its scalar one, and the
		// prefix of a hash 32.
		Before: 1 + 66, After: 3*66 + 32,
	}
}

// Detect tries the octets before the public key, those before the octet 4 that
// begins a point (SEC 1, section 2.3.3), and those behind.
func (b *besides) Detect(v probe.View, emit func(probe.Match)) {
	for c, t := range b.curves {
		for i := range t.keys {
			pub := t.keys[i].octets()
			end := v.At + len(pub)
			if end > len(v.Data) || string(v.Data[v.At:end]) != string(pub) {
				continue
			}
			for _, fm := range []form{bigEnd, littleEnd, seed, clamp} {
				if fm == seed && !t.seeds || fm == clamp && !t.clamps {
					continue
				}
				n := t.octets(fm)
				for _, at := range [...]int{v.At - n, v.At - n - 1, end} {
					b.try(c, fm, v.Data, at, n, emit)
				}
			}
		}
	}
}

// try judges the n octets at at by the keys of curve c when they look random.
func (b *besides) try(c int, fm form, data []byte, at, n int, emit func(probe.Match)) {
	if at < 0 || at+n > len(data) || privkey.Junk(data[at:at+n]) {
		return
	}
	digest := b.tried.Digest(data[at:at+n], uint64(c+1)<<8|uint64(fm))
	if b.tried.Has(digest) {
		return
	}
	m, ok := b.curves[c].judge(fm, data[at:at+n], data[at+n:])
	if !ok {
		b.tried.Add(digest)
		return
	}
	m.Range = probe.Range{Start: at, End: at + n + m.End}
	m.Redact = []probe.Range{m.Range}
	emit(m)
}
