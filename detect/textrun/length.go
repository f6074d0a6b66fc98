package textrun

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// objectAlign is what the JVM and .NET round the size of objects up to, in bytes.
const objectAlign = 8

// lengthWord is where and how a runtime writes the length of a string down.
type lengthWord struct {
	before int // bytes from the length to the data
	size   int // bytes of the length, little-endian
	chars  bool
}

// lengthWords are the layouts in use on 64-bit little-endian machines. The length
// of an array counts elements: bytes in a JVM's byte[] whether it holds Latin-1
// or UTF-16, characters in a char[] and a .NET string. CPython ends its strings
// with a NUL as well, so its length decides only when that was overwritten.
var lengthWords = [...]lengthWord{
	{before: 4, size: 4},               // byte[] (array header 16, or 12 with compact headers)
	{before: 4, size: 4, chars: true},  // char[]; .NET String
	{before: 8, size: 4},               // byte[] behind a padded header (24 bytes; .NET byte[])
	{before: 8, size: 4, chars: true},  // .NET char[]
	{before: 16, size: 8},              // CPython bytes: ob_size, ob_shash, data
	{before: 24, size: 8, chars: true}, // CPython 3.12 str: length, hash, state, data
	{before: 32, size: 8, chars: true}, // CPython 3.3 to 3.11 str: the same with wstr
}

// stop returns where the string that begins at r.Start ends by a length word
// before it. A length is believed only when less than eight bytes of the run
// remain behind that end: no more can be stale, and they are redacted with the
// secret, so that a number which only looks like a length leaves nothing behind.
func stop(v probe.View, t probe.Text, r Run) int {
	data := t.Range(r.Start, r.End)
	for _, w := range lengthWords {
		at := data.Start - w.before
		if at < 0 {
			continue
		}
		n := uint64(binary.LittleEndian.Uint32(v.Data[at:]))
		if w.size == 8 {
			n = binary.LittleEndian.Uint64(v.Data[at:])
		}
		if n == 0 || n > uint64(data.Len()) {
			continue
		}
		chars := int(n)
		if t.Wide() && !w.chars {
			if n&1 != 0 {
				continue
			}
			chars /= 2
		}
		end := r.Start + chars
		if end < r.End && t.Range(end, r.End).Len() < objectAlign {
			return end
		}
	}
	return r.End
}
