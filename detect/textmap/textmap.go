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
	// Size is how many classes a map of the longest block needs.
	Size = (Block+2*Margin)/kernel.ClassBytes + 2
)

// Map is what there is around one block.
type Map struct {
	// Classes are those of the bytes from First on, and behind them at least one that is empty: what lies
	// beyond the ends of the data belongs to no class.
	Classes []kernel.Class
	First   int // index in the data
}

// New returns the map of the block data[lo:hi). It lies in room, if that is enough.
func New(room []kernel.Class, data []byte, lo, hi int) Map {
	first := max(0, lo-Margin)
	p := data[first:min(hi+Margin, len(data))]
	n := len(p) / kernel.ClassBytes
	if len(room) < n+2 {
		room = make([]kernel.Class, n+2)
	}
	cs := room[:n+2]
	kernel.Classes(cs[:n], p)
	cs[n], cs[n+1] = kernel.Class{}, kernel.Class{}
	if rest := p[n*kernel.ClassBytes:]; len(rest) > 0 {
		var last [kernel.ClassBytes]byte
		copy(last[:], rest)
		kernel.Classes(cs[n:n+1], last[:])
		cs[n].Zeros &= 1<<len(rest) - 1
	}
	return Map{cs, first}
}

// Blocks calls yield for the blocks of data[lo:hi) with their maps.
func Blocks(data []byte, lo, hi int, yield func(m Map, lo, hi int)) {
	room := make([]kernel.Class, Size)
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

// Words returns which elements of Classes tell of the bytes [lo, hi).
func (m Map) Words(lo, hi int) (from, to int) {
	return (lo - m.First) / kernel.ClassBytes, min(len(m.Classes)-1, (hi-m.First+kernel.ClassBytes-1)/kernel.ClassBytes)
}
