package tlssecret

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// borders says of the aligned words around a part of data which end what could be random, a bit each. Where
// there is no data, everything does.
//
// The fill does not: what it replaced was random, and a verdict must not change with what was redacted beside it.
type borders struct {
	bits  []uint64
	first int // index in the data of the first word; may be negative
	// wide says of words of eight bytes from the first one on whether they look random, as [kernel.Random] does.
	// What is not whole in the data does not.
	wide []uint64
}

// filled is a word of the fill.
const filled = probe.Fill * 0x01010101

// ahead is how many bytes from a position on must be known.
const ahead = widest + word

// look makes b that of data[lo:hi) and what is around it, where data[0] is at base. Blocks of words begin at
// multiples of their size.
func (b *borders) look(data []byte, base int64, lo, hi int) {
	const block = kernel.HalfBytes
	first := lo - edge - word
	first -= int((base + int64(first)) & (block - 1))
	n := (hi+ahead-first)/block + 2 // the last one is all borders, or never asked for
	if cap(b.bits) < n {
		b.bits = make([]uint64, n)
	}
	b.bits, b.first = b.bits[:n], first
	whole := 0 // blocks before the first one that is all there
	for ; whole < n && first+block*whole < 0; whole++ {
		b.piece(whole, data)
	}
	if full := (len(data)-first)/block - whole; full > 0 {
		full = min(full, n-whole)
		kernel.Hard(b.bits[whole:whole+full], data[first+block*whole:], filled)
		whole += full
	}
	for ; whole < n; whole++ {
		b.piece(whole, data)
	}
	b.lookWide(data, n/2+1)
}

// lookWide fills in n elements of wide.
func (b *borders) lookWide(data []byte, n int) {
	const block = kernel.WordBytes
	if cap(b.wide) < n {
		b.wide = make([]uint64, n)
	}
	b.wide = b.wide[:n]
	for i := 0; i < n; i++ {
		at := b.first + block*i
		if full := min((len(data)-at)/block, n-i); at >= 0 && full > 0 {
			kernel.Random(b.wide[i:i+full], data[at:])
			i += full - 1
			continue
		}
		var room [block]byte // zeros are not random
		from, end := max(at, 0), min(at+block, len(data))
		from += (at - from) & (wideWord - 1)
		end -= (end - at) & (wideWord - 1)
		if from < end {
			copy(room[from-at:], data[from:end])
		}
		kernel.Random(b.wide[i:i+1], room[:])
	}
}

// wideWord is the size of a word of wide, in bytes.
const wideWord = 8

// lively returns, for each word of block i, whether of the three words of eight bytes that are whole in a window
// wherever it begins within its first one two look random at least, as do all but one in 14,000 of random ones.
func (b *borders) lively(i int) uint64 {
	var low, next uint64
	k, half := i>>1, uint(i&1)*32
	low = b.wide[k]
	if k+1 < len(b.wide) {
		next = b.wide[k+1]
	}
	w := low>>half | next<<1<<(63-half) // of this block, and behind it
	x, y, z := w>>1, w>>2, w>>3
	m := uint64(uint32(x&y | x&z | y&z))
	// Each bit twice: for both halves of a word.
	m = (m | m<<16) & 0x0000ffff0000ffff
	m = (m | m<<8) & 0x00ff00ff00ff00ff
	m = (m | m<<4) & 0x0f0f0f0f0f0f0f0f
	m = (m | m<<2) & 0x3333333333333333
	m = (m | m<<1) & 0x5555555555555555
	return m | m<<1
}

// piece fills in a block of which not all is there. A word of which a part is missing is a border.
func (b *borders) piece(i int, data []byte) {
	const block = kernel.HalfBytes
	var room [block]byte // zeros are borders
	at := b.first + block*i
	from, end := max(at, 0), min(at+block, len(data))
	from += (at - from) & (word - 1)
	end -= (end - at) & (word - 1)
	if from < end {
		copy(room[from-at:], data[from:end])
	}
	kernel.Hard(b.bits[i:i+1], room[:], filled)
}

// before returns how many bytes before data[i] are in words that are no borders, up to edge and a word.
func (b *borders) before(i int) int {
	const most = edge/word + 1
	k := (i - b.first) / word
	return word * min(bits.LeadingZeros64(b.from(k-64)), most)
}

// behind returns how many bytes from data[i] on are in such words, up to widest.
func (b *borders) behind(i int) int {
	return min(word*bits.TrailingZeros64(b.from((i-b.first)/word)), widest)
}

// from returns the bits of 64 words from word k on, with borders before the first.
func (b *borders) from(k int) uint64 {
	if k < 0 {
		return b.bits[0]<<-k | (1<<-k - 1)
	}
	i, s := k>>6, k&63
	return b.bits[i]>>s | b.bits[i+1]<<(64-s)
}

// places calls visit for the aligned positions in [lo, hi) at which a secret may stand: on no border, nor the
// seven words behind it; and at a multiple of inner, or where a run begins or ends, or at a multiple of
// outer no farther than edge from there; and where words look random, see [borders.lively]. It is exact but for the
// length of the secret.
func (b *borders) places(lo, hi int, visit func(i int)) {
	// As positions of blocks have it.
	const inners, outers = 0x1111111111111111, 0x5555555555555555
	prev := ^uint64(0)
	for i, now := range b.bits[:len(b.bits)-1] {
		at := b.first + kernel.HalfBytes*i
		if at >= hi {
			break
		}
		if now == ^uint64(0) || at+kernel.HalfBytes <= lo {
			prev = now
			continue
		}
		next := b.bits[i+1]
		behind := func(n int) uint64 { return now>>n | next<<(64-n) } // borders so many words behind
		before := func(n int) uint64 { return now<<n | prev>>(64-n) }
		inside := now
		for n := 1; n < piece/word; n++ {
			inside |= behind(n)
		}
		m := ^inside
		if m != 0 {
			m &= b.lively(i)
		}
		if m == 0 {
			prev = now
			continue
		}
		sides := before(1) | behind(size256/word) | behind(size384/word)
		near := sides
		for n := 2; n <= edge/word+1; n++ {
			near |= before(n)
		}
		for n := size256 / word; n <= (size384+edge)/word; n++ {
			near |= behind(n)
		}
		prev = now
		for m &= inners | sides | outers&near; m != 0; m &= m - 1 {
			if p := at + word*bits.TrailingZeros64(m); p >= lo && p < hi {
				visit(p)
			}
		}
	}
}
