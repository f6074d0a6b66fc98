package ecscalar

// streak is a run of dense windows.
type streak struct {
	*mask
	from        int   // where the mask begins in the data
	copies      []int // where public keys lie
	limit       int   // how many are looked at from both ends
	first, last int   // words of the mask
}

// streak enters the windows of a streak, except those that are thinned and those more than limit from both
// ends.
func (s *scan) streak(c int, st *streak) {
	g := s.d.curves[c]
	k := max(st.first, (s.lo-st.from+7)/word)
	if s.lo < st.from {
		k = st.first
	}
	end := min(st.last+1, (s.hi-st.from+7)/word)
	deepest := st.limit
	if st.limit > 1 && !g.weak {
		deepest = depth
	}
	start := -1
	for ; k <= end; k++ {
		at, use := st.from+word*k, k < end
		if deep := min(k-st.first, st.last-k); use && deep >= st.limit {
			use = deep < deepest && (s.base+int64(at))%slot == 0 || beside(st.copies, at)
			if deep >= deepest && len(st.copies) == 0 && start < 0 {
				k = max(k, min(end, st.last-deepest+1)-1) // those between are not looked at
				continue
			}
		}
		use = use && (k == st.first || k == st.last || !s.thinned(st, k)) && st.isVaried(k, g.size)
		switch {
		case use && start < 0:
			start = k
		case !use && start >= 0:
			s.enter(c, st.from+word*start, k-start, st.from+word*(st.first+rim), st.from+word*(st.last-rim))
			start = -1
		}
	}
}

// thinned reports whether word k lies in the interior of bulk data and is not looked at.
func (s *scan) thinned(st *streak, k int) bool {
	at := st.from + word*k
	return st.inBulk(k) && (s.base+int64(at))%sampleOf >= sample && !beside(st.copies, at)
}

// enter makes lanes of count windows, eight bytes apart, from at on. Between the
// given indices the run has no rim.
func (s *scan) enter(c, at, count, after, before int) {
	g := s.d.curves[c]
	for _, fm := range s.d.forms[c] {
		octets := fm == seed || fm == clamp
		if fm == bigEnd && g.turns {
			continue // littleEnd tells of both
		}
		if g.span == g.words || octets {
			for i := at; i < at+8*count; i += 8 {
				if octets && i >= after && i <= before && (s.base+int64(i))%(slot/2) != 0 {
					continue
				}
				s.lane(c, fm, i, g.octets(fm))
			}
			continue
		}
		step := g.span - g.words + 1
		for i := 0; i < count; i += step {
			s.lane(c, fm, at+8*i, g.size+8*(min(step, count-i)-1))
		}
	}
}
