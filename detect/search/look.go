package search

import (
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/survey"
)

// look is one search of a window after the other. The functions that it hands to detectors and filters
// are made once: each that was made for a call would be garbage.
type look struct {
	s    *Searcher
	w    Window
	emit func(Found)

	first, last int           // the borders between which the views lie
	survey      survey.Survey // of the block at hand; it counts from first
	own         probe.Range   // what the window owns of it, counted from first
	gate        *gate         // that is at hand
	zeros       []probe.Range // blocks of zeros in the window, for filters without a gate
	spare       []probe.Range // for matches to come: what only looks random is met often

	det   int // the detector whose filter or view is at hand
	hit   int // and where its view's hit is,
	start int // where the view begins, both in the window's data,
	wide  bool

	literal   func(pos int, lit *literal) // takes literals
	candidate func(i int)                 // takes places that filters name, counted from first
	match     func(m probe.Match)         // takes what detectors emit
	behind    func(lo, hi int)            // takes what the gate at hand leaves, counted from first
}

func newLook(s *Searcher) *look {
	l := &look{s: s}
	l.candidate = func(i int) { l.detect(l.det, l.first+i, false) }
	l.literal, l.match, l.behind = l.anchor, l.found, l.left
	return l
}

// begin makes l ready for a window.
func (l *look) begin(w Window, emit func(Found)) { l.w, l.emit, l.first, l.last = w, emit, 0, 0 }

// end lets the window go.
func (l *look) end() {
	l.w, l.emit = Window{}, nil
	l.survey.End()
}

// textDepth is how deep in zeros filters of text have candidates at most.
const textDepth = 128

// walk moves over the window's data[lo:hi), between whose ends there is no break, a block at a time. A block
// is surveyed, and all that looks at memory looks at it, before the next one is touched.
func (l *look) walk(lo, hi int, binary bool) {
	lits := l.s.literals()
	text := len(lits.all)+len(l.s.readers) > 0
	binary = binary && len(l.s.gates)+len(l.s.blocks) > 0
	if !text && !binary {
		return
	}
	l.own = probe.Range{Start: lo - l.first, End: hi - l.first}
	data, base := l.data()
	deep := max(lits.longest, textDepth, survey.Deep)
	if lits.zeros {
		deep = 0
	}
	b := &l.survey
	for b.Begin(data, base, l.own.Start, lits.reach(data, l.own.End), deep); b.Next(); {
		end := min(b.Hi, l.own.End)
		if text {
			b.Characters()
			l.text(end)
		}
		if binary && b.Lo < end {
			l.gated(end)
		}
	}
}

// text looks for literals in the block at hand, and runs the filters of text over its beginning, up to hi. Behind
// that is what may be the rest of a literal.
func (l *look) text(hi int) {
	b := &l.survey
	l.s.literals().findIn(b.Data, b.Text, b.Lo, b.Hi, l.own.Start, l.own.End, l.literal)
	if b.Lo >= hi {
		return
	}
	for k := range l.s.readers {
		l.det = l.s.readers[k].det
		l.s.readers[k].FilterText(b.Data, b.Base, b.Text, b.Lo, hi, l.candidate)
	}
}

// anchor takes a literal that begins at pos, counted from first.
func (l *look) anchor(pos int, lit *literal) {
	data := l.w.Data[l.first:l.last]
	for _, i := range lit.dets {
		if g := l.s.glancers[i]; g == nil || g.Glance(data, pos, lit.wide) {
			l.detect(i, l.first+pos, lit.wide)
		}
	}
}

// whole runs the filters that have no gate over the window's data[lo:hi), between whose ends there is no
// break. They look far around, and belong to deep runs.
func (l *look) whole(lo, hi int) {
	if len(l.s.filters) == 0 {
		return
	}
	data, base := l.data()
	l.zeros = zeroRuns(l.zeros[:0], l.w.Data, lo, hi)
	for k := range l.s.filters {
		f := &l.s.filters[k]
		l.det = f.det
		if f.depth == 0 || len(l.zeros) == 0 {
			f.Filter.Filter(data, base, lo-l.first, hi-l.first, l.candidate)
			continue
		}
		shallow(l.zeros, lo, hi, f.depth, func(lo, hi int) {
			f.Filter.Filter(data, base, lo-l.first, hi-l.first, l.candidate)
		})
	}
}

// data returns what lies between the borders, and its address: filters think in alignments of memory.
func (l *look) data() ([]byte, int64) {
	return l.w.Data[l.first:l.last:l.last], int64(l.w.addr(l.first) & addrMask)
}

// detect cuts the view of detector i around the hit at pos and runs it. No view reaches
// beyond the borders.
func (l *look) detect(i, pos int, wide bool) {
	before, after := l.s.specs[i].Before, l.s.specs[i].After
	if wide {
		before, after = 2*before, 2*after
	}
	start, end := max(l.first, pos-before), min(l.last, pos+after)
	l.det, l.hit, l.start, l.wide = i, pos, start, wide
	l.s.dets[i].Detect(probe.View{
		Data: l.w.Data[start:end:end], At: pos - start, Wide: wide, Addr: l.w.addr(start),
	}, l.match)
}

// found emits a match of the view at hand.
func (l *look) found(m probe.Match) {
	f := Found{Detector: l.det, Hit: l.hit, Wide: l.wide || m.Wide, Match: m}
	f.Start, f.End = m.Start+l.start, m.End+l.start
	if m.Redact == nil && !m.Public && len(m.Remote) == 0 {
		if len(l.spare) == 0 {
			l.spare = make([]probe.Range, 64)
		}
		f.Redact, l.spare = l.spare[:1:1], l.spare[1:]
		f.Redact[0] = f.Range
	} else {
		f.Redact = make([]probe.Range, len(m.Redact))
		for k, r := range m.Redact {
			f.Redact[k] = probe.Range{Start: r.Start + l.start, End: r.End + l.start}
		}
	}
	l.emit(f)
}
