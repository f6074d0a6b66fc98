package ecscalar

import (
	"crypto/sha512"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// Base is the base point of a curve, ready to be multiplied by many numbers at once,
// which costs a tenth of what so many single multiplications do. The table for that is made after the first
// few. It may be used from several goroutines at once.
type Base struct {
	shape shape
	curve privkey.Curve
	few   few
}

// NewBase returns the base point of a curve that this package computes on: P-224,
// P-256, P-384, P-521 or secp256k1; else nil.
func NewBase(c privkey.Curve) *Base {
	s, ok := shapeOf(c)
	if !ok {
		return nil
	}
	b := &Base{shape: s, curve: c}
	b.few.left.Store(fewOf(c))
	return b
}

// NewBase25519 returns the base point of Curve25519.
func NewBase25519() *Base {
	b := &Base{shape: montgomery25519()}
	b.few.left.Store(few25519)
	return b
}

// Scalar is octets that may be a private number, and the order in which they lie.
type Scalar struct {
	Octets []byte
	Little bool // least significant octet first
}

// Coordinates calls yield(i, x) with the x coordinate of the base point times ks[i], most
// significant octet first. Numbers that are zero modulo the order are left out; those
// above it are taken modulo it.
func (b *Base) Coordinates(ks []Scalar, yield func(i int, x []byte)) {
	if b.few.take(len(ks)) {
		b.single(ks, yield)
		return
	}
	g := b.shape.ready()
	bt := g.batch()
	defer g.idle.Put(bt)
	p := make([]byte, 8*g.f.limbs)
	run := func() {
		bt.run(func(i, k int, x []uint64) {
			if x != nil && k == 0 {
				yield(i, g.f.octets(p, x)[len(p)-g.size:])
			}
		})
	}
	for i, k := range ks {
		if bt.full() {
			run()
		}
		fm := bigEnd
		if k.Little {
			fm = littleEnd
		}
		w := bt.next(i, g.words)
		load(fm, k.Octets, w)
		g.dodge(w)
	}
	run()
}

// Turned calls yield(i, x, turned) with the x coordinates of the base point times the number of 32 octets, the most significant one
// first, and times that of the same octets in reverse, most significant octet first. One is nil where the number is
// zero modulo the order. b is that of P-256 or secp256k1.
func (b *Base) Turned(octets [][]byte, yield func(i int, x, turned []byte)) {
	if b.few.take(2 * len(octets)) {
		for i, p := range octets {
			var both [2][]byte
			b.single([]Scalar{{Octets: p}, {Octets: p, Little: true}}, func(k int, x []byte) { both[k] = slices.Clone(x) })
			yield(i, both[0], both[1])
		}
		return
	}
	g := b.shape.ready()
	bt := g.batch()
	defer g.idle.Put(bt)
	var buf [2 * turnOctet]byte
	var x []byte
	run := func() {
		bt.run(func(i, k int, v []uint64) {
			var to []byte
			if v != nil {
				to = g.f.octets(buf[k*turnOctet:(k+1)*turnOctet], v)
			}
			if k == 0 {
				x = to
				return
			}
			yield(i, x, to)
		})
	}
	for i, p := range octets {
		if bt.full() {
			run()
		}
		load(bigEnd, p, bt.next(i, g.words))
	}
	run()
}

// Twisted calls yield(i, u, y, e) with the public keys that belong to 32 octets in
// seeds[i]: u of X25519 when they are its private key (RFC 7748, section 6.1), y of
// Ed25519, without the sign of x, when they are a seed (RFC 8032, section 5.1.5), and e of Ed25519
// when they are the scalar that a seed was expanded to, which is nil when they are none; each
// is most significant octet first. b is that of Curve25519.
func (b *Base) Twisted(seeds [][]byte, yield func(i int, u, y, e []byte)) {
	if b.few.take(len(seeds)) {
		b.twisted(seeds, yield)
		return
	}
	g := b.shape.ready()
	f, n := &g.f, g.f.limbs
	const most = maxLanes / 2
	bt := g.batch()
	defer g.idle.Put(bt)
	var us, num, den, expanded, below, product [most * 4]uint64
	var bufU, bufY, bufE [32]byte
	// edwards is y = (u-1)/(u+1), as a numerator and a denominator.
	edwards := func(num, den, u []uint64) {
		f.sub(num, u, f.one)
		if f.add(den, u, f.one); zero(den) {
			copy(den, f.one)
		}
	}
	for first := 0; first < len(seeds); first += most {
		part := seeds[first:min(first+most, len(seeds))]
		clear(us[:])
		clear(num[:])
		clear(expanded[:])
		for i := range part {
			copy(den[i*n:], f.one) // where there is no result
			copy(below[i*n:], f.one)
		}
		any := false // of the scalars is expanded
		for i, p := range part {
			w := bt.next(2*i, g.words)
			load(littleEnd, p, w)
			g.clamp(w)
			h := sha512.Sum512(p)
			w = bt.next(2*i+1, g.words)
			load(littleEnd, h[:32], w)
			g.clamp(w)
		}
		bt.run(func(k, _ int, x []uint64) {
			at := k / 2 * n
			switch {
			case x == nil:
			case k%2 == 0:
				copy(us[at:at+n], x)
				if Clamped(part[k/2]) {
					any = true
					edwards(expanded[at:at+n], below[at:at+n], x)
				}
			default:
				edwards(num[at:at+n], den[at:at+n], x)
			}
		})
		f.invertAll(den[:], product[:], len(part))
		if any {
			f.invertAll(below[:], product[:], len(part))
		}
		for i := range part {
			at := i * n
			f.mul(num[at:at+n], num[at:at+n], den[at:at+n])
			var e []byte
			if Clamped(part[i]) {
				f.mul(expanded[at:at+n], expanded[at:at+n], below[at:at+n])
				e = f.octets(bufE[:], expanded[at:at+n])
			}
			yield(first+i, f.octets(bufU[:], us[at:at+n]), f.octets(bufY[:], num[at:at+n]), e)
		}
	}
}

// Clamped reports whether 32 octets can be a scalar that RFC 8032, section 5.1.5, makes of a seed:
// one of 32 random ones can.
func Clamped(p []byte) bool { return len(p) == 32 && p[0]&7 == 0 && p[31]>>6 == 1 }

// octets writes x, out of Montgomery form, to p, which has eight octets for each limb,
// most significant octet first, and returns p.
func (f *field) octets(p []byte, x []uint64) []byte {
	var buf [2 * maxLimbs]uint64
	one, z := buf[:f.limbs], buf[maxLimbs:maxLimbs+f.limbs]
	one[0] = 1
	f.mul(z, x, one)
	for i, w := range z {
		binary.BigEndian.PutUint64(p[len(p)-8*i-8:], w)
	}
	return p
}
