package search

import "github.com/dumpscrub/dumpscrub/detect/probe"

// look is one search of a window after the other. The functions that it hands to detectors and filters
// are made once: each that was made for a call would be garbage.
type look struct {
	s    *Searcher
	w    Window
	emit func(Found)

	first, last int // the borders between which the views lie
	det         int // the detector whose filter or view is at hand
	hit         int // and where its view's hit is,
	start       int // where the view begins, both in the window's data,
	wide        bool
	lattice     lattice
	gate        *gate         // that is at hand
	zeros       []probe.Range // blocks of zeros in the window,
	deep        []probe.Range // and counted from first

	literals  func(lo, hi int)            // takes what may hold literals of the window's data
	literal   func(pos int, lit *literal) // takes these
	candidate func(i int)                 // takes places that filters name, counted from first
	match     func(m probe.Match)         // takes what detectors emit
	block     func(lo, hi int)            // takes what is not zeros, counted from first
	behind    func(lo, hi int)            // takes what the gate at hand leaves, counted from first
}

func newLook(s *Searcher) *look {
	l := &look{s: s}
	l.candidate = func(i int) { l.detect(l.det, l.first+i, false) }
	l.literals = func(lo, hi int) { l.s.lits.find(l.w.Data, lo, hi, l.literal) }
	l.literal, l.match, l.block, l.behind = l.anchor, l.found, l.blockwise, l.left
	return l
}

// begin makes l ready for a window.
func (l *look) begin(w Window, emit func(Found)) {
	l.w, l.emit, l.first, l.last = w, emit, 0, 0
	l.zeros = zeroRuns(l.zeros[:0], w.Data, w.Lo, w.Hi)
}

// end lets the window go.
func (l *look) end() { l.w, l.emit = Window{}, nil }

// anchor asks the detectors of a literal that was found.
func (l *look) anchor(pos int, lit *literal) {
	if pos < l.first || pos >= l.last {
		l.first, l.last = l.w.between(pos)
	}
	if pos+len(lit.text) > l.last {
		return
	}
	for _, i := range lit.dets {
		if g := l.s.glancers[i]; g == nil || g.Glance(l.w.Data[l.first:l.last], pos-l.first, lit.wide) {
			l.detect(i, pos, lit.wide)
		}
	}
}

// filter runs the filters that have no gate over the window's data[lo:hi), between whose ends there
// is no break.
func (l *look) filter(lo, hi int) {
	data, base := l.data()
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
		f.Redact = []probe.Range{f.Range}
	} else {
		f.Redact = make([]probe.Range, len(m.Redact))
		for k, r := range m.Redact {
			f.Redact[k] = probe.Range{Start: r.Start + l.start, End: r.End + l.start}
		}
	}
	l.emit(f)
}
