package layout

import (
	"cmp"
	"slices"
)

// maxMappings bounds the memory that a dump can make us spend on its address
// space; Linux allows 65,530 mappings by default.
const maxMappings = maxClaims

// Map says that n bytes of the dumped process's memory from addr on were mapped
// like m, of which Addr and Len are not used. What passes the last address is left
// out.
func (b *Builder) Map(addr, n uint64, m Mapping) {
	if n == 0 {
		return
	}
	if len(b.mappings) >= maxMappings {
		b.full = true
		return
	}
	m.Addr, m.Len = addr, n
	if room := -addr; addr != 0 && n > room {
		m.Len = room
	}
	b.mappings = append(b.mappings, m)
}

// State says that the stream of n bytes from off on is state, see [Layout.State].
// What lies past the end of the file is left out.
func (b *Builder) State(off, n uint64) {
	if off >= uint64(b.size) || n == 0 || len(b.state) >= maxState {
		return
	}
	b.state = append(b.state, Span{int64(off), int64(min(n, uint64(b.size)-off))})
}

// maxState bounds the streams of state; minidumps have a dozen streams.
const maxState = 1 << 10

// sortMappings sorts ms by address.
func sortMappings(ms []Mapping) []Mapping {
	slices.SortStableFunc(ms, func(x, y Mapping) int { return cmp.Compare(x.Addr, y.Addr) })
	return ms
}
