package search

import (
	"fmt"
	"sort"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Searcher holds a set of detectors ready to run. It may be used from several goroutines at once, and
// does not change but for the memory that it keeps for later searches.
type Searcher struct {
	dets     []probe.Detector
	specs    []probe.Spec
	glancers []probe.Glancer // nil for detectors that are none
	filters  []filter        // the detectors that filter for themselves, without a gate
	readers  []reader        // those that filter text
	gates    []gate          // those that have one
	blocks   []filter        // those whose gate leaves everything
	once     sync.Once
	lits     literals // see Searcher.literals
	before   int
	after    int
	looks    sync.Pool // of *look
}

// filter is a detector that filters for itself.
type filter struct {
	probe.Filter
	words probe.WordFilter // itself, if it is one
	det   int              // its index
	depth int              // see [probe.Shallow]; 0 if it is none
}

// reader is a detector that filters text.
type reader struct {
	probe.TextFilter
	det int
}

// Window is a piece of a stream: Data[Lo:Hi) is what this window owns, the rest
// is context. The context must reach as far as [Searcher.Reach] says, except
// where the stream begins or ends.
type Window struct {
	Data []byte
	Base int64 // position in the stream of Data[0]
	// Addr returns the address in the dumped process of Data[i], or its file
	// offset where it is no memory. Between two breaks addresses are contiguous.
	// Nil stands for positions in the stream.
	Addr   func(i int) uint64
	Lo, Hi int
	// Breaks are ascending indices in Data at which unrelated bytes begin: two
	// pieces of memory that are neighbours in the file only. No view reaches
	// across one, and what an anchor straddles is no hit.
	Breaks []int
}

// addr returns the address of Data[i].
func (w *Window) addr(i int) uint64 {
	if w.Addr == nil {
		return uint64(w.Base + int64(i))
	}
	return w.Addr(i)
}

// between returns the indices between which a view at pos may lie.
func (w *Window) between(pos int) (start, end int) {
	i := sort.SearchInts(w.Breaks, pos+1) // the first break behind pos
	start, end = 0, len(w.Data)
	if i > 0 {
		start = w.Breaks[i-1]
	}
	if i < len(w.Breaks) {
		end = w.Breaks[i]
	}
	return start, end
}

// Found is a match and the detector that made it. Its ranges count from the
// beginning of the window's data.
type Found struct {
	Detector int  // index in the slice given to New
	Hit      int  // index in the window's data of the hit
	Wide     bool // the hit was UTF-16LE: so is the text that replaces it
	probe.Match
}

// New builds a searcher. It fails when a detector contradicts the contract.
func New(dets []probe.Detector) (*Searcher, error) {
	s := &Searcher{dets: dets, specs: make([]probe.Spec, len(dets)), glancers: make([]probe.Glancer, len(dets))}
	seen := map[string]bool{}
	for i, d := range dets {
		spec := d.Spec()
		s.specs[i] = spec
		s.glancers[i], _ = d.(probe.Glancer)
		if seen[spec.ID] {
			return nil, fmt.Errorf("detector %q is listed twice", spec.ID)
		}
		seen[spec.ID] = true
		f, filters := d.(probe.Filter)
		if filters == (len(spec.Anchors) > 0) {
			return nil, fmt.Errorf("detector %q: needs either anchors or a filter", spec.ID)
		}
		if filters {
			depth := 0
			if d, ok := d.(probe.Shallow); ok {
				depth = d.Depth()
			}
			if r, ok := d.(probe.TextFilter); ok {
				s.readers = append(s.readers, reader{r, i})
			} else if g, ok := d.(probe.Gated); ok {
				if err := s.addGated(filter{Filter: f, det: i, depth: depth}, g.Gate(), spec); err != nil {
					return nil, err
				}
			} else {
				s.filters = append(s.filters, filter{Filter: f, det: i, depth: depth})
			}
		}
		width := 1
		if spec.Text {
			width = 2
		}
		s.before = max(s.before, spec.Before*width)
		s.after = max(s.after, spec.After*width)
		for _, a := range spec.Anchors {
			if len(a) < minLiteral {
				return nil, fmt.Errorf("detector %q: an anchor is shorter than %d bytes", spec.ID, minLiteral)
			}
			if len(a) > spec.After {
				return nil, fmt.Errorf("detector %q: anchor is longer than the reach", spec.ID)
			}
		}
	}
	return s, nil
}

// literals returns the tables of all anchors. They are made when they are first needed, for that takes
// longer than all else that a small file needs, and what is in no encoding needs none of those of
// what is.
func (s *Searcher) literals() *literals {
	s.once.Do(func() {
		for i := range s.specs {
			for _, a := range s.specs[i].Anchors {
				s.lits.add(a, i, false, s.specs[i].Fold)
				if s.specs[i].Text {
					s.lits.add(widen(a), i, true, s.specs[i].Fold)
				}
			}
		}
		s.lits.build()
	})
	return &s.lits
}

// Anchors calls yield for each anchor that begins in data, with the index of its
// detector, which is not asked. Where several have it, it is yielded for each.
func (s *Searcher) Anchors(data []byte, yield func(pos, detector int)) {
	s.literals().find(data, 0, len(data), func(pos int, lit *literal) {
		for _, i := range lit.dets {
			yield(pos, i)
		}
	})
}

// Mark marks in where the bytes at which an anchor of text begins, one byte a character, and leaves no other
// marks. An anchor is found when all bytes of it are marked but for the last two, and the characters are
// those that [kernel.Classes] have among words. A word of where is about 64 bytes, the first of which is
// data[at].
func (s *Searcher) Mark(where []uint64, data []byte, at int) {
	lits := s.literals()
	if len(lits.texts.entries) == 0 {
		clear(where)
		return
	}
	scan := literalScan{lits, data, at, at + len(where)*kernel.ClassBytes, func(pos int, lit *literal) {
		where[(pos-at)/kernel.ClassBytes] |= 1 << ((pos - at) % kernel.ClassBytes)
	}}
	for k := 0; k < len(where); k += scanWords {
		var marks [scanWords]uint64
		n := copy(marks[:], where[k:])
		clear(where[k : k+n])
		scan.narrow(marks[:n], at+k*kernel.ClassBytes)
	}
}

func widen(s string) string {
	b := make([]byte, 0, 2*len(s))
	for i := range len(s) {
		b = append(b, s[i], 0)
	}
	return string(b)
}

// Reach returns how many bytes of context a window needs before and after the
// bytes that it owns.
func (s *Searcher) Reach() (before, after int) { return s.before, s.after }

// Spec returns the specification of detector i.
func (s *Searcher) Spec(i int) probe.Spec { return s.specs[i] }

// Kinds returns what its detectors find, each kind once.
func (s *Searcher) Kinds() []string {
	var all []string
	seen := map[string]bool{}
	for _, spec := range s.specs {
		for _, k := range spec.Kinds {
			if !seen[k] {
				seen[k] = true
				all = append(all, k)
			}
		}
	}
	return all
}

// Len returns the number of detectors.
func (s *Searcher) Len() int { return len(s.specs) }

// Search emits every match of which the hit lies in w.Data[w.Lo:w.Hi). The same
// match is emitted once for each of its hits; the byte slices in it are valid
// only during the call.
func (s *Searcher) Search(w Window, emit func(Found)) { s.search(w, true, emit) }

// SearchText is Search without the filters of what is no text: in nothing but ASCII there is no key
// as it lies in memory.
func (s *Searcher) SearchText(w Window, emit func(Found)) { s.search(w, false, emit) }

func (s *Searcher) search(w Window, binary bool, emit func(Found)) {
	l, _ := s.looks.Get().(*look)
	if l == nil {
		l = newLook(s)
	}
	l.begin(w, emit)
	for lo := w.Lo; lo < w.Hi; {
		l.first, l.last = w.between(lo)
		hi := min(w.Hi, l.last)
		l.walk(lo, hi, binary)
		if binary {
			l.whole(lo, hi)
		}
		lo = hi
	}
	l.end()
	s.looks.Put(l)
}

// addrMask keeps addresses positive as int64: kernel addresses have the top bit.
const addrMask = 1<<62 - 1
