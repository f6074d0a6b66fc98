package ecscalar

import (
	"math/bits"
	"slices"
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
	ids     [][]origin          // of the lanes in each batch
	seen    []seen              // and what they hold
	sizes   [mostWords + 1]bool // of numbers of whole words, in words
	found   []int
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
