package ecscalar

import (
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

const (
	// near is how close to a copy of a public key, in bytes, nothing is left out.
	near = 4 << 10
	// bulk is how many bytes of dense data must lie on both sides of a position
	// to make it one of compressed or encrypted data, the interior of
	// which is thinned.
	bulk = 2 << 10
	// sample says which part of bulk data is looked at: the first 256 bytes of every
	// 64 KiB of the stream.
	sampleOf, sample = 64 << 10, 256
	// edge is how many positions from either end of a dense run are tested: a
	// private number and a point lie between a position so deep and the end.
	edge = 12
	// depth is how many are tested where runtimes that allocate objects of one size
	// side by side put them, at multiples of slot bytes; but not on slow curves, where
	// one multiplication costs as much as four to forty on the others. What lies deeper
	// in a run of dense data is part of something else, unless a public key lies near.
	depth, slot = 32, 32
	// Octets as libraries keep them, seeds for one, lie where they were allocated, at
	// multiples of half a slot, but for those at the ends of a run, rim positions long.
	rim = 2
	// reach is how far from a position its verdict may look.
	reach = near + 512
	line  = 64 // bytes
)

// scan is one call of Filter.
type scan struct {
	d       *detector
	data    []byte
	base    int64
	lo, hi  int
	batches []*batch
	ids     [][]origin // of the lanes in each batch
	seen    []seen     // and what they hold
	found   []int
}

// origin says where a lane came from.
type origin struct {
	at, n  int // where its bytes lie
	fm     form
	digest uint64 // see tried
	open   bool   // not to be remembered: a window met a key or nothing is known of it
}

// seen tells the lanes of a batch by what they hold: memory repeats itself.
type seen struct {
	lanes map[uint64]int // by digest of form and octets
	twins [][]int        // of each lane: where else its octets lie
}

// Filter names the positions at which a scalar lies. It proves them itself,
// because that is cheap only for many at once.
func (d *detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	s := &scan{d: d, data: data, base: base, lo: lo, hi: min(hi, len(data)),
		batches: make([]*batch, len(d.curves)), ids: make([][]origin, len(d.curves)), seen: make([]seen, len(d.curves))}
	s.phase(0)
	s.phase(4)
	s.arrays()
	for again := true; again; {
		again = false
		for c, b := range s.batches {
			if b != nil && len(b.lanes) > 0 {
				s.flush(c)
				again = true
			}
		}
	}
	for c, b := range s.batches {
		if b != nil {
			d.curves[c].idle.Put(b)
		}
	}
	slices.Sort(s.found)
	for _, i := range slices.Compact(s.found) {
		hit(i)
	}
}

// phase looks at the words at stream positions that are ph modulo 8.
func (s *scan) phase(ph int64) {
	from := max(0, s.lo-reach)
	from += int((ph - (s.base + int64(from))) & 7)
	to := min(len(s.data), s.hi+reach)
	if to-from < word {
		return
	}
	m := newMask(s.data[from:to])
	if m == nil {
		return
	}
	m.lines(s.base + int64(from))
	st := streak{mask: m, from: from, copies: s.copies(m, from), limit: edge}
	if ph != 0 {
		st.limit = 1
	}
	for c, g := range s.d.curves {
		m.runs(max(1, g.size/word), func(first, last int) {
			st.first, st.last = first, last
			s.streak(c, &st)
		})
		if g.size == 66 && ph == 0 {
			s.headed(c, m, from)
		}
	}
}

// copies returns where in the data public keys seem to begin, of which the words of m from from on tell.
func (s *scan) copies(m *mask, from int) (found []int) {
	for i, w := range m.dense {
		for ; w != 0; w &= w - 1 {
			k := 64*i + bits.TrailingZeros64(w)
			x := m.word(k)
			if s.d.sieve[x>>8&(1<<sieveBits-1)/64]>>(x>>8&63)&1 != 0 && s.d.words[x] {
				found = append(found, from+word*k)
			}
		}
	}
	return found
}

// beside reports whether at lies near one of the ascending positions.
func beside(positions []int, at int) bool {
	if len(positions) == 0 {
		return false
	}
	i, _ := slices.BinarySearch(positions, at-near)
	return i < len(positions) && positions[i] <= at+near
}

// headed enters big-endian numbers of P-521 of which the first two octets are zero, as are those
// of one in 512: a word that begins so is hard, but is theirs when dense ones follow.
func (s *scan) headed(c int, m *mask, from int) {
	const words = 66 / word
	for k := max(0, (s.lo-from+7)/word); k+words <= m.n && from+word*k < s.hi; k++ {
		if m.count(k+1) < words-4 {
			continue // two of the seven others may be soft
		}
		w := m.word(k)
		if w == 0 || w<<48 != 0 || classify(w) != hard || classify(w|1) == hard {
			continue
		}
		softs := 0
		for i := k + 1; i < k+words; i++ {
			switch classify(m.word(i)) {
			case hard:
				softs = words
			case soft:
				softs++
			}
		}
		if at := from + word*k; softs <= 2 && at+66 <= len(s.data) && varied(s.data[at:], 66) {
			s.lane(c, bigEnd, at, 66)
		}
	}
}

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

// lane enters one lane of size bytes at at.
func (s *scan) lane(c int, fm form, at, size int) {
	g := s.d.curves[c]
	if at < 0 || at+size > len(s.data) {
		return
	}
	if s.batches[c] == nil {
		s.batches[c] = g.group.batch()
	}
	b, known := s.batches[c], &s.seen[c]
	b0 := s.data[at : at+size]
	digest := s.d.tried.Digest(b0, uint64(c+1)<<8|uint64(fm))
	if s.d.tried.Has(digest) {
		return
	}
	if k, ok := known.lanes[digest]; ok {
		if o := s.ids[c][k]; o.fm == fm && string(s.data[o.at:o.at+o.n]) == string(b0) {
			known.twins[k] = append(known.twins[k], at)
			return
		}
	}
	if b.full() {
		s.flush(c)
	}
	if size > g.octets(fm) {
		load(fm, b0, b.next(len(s.ids[c]), size/8))
	} else if !g.scalar(fm, b0, b.next(len(s.ids[c]), g.words)) {
		b.drop()
		return
	}
	if known.lanes == nil {
		known.lanes = make(map[uint64]int)
	}
	known.lanes[digest] = len(s.ids[c])
	s.ids[c], known.twins = append(s.ids[c], origin{at: at, n: size, fm: fm, digest: digest}), append(known.twins, nil)
}

// flush computes the lanes of curve c and notes which windows met a public key.
func (s *scan) flush(c int) {
	g, ids, twins := s.d.curves[c], s.ids[c], s.seen[c].twins
	s.ids[c], s.seen[c] = nil, seen{}
	var retry []origin
	s.batches[c].run(func(id, k int, x []uint64) {
		o := &ids[id]
		in, size := 0, g.octets(o.fm) // where in the lane's octets the window lies
		if o.n > size {
			if in = 8 * k; !o.fm.forward() {
				in = o.n - size - 8*k
			}
		}
		if x == nil {
			o.open = true
			// Data made to collide; alone, a window cannot, unless it is zero.
			if o.n > size {
				for _, at := range append(twins[id], o.at) {
					retry = append(retry, origin{at: at + in, n: size, fm: o.fm})
				}
			}
			return
		}
		if _, ok := g.lookup(x); ok {
			o.open = true
			for _, at := range append(twins[id], o.at) {
				if at += in; at >= s.lo && at < s.hi {
					s.found = append(s.found, at)
				}
			}
		}
	})
	for i := range ids {
		if !ids[i].open {
			s.d.tried.Add(ids[i].digest)
		}
	}
	for _, o := range retry {
		s.lane(c, o.fm, o.at, o.n)
	}
}

// varied reports whether the first n bytes of p have as many different values as
// random bytes have, and neither patterns nor those of machine code: 32 random bytes hold 30 values on
// average and fewer than 24 less than once in a hundred thousand.
func varied(p []byte, n int) bool {
	p = p[:min(n, len(p))]
	switch {
	case len(p) > 48 && entropy.Patterned(p[8:]): // numbers of P-521 begin or end with zeros
		return false
	case len(p) <= 48 && len(p) >= 32 && entropy.Patterned(p):
		return false
	case entropy.Code(p) || entropy.Text(p):
		return false
	}
	var seen [4]uint64
	for _, b := range p {
		seen[b>>6] |= 1 << (b & 63)
	}
	distinct := bits.OnesCount64(seen[0]) + bits.OnesCount64(seen[1]) +
		bits.OnesCount64(seen[2]) + bits.OnesCount64(seen[3])
	if len(p) > 48 {
		return distinct >= 2*len(p)/3
	}
	return distinct >= 3*len(p)/4
}
