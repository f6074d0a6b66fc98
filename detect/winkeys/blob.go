package winkeys

import (
	"bytes"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// blob is a structure at b[at].
type blob struct {
	b  []byte
	at int
}

// word returns the i-th 32-bit word, little-endian, or zero when it is not there
// or no plausible size: above 2^24.
func (s blob) word(i int) int {
	const most = 1 << 24
	off := s.at + 4*i
	if off+4 > len(s.b) {
		return 0
	}
	if v := binary.LittleEndian.Uint32(s.b[off:]); v <= most {
		return int(v)
	}
	return 0
}

// fields is a sequence of numbers of known sizes, the last ones perhaps cut off.
type fields struct {
	b     []byte
	at    []probe.Range
	sizes []int
	end   int // behind the last byte that is there
	whole bool
}

// split cuts what lies behind a header of the given size into numbers.
func (s blob) split(header int, sizes ...int) fields {
	f := fields{b: s.b, sizes: sizes, whole: true, end: min(s.at+header, len(s.b))}
	for _, n := range sizes {
		start := f.end
		f.end = min(start+n, len(s.b))
		f.whole = f.whole && f.end-start == n
		f.at = append(f.at, probe.Range{Start: start, End: f.end})
	}
	return f
}

// span returns the range of the structure that begins at start.
func (f *fields) span(start int) probe.Range { return probe.Range{Start: start, End: f.end} }

// has reports whether the first n fields are whole.
func (f *fields) has(n int) bool {
	for i := range n {
		if f.at[i].Len() != f.sizes[i] {
			return false
		}
	}
	return true
}

// public returns field i, big-endian; reversed says that it is stored the other
// way round.
func (f *fields) public(i int, reversed bool) []byte {
	p := f.b[f.at[i].Start:f.at[i].End]
	if reversed {
		p = slices.Clone(p)
		slices.Reverse(p)
	}
	return p
}

// private returns field i as a number, absent when nothing of it is there or all
// of it is zero.
func (f *fields) private(i int, reversed bool) privkey.Number {
	p := f.public(i, reversed)
	if len(bytes.TrimLeft(p, "\x00")) == 0 {
		return privkey.Number{}
	}
	return privkey.Number{Bytes: p, At: f.at[i], Cut: len(p) < f.sizes[i]}
}

// live returns how many bytes of the fields from i on are there and not redacted
// or zeroed.
func (f *fields) live(i int) int {
	n := 0
	for ; i < len(f.at); i++ {
		p := f.b[f.at[i].Start:f.at[i].End]
		if len(bytes.TrimLeft(p, "\x00")) > 0 && !privkey.Redacted(p) {
			n += len(p)
		}
	}
	return n
}

// minPrivate is how many private bytes must be there for a blob that is cut off to
// be worth a finding.
const minPrivate = 8

// The bounds of moduli, in bits: BCRYPT_RSA_ALGORITHM takes 512 to 16384.
const minBits, maxBits = 512, 16384

// topBit reports whether the highest bit of the big-endian number p, which has
// the given number of bits, is set.
func topBit(p []byte, bits int) bool {
	return len(p) > 0 && p[0]>>((bits-1)%8) == 1
}

// sorted brings the private ranges of k into the order of the blob.
func sorted(k privkey.Key) privkey.Key {
	slices.SortFunc(k.Private, func(a, b probe.Range) int { return a.Start - b.Start })
	return k
}
