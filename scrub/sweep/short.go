package sweep

import "encoding/binary"

const (
	// minShortRun is how many bytes of a number are a hit of SearchShort: a limb.
	minShortRun = wordLen
	// minShortVaried is how many different bytes, zeros not counted, must be in it.
	// Of random limbs one in 7,000 has fewer.
	minShortVaried = 6
	// shortBlock is how much is searched at a time, in bytes: its table stays in
	// the second cache.
	shortBlock = 64 << 10
)

// SearchShort is Search for runs of eight bytes and more of the binary forms of
// numbers and octets. It is meant for register notes, where a limb of a key may
// be all that is there; elsewhere so short a run is too often chance. It costs a pass over
// all forms for every 64 KiB of data.
func (s *Set) SearchShort(data []byte, lo, hi int, emit func(Hit)) {
	if len(s.forms) == 0 {
		return
	}
	lo, hi = max(0, lo), min(len(data)-wordLen+1, hi)
	for ; lo < hi; lo += shortBlock {
		s.shortBlock(data, lo, min(lo+shortBlock, hi), emit)
	}
}

// shortBlock indexes the words of data that begin in [lo, hi) and looks up those
// of every form.
func (s *Set) shortBlock(data []byte, lo, hi int, emit func(Hit)) {
	x := newShortIndex(data, lo, hi)
	if x == nil {
		return
	}
	for k := range s.forms {
		f := &s.forms[k]
		sh := &s.shapes[f.kind]
		if c := s.values[f.value].class; c == asIs || c == asText || c == asToken || sh.text || sh.sparse() {
			continue
		}
		p := s.mem.mem[f.start:f.end]
		for off := 0; off+wordLen <= len(p); off++ {
			v := binary.LittleEndian.Uint64(p[off:])
			if !x.filter.has(hash(v)) || variedWord(v) < minShortVaried {
				continue
			}
			x.each(data, v, func(i int) {
				start, end := extend(data, p, i, off)
				if end-start >= minShortRun && (start == i || start < lo && i == lo) {
					// Zeros around a limb are those of the register beside it.
					start, end := withoutZeros(data, start, end)
					emit(Hit{Start: start, End: end, Secret: int(s.values[f.value].rank), Encoding: sh.encoding})
				}
			})
		}
	}
}

// shortIndex finds the words of a block.
type shortIndex struct {
	filter filter
	heads  []int32 // position plus one of the last word with this hash
	next   []int32 // by position: that of the one before
	lo     int
}

// newShortIndex returns nil when no word of data[lo:hi) is worth a search.
func newShortIndex(data []byte, lo, hi int) *shortIndex {
	const heads = 1 << 14
	x := &shortIndex{filter: newFilter(hi - lo), heads: make([]int32, heads), next: make([]int32, hi-lo), lo: lo}
	some := false
	for i := lo; i < hi; i++ {
		v := binary.LittleEndian.Uint64(data[i:])
		if v == 0 || variedWord(v) < minShortVaried {
			continue
		}
		some = true
		h := hash(v)
		x.filter.set(h)
		head := &x.heads[h*slotMix>>(64-14)]
		x.next[i-lo], *head = *head, int32(i-lo)+1
	}
	if !some {
		return nil
	}
	return x
}

// each calls yield for every place of v.
func (x *shortIndex) each(data []byte, v uint64, yield func(i int)) {
	for k := x.heads[hash(v)*slotMix>>(64-14)]; k > 0; k = x.next[k-1] {
		if i := x.lo + int(k-1); binary.LittleEndian.Uint64(data[i:]) == v {
			yield(i)
		}
	}
}
