// Package memory reads the memory of the process that was dumped by its addresses, wherever in the file it lies.
package memory

import (
	"sync"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/tile"
)

// Memory is the address space of a dump. All workers may share it.
type Memory struct {
	mu     sync.Mutex
	cache  *tile.Cache
	layout *layout.Layout
}

// New returns the memory of the dump t that l describes. It must be closed.
func New(t *tile.Tiles, l *layout.Layout) *Memory {
	return &Memory{cache: tile.NewCache(t), layout: l}
}

// Close wipes what was read.
func (m *Memory) Close() { m.cache.Close() }

// Spans returns where n bytes from addr on lie in the file, in the order of their addresses, or nil when
// some of them do not.
func (m *Memory) Spans(addr uint64, n int) []layout.Span {
	var out []layout.Span
	for n > 0 {
		e, ok := m.layout.Extent(addr)
		if !ok {
			return nil
		}
		in := int64(addr - e.Addr)
		k := min(int64(n), e.Len-in)
		out = append(out, layout.Span{Off: e.Off + in, Len: k})
		n -= int(k)
		addr += uint64(k)
	}
	return out
}

// Read copies len(p) bytes from addr on to p, and reports whether all of them are there. It is what
// [github.com/dumpscrub/dumpscrub/detect/probe.Facts] calls Memory.
func (m *Memory) Read(addr uint64, p []byte) bool {
	spans := m.Spans(addr, len(p))
	if spans == nil {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, s := range spans {
		if m.cache.Read(p[:s.Len], s.Off) != nil {
			return false // a source that moved ends the run when its tile is copied
		}
		p = p[s.Len:]
	}
	return true
}
