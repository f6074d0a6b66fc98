package rsapair

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// sizes returns the lengths in bytes of the primes that are looked for, ascending.
func sizes() [5]int { return [5]int{64, 96, 128, 192, 256} }

const (
	mostBytes = 256

	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// dense reports whether w could be eight bytes of a random number, as
// [kernel.Random] does: at most one byte is zero, some byte is 0x80 or more, and it is no
// address of a kernel and no filling. Of random words one in 200 fails.
func dense(w uint64) bool {
	if w&highs == 0 || w>>48 == 0xffff || w == bits.RotateLeft64(w, 8) {
		return false
	}
	// The lowest bit set is a zero byte; higher ones may be false after a borrow,
	// which costs a random word in 2^16.
	z := (w - ones) & ^w & highs
	return z&(z-1) == 0
}

// varied reports whether p has as many different bytes as random ones have, less five
// standard deviations and more: machine code has far fewer.
func varied(p []byte) bool {
	// A byte for each value: bits would make each step wait for the one before.
	var seen [256]byte
	for _, b := range p {
		seen[b] = 1
	}
	var sums uint64 // at most 32 in each byte
	for i := 0; i < len(seen); i += 8 {
		sums += binary.LittleEndian.Uint64(seen[i:])
	}
	sums = sums&0x00ff00ff00ff00ff + sums>>8&0x00ff00ff00ff00ff
	n := int(sums * 0x0001000100010001 >> 48)
	return 100*n >= varieties(len(p))
}

// varieties returns a hundred times how many different bytes n random ones have at least.
func varieties(n int) int {
	switch {
	case n < 64:
		return 68 * n
	case n < 96:
		return 4400 + 55*(n-64)
	case n < 128:
		return 6160 + 55*(n-96)
	case n < 192:
		return 7920 + 45*(n-128)
	}
	return 10800 + 35*(n-192)
}

// denseAt reports whether a whole dense word lies at data[i:].
func denseAt(data []byte, i int) bool {
	return i >= 0 && i+8 <= len(data) && dense(binary.LittleEndian.Uint64(data[i:]))
}

// words holds one bit for each word of a lattice: whether it is dense.
type words struct {
	bits  []uint64
	n     int
	first int // index in the data of word 0; may be negative
}

// look makes ws of the words that begin in data[first:hi), at first plus a multiple of
// eight. Where first is negative, down to -7, word 0 is not whole and so not dense.
func (ws *words) look(data []byte, first, hi int) {
	ws.first, ws.n = first, max(0, min(hi, len(data))-first+7)/8
	ws.bits = slices.Grow(ws.bits[:0], ws.n/64+3)[:ws.n/64+3]
	clear(ws.bits)
	if first < 0 {
		ws.mark(data[min(first+8, len(data)):], ws.n-1)
		var low uint64 // Word 0 is not whole, and so the others move up by one.
		for i, w := range ws.bits {
			ws.bits[i], low = w<<1|low, w>>63
		}
	} else {
		ws.mark(data[min(first, len(data)):], ws.n)
	}
}

// mark sets the bits of those of the first n words of p that are whole and dense.
func (ws *words) mark(p []byte, n int) {
	if n = min(n, len(p)/8); n <= 0 {
		return
	}
	p = p[:8*n]
	full := len(p) / kernel.WordBytes
	kernel.Random(ws.bits[:full], p)
	var last [kernel.WordBytes]byte // its rest is zeros, which are not dense
	copy(last[:], p[full*kernel.WordBytes:])
	kernel.Random(ws.bits[full:full+1], last[:])
}

// ahead returns the bits of 64 words from word k on, the first in bit 0.
func (ws *words) ahead(k int) uint64 {
	i := k >> 6
	if k < 0 || i+1 >= len(ws.bits) {
		return 0
	}
	s := uint(k & 63)
	return ws.bits[i]>>s | ws.bits[i+1]<<(64-s) // a shift by 64 gives zero
}

func (ws *words) at(k int) bool { return k >= 0 && k < ws.n && ws.bits[k>>6]>>(k&63)&1 != 0 }

// promising returns the words of a block of 64 in which a window may begin, or a bounded
// one that is not at a multiple of eight, the first in bit 0.
func (ws *words) promising(block int) uint64 {
	var before, d, next uint64
	d = ws.bits[block]
	if block > 0 {
		before = ws.bits[block-1]
	}
	if block+1 < len(ws.bits) {
		next = ws.bits[block+1]
	}
	if d|next == 0 {
		return 0
	}
	after := func(n int) uint64 { return d>>n | next<<(64-n) }
	// A window has no two neighbours that are not dense.
	inside := (after(1) | after(2)) & (after(3) | after(4)) & (after(5) | after(6))
	if inside == 0 {
		return 0
	}
	begins := ^(d<<1 | before>>63) // behind a word that is not dense
	clear := begins & ^(d<<2 | before>>62)
	var over, twice uint64 // before one, before two of these
	for _, size := range sizes() {
		n := size / 8
		x, y := ^after(n), ^after(n+1)
		over, twice = over|x|y, twice|x&y
	}
	return inside & (begins&over | clear | twice)
}

// filled reports whether the n words from k on, of which a holds the bits, may be a
// number: the outer ones are dense, and no two neighbours are not. One in 200
// random words is not dense.
func filled(a uint64, n int) bool {
	a &= 1<<n - 1
	gaps := ^a & (1<<n - 1)
	return a&1 != 0 && a>>(n-1) != 0 && gaps&(gaps>>1) == 0 && bits.OnesCount64(gaps) <= 1+n/16
}

// window is a place of a number of size bytes.
type window struct {
	at, size int
	bounded  bool
}

// place is a window and what is known of its bytes.
type place struct {
	window
	judged, good bool
}

// varied reports whether the bytes in w are, and do not read as machine code, which one
// random window of 64 bytes in millions does. It counts them once only.
func (w *place) varied(data []byte) bool {
	if !w.judged {
		p := data[w.at : w.at+w.size]
		w.judged, w.good = true, varied(p) && !entropy.Code(p)
	}
	return w.good
}

// begins returns the words of a block of 64 at which a window of size bytes begins if it is filled,
// the first in bit 0.
func (ws *words) begins(block, size int) uint64 {
	var before, d, next uint64
	d = ws.bits[block]
	if d == 0 {
		return 0
	}
	if block > 0 {
		before = ws.bits[block-1]
	}
	if block+1 < len(ws.bits) {
		next = ws.bits[block+1]
	}
	begins := ^(d<<1 | before>>63) // behind a word that is not dense
	clear := begins & ^(d<<2 | before>>62)
	n := size / 8
	x, y := ^(d>>n | next<<(64-n)), ^(d>>(n+1) | next<<(63-n))
	return d & (clear | begins&x | x&y)
}

// window returns the window of size bytes that begins at word k, if one does.
func (ws *words) window(k, size int) (window, bool) {
	a, n := ws.ahead(k), size/8
	if a&1 == 0 || !filled(a, n) {
		return window{}, false
	}
	begins, over := !ws.at(k-1), a>>n&1 == 0
	if begins && (over || !ws.at(k-2)) || over && a>>(n+1)&1 == 0 {
		return window{ws.first + 8*k, size, begins && over}, true
	}
	return window{}, false
}

// fits reports whether a window of some size begins at word k, or one may in the midst of it that is bounded.
func (ws *words) fits(k int) bool {
	a, before := ws.ahead(k), ws.at(k-1)
	// Of the shortest that is bounded in the midst of k five words count, of which one may not be dense.
	if !before && bits.OnesCount64(^a&0x7c) <= 1 {
		return true
	}
	// Where a number that begins at k may end.
	var ends uint64
	if a&1 != 0 {
		switch ends = ^a & windowEnds; {
		case before:
			ends &= ^a >> 1
		case !ws.at(k - 2):
			ends = windowEnds
		}
	}
	for ; ends != 0; ends &= ends - 1 {
		if filled(a, bits.TrailingZeros64(ends)) {
			return true
		}
	}
	if !before {
		for _, size := range sizes() {
			if n := size/8 - 1; filled(a>>1|1|1<<(n-1), n) {
				return true
			}
		}
	}
	return false
}

// windowEnds has a bit for each length that numbers have, in words.
const windowEnds = 1<<8 | 1<<12 | 1<<16 | 1<<24 | 1<<32

// bounded reports whether a bounded window of the given size begins at word k.
func (ws *words) bounded(k, size int) bool {
	a, n := ws.ahead(k), size/8
	return !ws.at(k-1) && a>>n&1 == 0 && filled(a, n)
}

// boundedAt reports whether a bounded window of the given size begins at data[at:].
func boundedAt(data []byte, at, size int) bool {
	if at+size > len(data) || denseAt(data, at-8) || denseAt(data, at+size) {
		return false
	}
	var a uint64
	for k := range size / 8 {
		if denseAt(data, at+8*k) {
			a |= 1 << k
		}
	}
	return filled(a, size/8)
}
