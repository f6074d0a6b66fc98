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
	phase   int64   // how much of the fill lies before Off
	res     *Result // knows the tag
	finding int32   // index in res.Findings; wiped for what is none
	fill    fill
}

// wiped is in place of the finding of a cut that was not found but wiped.
const wiped = -1

// NewPlan merges what is wiped with the findings that the policy removes. Where
// they overlap, the one that comes first in rank fills the bytes: what is wiped,
// so that a unit of it has one fill, then confidence, then size, then offset.
func NewPlan(l *layout.Layout, r *Result) (*Plan, error) {
	n := 0
	for _, w := range r.Wiped {
		n += len(w.Spans)
	}
	for i := range r.Findings {
		if r.Findings[i].Redacted {
			n += r.Findings[i].pieces()
		}
	}
	want := make([]cut, 0, n)
	for _, w := range r.Wiped {
		for _, s := range w.Spans {
			if err := offStructure(l, s, w.Class); err != nil {
				return nil, err
			}
			want = append(want, cut{Span: s, res: r, finding: wiped})
		}
	}
	for i := range r.Findings {
		f := &r.Findings[i]
		if !f.Redacted {
			continue
		}
		phase := int64(0)
		for k := range f.pieces() {
			s := f.piece(k)
			if k > 0 && f.piece(k-1).Len > 0 && !continues(f, k) {
				phase = 0
			}
			if err := offStructure(l, s, r.names.text(f.kind)); err != nil {
				return nil, err
			}
			want = append(want, cut{Span: s, res: r, finding: int32(i), fill: f.fill, phase: phase})
			phase += s.Len
		}
	}
	return &Plan{cuts: flatten(want)}, nil
}

// rank orders cuts by which of them fills the bytes that they share.
func rank(a, b *cut) int {
	if a.finding == b.finding || a.finding == wiped || b.finding == wiped {
		return cmp.Or(b2i(a.finding != wiped)-b2i(b.finding != wiped), compareSpan(a.Span, b.Span), cmp.Compare(a.phase, b.phase))
	}
	x, y := &a.res.Findings[a.finding], &b.res.Findings[b.finding]
	return cmp.Or(
		cmp.Compare(y.Confidence, x.Confidence), cmp.Compare(y.bytes(), x.bytes()), cmp.Compare(x.first(), y.first()),
		cmp.Compare(a.finding, b.finding),
	)
}

// secret returns the index of the secret that c is a part of, or wiped.
func (c *cut) secret() int32 {
	if c.finding == wiped {
		return wiped
	}
	return c.res.Findings[c.finding].secret
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
func continues(f *Finding, k int) bool { return f.fill.wide && f.piece(k-1).Len%2 == 1 }

// offStructure fails when s touches a structure region of l.
func offStructure(l *layout.Layout, s layout.Span, kind string) error {
	for i := l.At(s.Off); i < len(l.Regions) && l.Regions[i].Off < s.End(); i++ {
		if l.Regions[i].Kind == layout.Structure {
			return fmt.Errorf("%w: %s at offset %d, %s at offset %d", ErrStructure, kind, s.Off, l.Regions[i].Name, l.Regions[i].Off)
		}
	}
	return nil
}

// flatten sorts cuts, and cuts what overlaps so that each byte has the fill that
// comes first in rank. It uses the memory of want.
func flatten(want []cut) []cut {
	slices.SortFunc(want, func(a, b cut) int { return cmp.Or(cmp.Compare(a.Off, b.Off), rank(&a, &b)) })
	out, inPlace := want[:0], true
	for i := 0; i < len(want); {
		j, end := i+1, want[i].End()
		for j < len(want) && want[j].Off < end {
			end = max(end, want[j].End())
			j++
		}
		if j == i+1 {
			out = join(out, want[i])
			i = j
			continue
		}
		pieces := flattenGroup(want[i:j])
		if inPlace && len(out)+len(pieces) > j {
			out, inPlace = slices.Clone(out), false
		}
		for _, c := range pieces {
			out = join(out, c)
		}
		i = j
	}
	return out
}

// join appends c, or prolongs the last cut when c goes on with it.
func join(out []cut, c cut) []cut {
	if c.Len <= 0 {
		return out
	}
	if n := len(out); n > 0 {
		last := &out[n-1]
		if last.End() == c.Off && last.secret() == c.secret() && last.fill == c.fill && last.phase+last.Len == c.phase {
			last.Len += c.Len
			return out
		}
	}
	return append(out, c)
}

// flattenGroup cuts up cuts of which each overlaps another; they are sorted by
// offset.
func flattenGroup(want []cut) []cut {
	f := &flattener{want: want}
	var out []cut
	pos := int64(0)
	for next := 0; next < len(want) || len(f.open) > 0; {
		for len(f.open) > 0 && want[f.open[0]].End() <= pos {
			heap.Pop(f)
		}
		if len(f.open) == 0 {
			if next == len(want) {
				break
			}
			pos = max(pos, want[next].Off)
		}
		for next < len(want) && want[next].Off <= pos {
			heap.Push(f, int32(next))
			next++
		}
		top := want[f.open[0]]
		if top.End() <= pos {
			continue
		}
		end := top.End()
		if next < len(want) {
			end = min(end, want[next].Off)
		}
		c := top
		c.Span = layout.Span{Off: pos, Len: end - pos}
		c.phase = top.phase + pos - top.Off
		out = append(out, c)
		pos = end
	}
	return out
}

type flattener struct {
	want []cut
	open []int32
}

func (f *flattener) Len() int { return len(f.open) }

func (f *flattener) Less(i, j int) bool { return rank(&f.want[f.open[i]], &f.want[f.open[j]]) < 0 }

func (f *flattener) Swap(i, j int) { f.open[i], f.open[j] = f.open[j], f.open[i] }

func (f *flattener) Push(x any) { f.open = append(f.open, x.(int32)) }

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
