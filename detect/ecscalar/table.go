package ecscalar

import (
	"crypto/sha512"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/mont"
)

// group is a curve ready to compute with. Its table has an entry for each value d of
// each digit of a lane: d times what the digit stands for times G, plus an offset, which
// makes that of zero a point like the others. The offsets of the digits of a word add
// up to nothing. None of it changes.
type group struct {
	shape
	f   field
	a2m []uint64
	a4m []uint64
	// factor is what y has in the points that are added, and what takes it off: see [mont.Chain]. They may be nil.
	factor, unfactor []uint64
	bits             int       // of a digit
	rows             int       // digits of a word
	table            []uint64  // x and y of each entry
	idle             sync.Pool // batches of maxLanes that are not in use
}

// batch returns one for maxLanes single scalars, to be given back to idle.
func (g *group) batch() *batch {
	if b, ok := g.idle.Get().(*batch); ok {
		return b
	}
	return newBatch(g, maxLanes)
}

// The bits of digits: tables of 3 MiB and 23 additions for a scalar of 256 bits, which is the
// least time for a whole dump; but no more than needs be where an entry is dear. Curves of which numbers are turned
// have others, see turn.go.
const (
	digitBits     = 11
	digitBitsWeak = 8
)

// made holds what is made of each curve, once, when it is first needed: some provers and some rounds
// compute on the same curves.
var made [curveCount]struct {
	once sync.Once
	g    *group
}

// ready returns the curve with its table.
func (s shape) ready() *group {
	m := &made[s.id]
	m.once.Do(func() { m.g = newGroup(s) })
	return m.g
}

func newGroup(s shape) *group {
	g := &group{shape: s, f: newField(s.p), bits: digitBits}
	if s.weak {
		g.bits = digitBitsWeak
	}
	g.rows = (64 + g.bits - 1) / g.bits
	g.a2m, g.a4m = g.f.element(s.a2), g.f.element(s.a4)
	if c := newSums(g, 1).chain; c != nil {
		g.factor, g.unfactor = c.Factor[:], make([]uint64, mont.Limbs)
		g.f.invert(g.unfactor, g.factor)
	}
	if s.turns {
		g.rows = sideRows / g.words
		g.table = g.turnTable()
		return g
	}
	powers := g.powers(g.f.element(g.gx), g.f.element(g.gy), 64*g.span)
	entries := g.rows * s.span << g.bits
	b := &builder{g, newSums(g, entries+64*s.span)}
	// Behind the entries, 2^i·G for each bit i of the words.
	copy(b.s.pts[entries*2*g.f.limbs:], powers)
	b.offsets(powers)
	for bit := range g.bits {
		for j := range g.rows * s.span {
			w, r := j/g.rows, j%g.rows
			if r*g.bits+bit >= 64 {
				continue // no value of the last digit has this bit
			}
			step := entries + 64*w + r*g.bits + bit
			for d := range 1 << bit {
				b.s.add(0, j<<g.bits+1<<bit+d, j<<g.bits+d, step)
			}
		}
		b.settle()
	}
	g.table = b.s.pts[: entries*2*g.f.limbs : entries*2*g.f.limbs]
	return g
}

// powers returns 2^i·P for i below count, as points to be added; x and y are in Montgomery form.
func (g *group) powers(x, y []uint64, count int) []uint64 {
	n := g.f.limbs
	one, out := newPoints(g, 1), make([]uint64, 0, count*2*n)
	one.put(0, x, y)
	for range count {
		out = append(append(out, one.x...), one.y...)
		if v := out[len(out)-n:]; g.factor != nil {
			g.f.mul(v, v, g.factor)
		}
		one.double()
	}
	return out
}

// builder makes a table in place.
type builder struct {
	g *group
	s sums
}

// settle runs the additions that were asked for, all of which have a chord.
func (b *builder) settle() {
	b.s.run(func(int) { panic("ecscalar: internal error: two equal points in a table") })
}

// offsets puts the offset of each digit where the entry of its zero is: multiples of G that
// have nothing to do with those that digits stand for, and at the last digit of a word what they
// lack to zero. Each is the sum of some powers.
func (b *builder) offsets(powers []uint64) {
	const terms = 16
	g, size := b.g, 2*b.g.f.limbs
	each := 64 * g.words / terms // bits of which one is a term
	s := newSums(g, g.rows*terms)
	for r := range g.rows - 1 {
		h := sha512.Sum512([]byte{byte(r)})
		for i := range terms {
			k := i*each + int(h[i])%each
			copy(s.point(r*terms+i), powers[k*size:(k+1)*size])
		}
	}
	sum := &builder{g: g, s: s}
	for m := terms / 2; m > 0; m /= 2 {
		for r := range g.rows - 1 {
			for i := range m {
				at := r * terms
				sum.s.add(0, at+i, at+2*i, at+2*i+1)
			}
		}
		sum.settle()
	}
	last := (g.rows - 1) * terms
	s.move(last, 0)
	for r := 1; r < g.rows-1; r++ {
		sum.s.add(0, last, last, r*terms)
		sum.settle()
	}
	s.mirror(last, last)
	for j := range g.rows * g.span {
		copy(b.s.point(j<<g.bits), s.point(j%g.rows*terms))
	}
}
