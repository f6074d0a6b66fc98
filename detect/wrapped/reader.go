package wrapped

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// reader walks fields of fixed and of counted size. The first that cannot be read
// ends the walk: all later reads return nothing.
type reader struct {
	b      []byte
	off    int
	little bool // least significant byte first
	cut    bool // the data ends inside a field
	bad    bool // a field has an impossible value
}

// ok reports whether all that was read was there and plausible.
func (r *reader) ok() bool { return !r.cut && !r.bad }

// take returns the next n bytes, fewer when the data ends.
func (r *reader) take(n int) probe.Range {
	start := r.off
	switch {
	case !r.ok():
	case n > len(r.b)-start:
		r.off, r.cut = len(r.b), true
	default:
		r.off += n
	}
	return probe.Range{Start: start, End: r.off}
}

func (r *reader) bytes(g probe.Range) []byte { return r.b[g.Start:g.End] }

func (r *reader) u8() int {
	if p := r.bytes(r.take(1)); len(p) == 1 {
		return int(p[0])
	}
	return 0
}

func (r *reader) u16() int {
	p := r.bytes(r.take(2))
	switch {
	case len(p) < 2:
		return 0
	case r.little:
		return int(binary.LittleEndian.Uint16(p))
	}
	return int(binary.BigEndian.Uint16(p))
}

func (r *reader) u32() uint32 {
	p := r.bytes(r.take(4))
	switch {
	case len(p) < 4:
		return 0
	case r.little:
		return binary.LittleEndian.Uint32(p)
	}
	return binary.BigEndian.Uint32(p)
}

// count reads a number of four bytes, which must lie between lo and hi.
func (r *reader) count(lo, hi int) int {
	n := r.u32()
	if r.ok() && (uint64(n) < uint64(lo) || uint64(n) > uint64(hi)) {
		r.bad = true
	}
	if !r.ok() {
		return 0
	}
	return int(n)
}

// sized reads a count of four bytes, between lo and hi, and so many bytes.
func (r *reader) sized(lo, hi int) probe.Range { return r.take(r.count(lo, hi)) }

// name checks that p, the name of a realm or a principal, is text.
func (r *reader) name(p []byte) {
	for _, c := range p {
		if c < ' ' || c == 0x7f {
			r.bad = true
			return
		}
	}
}
