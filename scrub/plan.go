package scrub

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"slices"
	"sort"
	"sync/atomic"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/minimize"
)

// ErrStructure says that a secret lies in bytes that hold the dump together:
// removing it would damage the dump, passing it on would leak it.
var ErrStructure = errors.New("a secret overlaps the structure of the dump")

// Plan is what will be overwritten, with what. It holds no byte of a secret.
type Plan struct {
	cuts []cut // sorted by offset, not overlapping
	// mask says what stays of all that the cuts leave, tile by tile; nil when it
	// all does.
	mask      *minimize.Mask
	minimized atomic.Int64 // bytes of the copy that the mask changed
}

// cut is one span of the file and its fill.
type cut struct {
	layout.Span
	fill  fill
	tag   string
	phase int64 // how much of the fill lies before Off
}

// NewPlan merges what is wiped with the findings that the policy removes. Where
// they overlap, the one that comes first in rank fills the bytes: what is wiped,
// so that a unit of it has one fill, then confidence, then size, then offset.
func NewPlan(l *layout.Layout, r *Result) (*Plan, error) {
	var want []cut
	var ranks []int
	for _, w := range r.Wiped {
		for _, s := range w.Spans {
			if err := offStructure(l, s, w.Class); err != nil {
				return nil, err
			}
			want, ranks = append(want, cut{Span: s}), append(ranks, -1)
		}
	}
	order := make([]int, 0, len(r.Findings))
	for i := range r.Findings {
		if r.Findings[i].Redacted {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		x, y := &r.Findings[a], &r.Findings[b]
		return cmp.Or(cmp.Compare(y.Confidence, x.Confidence), cmp.Compare(y.bytes(), x.bytes()), cmp.Compare(x.first(), y.first()))
	})
	for rank, i := range order {
		f := &r.Findings[i]
		phase := int64(0)
		for k, s := range f.Spans {
			if k > 0 && f.Spans[k-1].Len > 0 && !continues(f, k) {
				phase = 0
			}
			if err := offStructure(l, s, f.Kind); err != nil {
				return nil, err
			}
			want = append(want, cut{Span: s, fill: f.fill, tag: r.Secrets[f.Secret].Tag, phase: phase})
			ranks = append(ranks, rank)
			phase += s.Len
		}
	}
	return &Plan{cuts: flatten(want, ranks)}, nil
}

// minimize has p remove, beside its cuts, all that a debugger does not need.
func (p *Plan) minimize(l *layout.Layout, r *Result) error {
	cache := newTileCache(r.tiles)
	defer cache.close()
	var err error
	p.mask, err = minimize.New(l, cache.read)
	return err
}

// continues reports whether span k of f is the rest of span k-1 across a seam,
// which leaves text of two-byte characters cut in the middle of one.
func continues(f *Finding, k int) bool { return f.fill.wide && f.Spans[k-1].Len%2 == 1 }

// offStructure fails when s touches a structure region of l.
func offStructure(l *layout.Layout, s layout.Span, kind string) error {
	for i := l.At(s.Off); i < len(l.Regions) && l.Regions[i].Off < s.End(); i++ {
		if l.Regions[i].Kind == layout.Structure {
			return fmt.Errorf("%w: %s at offset %d, %s at offset %d", ErrStructure, kind, s.Off, l.Regions[i].Name, l.Regions[i].Off)
		}
	}
	return nil
}

// flatten cuts overlapping spans so that each byte has the fill of lowest rank.
func flatten(want []cut, ranks []int) []cut {
	f := &flattener{want: want, ranks: ranks}
	byOff := make([]int, len(want))
	for i := range byOff {
		byOff[i] = i
	}
	slices.SortFunc(byOff, func(a, b int) int {
		return cmp.Or(cmp.Compare(want[a].Off, want[b].Off), cmp.Compare(ranks[a], ranks[b]), cmp.Compare(a, b))
	})
	var out []cut
	pos := int64(0)
	for next := 0; next < len(byOff) || len(f.open) > 0; {
		for len(f.open) > 0 && want[f.open[0]].End() <= pos {
			heap.Pop(f)
		}
		if len(f.open) == 0 {
			if next == len(byOff) {
				break
			}
			pos = max(pos, want[byOff[next]].Off)
		}
		for next < len(byOff) && want[byOff[next]].Off <= pos {
			heap.Push(f, byOff[next])
			next++
		}
		top := want[f.open[0]]
		if top.End() <= pos {
			continue
		}
		end := top.End()
		if next < len(byOff) {
			end = min(end, want[byOff[next]].Off)
		}
		c := top
		c.Span = layout.Span{Off: pos, Len: end - pos}
		c.phase = top.phase + pos - top.Off
		if n := len(out); n > 0 && out[n-1].End() == c.Off && out[n-1].tag == c.tag && out[n-1].fill == c.fill && out[n-1].phase+out[n-1].Len == c.phase {
			out[n-1].Len += c.Len
		} else {
			out = append(out, c)
		}
		pos = end
	}
	return out
}

type flattener struct {
	want  []cut
	ranks []int
	open  []int
}

func (f *flattener) Len() int { return len(f.open) }

func (f *flattener) Less(i, j int) bool {
	a, b := f.open[i], f.open[j]
	if f.ranks[a] != f.ranks[b] {
		return f.ranks[a] < f.ranks[b]
	}
	return a < b
}

func (f *flattener) Swap(i, j int) { f.open[i], f.open[j] = f.open[j], f.open[i] }

func (f *flattener) Push(x any) { f.open = append(f.open, x.(int)) }

func (f *flattener) Pop() any {
	x := f.open[len(f.open)-1]
	f.open = f.open[:len(f.open)-1]
	return x
}

// touching returns the cuts that overlap [off, off+n).
func (p *Plan) touching(off, n int64) []cut {
	i := sort.Search(len(p.cuts), func(i int) bool { return p.cuts[i].End() > off })
	j := i
	for j < len(p.cuts) && p.cuts[j].Off < off+n {
		j++
	}
	return p.cuts[i:j]
}

// Empty reports whether nothing is to be removed.
func (p *Plan) Empty() bool { return len(p.cuts) == 0 && p.mask == nil }

// covered reports whether every byte of s will be overwritten.
func (p *Plan) covered(s layout.Span) bool {
	off := s.Off
	for _, c := range p.touching(s.Off, s.Len) {
		if c.Off > off {
			return false
		}
		off = c.End()
	}
	return off >= s.End()
}

// apply overwrites what data, the tile of the file at off, holds of the plan, and
// returns how many bytes changed because they were of no need.
func (p *Plan) apply(data []byte, off int64) int64 {
	for _, c := range p.touching(off, int64(len(data))) {
		start, end := max(c.Off, off), min(c.End(), off+int64(len(data)))
		c.write(data[start-off:end-off], c.phase+start-c.Off)
	}
	if p.mask == nil {
		return 0
	}
	return p.mask.Apply(data, off)
}
