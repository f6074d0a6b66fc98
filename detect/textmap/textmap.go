// Package textmap says of each byte of a block of memory to which classes of characters it
// belongs, so that whoever looks for text looks at runs of it only.
package textmap

import "github.com/dumpscrub/dumpscrub/detect/kernel"

const (
	// Block is the longest block, in bytes: what is said of it stays in a second-level
	// cache, with the block itself in the first.
	Block = 16 << 10
	// Margin is how far around a block a map reaches at least, where memory does.
	Margin = 2 * kernel.ClassBytes
	// Size is how many words a class of the longest block has.
	Size = (Block+2*Margin)/kernel.ClassBytes + 2
	// Room is how many words a map of the longest block needs.
	Room = bitmaps * Size
	// bitmaps is how many of them a map has.
	bitmaps = kernel.ClassCount + 2
)

// Map is what there is around one block: the classes of the bytes from First on, and behind them at least one
// word that is empty. What lies beyond the ends of the data belongs to no class.
type Map struct {
	kernel.Classes
	// Three and WideThree are where three characters of words begin, of one byte each or of two, and AnyWide
	// reports whether any do of two.
	Three, WideThree []uint64
	AnyWide          bool
	First            int // index in the data
}

// New returns the map of the block data[lo:hi). It lies in room, if that is enough.
func New(room []uint64, data []byte, lo, hi int) Map {
	first := max(0, lo-Margin)
	p := data[first:min(hi+Margin, len(data))]
	n := len(p) / kernel.ClassBytes
	each := n + 2
	if len(room) < bitmaps*each {
		room = make([]uint64, bitmaps*each)
	}
	room = room[:bitmaps*each]
	kernel.Classify(room, each, p)
	more := room[kernel.ClassCount*each:]
	m := Map{Classes: kernel.ClassesIn(room, each), Three: more[:each], WideThree: more[each:], First: first}
	for k := n; k < len(room); k += each {
		room[k], room[k+1] = 0, 0
	}
	if rest := p[n*kernel.ClassBytes:]; len(rest) > 0 {
		var last [kernel.ClassBytes]byte
		copy(last[:], rest)
		kernel.Classify(room[n:], each, last[:])
		m.Zeros[n] &= 1<<len(rest) - 1
	}
	kernel.Runs(m.Three[:n+1], m.Words, m.Zeros, kernel.Three)
	m.AnyWide = kernel.Runs(m.WideThree[:n+1], m.Words, m.Zeros, kernel.WideThree) != 0
	return m
}

// Blocks calls yield for the blocks of data[lo:hi) with their maps.
func Blocks(data []byte, lo, hi int, yield func(m Map, lo, hi int)) {
	room := make([]uint64, Room)
	for lo, hi = max(lo, 0), min(hi, len(data)); lo < hi; lo += Block {
		end := min(lo+Block, hi)
		yield(New(room, data, lo, end), lo, end)
	}
}

// Clip clears the bits of a word, of which the first stands for the byte at, outside [lo, hi).
func Clip(word uint64, at, lo, hi int) uint64 {
	if n := lo - at; n > 0 {
		word &^= 1<<n - 1
	}
	if n := at + kernel.ClassBytes - hi; n > 0 {
		word &= ^uint64(0) >> n
	}
	return word
}

// Span returns which words of the classes tell of the bytes [lo, hi).
func (m Map) Span(lo, hi int) (from, to int) {
	return (lo - m.First) / kernel.ClassBytes, min(len(m.Words)-1, (hi-m.First+kernel.ClassBytes-1)/kernel.ClassBytes)
}
