package reel

import (
	"context"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Seams moves past the examiner what memory holds across places where addresses
// run on but the file does not: a secret may lie in two segments, and in many
// when they are tiny.
func (r *Reel) Seams(ctx context.Context) error {
	cache := tile.NewCache(r.Tiles)
	defer cache.Close()
	for _, t := range chains(r.Layout.Memory) {
		for _, s := range r.borders(t) {
			if !r.seesCut(t, s) {
				continue
			}
			err := r.run(ctx, t, s, func(_ context.Context, p []byte, pos int64) error {
				for _, sp := range t.spans(nil, pos, pos+int64(len(p))) {
					if err := cache.Read(p[:sp.Len], sp.Off); err != nil {
						return err
					}
					p = p[sp.Len:]
				}
				return nil
			})
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// Breaks returns the offsets at which the file goes on with unrelated bytes:
// where one of two neighbouring regions is memory and the other is not the memory
// behind it. A structure that is cut off at the end of a segment must not be
// completed by what another segment begins with.
func Breaks(l *layout.Layout) []int64 {
	var out []int64
	for i := 1; i < len(l.Regions); i++ {
		a, b := &l.Regions[i-1], &l.Regions[i]
		memory := a.Kind == layout.Memory || b.Kind == layout.Memory
		joined := a.Kind == b.Kind && a.Addr+uint64(a.Len) == b.Addr
		if memory && !joined {
			out = append(out, b.Off)
		}
	}
	return out
}

// lieReach is how far to both sides of a break what is one structure across it
// is looked for, in bytes: only headers that lie can hide one there.
const lieReach = 64 << 10

// Lies moves past the examiner, in the file's own order and without breaks, what
// lies around each break. What is found there counts only when it is certain:
// a header that lies about where memory begins must not hide a key, and an honest
// one must not join two pieces of memory to a key that never was.
func (r *Reel) Lies(ctx context.Context) error {
	whole := &tape{}
	whole.add(layout.Span{Len: r.Tiles.Size()})
	marks := r.Breaks
	r.Breaks = nil
	defer func() { r.Breaks = marks }()
	for i := 0; i < len(marks); {
		lo := max(0, marks[i]-lieReach)
		hi := marks[i] + lieReach
		for i++; i < len(marks) && marks[i]-lieReach <= hi; i++ {
			hi = marks[i] + lieReach
		}
		hi = min(hi, r.Tiles.Size())
		s := r.onTiles(lo, hi)
		if !r.seesCut(whole, s) {
			continue
		}
		if err := r.run(ctx, whole, s, r.readTiles); err != nil {
			return err
		}
	}
	return nil
}

// borders returns the stretches of t in which a verdict can see both sides of a
// border between two parts.
func (r *Reel) borders(t *tape) []stretch {
	before, after := int64(r.Before), int64(r.After)
	var out []stretch
	for _, p := range t.parts[1:] {
		s := stretch{lo: max(0, p.pos-after), hi: min(t.len, p.pos+before)}
		s.start, s.end = max(0, s.lo-before), min(t.len, s.hi+after)
		if n := len(out); n > 0 && out[n-1].hi >= s.lo {
			out[n-1].hi, out[n-1].end = s.hi, s.end
			continue
		}
		out = append(out, s)
	}
	return out
}

// chains returns the tapes of two parts or more that follow addresses. extents
// are sorted by address. Every extent that has a neighbour in addresses but not
// in the file stands next to it on some tape; where extents alias, one partner
// is enough, for the bytes are the same.
func chains(extents []layout.Extent) []*tape {
	starts := make(map[uint64]int, len(extents)) // address to first extent there
	ends := make(map[uint64]int, len(extents))   // address to first extent that ends there
	for i, e := range slices.Backward(extents) {
		starts[e.Addr] = i
		ends[e.Addr+uint64(e.Len)] = i
	}
	var out []*tape
	visited := make([]bool, len(extents))
	for i := range extents {
		if visited[i] {
			continue
		}
		t := &tape{}
		if j, ok := ends[extents[i].Addr]; ok && j != i {
			t.add(extents[j].Span)
		}
		for k, ok := i, true; ok; {
			t.add(extents[k].Span)
			if visited[k] {
				break
			}
			visited[k] = true
			next := extents[k].Addr + uint64(extents[k].Len)
			k, ok = starts[next]
			ok = ok && next != 0 // an address space does not wrap around
		}
		if len(t.parts) > 1 {
			out = append(out, t)
		}
	}
	return out
}
