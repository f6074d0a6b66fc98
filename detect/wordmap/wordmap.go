// Package wordmap says which words of a block of memory look random, for filters of what does.
//
// Words are of eight bytes, little-endian, and begin at multiples of eight in memory.
package wordmap

import (
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// Word is how many bytes a word has.
	Word = 8
	// Block is the longest block, in bytes.
	Block = textmap.Block
	// Margin is how far around a block, in bytes, a map reaches at least, where memory does.
	Margin = 448
	// size is how many words of 64 bits a bitmap of the longest block needs.
	size = (Block+2*Margin+2*Word)/kernel.WordBytes + 3
)

// Map is what there is around one block. In its bitmaps the lowest bit of the first element stands for the word
// that begins at First, the next one for that behind it. Words that memory does not hold whole have no mark.
type Map struct {
	Random      []uint64 // as [kernel.Random] marks them
	Patternless []uint64 // as [kernel.Words] does
	First       int      // index in the data; may be negative
	Len         int      // how many words there are, the last and the first of which may not be whole
}

// Room is the memory of a map.
type Room struct{ random, patternless [size]uint64 }

// New returns the map of the block data[lo:hi). base is the address of data[0]. It lies in room, if that is
// enough.
func New(room *Room, data []byte, base int64, lo, hi int) Map {
	start := max(lo-Margin, 0)
	m := Map{First: start - int((base+int64(start))&(Word-1))}
	end := min(hi+Margin, len(data))
	m.Len = (end - m.First + Word - 1) / Word
	n := m.Len/64 + 2
	if n <= size {
		m.Random, m.Patternless = room.random[:n], room.patternless[:n]
	} else {
		m.Random, m.Patternless = make([]uint64, n), make([]uint64, n)
	}
	whole := m.First
	if whole < 0 {
		whole += Word
	}
	m.fill(data, min(whole, end), end)
	if whole != m.First { // The first word is not whole, and the others move up by one.
		for _, bits := range [2][]uint64{m.Random, m.Patternless} {
			var low uint64
			for i, w := range bits {
				bits[i], low = w<<1|low, w>>63
			}
		}
	}
	return m
}

// fill sets the bitmaps of the words that are whole in data[at:end), the first of them that at at.
func (m *Map) fill(data []byte, at, end int) {
	n := (end - at) / kernel.WordBytes
	first := 0
	if at < kernel.PatternBack && n > 0 {
		m.piece(0, data[:at+kernel.WordBytes], at)
		first = 1
	}
	if first < n {
		kernel.Words(m.Random[first:n], m.Patternless[first:n], data[at+first*kernel.WordBytes-kernel.PatternBack:])
	}
	rest := (end - at) % kernel.WordBytes / Word
	clear(m.Random[n:])
	clear(m.Patternless[n:])
	if at += n * kernel.WordBytes; rest > 0 {
		m.piece(n, data[:at+rest*Word], at)
	}
}

// piece sets element i of the bitmaps for what data holds from at on, with zeros around it.
func (m *Map) piece(i int, data []byte, at int) {
	var room [kernel.PatternBack + kernel.WordBytes]byte
	back := max(0, at-kernel.PatternBack)
	copy(room[kernel.PatternBack-(at-back):], data[back:])
	kernel.Words(m.Random[i:i+1], m.Patternless[i:i+1], room[:])
}

// Index returns which word the byte data[i] belongs to.
func (m *Map) Index(i int) int { return (i - m.First) / Word }

// At returns the index in the data at which word k begins.
func (m *Map) At(k int) int { return m.First + k*Word }

// Ahead returns which of the 64 words from word k on are marked in bits, one of m's bitmaps, the first in bit 0.
func Ahead(bits []uint64, k int) uint64 {
	i, s := k>>6, k&63
	if i >= len(bits)-1 {
		if i >= len(bits) {
			return 0
		}
		return bits[i] >> s
	}
	return bits[i]>>s | bits[i+1]<<(64-s) // a shift by 64 gives zero
}
