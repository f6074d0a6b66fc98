package encoded

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// work is what is done for one candidate.
type work struct {
	*core
	wide bool // the view is UTF-16LE
	left int  // bytes that may still be decoded
	emit func(probe.Match)
}

// digits decodes the characters [start, end), which lie in the bytes of up, in
// every way that promises something; own are the bytes that are to be answered for.
func (x *work) digits(t probe.Text, start, end int, own probe.Range, up *layer) {
	s := readDigits(t, start, end)
	defer clear(s.c)
	lo, hi := s.owned(own)
	judged := s.c[lo:min(hi+ahead, len(s.c))]
	set := textPhases(judged) | x.heads.phases(judged)
	for phase := range 4 {
		if set&(1<<((phase-lo)&3)) != 0 {
			x.inside(decodeBase64(s, phase), lo, hi, up)
		}
	}
	hexRuns(s.c, func(start, end int) {
		from, to := max(start, lo), min(end, hi+ahead)
		if from >= to || start >= hi {
			return
		}
		set := hexText(s.c[from:to]) | x.heads.hexPhases(s.c[from:to])
		for phase := range 2 {
			if set&(1<<((phase+start-from)&1)) != 0 {
				x.inside(decodeHex(s, start+phase, end), lo, hi, up)
			}
		}
	})
}

// inside searches the bytes of a new layer, as far as they begin in the symbols
// [lo, hi), and what they encode in turn.
func (x *work) inside(l *layer, lo, hi int, up *layer) {
	defer clear(l.bytes)
	l.up, l.depth = up, 1
	if up != nil {
		l.depth = up.depth + 1
	}
	if x.left -= len(l.bytes); x.left < 0 || len(l.bytes) == 0 {
		return
	}
	own := l.owned(lo, hi)
	w := search.Window{Data: l.bytes, Lo: own.Start, Hi: own.End}
	look := x.inner.Search
	if l.escapes || l.decimal || ascii(l.bytes) { // no key in binary has nothing but clear upper bits
		look = x.inner.SearchText
	}
	look(w, func(f search.Found) { x.found(f, l) })
	if l.depth == maxDepth {
		return
	}
	for parity := range 3 { // the third is no UTF-16
		t, _ := probe.TextOf(probe.View{Data: l.bytes, At: parity, Wide: parity < 2})
		x.runs(l.bytes, t, block{0, t.Len()}, 0, t.Len(), nil, func(start, end int) {
			x.digits(t, start, end, own, l)
		})
		x.escapedRuns(l.bytes, t, func(start, end int) { x.escapes(t, start, end, own, l) })
	}
}

// found emits f, which was found in the bytes of l, as it lies in the view.
func (x *work) found(f search.Found, l *layer) {
	if f.Public || len(f.Redact) == 0 || !l.changes(f) {
		return
	}
	m := f.Match
	m.Range, m.Redact, m.Remote = l.place(f.Range), nil, nil
	m.Text, m.Wide = true, x.wide
	for o := l; o != nil; o = o.up {
		m.Encoding = o.encoding
	}
	var identity []byte
	for _, r := range f.Redact {
		identity = append(identity, l.bytes[r.Start:r.End]...)
		m.Redact = l.pieces(m.Redact, r)
	}
	if len(m.Identity) == 0 {
		m.Identity = identity
	}
	x.emit(m)
	clear(identity)
}

// ascii reports whether the upper bits of all bytes of p are clear.
func ascii(p []byte) bool {
	for ; len(p) >= 8; p = p[8:] {
		if binary.LittleEndian.Uint64(p)&0x8080808080808080 != 0 {
			return false
		}
	}
	for _, b := range p {
		if b >= 0x80 {
			return false
		}
	}
	return true
}
