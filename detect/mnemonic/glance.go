package mnemonic

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// half is how many characters before a place are looked at, and how many from it on.
const half = 64

// around has a bit for each of the characters around a place that is a letter: of those before it,
// and of those from it on.
type around struct{ before, from uint64 }

// up and down move what is known by n characters, one to 63. What is not known is no letter.
func (a around) up(n int) around {
	return around{a.before << n, a.from<<n | a.before>>(half-n)}
}
func (a around) down(n int) around {
	return around{a.before>>n | a.from<<(half-n), a.from >> n}
}
func (a around) and(b around) around    { return around{a.before & b.before, a.from & b.from} }
func (a around) andNot(b around) around { return around{a.before &^ b.before, a.from &^ b.from} }

// lettersAt has a bit for each byte that is a letter of the 64 from data[i] on, which the map tells of.
func lettersAt(m textmap.Map, i int) uint64 {
	k, bit := (i-m.First)/kernel.ClassBytes, (i-m.First)%kernel.ClassBytes
	return m.Letters[k]>>bit | m.Letters[k+1]<<(kernel.ClassBytes-bit)
}

// wideLettersAt is lettersAt for the 32 characters of two bytes from data[i] on.
func wideLettersAt(m textmap.Map, i int) uint64 {
	k, bit := (i-m.First)/kernel.ClassBytes, (i-m.First)%kernel.ClassBytes
	w := m.Letters[k]>>bit | m.Letters[k+1]<<(kernel.ClassBytes-bit)
	w &= (m.Zeros[k]>>bit | m.Zeros[k+1]<<(kernel.ClassBytes-bit)) >> 1
	// Of every second bit, one word: pairs move together, then fours, and so on.
	w &= 0x5555555555555555
	w = (w | w>>1) & 0x3333333333333333
	w = (w | w>>2) & 0x0f0f0f0f0f0f0f0f
	w = (w | w>>4) & 0x00ff00ff00ff00ff
	w = (w | w>>8) & 0x0000ffff0000ffff
	return (w | w>>16) & 0xffffffff
}

// glance says quickly that what narrow looks for is not around data[i].
func (t *table) glance(data []byte, m textmap.Map, i int) bool {
	if i-half < m.First || i+half+maxWord > len(data) {
		return true
	}
	a := around{lettersAt(m, i-half), lettersAt(m, i)}
	return t.near(a, data[i-half:], 1)
}

// glanceWide is glance for characters of two bytes.
func (t *table) glanceWide(data []byte, m textmap.Map, i int) bool {
	if i-2*half < m.First || i+2*half+2*maxWord > len(data) {
		return true
	}
	a := around{
		wideLettersAt(m, i-2*half) | wideLettersAt(m, i-half)<<32,
		wideLettersAt(m, i) | wideLettersAt(m, i+half)<<32,
	}
	return t.near(a, data[i-2*half:], 2)
}

// few reports that there are too few words in a row that may be in the list: what is shorter or longer
// ends a row, and so do more separators than there may be.
func (a around) few() bool {
	begin := a.andNot(a.up(1))
	three := a.and(a.down(1)).and(a.down(2))
	word := begin.and(three).andNot(three.and(three.down(3)).and(three.down(6))) // not of nine
	end := begin.andNot(word)
	blank := around{^a.before, ^a.from &^ 1} // from the place both ways
	blank = blank.and(blank.down(1))
	blank = blank.and(blank.down(2))
	blank = blank.and(blank.down(4))
	blank = blank.and(blank.down(8))
	blank = blank.and(blank.down(maxSeparator + 1 - 16))
	end = around{end.before | blank.before, end.from | blank.from}

	// What touches the borders of what is known may be any word.
	last := half - 1 - bits.LeadingZeros64(^a.from|1) // no letter, or 0
	end.from &= 1<<last - 1
	end.before &= ^uint64(0) << bits.TrailingZeros64(^a.before)
	// The row that the place is in, or next to, begins behind the last end before it.
	after := end.from &^ 1
	if after == 0 {
		return false
	}
	if end.from&1 != 0 {
		return true
	}
	if end.before == 0 {
		return false
	}
	n := bits.OnesCount64(word.from & (after&-after - 1))
	return n+bits.OnesCount64(word.before>>(half-bits.LeadingZeros64(end.before))) < wanted
}

// near reports whether the word at the place, or the next one, or the last one, is in the list, and enough
// are in a row. The first character that a tells of begins at data[0], and has width bytes.
func (t *table) near(a around, data []byte, width int) bool {
	if a.from&1 != 0 {
		n := bits.LeadingZeros64(^a.before)
		start := half - n
		n += bits.TrailingZeros64(^a.from)
		return isLength(n) && t.wordIn(data, start, n, width) && !a.few()
	}
	next, last := bits.TrailingZeros64(a.from), bits.LeadingZeros64(a.before)
	n, k := bits.TrailingZeros64(^(a.from >> next)), bits.LeadingZeros64(^(a.before << last))
	isNext, isLast := next <= maxSeparator && isLength(n), last <= maxSeparator && isLength(k)
	return (isNext && t.wordIn(data, half+next, n, width) || isLast && t.wordIn(data, half-last-k, k, width)) && !a.few()
}

func isLength(n int) bool { return n >= minWord && n <= maxWord }

// wordIn reports whether the n letters from character at on, as many as a word has, are one of the list.
func (t *table) wordIn(data []byte, at, n, width int) bool {
	var v uint64
	if width == 1 {
		v = binary.LittleEndian.Uint64(data[at:])
	} else {
		for k := range n {
			v |= uint64(data[2*(at+k)]) << (8 * k)
		}
	}
	return t.index(packed((v|blanks)<<(64-8*n)>>(64-8*n))) >= 0
}
