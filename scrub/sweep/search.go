package sweep

import (
	"cmp"
	"encoding/binary"
	"sort"
)

// Hit is a run of bytes that equals a piece of a form.
type Hit struct {
	Start, End int // in the data
	Secret     int // the rank that Seal was told
	Encoding   string
	Text, Wide bool
}

// Search calls emit for every run of at least [MinRun] bytes, more for texts (or
// of a whole form), of which an indexed word begins in data[lo:hi). Bytes of data outside are
// context: with [MaxForm] of it on both sides, cutting a stream anywhere gives
// the same runs, some of them more than once.
func (s *Set) Search(data []byte, lo, hi int, emit func(Hit)) {
	if len(s.words) == 0 {
		return
	}
	hi = min(hi, len(data)-7)
	filter := s.filter
	for i := lo; i < hi; i++ {
		v := binary.LittleEndian.Uint64(data[i:])
		if v == 0 && i+16 <= len(data) && binary.LittleEndian.Uint64(data[i+8:]) == 0 {
			i += 7
			continue
		}
		if h := hash(v); filter[h>>6]&(1<<(h&63)) == 0 {
			continue
		}
		if end := s.candidates(data, i, v, emit); end > i {
			// The rest of the run holds nothing new but what begins in its last
			// word.
			i = max(i, end-8)
		}
	}
}

// candidates extends every form that holds v at an indexed place, emits the
// longest run among them, and returns its end.
func (s *Set) candidates(data []byte, i int, v uint64, emit func(Hit)) int {
	k := sort.Search(len(s.words), func(k int) bool { return s.words[k].v >= v })
	best, found := Hit{End: i}, false
	for ; k < len(s.words) && s.words[k].v == v; k++ {
		w := s.words[k]
		f := &s.forms[w.form]
		p := s.mem.mem[f.start:f.end]
		start, end := extend(data, p, i, int(w.off))
		if n := end - start; n < f.minRun && n < len(p) || plain(data[start:end]) {
			continue
		}
		h := Hit{Start: start, End: end, Secret: f.rank, Encoding: f.encoding, Text: f.text, Wide: f.wide}
		if !found || better(h, best) {
			best, found = h, true
		}
	}
	if !found {
		return i
	}
	emit(best)
	return best.End
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
	start, end = i, i+8
	for o := off; start > 0 && o > 0 && data[start-1] == p[o-1]; o-- {
		start--
	}
	for o := off + 8; end < len(data) && o < len(p) && data[end] == p[o]; o++ {
		end++
	}
	return start, end
}
