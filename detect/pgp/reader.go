package pgp

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// outcome says how the reading of a field ended.
type outcome uint8

const (
	whole   outcome = iota
	cut             // the field runs past the end; its range holds what is there
	damaged         // the field's length is impossible or missing
)

// reader walks a packet's body.
type reader struct {
	b   []byte
	off int
}

func (r *reader) left() int { return len(r.b) - r.off }

// u8 reads one octet, zero and false at the end.
func (r *reader) u8() (byte, bool) {
	if r.left() < 1 {
		return 0, false
	}
	r.off++
	return r.b[r.off-1], true
}

// count32 reads a big-endian count of four octets that must not exceed hi.
func (r *reader) count32(hi int) (int, bool) {
	if r.left() < 4 {
		return 0, false
	}
	v := binary.BigEndian.Uint32(r.b[r.off:])
	if uint64(v) > uint64(hi) {
		return 0, false
	}
	r.off += 4
	return int(v), true
}

// field reads one field and returns the range of its content.
func (r *reader) field(p part) (probe.Range, outcome) {
	at := probe.Range{Start: r.off, End: r.off}
	n := p.lo
	switch p.shape {
	case mpi:
		if r.left() < 2 {
			return at, damaged
		}
		bits := int(binary.BigEndian.Uint16(r.b[r.off:]))
		if bits < p.lo || bits > p.hi {
			return at, damaged
		}
		n = (bits + 7) / 8
		at.Start += 2
	case counted:
		if r.left() < 1 {
			return at, damaged
		}
		if n = int(r.b[r.off]); n < p.lo || n > p.hi {
			return at, damaged
		}
		at.Start++
	}
	if n > len(r.b)-at.Start {
		at.End = len(r.b)
		r.off = len(r.b)
		return at, cut
	}
	at.End = at.Start + n
	r.off = at.End
	return at, whole
}

// exact reports whether the MPI with the content at g has the number of bits
// that it claims (RFC 9580, section 3.2: the count is that of the highest one).
func (r *reader) exact(g probe.Range) bool {
	bits := int(binary.BigEndian.Uint16(r.b[g.Start-2:]))
	top := r.b[g.Start]
	return top>>((bits-1)%8) == 1
}

// live reports whether p holds something to hide: not redacted, wholly or in
// part, and not zeroed.
func live(p []byte) bool { return len(bytes.TrimLeft(p, "\x00")) > 0 && !privkey.Redacted(p) }
