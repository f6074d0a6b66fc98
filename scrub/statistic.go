package scrub

import (
	"sort"

	"github.com/dumpscrub/dumpscrub/detect/randomrun"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
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

// run is a place that only looks random.
type run struct {
	layout.Span
	kind name
}

// tally counts, by kind, the distinct runs that none of the findings explains.
func (res *Result) tally(runs *spill.Sorter[run], joined cover) map[string]int {
	counts := map[string]int{}
	var last run
	for r := range runs.All() {
		if r != last && !joined.overlaps(r.Span) {
			counts[res.names.text(r.kind)]++
		}
		last = r
	}
	if len(counts) == 0 {
		return nil
	}
	return counts
}

func (n *names) compareRuns(a, b *run) int {
	if c := layout.Compare(a.Span, b.Span); c != 0 {
		return c
	}
	return n.compareTexts(a.kind, b.kind)
}
