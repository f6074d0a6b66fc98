package scrub

import (
	"slices"
	"sort"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// cover is a set of bytes of the file: spans in order of offset, apart from each
// other.
type cover []layout.Span

// coverOf returns the bytes of the findings that want reports.
func coverOf(fs []Finding, want func(*Finding) bool) cover {
	n := 0
	for i := range fs {
		if want(&fs[i]) {
			n += fs[i].pieces()
		}
	}
	c := make(cover, 0, n)
	for i := range fs {
		if want(&fs[i]) {
			c = fs[i].appendSpans(c)
		}
	}
	slices.SortFunc(c, compareSpan)
	out := c[:0]
	for _, s := range c {
		if n := len(out); n > 0 && s.Off <= out[n-1].End() {
			out[n-1].Len = max(out[n-1].End(), s.End()) - out[n-1].Off
			continue
		}
		out = append(out, s)
	}
	return out
}

// has reports whether every byte of s is in c.
func (c cover) has(s layout.Span) bool {
	i := sort.Search(len(c), func(i int) bool { return c[i].End() > s.Off })
	return s.Len <= 0 || i < len(c) && c[i].Off <= s.Off && s.End() <= c[i].End()
}

// within reports whether every byte of spans is in c.
func (c cover) within(spans []layout.Span) bool {
	return !slices.ContainsFunc(spans, func(s layout.Span) bool { return !c.has(s) })
}
