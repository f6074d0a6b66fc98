package plan

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
)

// ErrStructure says that a secret lies in bytes that hold the dump together:
// removing it would damage the dump, passing it on would leak it.
var ErrStructure = errors.New("a secret overlaps the structure of the dump")

// Plan is what will be overwritten, with what. The zero Plan overwrites nothing.
type Plan struct {
	cuts *spill.List[Cut] // by offset, not overlapping
	tags Tags
	// mask says what stays of all that the cuts leave, tile by tile; nil when it
	// all does.
	mask      *minimize.Mask
	minimized atomic.Int64 // bytes that the mask changed
}

// Tags appends to dst the text that stands in place of a secret, by its number.
type Tags func(dst []byte, secret int) []byte

// Cut is one span of the file and its fill.
type Cut struct {
	layout.Span
	Phase  int64 // bytes of the fill that lie before Off
	Secret int32 // its ordinal less one; [Wiped] for what is none
	Fill   Fill
	// What follows decides which cut fills the bytes that several have, see rank.
	Confidence probe.Confidence
	Bytes      int64 // of the finding
	Low        int64 // where it begins
	Finding    int64 // its number, or [Wiped]
}

// Wiped is in place of the secret and the finding of a cut that was not found but wiped.
const Wiped = -1

// Builder collects cuts.
type Builder struct {
	disk *spill.Disk
	l    *layout.Layout
	tags Tags
	want *spill.Sorter[Cut]
}

// NewBuilder returns an empty builder for the dump that l describes. What it holds lies on d
// when it is large.
func NewBuilder(d *spill.Disk, l *layout.Layout, tags Tags) *Builder {
	return &Builder{d, l, tags, spill.NewSorter(d, func(a, b *Cut) int { return cmp.Or(cmp.Compare(a.Off, b.Off), rank(a, b)) })}
}

// Add adds c, which removes a secret of a kind or a class of bytes. It fails with
// [ErrStructure].
func (b *Builder) Add(c Cut, kind string) error {
	l := b.l
	for i := l.At(c.Off); i < len(l.Regions) && l.Regions[i].Off < c.End(); i++ {
		if l.Regions[i].Kind == layout.Structure {
			return fmt.Errorf("%w: %s at offset %d, %s at offset %d", ErrStructure, kind, c.Off, l.Regions[i].Name, l.Regions[i].Off)
		}
	}
	b.want.Add(c)
	return nil
}

// Plan merges the cuts. Where they overlap, the one that comes first in rank fills the
// bytes: what is wiped, so that a unit of it has one fill, then confidence, then size, then
// offset.
func (b *Builder) Plan() (*Plan, error) {
	p := &Plan{tags: b.tags, cuts: spill.NewIndex(b.disk, func(c *Cut) int64 { return c.Off })}
	flatten(b.want.All(), func(c Cut) { p.cuts.Append(c) })
	return p, b.disk.Err()
}

// Free gives the room of the collected cuts back.
func (b *Builder) Free() { b.want.Free() }

// rank orders cuts by which of them fills the bytes that they share.
func rank(a, b *Cut) int {
	if a.Finding == b.Finding || a.Finding == Wiped || b.Finding == Wiped {
		return cmp.Or(unwiped(a)-unwiped(b), layout.Compare(a.Span, b.Span), cmp.Compare(a.Phase, b.Phase))
	}
	return cmp.Or(
		cmp.Compare(b.Confidence, a.Confidence), cmp.Compare(b.Bytes, a.Bytes), cmp.Compare(a.Low, b.Low),
		cmp.Compare(a.Finding, b.Finding),
	)
}

func unwiped(c *Cut) int {
	if c.Finding == Wiped {
		return 0
	}
	return 1
}

// Minimize has p remove, beside its cuts, all that a debugger does not need of the dump that l
// describes, which read reads at an offset.
func (p *Plan) Minimize(l *layout.Layout, read func(p []byte, off int64) error) (err error) {
	p.mask, err = minimize.New(l, read)
	return err
}

// Masked reports whether more goes than the cuts say.
func (p *Plan) Masked() bool { return p.mask != nil }

// Minimized returns how many bytes went that no cut has, in all calls of Apply.
func (p *Plan) Minimized() int64 { return p.minimized.Load() }

// Len returns the number of cuts.
func (p *Plan) Len() int { return p.cuts.Len() }

// Free gives the room of the cuts back.
func (p *Plan) Free() { p.cuts.Free() }

// flatten cuts up cuts, which come by offset and rank, so that each byte has the fill
// that comes first in rank, and hands on what results by offset.
func flatten(want iter.Seq[Cut], yield func(Cut)) {
	next, stop := iter.Pull(want)
	defer stop()
	ahead, more := next()
	var last Cut // what may still be prolonged
	emit := func(c Cut) {
		if c.Len <= 0 {
			return
		}
		if last.Len > 0 {
			if last.End() == c.Off && last.Secret == c.Secret && last.Fill == c.Fill && last.Phase+last.Len == c.Phase {
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
		c.Phase = top.Phase + pos - top.Off
		emit(c)
		pos = end
	}
	if last.Len > 0 {
		yield(last)
	}
}

// byRank are cuts of which one that comes first in rank is in front.
type byRank []Cut

func (h byRank) Len() int           { return len(h) }
func (h byRank) Less(i, j int) bool { return rank(&h[i], &h[j]) < 0 }
func (h byRank) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *byRank) Push(x any)        { *h = append(*h, x.(Cut)) }

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

// Touching returns the cuts that overlap [off, off+n).
func (p *Plan) Touching(off, n int64) []Cut {
	i, j := p.from(off), p.cuts.Find(off+n-1)+1
	if i >= j {
		return nil
	}
	return p.cuts.Slice(nil, i, j)
}

// Touches reports whether a cut overlaps s.
func (p *Plan) Touches(s layout.Span) bool { return p.from(s.Off) <= p.cuts.Find(s.End()-1) }

// Covered reports whether every byte of s will be overwritten.
func (p *Plan) Covered(s layout.Span) bool {
	off := s.Off
	for _, c := range p.Touching(s.Off, s.Len) {
		if c.Off > off {
			return false
		}
		off = c.End()
	}
	return off >= s.End()
}

// Apply overwrites what data, the tile of the file at off, holds of the plan. It may be called
// by several goroutines, and counts what it minimizes.
func (p *Plan) Apply(data []byte, off int64) { p.minimized.Add(p.apply(data, off)) }

// Expect is Apply for a comparison: it counts nothing.
func (p *Plan) Expect(data []byte, off int64) { p.apply(data, off) }

func (p *Plan) apply(data []byte, off int64) (minimized int64) {
	cuts := p.Touching(off, int64(len(data)))
	for i := range cuts {
		c := &cuts[i]
		start, end := max(c.Off, off), min(c.End(), off+int64(len(data)))
		p.Write(c, data[start-off:end-off], start)
	}
	if p.mask == nil {
		return 0
	}
	return p.mask.Apply(data, off)
}
