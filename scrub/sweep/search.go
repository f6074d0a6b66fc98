package sweep

import (
	"cmp"
	"encoding/binary"
)

// Hit is a run of bytes that equals a piece of a form.
type Hit struct {
	Start, End int // in the data
	Secret     int // the rank that Seal was told
	Encoding   string
	Text, Wide bool
}

// margin is how far beside what a window owns words are looked for, in bytes: two
// windows may look at bytes of different parity, and this is more than what lies
// between two words of one parity in any form.
const margin = 64

// Search calls emit for every run of at least [MinRun] bytes, more for texts and for
// digits in wide words (or of a whole form), of which an indexed word begins in
// data[lo:hi). Bytes of data outside are context: with [MaxForm] of it on both
// sides, cutting a stream anywhere gives the same runs, some of them more than once.
func (s *Set) Search(data []byte, lo, hi int, emit func(Hit)) {
	if len(s.forms) == 0 {
		return
	}
	lo, hi = max(0, lo-margin), min(len(data), hi+margin)
	s.searchWords(data, lo, hi, emit)
	s.searchTexts(data, lo, hi, emit)
}

// rewind is how far before the end of a run, in bytes, every form that goes on behind it has an
// indexed word: of MinRun bytes one is, whichever they are.
const rewind = MinRun

// searchWords looks at every second byte for an indexed word.
func (s *Set) searchWords(data []byte, lo, hi int, emit func(Hit)) {
	f := &filter{bits: s.filter.bits, shift: s.filter.shift}
	end := min(hi, len(data)-2*wordLen+1)
	i := lo
	for i < end {
		v, w := binary.LittleEndian.Uint64(data[i:]), binary.LittleEndian.Uint64(data[i+8:])
		if v|w == 0 {
			i += 8
			continue
		}
		if !f.has(hash(v)) && !f.has(hash(v>>16|w<<48)) && !f.has(hash(v>>32|w<<32)) && !f.has(hash(v>>48|w<<16)) {
			i += 8
			continue
		}
		next := i + 8
		for ; i < next; i += 2 {
			if e := s.judge(data, i, emit); e > i {
				// The rest of the run holds nothing new but what goes on behind it,
				// a form that is like this one up to there.
				i = max(i, e-rewind)
				next = i + 1
			}
		}
	}
	for ; i < min(hi, len(data)-wordLen+1); i += 2 {
		if e := s.judge(data, i, emit); e > i {
			i = max(i, e-rewind)
		}
	}
}

// judge emits the longest run among the forms that hold the word at i at an
// indexed place, and returns its end, or i.
func (s *Set) judge(data []byte, i int, emit func(Hit)) int {
	v := binary.LittleEndian.Uint64(data[i:])
	h := hash(v)
	if !s.filter.has(h) {
		return i
	}
	best, found := Hit{End: i}, false
	s.lookup(v, h, func(f *form, off int) {
		p := s.mem.mem[f.start:f.end]
		start, end := extend(data, p, i, off)
		sh := &s.shapes[f.kind]
		if n := end - start; n < sh.minRun && n < len(p) || plain(data[start:end]) || f.kind == tokenText && !Rare(data[start:end]) {
			return
		}
		if !sh.text {
			start, end = withoutZeros(data, start, end)
		}
		b := Hit{Start: start, End: end, Secret: int(s.values[f.value].rank), Encoding: sh.encoding, Text: sh.text}
		if !found || better(b, best) {
			best, found = b, true
		}
	})
	if !found {
		return i
	}
	emit(best)
	return best.End
}

// withoutZeros returns the run of data without the zeros that it begins and ends with. They tell
// nothing, and may be the upper bytes of a neighbour, the size of a heap's chunk for one: an octet of zero
// before a number in DER is like any other.
func withoutZeros(data []byte, start, end int) (int, int) {
	for start < end && data[start] == 0 {
		start++
	}
	for start < end && data[end-1] == 0 {
		end--
	}
	return start, end
}

// lookup calls yield for every indexed place of v, which has this hash.
func (s *Set) lookup(v, h uint64, yield func(f *form, off int)) {
	for k := s.slot(h); s.table[k] != 0; {
		if s.word(s.table[k]) == v {
			at := int(s.table[k] - 1)
			f := s.formAt(at)
			yield(f, at-int(f.start))
		}
		if k++; k == len(s.table) {
			k = 0
		}
	}
}

// plain reports runs that any program's memory may hold: with fewer than eight
// different bytes they are zeros, a pattern, or small numbers.
func plain(run []byte) bool {
	var seen [8]byte
	n := 0
next:
	for _, b := range run {
		for _, s := range seen[:n] {
			if s == b {
				continue next
			}
		}
		if n == len(seen)-1 {
			return false
		}
		seen[n] = b
		n++
	}
	return true
}

// better orders hits at one place by what they are, not by when their forms were
// added.
func better(a, b Hit) bool {
	return cmp.Or(
		cmp.Compare(b.End-b.Start, a.End-a.Start), cmp.Compare(a.Secret, b.Secret), cmp.Compare(a.Encoding, b.Encoding),
	) < 0
}

// extend returns the run of data around i that equals p around off.
func extend(data, p []byte, i, off int) (start, end int) {
	start, end = i, i+wordLen
	for o := off; start > 0 && o > 0 && data[start-1] == p[o-1]; o-- {
		start--
	}
	for o := off + wordLen; end < len(data) && o < len(p) && data[end] == p[o]; o++ {
		end++
	}
	return start, end
}
