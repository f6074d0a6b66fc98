package ecscalar

// points is a list of affine points of one curve. Operations on all of them
// share one inversion (Montgomery's trick), which makes affine addition, six
// multiplications each, the cheapest of all.
type points struct {
	g       *group
	x, y    []uint64 // limbs words each
	den     []uint64 // denominators, then their inverses
	product []uint64 // running products
}

func newPoints(g *group, count int) *points {
	n := g.f.limbs
	buf := make([]uint64, 4*count*n)
	return &points{g: g, x: buf[: count*n : count*n], y: buf[count*n : 2*count*n],
		den: buf[2*count*n : 3*count*n], product: buf[3*count*n:]}
}

func (ps *points) put(i int, x, y []uint64) {
	n := ps.g.f.limbs
	copy(ps.x[i*n:], x[:n])
	copy(ps.y[i*n:], y[:n])
}

func (ps *points) at(i int) (x, y []uint64) {
	n := ps.g.f.limbs
	return ps.x[i*n : i*n+n : i*n+n], ps.y[i*n : i*n+n : i*n+n]
}

// invertAll replaces the first count denominators, none of them zero, by their
// inverses.
func (f *field) invertAll(den, product []uint64, count int) {
	n := f.limbs
	if count == 0 {
		return
	}
	copy(product, den[:n])
	for i := n; i < count*n; i += n {
		f.mul(product[i:i+n], product[i-n:i], den[i:i+n])
	}
	var buf [2 * maxLimbs]uint64
	inv, t := buf[:n], buf[maxLimbs:maxLimbs+n]
	last := (count - 1) * n
	f.invert(inv, product[last:last+n])
	for i := last; i > 0; i -= n {
		f.mul(t, inv, product[i-n:i])
		f.mul(inv, inv, den[i:i+n])
		copy(den[i:i+n], t)
	}
	copy(den[:n], inv)
}

// chord sets (x, y) to (x, y) + (x2, y2), where inv is 1/(x2-x).
func (g *group) chord(x, y, x2, y2, inv []uint64) {
	var buf [2 * maxLimbs]uint64
	n := g.f.limbs
	l, t := buf[:n], buf[maxLimbs:maxLimbs+n]
	g.f.sub(t, y2, y)
	g.f.mul(l, t, inv)
	g.line(x, y, x2, l, t)
}

// line sets (x, y) to the third point, mirrored, of the line through (x, y) and
// x2 of slope l. t is scratch.
func (g *group) line(x, y, x2, l, t []uint64) {
	f := &g.f
	f.mul(t, l, l)
	f.sub(t, t, g.a2m)
	f.sub(t, t, x2)
	f.sub(t, t, x) // the new x
	f.sub(x, x, t) // old minus new
	f.mul(l, l, x) //
	f.sub(y, l, y) // the new y
	copy(x, t)
}

// double doubles each point. None of them may be of order two.
func (ps *points) double() {
	f, n := &ps.g.f, ps.g.f.limbs
	for i := 0; i < len(ps.x); i += n {
		f.add(ps.den[i:i+n], ps.y[i:i+n], ps.y[i:i+n])
	}
	f.invertAll(ps.den, ps.product, len(ps.x)/n)
	var buf [3 * maxLimbs]uint64
	l, t, x2 := buf[:n], buf[maxLimbs:maxLimbs+n], buf[2*maxLimbs:2*maxLimbs+n]
	for i := 0; i < len(ps.x); i += n {
		x, y := ps.x[i:i+n], ps.y[i:i+n]
		copy(x2, x)
		f.mul(t, x, x) // 3x² + 2·a2·x + a4
		f.add(l, t, t)
		f.add(l, l, t)
		f.mul(t, ps.g.a2m, x)
		f.add(t, t, t)
		f.add(l, l, t)
		f.add(l, l, ps.g.a4m)
		f.mul(l, l, ps.den[i:i+n])
		ps.g.line(x, y, x2, l, t)
	}
}
