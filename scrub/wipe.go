package scrub

import (
	"bytes"
	"context"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/deadstack"
	"github.com/dumpscrub/dumpscrub/scrub/malloc"
	"github.com/dumpscrub/dumpscrub/scrub/memory"
	"github.com/dumpscrub/dumpscrub/scrub/policy"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Wiped is a class of bytes that is removed although nothing was found in it.
type Wiped struct {
	Class string // a word of --wipe, or one of those that follow
	Spans []layout.Span
}

// bytes returns how many bytes are removed.
func (w *Wiped) bytes() int64 {
	var n int64
	for _, s := range w.Spans {
		n += s.Len
	}
	return n
}

// wipe notes what of each class that w names holds anything but zeros and fills.
func (res *Result) wipe(ctx context.Context, l *layout.Layout, w policy.Wipe) error {
	cache := tile.NewCache(res.tiles)
	defer cache.Close()
	add := func(class string, spans []layout.Span) error {
		spans, err := dirty(ctx, cache, spans)
		if err == nil && len(spans) > 0 {
			res.Wiped = append(res.Wiped, Wiped{class, spans})
		}
		return err
	}
	if w.Vectors {
		if err := add(policy.Vectors, l.Vectors); err != nil {
			return err
		}
	}
	m := memory.New(res.tiles, l)
	defer m.Close()
	addRanges := func(class string, ranges []layout.Range) error {
		spans, err := l.Pieces(ranges)
		if err != nil {
			return err
		}
		return add(class, spans)
	}
	if w.DeadStack {
		if err := addRanges(policy.DeadStack, deadstack.Find(m.Read, l)); err != nil {
			return err
		}
	}
	if w.Free && heapsOf(l.Arch) {
		extents := make([]layout.Range, len(l.Memory))
		for i, e := range l.Memory {
			extents[i] = layout.Range{Low: e.Addr, High: e.Addr + uint64(e.Len)}
		}
		return addRanges(policy.Free, malloc.Free(m.Read, extents))
	}
	return nil
}

// heapsOf reports whether package malloc reads the heaps of a machine: those of
// 64-bit little-endian ones.
func heapsOf(arch string) bool {
	switch arch {
	case "x86-64", "arm64", "ppc64le", "riscv64", "loongarch64":
		return true
	}
	return false
}

// wipeUnit is how much is wiped or kept as a whole, in bytes: a page of memory, so
// that pages which were never touched stay zero and the file stays sparse.
const wipeUnit = 4 << 10

// dirty returns the units of spans that hold a byte which is neither zero nor,
// throughout the unit, probe.Fill. spans are sorted and apart; so is the result.
func dirty(ctx context.Context, cache *tile.Cache, spans []layout.Span) ([]layout.Span, error) {
	zero := make([]byte, wipeUnit)
	filled := bytes.Repeat([]byte{probe.Fill}, wipeUnit)
	buf := make([]byte, wipeUnit)
	defer clear(buf)
	var out []layout.Span
	for _, s := range spans {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		for off := s.Off; off < s.End(); off += wipeUnit {
			n := min(wipeUnit, s.End()-off)
			if cache.Zero(off, n) {
				continue
			}
			p := buf[:n]
			if err := cache.Read(p, off); err != nil {
				return nil, err
			}
			if bytes.Equal(p, zero[:n]) || bytes.Equal(p, filled[:n]) {
				continue
			}
			if k := len(out); k > 0 && out[k-1].End() == off {
				out[k-1].Len += n
			} else {
				out = append(out, layout.Span{Off: off, Len: n})
			}
		}
	}
	return out, nil
}

// firm returns l without what readers take from bytes that may be redacted:
// whatever a finding makes of a stack pointer, the copy's shape is the input's.
func firm(l *layout.Layout) *layout.Layout {
	c := *l
	c.Vectors, c.Mappings, c.MainStack = nil, nil, 0
	c.Threads = slices.Clone(l.Threads)
	for i := range c.Threads {
		c.Threads[i].ID, c.Threads[i].SP, c.Threads[i].TLS = 0, 0, 0
	}
	return &c
}
