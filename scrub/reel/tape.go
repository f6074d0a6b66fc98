package reel

import (
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// tape is an order in which bytes of the file are looked at: its parts one after
// the other. A position on a tape counts from its beginning.
type tape struct {
	parts []part
	len   int64
}

type part struct {
	pos int64 // on the tape
	layout.Span
}

func (t *tape) add(s layout.Span) {
	if n := len(t.parts); n > 0 && t.parts[n-1].End() == s.Off {
		t.parts[n-1].Len += s.Len
	} else {
		t.parts = append(t.parts, part{pos: t.len, Span: s})
	}
	t.len += s.Len
}

// spans appends the file spans of [start, end) on the tape to dst.
func (t *tape) spans(dst []layout.Span, start, end int64) []layout.Span {
	i := sort.Search(len(t.parts), func(i int) bool { return t.parts[i].pos+t.parts[i].Len > start })
	for ; i < len(t.parts) && start < end; i++ {
		p := t.parts[i]
		n := min(end, p.pos+p.Len) - start
		dst = append(dst, layout.Span{Off: p.Off + start - p.pos, Len: n})
		start += n
	}
	return dst
}

// at returns the offset in the file of position pos.
func (t *tape) at(pos int64) int64 {
	i := 0
	if len(t.parts) > 1 {
		i = sort.Search(len(t.parts), func(i int) bool { return t.parts[i].pos+t.parts[i].Len > pos })
	}
	return t.parts[i].Off + pos - t.parts[i].pos
}

// ranges returns the file spans of ranges in a window that begins at base.
func (t *tape) ranges(base int64, rs []probe.Range) []layout.Span {
	out := make([]layout.Span, 0, len(rs))
	for _, r := range rs {
		out = t.spans(out, base+int64(r.Start), base+int64(r.End))
	}
	return out
}
