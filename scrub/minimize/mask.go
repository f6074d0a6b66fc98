package minimize

import (
	"cmp"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Mask knows what stays of one dump. It is immutable and may be used from several
// goroutines at once.
type Mask struct {
	l      *layout.Layout
	mapped []bounds // what pointers lead to: sorted and apart
	keep   []bounds // addresses of programs' read-only parts: sorted and apart
	paths  map[string]bool
	wide   bool
	order  binary.ByteOrder
}

// bounds is the addresses [low, last].
type bounds struct{ low, last uint64 }

// New returns the mask of the dump that l describes. read fills p with the bytes
// of the file from off on.
func New(l *layout.Layout, read func(p []byte, off int64) error) (*Mask, error) {
	m := &Mask{l: l, wide: l.Word() == 8, order: l.Order()}
	if l.Format != "raw" {
		// A raw file's addresses are offsets: small numbers of all kinds are some.
		for _, e := range l.Memory {
			m.mapped = append(m.mapped, bounds{e.Addr, e.Addr + uint64(e.Len) - 1})
		}
	}
	for _, p := range l.Mappings {
		b := bounds{p.Addr, p.Addr + (p.Len - 1)}
		m.mapped = append(m.mapped, b)
		if p.Access&layout.Write != 0 {
			continue
		}
		if p.Image || p.Access&layout.Execute != 0 && p.Len <= maxSystemImage && m.isELF(p.Addr, read) {
			m.keep = append(m.keep, b)
		}
	}
	m.mapped, m.keep = union(m.mapped), union(m.keep)
	return m, m.readPaths(read)
}

// maxSystemImage bounds the program that the kernel maps into every process and
// that is no file (the vDSO), in bytes.
const maxSystemImage = 64 << 10

// isELF reports whether an ELF header lies at addr.
func (m *Mask) isELF(addr uint64, read func([]byte, int64) error) bool {
	e, ok := m.l.Extent(addr)
	if !ok || e.Addr != addr || e.Len < 4 {
		return false
	}
	var p [4]byte
	return read(p[:], e.Off) == nil && string(p[:]) == "\x7fELF"
}

// maxPaths bounds how much of NT_FILE is read, in bytes: more than twice what the
// kernel writes.
const maxPaths = 8 << 20

// readPaths takes the parts of the paths in NT_FILE.
func (m *Mask) readPaths(read func([]byte, int64) error) error {
	m.paths = map[string]bool{}
	for _, r := range m.l.Regions {
		if r.Name != "NT_FILE" || r.Len > maxPaths {
			continue
		}
		p := make([]byte, r.Len)
		if err := read(p, r.Off); err != nil {
			return err
		}
		for s := range strings.SplitSeq(string(p), "\x00") {
			if !strings.HasPrefix(s, "/") {
				continue
			}
			for part := range strings.SplitSeq(s, "/") {
				m.paths[part] = true
				// Links are named like the library without its last numbers.
				if at := strings.Index(part, ".so"); at >= 0 {
					for i := len(part) - 1; i >= at+len(".so"); i-- {
						if part[i] == '.' {
							m.paths[part[:i]] = true
						}
					}
				}
			}
		}
	}
	return nil
}

// union sorts bs and joins those that touch or overlap.
func union(bs []bounds) []bounds {
	slices.SortFunc(bs, func(a, b bounds) int { return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.last, b.last)) })
	var out []bounds
	for _, b := range bs {
		if n := len(out); n > 0 && (b.low <= out[n-1].last || b.low == out[n-1].last+1) {
			out[n-1].last = max(out[n-1].last, b.last)
		} else {
			out = append(out, b)
		}
	}
	return out
}

// find returns the index in bs, sorted and apart, of the range that holds addr,
// or else of the first behind it, and whether it does.
func find(bs []bounds, addr uint64) (int, bool) {
	lo, hi := 0, len(bs)
	for lo < hi {
		if k := int(uint(lo+hi) >> 1); bs[k].last < addr {
			lo = k + 1
		} else {
			hi = k
		}
	}
	return lo, lo < len(bs) && bs[lo].low <= addr
}

// Apply overwrites what does not stay of data, the bytes of the file from off on,
// which must be a whole tile. It returns how many bytes changed.
func (m *Mask) Apply(data []byte, off int64) int64 {
	var n int64
	end := off + int64(len(data))
	for i := m.l.At(off); i < len(m.l.Regions) && m.l.Regions[i].Off < end; i++ {
		r := &m.l.Regions[i]
		from, to := max(r.Off, off), min(r.End(), end)
		p := data[from-off : to-off]
		switch r.Kind {
		case layout.Memory:
			n += m.memory(p, r.Addr+uint64(from-r.Off))
		case layout.Unclaimed:
			n += m.unclaimed(p, from)
		case layout.Text:
			n += m.text(p, from, r)
		case layout.Registers:
			n += m.registers(p, uint64(from-r.Off))
		}
	}
	return n
}

// memory judges p, which lay at addr in the process.
func (m *Mask) memory(p []byte, addr uint64) int64 {
	var n int64
	for len(p) > 0 {
		// Programs are laid out in pages, so that a piece is kept or judged whole.
		i, in := find(m.keep, addr)
		size := uint64(len(p))
		switch {
		case in:
			size = min(size-1, m.keep[i].last-addr) + 1
		case i < len(m.keep):
			size = min(size, m.keep[i].low-addr)
		}
		if !in {
			n += m.words(p[:size], addr)
		}
		p, addr = p[size:], addr+size
	}
	return n
}

// maxState bounds the streams that count as state, in bytes: ten thousand modules.
const maxState = 2 << 20

// unclaimed judges p, which lies at off in the file and is no memory. What
// debuggers read as state stays.
func (m *Mask) unclaimed(p []byte, off int64) int64 {
	var n int64
	end := off + int64(len(p))
	for pos := off; pos < end; {
		next, state := end, false
		for _, s := range m.l.State {
			if s.Len > maxState {
				continue
			}
			if s.Off <= pos && pos < s.End() {
				next, state = min(end, s.End()), true
				break
			}
			if s.Off > pos {
				next = min(next, s.Off)
				break
			}
		}
		if !state {
			n += m.words(p[pos-off:next-off], uint64(pos))
		}
		pos = next
	}
	return n
}

// fill overwrites p and returns how many bytes changed.
func fill(p []byte) int64 {
	var n int64
	for i, b := range p {
		if b != probe.Fill {
			p[i] = probe.Fill
			n++
		}
	}
	return n
}

// fillNonzero overwrites p unless it is all zero.
func fillNonzero(p []byte) int64 {
	for _, b := range p {
		if b != 0 {
			return fill(p)
		}
	}
	return 0
}
