package score

import (
	"slices"
	"sort"

	"github.com/dumpscrub/dumpscrub/corpus"
)

// set is file bytes as sorted spans that neither touch nor overlap.
type set []corpus.Span

func setOf(spans []corpus.Span) set {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b corpus.Span) int {
		switch {
		case a.Off < b.Off:
			return -1
		case a.Off > b.Off:
			return 1
		}
		return 0
	})
	var s set
	for _, x := range sorted {
		if x.Len <= 0 {
			continue
		}
		if n := len(s); n > 0 && x.Off <= s[n-1].Off+s[n-1].Len {
			s[n-1].Len = max(s[n-1].Len, x.Off+x.Len-s[n-1].Off)
			continue
		}
		s = append(s, x)
	}
	return s
}

// from returns the index of the first span that ends behind off.
func (s set) from(off int64) int {
	return sort.Search(len(s), func(i int) bool { return s[i].Off+s[i].Len > off })
}

// covered returns how many bytes of x are in s.
func (s set) covered(x corpus.Span) int64 {
	var n int64
	for i := s.from(x.Off); i < len(s) && s[i].Off < x.Off+x.Len; i++ {
		n += min(s[i].Off+s[i].Len, x.Off+x.Len) - max(s[i].Off, x.Off)
	}
	return n
}

// has reports whether the byte at off is in s.
func (s set) has(off int64) bool {
	i := s.from(off)
	return i < len(s) && s[i].Off <= off
}
