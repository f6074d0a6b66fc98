package scrub

import (
	"iter"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
)

// cover is a set of bytes of the file: spans in order of offset, apart from each
// other. The zero cover is empty.
type cover struct {
	spans *spill.List[layout.Span]
}

// coverOf returns the bytes of the findings that want reports.
func (res *Result) coverOf(fs iter.Seq[Finding], want func(*Finding) bool) cover {
	s := spill.NewSorter(res.disk, func(a, b *layout.Span) int { return layout.Compare(*a, *b) })
	defer s.Free()
	var buf []layout.Span
	for f := range fs {
		if want(&f) {
			buf = f.appendSpans(buf[:0], res.store)
			s.Add(buf...)
		}
	}
	c := cover{spill.NewIndex(res.disk, func(s *layout.Span) int64 { return s.Off })}
	var last layout.Span
	any := false
	for x := range s.All() {
		if any && x.Off <= last.End() {
			last.Len = max(last.End(), x.End()) - last.Off
			continue
		}
		if any {
			c.spans.Append(last)
		}
		last, any = x, true
	}
	if any {
		c.spans.Append(last)
	}
	return c
}

// overlaps reports whether some byte of s is in c.
func (c cover) overlaps(s layout.Span) bool {
	i := c.spans.Find(s.End() - 1)
	return i >= 0 && s.Len > 0 && c.spans.At(i).End() > s.Off
}

// has reports whether every byte of s is in c.
func (c cover) has(s layout.Span) bool {
	if s.Len <= 0 {
		return true
	}
	i := c.spans.Find(s.Off)
	return i >= 0 && s.End() <= c.spans.At(i).End()
}

// within reports whether every byte of spans is in c.
func (c cover) within(spans []layout.Span) bool {
	return !slices.ContainsFunc(spans, func(s layout.Span) bool { return !c.has(s) })
}

// free gives the room of c back.
func (c cover) free() { c.spans.Free() }
