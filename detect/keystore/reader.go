package keystore

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// reader walks big-endian fields. The first that cannot be read sets fail, and
// all later reads return nothing.
type reader struct {
	b    []byte
	off  int
	fail failure
}

// failure says why a walk ended.
type failure uint8

const (
	good    failure = iota
	cut             // the data ends
	damaged         // a field has an impossible value
)

func (r *reader) stop(f failure) {
	if r.fail == good {
		r.fail = f
	}
}

// take returns the next n bytes, fewer when the data ends.
func (r *reader) take(n int) probe.Range {
	start := r.off
	if r.fail != good {
		return probe.Range{Start: start, End: start}
	}
	if n > len(r.b)-start {
		r.off = len(r.b)
		r.stop(cut)
	} else {
		r.off += n
	}
	return probe.Range{Start: start, End: r.off}
}

func (r *reader) bytes(g probe.Range) []byte { return r.b[g.Start:g.End] }

func (r *reader) u8() byte {
	if p := r.bytes(r.take(1)); len(p) == 1 {
		return p[0]
	}
	return 0
}

func (r *reader) u16() int {
	if p := r.bytes(r.take(2)); len(p) == 2 {
		return int(binary.BigEndian.Uint16(p))
	}
	return 0
}

func (r *reader) u32() uint32 {
	if p := r.bytes(r.take(4)); len(p) == 4 {
		return binary.BigEndian.Uint32(p)
	}
	return 0
}

// sized reads a length of four bytes, between lo and hi, and so many bytes.
func (r *reader) sized(lo, hi uint32) probe.Range {
	n := r.u32()
	if r.fail == good && (n < lo || n > hi) {
		r.stop(damaged)
	}
	if r.fail != good {
		return probe.Range{Start: r.off, End: r.off}
	}
	return r.take(int(n))
}

// utf reads a string as DataOutput.writeUTF writes it: a length of two bytes and
// modified UTF-8, which never contains a zero byte.
func (r *reader) utf() string {
	p := r.bytes(r.take(r.u16()))
	for _, c := range p {
		if c == 0 || c >= 0xf0 {
			r.stop(damaged)
			break
		}
	}
	return string(p)
}
