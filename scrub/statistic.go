package scrub

import (
	"cmp"
	"slices"
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/randomrun"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// statistical reports whether findings of this detector say no more than that
// bytes look random. They count only in memory that can be written, and are no
// findings but a number unless the policy removes them.
func statistical(detector string) bool { return detector == randomrun.ID }

// maxShared bounds how many mappings of one address are looked at.
const maxShared = 4

// writable reports whether the byte at off is memory that the process could
// write, as far as the dump says.
func writable(l *layout.Layout, off int64) bool {
	r := &l.Regions[l.At(off)]
	if r.Kind != layout.Memory {
		return false
	}
	addr := r.Addr + uint64(off-r.Off)
	ms := l.Mappings
	i := sort.Search(len(ms), func(i int) bool { return ms[i].Addr > addr })
	for k := i - 1; k >= 0 && k >= i-maxShared; k-- {
		if addr-ms[k].Addr < ms[k].Len && ms[k].Access&layout.Write == 0 {
			return false
		}
	}
	return true
}

// tally takes from raws the statistical findings that the policy leaves, and
// returns the others and how many distinct ones of each kind it took. What another
// detector explains is not counted.
func tally(raws []Finding, p Policy, n *names) ([]Finding, map[string]int) {
	var taken []Finding
	left := raws[:0]
	for _, r := range raws {
		if d := n.text(r.detector); statistical(d) && !p.removes(r.Confidence, d, n.text(r.kind)) {
			taken = append(taken, r)
		} else {
			left = append(left, r)
		}
	}
	if len(taken) == 0 {
		return left, nil
	}
	joined := coverOf(left, func(*Finding) bool { return true })
	slices.SortFunc(taken, func(a, b Finding) int {
		return cmp.Or(n.compareTexts(a.kind, b.kind), compareSpan(a.span, b.span))
	})
	counts := map[string]int{}
	for i, r := range taken {
		s := r.span
		if i > 0 && taken[i-1].kind == r.kind && taken[i-1].span == s {
			continue
		}
		k := sort.Search(len(joined), func(k int) bool { return joined[k].End() > s.Off })
		if k == len(joined) || !joined[k].Overlaps(s) {
			counts[n.text(r.kind)]++
		}
	}
	return left, counts
}
