package layout

import (
	"math"
	"slices"
)

// maxClaims bounds the memory a header can make us spend: a layout costs about
// 150 bytes a claim. Linux allows 65,530 mappings by default and cores of
// 131,104 segments have been seen; half a million is far above both.
const maxClaims = 1 << 19

// Builder collects what a reader claims and decides what every byte is.
type Builder struct {
	format   string
	size     int64
	claims   []Region
	extents  []Extent
	vectors  []Span
	mappings []Mapping
	state    []Span
	missing  int64
	full     bool
}

// NewBuilder returns a builder for a file of size bytes, none when it is negative.
func NewBuilder(format string, size int64) *Builder {
	return &Builder{format: format, size: max(size, 0)}
}

// Claim says that n bytes from off on are of kind k. The part past the end of
// the file is counted as missing; offsets and lengths may be hostile. For
// Memory, addr is the address of the first byte and the claim also becomes part
// of the address space; a claim past the last address goes on at address zero, in
// an extent and a region of its own. Claiming one span twice is no error.
func (b *Builder) Claim(k Kind, off, n, addr uint64, name string) {
	if n == 0 {
		return
	}
	if off >= uint64(b.size) {
		b.addMissing(n)
		return
	}
	if present := uint64(b.size) - off; n > present {
		b.addMissing(n - present)
		n = present
	}
	if room := -addr; k == Memory && addr != 0 && n > room {
		b.claim(k, off, room, addr, name)
		b.claim(k, off+room, n-room, 0, name)
		return
	}
	b.claim(k, off, n, addr, name)
}

// claim notes a claim that lies in the file and does not wrap.
func (b *Builder) claim(k Kind, off, n, addr uint64, name string) {
	if len(b.claims) >= maxClaims {
		b.full = true
		return
	}
	r := Region{Span: Span{int64(off), int64(n)}, Kind: k, Name: name}
	if k == Memory {
		r.Addr = addr
		b.extents = append(b.extents, Extent{Addr: addr, Span: r.Span})
	}
	b.claims = append(b.claims, r)
}

// Vectors says that n bytes from off on hold the values of vector registers, see
// [Layout.Vectors]. What lies past the end of the file is left out, and so is what
// no claim calls registers; it is not counted as missing.
func (b *Builder) Vectors(off, n uint64) {
	if off >= uint64(b.size) || n == 0 {
		return
	}
	if len(b.vectors) >= maxClaims {
		b.full = true
		return
	}
	b.vectors = append(b.vectors, Span{int64(off), int64(min(n, uint64(b.size)-off))})
}

// Missing adds n bytes that the headers claim and the file does not hold.
func (b *Builder) Missing(n uint64) { b.addMissing(n) }

func (b *Builder) addMissing(n uint64) {
	if n > math.MaxInt64-uint64(b.missing) {
		n = math.MaxInt64 - uint64(b.missing)
	}
	b.missing += int64(n)
}

// Build returns the layout: at each byte the strongest claim names it, among
// equals the one that starts first, and what nobody claims is Unclaimed.
func (b *Builder) Build() (*Layout, error) {
	if b.full {
		return nil, &Error{Format: b.format, Field: "range count", What: "more ranges than any real dump has"}
	}
	l := &Layout{Format: b.format, Size: b.size, Missing: b.missing, Truncated: b.missing > 0}
	l.Regions = tile(b.claims, b.size)
	l.Memory = b.extents
	slices.SortStableFunc(l.Memory, func(x, y Extent) int {
		switch {
		case x.Addr != y.Addr:
			return cmp64(x.Addr, y.Addr)
		case x.Off != y.Off:
			return cmp64(uint64(x.Off), uint64(y.Off))
		}
		return cmp64(uint64(x.Len), uint64(y.Len))
	})
	l.Memory = slices.Compact(l.Memory)
	l.Vectors = registersOf(l, b.vectors)
	l.State = b.state
	slices.SortStableFunc(l.State, func(x, y Span) int { return cmp64(uint64(x.Off), uint64(y.Off)) })
	l.Mappings = sortMappings(b.mappings)
	return l, nil
}

// registersOf returns the parts of spans that are registers in l, sorted and
// joined. spans are sorted in place.
func registersOf(l *Layout, spans []Span) []Span {
	slices.SortFunc(spans, func(x, y Span) int {
		if x.Off != y.Off {
			return cmp64(uint64(x.Off), uint64(y.Off))
		}
		return cmp64(uint64(x.Len), uint64(y.Len))
	})
	var out []Span
	pos := int64(0) // what lies before it has been looked at
	for _, s := range spans {
		for off := max(s.Off, pos); off < s.End(); off = pos {
			r := l.Regions[l.At(off)]
			pos = min(r.End(), s.End())
			if r.Kind != Registers {
				continue
			}
			if n := len(out); n > 0 && out[n-1].End() == off {
				out[n-1].Len = pos - out[n-1].Off
			} else {
				out = append(out, Span{off, pos - off})
			}
		}
	}
	return out
}

func cmp64(x, y uint64) int {
	switch {
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}
