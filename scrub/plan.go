package scrub

import (
	"cmp"
	"container/heap"
	"errors"
	"fmt"
	"iter"
	"sync/atomic"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/minimize"
	"github.com/dumpscrub/dumpscrub/scrub/spill"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// ErrStructure says that a secret lies in bytes that hold the dump together:
// removing it would damage the dump, passing it on would leak it.
var ErrStructure = errors.New("a secret overlaps the structure of the dump")

// Plan is what will be overwritten, with what. It holds no byte of a secret.
type Plan struct {
	cuts *spill.List[cut] // by offset, not overlapping
	res  *Result          // knows the tags
	// mask says what stays of all that the cuts leave, tile by tile; nil when it
	// all does.
	mask      *minimize.Mask
	minimized atomic.Int64 // bytes of the copy that the mask changed
}

// cut is one span of the file and its fill.
type cut struct {
	layout.Span
	phase  int64 // how much of the fill lies before Off
	secret int32 // its ordinal less one; wiped for what is none
	fill   fill
	// What follows decides which cut fills the bytes that several have, see rank.
	confidence probe.Confidence
	bytes      int64 // of the finding
	low        int64 // where it begins
	finding    int64 // its index
}

// wiped is in place of the secret and the finding of a cut that was not found but wiped.
const wiped = -1

func newCuts(d *spill.Disk) *spill.List[cut] {
	return spill.NewIndex(d, func(c *cut) int64 { return c.Off })
}

// NewPlan merges what is wiped with the findings that the policy removes. Where
// they overlap, the one that comes first in rank fills the bytes: what is wiped,
// so that a unit of it has one fill, then confidence, then size, then offset.
func NewPlan(l *layout.Layout, r *Result) (*Plan, error) {
	want := spill.NewSorter(r.disk, func(a, b *cut) int { return cmp.Or(cmp.Compare(a.Off, b.Off), rank(a, b)) })
	defer want.Free()
	for _, w := range r.Wiped {
		for _, s := range w.Spans {
			if err := offStructure(l, s, w.Class); err != nil {
				return nil, err
			}
			want.Add(cut{Span: s, secret: wiped, finding: wiped})
		}
	}
	index := int64(-1)
	var spans []layout.Span
	for f := range r.Findings.All() {
		index++
		if !f.Redacted {
			continue
		}
		phase := int64(0)
		spans = f.appendSpans(spans[:0], r.store)
		for k, s := range spans {
			if k > 0 && spans[k-1].Len > 0 && !(f.fill.wide && spans[k-1].Len%2 == 1) {
				phase = 0 // but for the rest of a character across a seam
			}
			if err := offStructure(l, s, r.names.text(f.kind)); err != nil {
				return nil, err
			}
			want.Add(cut{
				Span: s, phase: phase, secret: f.secret, fill: f.fill,
				confidence: f.Confidence, bytes: f.bytes, low: f.low, finding: index,
			})
			phase += s.Len
		}
	}
	p := &Plan{cuts: newCuts(r.disk), res: r}
	flatten(want.All(), func(c cut) { p.cuts.Append(c) })
	return p, r.disk.Err()
}

// rank orders cuts by which of them fills the bytes that they share.
func rank(a, b *cut) int {
	if a.finding == b.finding || a.finding == wiped || b.finding == wiped {
		return cmp.Or(b2i(a.finding != wiped)-b2i(b.finding != wiped), layout.Compare(a.Span, b.Span), cmp.Compare(a.phase, b.phase))
	}
	return cmp.Or(
		cmp.Compare(b.confidence, a.confidence), cmp.Compare(b.bytes, a.bytes), cmp.Compare(a.low, b.low),
		cmp.Compare(a.finding, b.finding),
	)
}

// minimize has p remove, beside its cuts, all that a debugger does not need.
func (p *Plan) minimize(l *layout.Layout, r *Result) error {
	cache := tile.NewCache(r.tiles)
	defer cache.Close()
	var err error
	p.mask, err = minimize.New(l, cache.Read)
	return err
}

// offStructure fails when s touches a structure region of l.
func offStructure(l *layout.Layout, s layout.Span, kind string) error {
	for i := l.At(s.Off); i < len(l.Regions) && l.Regions[i].Off < s.End(); i++ {
		if l.Regions[i].Kind == layout.Structure {
			return fmt.Errorf("%w: %s at offset %d, %s at offset %d", ErrStructure, kind, s.Off, l.Regions[i].Name, l.Regions[i].Off)
		}
	}
	return nil
}

// flatten cuts up cuts, which come by offset and rank, so that each byte has the fill
// that comes first in rank, and hands on what results by offset.
func flatten(want iter.Seq[cut], yield func(cut)) {
	next, stop := iter.Pull(want)
	defer stop()
	ahead, more := next()
	var last cut // what may still be prolonged
	emit := func(c cut) {
		if c.Len <= 0 {
			return
		}
		if last.Len > 0 {
			if last.End() == c.Off && last.secret == c.secret && last.fill == c.fill && last.phase+last.Len == c.phase {
				last.Len += c.Len
				return
			}
			yield(last)
		}
		last = c
	}
	open := &byRank{}
	for pos := int64(0); more || open.Len() > 0; {
		for open.Len() > 0 && (*open)[0].End() <= pos {
			heap.Pop(open)
		}
		if open.Len() == 0 {
			if !more {
				break
			}
			pos = max(pos, ahead.Off)
		}
		for more && ahead.Off <= pos {
			heap.Push(open, ahead)
			ahead, more = next()
		}
		top := (*open)[0]
		if top.End() <= pos {
			continue
		}
		end := top.End()
		if more {
			end = min(end, ahead.Off)
		}
		c := top
		c.Span = layout.Span{Off: pos, Len: end - pos}
		c.phase = top.phase + pos - top.Off
		emit(c)
		pos = end
	}
	if last.Len > 0 {
		yield(last)
	}
}

// byRank are cuts of which one that comes first in rank is in front.
type byRank []cut

func (h byRank) Len() int           { return len(h) }
func (h byRank) Less(i, j int) bool { return rank(&h[i], &h[j]) < 0 }
func (h byRank) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byRank) Push(x any)        { *h = append(*h, x.(cut)) }

func (h *byRank) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// from returns the index of the first cut that ends behind off.
func (p *Plan) from(off int64) int {
	i := p.cuts.Find(off)
	if i < 0 {
		return 0
	}
	if c := p.cuts.At(i); c.End() <= off {
		i++
	}
	return i
}

// From returns the spans of the cuts that end behind off, in the order of the file.
func (p *Plan) From(off int64) iter.Seq[layout.Span] {
	return func(yield func(layout.Span) bool) {
		for i := p.from(off); i < p.cuts.Len(); i++ {
			if c := p.cuts.At(i); !yield(c.Span) {
				return
			}
		}
	}
}

// touching returns the cuts that overlap [off, off+n).
func (p *Plan) touching(off, n int64) []cut {
	i, j := p.from(off), p.cuts.Find(off+n-1)+1
	if i >= j {
		return nil
	}
	return p.cuts.Slice(nil, i, j)
}

// touches reports whether a cut overlaps s.
func (p *Plan) touches(s layout.Span) bool { return p.from(s.Off) <= p.cuts.Find(s.End()-1) }

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
	cuts := p.touching(off, int64(len(data)))
	for i := range cuts {
		c := &cuts[i]
		start, end := max(c.Off, off), min(c.End(), off+int64(len(data)))
		p.write(c, data[start-off:end-off], c.phase+start-c.Off)
	}
	if p.mask == nil {
		return 0
	}
	return p.mask.Apply(data, off)
}
