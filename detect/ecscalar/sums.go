package ecscalar

import "github.com/dumpscrub/dumpscrub/detect/mont"

// sums adds points of one array in place, many at a time with one inversion (Montgomery's
// trick), which makes affine addition, six multiplications each, the cheapest of all.
type sums struct {
	g     *group
	pts   []uint64    // x and y of each point
	jobs  []mont.Sum  // to be done by run; the owner is told when the points are equal or opposite
	chain *mont.Chain // what does them, or nil
	// Of the jobs that are done together without it:
	pairs   []uint64 // the points to be added, side by side
	den     []uint64 // denominators, then their inverses
	product []uint64 // running products
}

// together is how many additions share an inversion.
const together = 1024

func newSums(g *group, count int) sums {
	n, k := g.f.limbs, min(together, count)
	s := sums{g: g, pts: make([]uint64, count*2*n), jobs: make([]mont.Sum, 0, count/2+1)}
	if g.f.mult == known256 {
		if s.chain = g.f.quick.NewChain(k + 3); s.chain != nil {
			return s
		}
	}
	s.pairs, s.den, s.product = make([]uint64, k*4*n), make([]uint64, k*n), make([]uint64, k*n)
	return s
}

func (s *sums) point(i int) []uint64 {
	n := 2 * s.g.f.limbs
	return s.pts[i*n : i*n+n : i*n+n]
}

func (s *sums) x(i int) []uint64 {
	x := s.point(i)[:s.g.f.limbs]
	s.lessen(x)
	return x
}

// lessen brings what a chain has made below the prime.
func (s *sums) lessen(x []uint64) {
	if s.chain != nil {
		s.g.f.quick.Lessen((*[mont.Limbs]uint64)(x))
	}
}

func (s *sums) move(to, from int) { copy(s.point(to), s.point(from)) }

// mirror makes point to the negative of point from.
func (s *sums) mirror(to, from int) {
	n := s.g.f.limbs
	a, b := s.point(to), s.point(from)
	copy(a[:n], b[:n])
	s.lessen(b[n:])
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
	for s.chain != nil && len(s.jobs)%4 != 0 {
		s.jobs = append(s.jobs, s.jobs[len(s.jobs)-1]) // a chain adds four at a time
	}
	for first := 0; first < len(s.jobs); first += together {
		part := s.jobs[first:min(first+together, len(s.jobs))]
		if s.chain != nil {
			s.chained(pts, part, fail)
		} else {
			s.part(pts, part, fail)
		}
	}
	s.jobs = s.jobs[:0]
}

func (s *sums) part(pts []uint64, jobs []mont.Sum, fail func(owner int)) {
	f, n := &s.g.f, s.g.f.limbs
	for i := range jobs {
		pair := s.pairs[i*4*n:][:4*n]
		copy(pair, pts[int(jobs[i].P)*2*n:][:2*n])
		copy(pair[2*n:], pts[int(jobs[i].Q)*2*n:][:2*n])
		f.sub(s.den[i*n:i*n+n], pair[2*n:3*n], pair[:n])
	}
	for i := range jobs {
		if den := s.den[i*n : i*n+n]; zero(den) {
			copy(den, f.one)
			fail(int(jobs[i].Owner))
		}
	}
	f.invertAll(s.den, s.product, len(jobs))
	for i := range jobs {
		p := s.pairs[i*4*n:][:4*n]
		s.g.chord(p[:n], p[n:2*n], p[2*n:3*n], p[3*n:], s.den[i*n:i*n+n])
		copy(s.point(int(jobs[i].To)), p)
	}
}
