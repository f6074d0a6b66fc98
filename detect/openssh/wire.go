package openssh

import (
	"bytes"
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// lenSize is the size of a string's length field (RFC 4251, section 5).
const lenSize = 4

// reader walks SSH wire format. Positions are indices in b.
type reader struct {
	b   []byte
	off int
}

// outcome says how the reading of one string ended.
type outcome uint8

const (
	whole   outcome = iota // all of it is there
	cut                    // it runs past the end of the data; the range holds what is there
	damaged                // its length is impossible or missing
)

// str reads the string at r.off, whose content has between lo and hi bytes.
func (r *reader) str(lo, hi int) (probe.Range, outcome) {
	at := probe.Range{Start: r.off, End: r.off}
	if len(r.b)-r.off < lenSize {
		return at, damaged
	}
	n := binary.BigEndian.Uint32(r.b[r.off:])
	if uint64(n) < uint64(lo) || uint64(n) > uint64(hi) {
		return at, damaged
	}
	start := r.off + lenSize
	if int(n) > len(r.b)-start {
		r.off = len(r.b)
		return probe.Range{Start: start, End: len(r.b)}, cut
	}
	r.off = start + int(n)
	return probe.Range{Start: start, End: r.off}, whole
}

// u32 reads a big-endian number of four bytes.
func (r *reader) u32() (uint32, bool) {
	if len(r.b)-r.off < 4 {
		return 0, false
	}
	v := binary.BigEndian.Uint32(r.b[r.off:])
	r.off += 4
	return v, true
}

func (r *reader) bytes(g probe.Range) []byte { return r.b[g.Start:g.End] }

// number strips the leading zeros of an mpint's content.
func number(p []byte) []byte { return bytes.TrimLeft(p, "\x00") }

// live reports whether p holds something to hide: not redacted and not zeroed.
func live(p []byte) bool { return len(number(p)) > 0 && !privkey.Redacted(p) }
