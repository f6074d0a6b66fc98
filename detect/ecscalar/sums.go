package ecscalar

import "github.com/dumpscrub/dumpscrub/detect/mont"

// sums adds points of one array in place, many at a time with one inversion (Montgomery's
// trick), which makes affine addition, six multiplications each, the cheapest of all.
type sums struct {
	g    *group
	pts  []uint64   // x and y of each point
	jobs []mont.Sum // to be done by run; the owner is told when the points are equal or opposite
	// Of the jobs that are done together:
	pairs   []uint64 // the points to be added, side by side
	den     []uint64 // denominators, then their inverses
	product []uint64 // running products
	inverse []uint64 // and their inverses
}

// together is how many additions share an inversion.
const together = 512

func newSums(g *group, count int) sums {
	n, k := g.f.limbs, min(together, count)
	return sums{
		g: g, pts: make([]uint64, count*2*n), jobs: make([]mont.Sum, 0, count/2+1), pairs: make([]uint64, k*4*n),
		den: make([]uint64, k*n), product: make([]uint64, k*n), inverse: make([]uint64, k*n),
	}
}

func (s *sums) point(i int) []uint64 {
	n := 2 * s.g.f.limbs
	return s.pts[i*n : i*n+n : i*n+n]
}

func (s *sums) x(i int) []uint64 { return s.point(i)[:s.g.f.limbs] }

func (s *sums) move(to, from int) { copy(s.point(to), s.point(from)) }

// mirror makes point to the negative of point from.
func (s *sums) mirror(to, from int) {
	n := s.g.f.limbs
	a, b := s.point(to), s.point(from)
	copy(a[:n], b[:n])
	var none [maxLimbs]uint64
	s.g.f.sub(a[n:], none[:n], b[n:])
}

func (s *sums) add(owner, to, p, q int) {
	s.jobs = append(s.jobs, mont.Sum{Owner: int32(owner), To: int32(to), P: int32(p), Q: int32(q)})
}

// run does what was asked for, and tells the owners of points that have no chord. What is
// overwritten must not be asked for by a later job.
func (s *sums) run(fail func(owner int)) { s.runOf(s.pts, fail) }

// runOf is run with points of another array to be added.
func (s *sums) runOf(pts []uint64, fail func(owner int)) {
	for first := 0; first < len(s.jobs); first += together {
		s.part(pts, s.jobs[first:min(first+together, len(s.jobs))], fail)
	}
	s.jobs = s.jobs[:0]
}

func (s *sums) part(pts []uint64, jobs []mont.Sum, fail func(owner int)) {
	f, n := &s.g.f, s.g.f.limbs
	if f.mult == known256 {
		f.quick.Pairs(s.pairs, s.den, pts, jobs)
	} else {
		for i := range jobs {
			pair := s.pairs[i*4*n:][:4*n]
			copy(pair, pts[int(jobs[i].P)*2*n:][:2*n])
			copy(pair[2*n:], pts[int(jobs[i].Q)*2*n:][:2*n])
			f.sub(s.den[i*n:i*n+n], pair[2*n:3*n], pair[:n])
		}
	}
	for i := range jobs {
		if den := s.den[i*n : i*n+n]; zero(den) {
			copy(den, f.one)
			fail(int(jobs[i].Owner))
		}
	}
	s.invert(len(jobs))
	s.g.chords(s.pairs, s.den, len(jobs))
	if f.mult == known256 {
		for i := range jobs {
			copy8((*[8]uint64)(s.pts[8*int(jobs[i].To):]), (*[8]uint64)(s.pairs[16*i:]))
		}
		return
	}
	for i := range jobs {
		copy(s.point(int(jobs[i].To)), s.pairs[i*4*n:][:2*n])
	}
}

// copy8 copies a point of 256 bits without the call that copying an array is.
func copy8(to, from *[8]uint64) {
	to[0], to[1], to[2], to[3] = from[0], from[1], from[2], from[3]
	to[4], to[5], to[6], to[7] = from[4], from[5], from[6], from[7]
}

// invert replaces the first count denominators, none of them zero, by their inverses.
func (s *sums) invert(count int) {
	f, n := &s.g.f, s.g.f.limbs
	const chains = 4 // running products that do not wait for each other
	if count < 2*chains {
		f.invertAll(s.den, s.product, count)
		return
	}
	end := count * n
	copy(s.product, s.den[:chains*n])
	f.products(s.product[chains*n:end], s.product, s.den[chains*n:end], upwards)
	last := s.inverse[end-chains*n : end]
	copy(last, s.product[end-chains*n:end])
	var scratch [chains * maxLimbs]uint64
	f.invertAll(last, scratch[:], chains)
	f.products(s.inverse[:end-chains*n], s.inverse[chains*n:], s.den[chains*n:end], downwards)
	copy(s.den[:chains*n], s.inverse)
	f.products(s.den[chains*n:end], s.inverse[chains*n:], s.product, upwards)
}

// The order in which products are computed, of which each may be a factor of a later one.
const (
	upwards   = false
	downwards = true
)

// products sets the numbers of z to the products of those of x and y.
func (f *field) products(z, x, y []uint64, down bool) {
	n := f.limbs
	if f.mult == known256 {
		f.quick.Products(z, x, y, down)
		return
	}
	if down {
		for i := len(z) - n; i >= 0; i -= n {
			f.mul(z[i:i+n], x[i:i+n], y[i:i+n])
		}
		return
	}
	for i := 0; i < len(z); i += n {
		f.mul(z[i:i+n], x[i:i+n], y[i:i+n])
	}
}

// chords sets the first of each of count pairs of points to their sum, where inv is
// 1/(x2-x1) for each.
func (g *group) chords(pairs, inv []uint64, count int) {
	n := g.f.limbs
	if g.f.mult == known256 {
		g.f.quick.Chords(pairs, inv[:count*n], (*[mont.Limbs]uint64)(g.a2m))
		return
	}
	for i := range count {
		p := pairs[i*4*n:][:4*n]
		g.chord(p[:n], p[n:2*n], p[2*n:3*n], p[3*n:], inv[i*n:i*n+n])
	}
}
