package ecscalar

import "github.com/dumpscrub/dumpscrub/detect/mont"

// chained is part by the chain.
func (s *sums) chained(pts []uint64, jobs []mont.Sum, fail func(owner int)) {
	const n = mont.Limbs
	f := &s.g.f
	var totals, scratch [4 * n]uint64
	s.chain.Climb(pts, jobs, &totals)
	for i := 0; i < len(totals); i += n {
		if zero(totals[i : i+n]) {
			s.mend(pts, jobs, fail)
			s.chain.Climb(pts, jobs, &totals)
			break
		}
	}
	f.invertAll(totals[:], scratch[:], 4)
	s.chain.Finish(s.pts, pts, jobs, &totals)
}

// mend tells the owners of points that have no chord, and puts others in their place.
func (s *sums) mend(pts []uint64, jobs []mont.Sum, fail func(owner int)) {
	x := func(i int32) (z [mont.Limbs]uint64) {
		copy(z[:], pts[2*mont.Limbs*int(i):])
		s.g.f.quick.Lessen(&z)
		return z
	}
	for i := range jobs {
		j := &jobs[i]
		if x(j.P) != x(j.Q) {
			continue
		}
		fail(int(j.Owner))
		for j.Q = 0; x(j.P) == x(j.Q); {
			j.Q++
		}
	}
}
