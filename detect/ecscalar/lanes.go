package ecscalar

import "github.com/dumpscrub/dumpscrub/detect/entropy"

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

// lane enters one lane of size bytes at at.
func (s *scan) lane(c int, fm form, at, size int) {
	g := s.d.curves[c]
	if at < 0 || at+size > len(s.data) {
		return
	}
	b0 := s.data[at : at+size]
	var number [maxLimbs]uint64
	if fm < clamp && size == g.octets(fm) && !g.scalar(fm, b0, number[:g.words]) {
		return
	}
	if s.batches[c] == nil {
		s.batches[c] = g.group.batch()
	}
	b, known := s.batches[c], &s.seen[c]
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
	switch {
	case size > g.octets(fm):
		load(fm, b0, b.next(len(s.ids[c]), size/8))
	case fm < clamp:
		copy(b.next(len(s.ids[c]), g.words), number[:])
	default:
		g.scalar(fm, b0, b.next(len(s.ids[c]), g.words))
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
	var retry []origin
	s.batches[c].run(func(id, k int, x []uint64) {
		o := &ids[id]
		if g.turns && k > 0 && o.fm != littleEnd {
			return
		}
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
	clear(twins)
	clear(s.seen[c].lanes)
	s.ids[c], s.seen[c].twins = ids[:0], twins[:0]
	for _, o := range retry {
		s.lane(c, o.fm, o.at, o.n)
	}
}

// varied reports whether the first n bytes of p have as many different values as
// random bytes have, and neither patterns nor those of machine code: 32 random bytes hold 30 values on
// average and fewer than 24 less than once in a hundred thousand.
func varied(p []byte, n int) bool {
	p = p[:min(n, len(p))]
	switch { // what costs least comes first
	case len(p) > 48 && entropy.Patterned(p[8:]): // numbers of P-521 begin or end with zeros
		return false
	case len(p) <= 48 && len(p) >= 32 && entropy.Patterned(p):
		return false
	}
	if distinct := entropy.Distinct(p); distinct < 2*len(p)/3 || len(p) <= 48 && distinct < 3*len(p)/4 {
		return false
	}
	return !entropy.Code(p) && !entropy.Text(p)
}
