package rsaprime

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// dense holds one bit for each word of eight bytes at a multiple of eight in the
// stream: whether it could be a part of a random number.
type dense struct {
	bits []uint64
	// filled is bits with every single word that lies between two dense ones: one
	// word of 200 of a long run fails by chance, and is no end of it.
	filled []uint64
	// free is the words that are random to [kernel.Patternless], which code and tables seldom are.
	free []uint64
	// common is the bytes that are those of machine code, eight words of it for 64 words; known are the 64 that have
	// been looked at, for few are asked for.
	common []uint64
	known  []uint64
	tops   []uint64 // the bytes of which the highest bit is set, eight words of it for 64 words
	data   []byte
	first  int // index in the data of word 0; may be negative
	n      int // words
}

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// random reports whether w could be eight bytes of a random number: at most one
// byte is zero, some byte is 0x80 or more, it is no address of a kernel, and not eight times the same byte, but for the fill. Of
// random words one in 200 fails; pointers of user space, text, small numbers do.
func random(w uint64) bool {
	if w&highs == 0 || w>>48 == 0xffff || w == bits.RotateLeft64(w, 8) && w != probe.Fill*ones {
		return false
	}
	// The lowest bit set is a zero byte; higher ones may be false after a borrow,
	// which costs a random word in 2^16.
	z := (w - ones) & ^w & highs
	return z&(z-1) == 0
}

// look makes d that of the words of data[lo:hi), where data[0] is at base.
func (d *dense) look(data []byte, base int64, lo, hi int) {
	lo, hi = max(lo, 0), min(hi, len(data))
	d.data, d.first = data, lo-int((base+int64(lo))&7)
	d.n = max(0, hi-d.first) / 8
	blocks := d.n/64 + 3 // three: ahead reads beyond the end
	d.bits, d.filled = zeroed(d.bits, blocks), zeroed(d.filled, blocks)
	d.known = zeroed(d.known, (blocks+63)/64)
	d.follow(blocks)
	d.tip(blocks)
	d.common = slices.Grow(d.common[:0], commonWords*blocks)[:commonWords*blocks]
	k := 0
	if d.first < 0 {
		k = 1 // the first word is not
	}
	for ; k < d.n && k < 64; k++ { // what is not whole begins here
		d.mark(k)
	}
	if full := d.n/64 - 1; full > 0 {
		p := data[d.first+64*word:][:full*kernel.WordBytes]
		kernel.Random(d.bits[1:1+full], p)
		// The fill counts, for what it replaced did.
		kernel.Equal(d.filled[:full], p, []uint64{probe.Fill * ones})
		for i, m := range d.filled[:full] {
			d.bits[1+i] |= m
		}
		k += 64 * full
	}
	for ; k < d.n; k++ {
		d.mark(k)
	}
	for i, b := range d.bits {
		left, right := b<<1, b>>1
		if i > 0 {
			left |= d.bits[i-1] >> 63
		}
		if i+1 < len(d.bits) {
			right |= d.bits[i+1] << 63
		}
		d.filled[i] = b | left&right
	}
}

// tip fills tops, of so many blocks.
func (d *dense) tip(blocks int) {
	d.tops = slices.Grow(d.tops[:0], commonWords*blocks)[:commonWords*blocks]
	from := 0
	if d.first < 0 {
		from = 1 // the first piece is not whole
	}
	full := max(from, min(len(d.tops), (len(d.data)-d.first)/kernel.TopBytes))
	if from < full {
		kernel.Tops(d.tops[from:full], d.data[d.first+kernel.TopBytes*from:])
	}
	clear(d.tops[full:])
	for _, k := range [2]int{0, full} {
		at := d.first + kernel.TopBytes*k
		if k >= len(d.tops) || at >= 0 && k < full || at >= len(d.data) {
			continue
		}
		var room [kernel.TopBytes]byte
		copy(room[max(-at, 0):], d.data[max(at, 0):])
		kernel.Tops(d.tops[k:k+1], room[:])
	}
}

// topsAt returns the tops of 64 bytes from byte i of word 0 on, the first in bit 0.
func (d *dense) topsAt(i int) uint64 {
	k, s := i>>6, uint(i&63)
	if k+1 >= len(d.tops) {
		return 0
	}
	return d.tops[k]>>s | d.tops[k+1]<<(64-s) // a shift by 64 gives zero
}

// follow fills free, of so many words.
func (d *dense) follow(blocks int) {
	d.free = zeroed(d.free, blocks)
	full := d.n / 64
	switch {
	case full == 0:
	case d.first >= kernel.PatternBack:
		kernel.Patternless(d.free[:full], d.data[d.first-kernel.PatternBack:])
	default:
		d.piece(0)
		kernel.Patternless(d.free[1:full], d.data[d.first+kernel.WordBytes-kernel.PatternBack:])
	}
	d.piece(full)
}

// piece fills word i of free, with zeros for what is not there.
func (d *dense) piece(i int) {
	var room [kernel.PatternBack + kernel.WordBytes]byte
	from := d.first + kernel.WordBytes*i - kernel.PatternBack
	end := min(len(d.data), d.first+word*min(d.n, 64*(i+1)))
	if at := max(from, 0); at < end {
		copy(room[at-from:], d.data[at:end])
	}
	kernel.Patternless(d.free[i:i+1], room[:])
}

// word is how many bytes one has.
const word = 8

// mark notes whether word k is dense.
func (d *dense) mark(k int) {
	if w := binary.LittleEndian.Uint64(d.data[d.first+word*k:]); random(w) {
		d.bits[k>>6] |= 1 << (k & 63)
	}
}

// zeroed returns n zeros, in the memory of s if it holds them.
func zeroed(s []uint64, n int) []uint64 {
	s = slices.Grow(s[:0], n)[:n]
	clear(s)
	return s
}

// ahead returns the bits of 64 words from word k on, the first in bit 0.
func (d *dense) ahead(k int) uint64 {
	i := k >> 6
	if k < 0 || i+1 >= len(d.bits) {
		return 0
	}
	s := uint(k & 63)
	return d.bits[i]>>s | d.bits[i+1]<<(64-s) // a shift by 64 gives zero
}

// at reports whether word k is dense.
func (d *dense) at(k int) bool {
	return k >= 0 && k>>6 < len(d.bits) && d.bits[k>>6]>>(k&63)&1 != 0
}

// inside reports whether word k is dense or lies alone between two that are.
func (d *dense) inside(k int) bool {
	return k >= 0 && k>>6 < len(d.filled) && d.filled[k>>6]>>(k&63)&1 != 0
}

// patterned returns how many of the n words from k on, 64 at most, follow a pattern.
func (d *dense) patterned(k, n int) int {
	i, s := k>>6, uint(k&63)
	a := ^(d.free[i]>>s | d.free[i+1]<<(64-s))
	if n < 64 {
		a &= 1<<n - 1
	}
	return bits.OnesCount64(a)
}

// hollow returns the bits of 64 words from word k on that are not inside.
func (d *dense) hollow(k int) uint64 {
	i := k >> 6
	if k < 0 || i+1 >= len(d.filled) {
		return ^uint64(0)
	}
	s := uint(k & 63)
	return ^(d.filled[i]>>s | d.filled[i+1]<<(64-s))
}

// count returns how many of the n words from k on are dense, looking at 64.
func (d *dense) count(k, n int) int {
	a := d.ahead(k)
	if n < 64 {
		a &= 1<<n - 1
	}
	return bits.OnesCount64(a)
}

// commonWords is how many words of common there are for 64 words of memory.
const commonWords = kernel.WordBytes / kernel.CommonBytes

// commonIn returns how many bytes of the n words from k on, 1 to 64, are those that machine code
// prefers, or none where the words are not at hand.
func (d *dense) commonIn(k, n int) int {
	if k < 0 || k+n > d.n {
		return 0
	}
	d.commons(k >> 6)
	d.commons((k + n - 1) >> 6)
	sum, from, end := 0, k>>3, (k+n-1)>>3
	for i := from; i <= end; i++ {
		m := d.common[i]
		if i == from {
			m &= ^uint64(0) << (8 * (k & 7))
		}
		if i == end {
			m &= ^uint64(0) >> (56 - 8*((k+n-1)&7))
		}
		sum += bits.OnesCount64(m)
	}
	return sum
}

// commons looks at block i of 64 words, if nobody has yet.
func (d *dense) commons(i int) {
	if d.known[i>>6]>>(i&63)&1 != 0 {
		return
	}
	d.known[i>>6] |= 1 << (i & 63)
	dst, at := d.common[commonWords*i:][:commonWords], d.first+kernel.WordBytes*i
	skip := 0
	if at < 0 {
		skip = word // of the first word a part is there
	}
	p := d.data[at+skip:]
	if skip > 0 || len(p) < kernel.WordBytes {
		room := make([]byte, kernel.WordBytes)
		copy(room[skip:], p)
		p = room
	}
	kernel.Commons(dst, p)
	for k, m := range dst {
		// Zeros are many, and no code. The lowest bit of each byte of m that has all:
		m &= m >> 4
		m &= m >> 2
		for m &= m >> 1 & ones; m != 0; m &= m - 1 {
			b := bits.TrailingZeros64(m)
			if binary.LittleEndian.Uint64(p[kernel.CommonBytes*k+b:]) == 0 {
				dst[k] &^= 0xff << b
			}
		}
	}
}

// hole is the first word, from one on that was asked about, that is neither dense nor alone between two
// that are. Words must be asked about in ascending order.
type hole struct {
	at  int
	any bool
}

// after returns it for word k, or one before it.
func (h *hole) after(d *dense, k int) int {
	if k < 0 {
		return k
	}
	if h.any && h.at >= k {
		return h.at
	}
	h.any = true
	for i := k >> 6; i < len(d.filled); i++ {
		free := ^d.filled[i]
		if i == k>>6 {
			free &= ^uint64(0) << (k & 63)
		}
		if free != 0 {
			h.at = i<<6 + bits.TrailingZeros64(free)
			return h.at
		}
	}
	h.at = len(d.filled) << 6
	return h.at
}
