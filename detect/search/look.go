package search

import (
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

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
	room        [textmap.Size]kernel.Class
	gate        *gate         // that is at hand
	zeros       []probe.Range // blocks of zeros in the window,
	deep        []probe.Range // and counted from first
	own         probe.Range   // where literals begin that the window owns, counted from first

	literal   func(pos int, lit *literal) // takes literals
	candidate func(i int)                 // takes places that filters name, counted from first
	match     func(m probe.Match)         // takes what detectors emit
	text      func(lo, hi int)            // takes what may hold text, counted from first
	block     func(lo, hi int)            // takes what is not zeros, counted from first
	behind    func(lo, hi int)            // takes what the gate at hand leaves, counted from first
}

func newLook(s *Searcher) *look {
	l := &look{s: s}
	l.candidate = func(i int) { l.detect(l.det, l.first+i, false) }
	l.literal, l.match, l.text, l.block, l.behind = l.anchor, l.found, l.texts, l.blockwise, l.left
	return l
}

// begin makes l ready for a window.
func (l *look) begin(w Window, emit func(Found)) {
	l.w, l.emit, l.first, l.last = w, emit, 0, 0
	l.zeros = zeroRuns(l.zeros[:0], w.Data, w.Lo, w.Hi)
}

// end lets the window go.
func (l *look) end() { l.w, l.emit = Window{}, nil }

// counted returns the blocks of zeros, counted from first.
func (l *look) counted() []probe.Range {
	l.deep = l.deep[:0]
	for _, r := range l.zeros {
		l.deep = append(l.deep, probe.Range{Start: r.Start - l.first, End: r.End - l.first})
	}
	return l.deep
}

// texts looks for literals and runs the filters of text where there are more than zeros.
func (l *look) texts(from, to int) {
	lits := l.s.literals()
	data, base := l.data()
	for ; from < to; from += textmap.Block {
		end := min(from+textmap.Block, to)
		m := textmap.New(l.room[:], data, from, end)
		lits.findIn(data, m, from, end, l.own.Start, l.own.End, l.literal)
		if end = min(end, l.own.End); from >= end {
			continue
		}
		for k := range l.s.readers {
			l.det = l.s.readers[k].det
			l.s.readers[k].FilterText(data, base, m, from, end, l.candidate)
		}
	}
}

// textDepth is how deep in zeros filters of text have candidates at most.
const textDepth = 128

// textual looks for text in the window's data[lo:hi), between whose ends there is no break.
func (l *look) textual(lo, hi int) {
	lits := l.s.literals()
	if len(lits.all)+len(l.s.readers) == 0 {
		return
	}
	l.own = probe.Range{Start: lo - l.first, End: hi - l.first}
	data, _ := l.data()
	zeros := l.counted()
	if lits.zeros {
		zeros = nil
	}
	shallow(zeros, l.own.Start, lits.reach(data, l.own.End), max(lits.longest, textDepth), l.text)
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
