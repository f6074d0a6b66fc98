package ecscalar

import (
	"encoding/binary"
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
	if to-from < 8 {
		return
	}
	cls := make([]class, (to-from)/8)
	var copies []int
	found := false
	for k := 0; k < len(cls); k++ {
		if k&7 == 0 && k+8 <= len(cls) && empty(s.data[from+8*k:]) {
			k += 7
			continue
		}
		w := binary.LittleEndian.Uint64(s.data[from+8*k:])
		if w == 0 {
			continue
		}
		if cls[k] = classify(w); cls[k] == dense {
			found = true
			if s.d.sieve[w>>8&(1<<sieveBits-1)/64]>>(w>>8&63)&1 != 0 && s.d.words[w] {
				copies = append(copies, from+8*k)
			}
		}
	}
	if !found {
		return
	}
	thin := s.thinned(cls, from, copies)
	for c := range s.d.curves {
		s.curve(c, ph, cls, from, copies, thin)
	}
}

// thinned returns, for each word, whether it lies in the interior of bulk data and
// is not looked at.
func (s *scan) thinned(cls []class, from int, copies []int) []bool {
	// A line counts by its own position in the stream, so that it is the same
	// wherever the data was cut.
	skew := int((s.base + int64(from)) & (line - 1))
	n := (8*len(cls)+skew)/line + 1
	counts := make([]uint8, n)
	for k, c := range cls {
		if c == dense {
			counts[(8*k+skew)/line]++
		}
	}
	const most, lines = line/8 - 2, bulk / line
	left, right := make([]int16, n), make([]int16, n)
	run := int16(0)
	for i := range n {
		if run++; counts[i] < most {
			run = 0
		}
		left[i], run = run, min(run, lines)
	}
	run = 0
	for i := n - 1; i >= 0; i-- {
		if run++; counts[i] < most {
			run = 0
		}
		right[i], run = run, min(run, lines)
	}
	thin := make([]bool, len(cls))
	for k := range cls {
		i := (8*k + skew) / line
		if left[i] < lines || right[i] < lines {
			continue
		}
		at := from + 8*k
		thin[k] = (s.base+int64(at))%sampleOf >= sample && !beside(copies, at)
	}
	return thin
}

// beside reports whether at lies near one of the ascending positions.
func beside(positions []int, at int) bool {
	i, _ := slices.BinarySearch(positions, at-near)
	return i < len(positions) && positions[i] <= at+near
}

// curve enters what may be scalars of curve c.
func (s *scan) curve(c int, ph int64, cls []class, from int, copies []int, thin []bool) {
	g := s.d.curves[c]
	n := max(1, g.size/8) // whole words of a candidate
	limit := edge
	if ph != 0 {
		limit = 1
	}
	ok := func(k int) bool {
		softs := 0
		for _, v := range cls[k : k+n] {
			switch v {
			case hard:
				return false
			case soft:
				softs++
			}
		}
		return softs <= 1
	}
	for k := 0; k+n <= len(cls); {
		if cls[k] == hard || !ok(k) {
			k++
			continue
		}
		end := k + 1
		for end+n <= len(cls) && cls[end+n-1] != hard && ok(end) {
			end++
		}
		s.streak(c, cls, from, copies, thin, k, end, limit)
		k = end
	}
	if g.size == 66 && ph == 0 {
		s.headed(c, cls, from)
	}
}

// headed enters big-endian numbers of P-521 of which the first two octets are zero, as are those
// of one in 512: a word that begins so is hard, but is theirs when dense ones follow.
func (s *scan) headed(c int, cls []class, from int) {
	const words = 66 / 8
	for k := max(0, (s.lo-from+7)/8); k+words <= len(cls) && from+8*k < s.hi; k++ {
		if cls[k] != hard {
			continue
		}
		at := from + 8*k
		w := binary.LittleEndian.Uint64(s.data[at:])
		if w == 0 || w<<48 != 0 || classify(w|1) == hard {
			continue
		}
		softs := 0
		for _, v := range cls[k+1 : k+words] {
			switch v {
			case hard:
				softs = words
			case soft:
				softs++
			}
		}
		if softs <= 2 && at+66 <= len(s.data) && varied(s.data[at:], 66) {
			s.lane(c, bigEnd, at, 66)
		}
	}
}

// streak enters the positions k to end, all of which begin a dense window, except
// those that are thinned and those more than limit from both ends.
func (s *scan) streak(c int, cls []class, from int, copies []int, thin []bool, k, end, limit int) {
	first, last := k, end-1
	k = max(k, (s.lo-from+7)/8)
	if s.lo < from {
		k = first
	}
	end = min(end, (s.hi-from+7)/8)
	g := s.d.curves[c]
	start := -1
	for ; k <= end; k++ {
		at := from + 8*k
		use := k < end && (!thin[k] || k == first || k == last)
		if deep := min(k-first, last-k); use && deep >= limit {
			use = limit > 1 && !g.weak && deep < depth && (s.base+int64(at))%slot == 0 || beside(copies, at)
		}
		use = use && varied(s.data[at:], g.size)
		switch {
		case use && start < 0:
			start = k
		case !use && start >= 0:
			s.enter(c, from+8*start, k-start, from+8*(first+rim), from+8*(last-rim))
			start = -1
		}
	}
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

// empty reports whether the line that p begins with is zero, as most of most dumps is.
func empty(p []byte) bool {
	p = p[:line]
	le := binary.LittleEndian
	return le.Uint64(p)|le.Uint64(p[8:])|le.Uint64(p[16:])|le.Uint64(p[24:])|
		le.Uint64(p[32:])|le.Uint64(p[40:])|le.Uint64(p[48:])|le.Uint64(p[56:]) == 0
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
