package layout

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"strings"
)

// Range is the addresses [Low, High).
type Range struct{ Low, High uint64 }

// Holds reports whether addr is in r.
func (r Range) Holds(addr uint64) bool { return addr >= r.Low && addr < r.High }

// Union sorts ranges and joins those that touch. It may reorder rs.
func Union(rs []Range) []Range {
	slices.SortFunc(rs, func(a, b Range) int { return cmp.Or(cmp.Compare(a.Low, b.Low), cmp.Compare(a.High, b.High)) })
	var out []Range
	for _, r := range rs {
		if n := len(out); n > 0 && r.Low <= out[n-1].High {
			out[n-1].High = max(out[n-1].High, r.High)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// Extent returns the extent that holds addr: of those that do, the last of the
// lowest address that is not above it.
func (l *Layout) Extent(addr uint64) (Extent, bool) {
	i := sort.Search(len(l.Memory), func(i int) bool { return l.Memory[i].Addr > addr }) - 1
	if i < 0 || addr-l.Memory[i].Addr >= uint64(l.Memory[i].Len) {
		return Extent{}, false
	}
	return l.Memory[i], true
}

// maxPieces bounds what Pieces returns. A thread's stack is one piece or two; a
// heap has some free chunks for each megabyte.
const maxPieces = 8 << 20

var errPieces = errors.New("more pieces of memory than any real dump has")

// Pieces returns where the file has ranges, which are sorted and apart, under every
// address that it gives them: the parts that are memory and nothing stronger, sorted
// and apart. It fails when headers give memory so many addresses that no dump can be meant.
func (l *Layout) Pieces(ranges []Range) ([]Span, error) {
	var out []Span
	for _, e := range l.Memory {
		last := e.Addr + uint64(e.Len) - 1
		i := sort.Search(len(ranges), func(i int) bool { return ranges[i].High > e.Addr })
		for ; i < len(ranges) && ranges[i].Low <= last; i++ {
			if len(out) == maxPieces {
				return nil, errPieces
			}
			low, high := max(ranges[i].Low, e.Addr), min(ranges[i].High-1, last)
			out = append(out, Span{Off: e.Off + int64(low-e.Addr), Len: int64(high - low + 1)})
		}
	}
	return l.memory(Join(out)), nil
}

// memory returns the parts of spans, sorted and apart, that are memory in l.
func (l *Layout) memory(spans []Span) []Span {
	var out []Span
	for _, s := range spans {
		for i := l.At(s.Off); i < len(l.Regions) && l.Regions[i].Off < s.End(); i++ {
			r := l.Regions[i]
			if r.Kind == Memory {
				off := max(r.Off, s.Off)
				out = append(out, Span{Off: off, Len: min(r.End(), s.End()) - off})
			}
		}
	}
	return out
}

// Compare orders spans by where they begin, then by length.
func Compare(a, b Span) int {
	if a.Off != b.Off {
		return cmp.Compare(a.Off, b.Off)
	}
	return cmp.Compare(a.Len, b.Len)
}

// Join sorts spans and joins those that touch: the same bytes, each once. It reorders spans.
func Join(spans []Span) (out []Span) {
	slices.SortFunc(spans, Compare)
	for _, s := range spans {
		if n := len(out); n > 0 && s.Off <= out[n-1].End() {
			out[n-1].Len = max(out[n-1].End(), s.End()) - out[n-1].Off
			continue
		}
		out = append(out, s)
	}
	return out
}

// Order returns the byte order of the machine's numbers; little-endian when the
// dump does not say which machine it was.
func (l *Layout) Order() binary.ByteOrder {
	switch l.Arch {
	case "s390", "s390x", "ppc", "ppc64", "mips", "mips64", "sparc", "sparc64", "m68k", "hppa", "armeb", "arm64be":
		return binary.BigEndian
	}
	if strings.HasSuffix(l.Arch, "be") {
		return binary.BigEndian
	}
	return binary.LittleEndian
}

// Word returns the size of an address in bytes: 4 or 8, 8 when the dump does not say.
func (l *Layout) Word() int {
	switch l.Arch {
	case "i386", "x32", "arm", "armeb", "mips", "mipsel", "ppc", "ppcle", "sparc", "s390", "riscv32", "loongarch32", "m68k", "hppa", "sh":
		return 4
	}
	return 8
}
