package context

import (
	"bytes"
	"encoding/binary"
)

// objectHeader is what a string of V8 has before its characters, in bytes: the address of the
// map, a hash and the length in characters (v8 src/objects/string.tq, without compressed pointers).
// Objects begin at multiples of eight.
const objectHeader = 16

// neighbour returns the string object that follows the one that holds a name, as the array
// of raw headers leaves name and value in the heap of Node, and the name: the one at n, which may
// seem to go on in what follows its object.
func neighbour(t text, n ident) (ident, value) {
	width := 1
	if t.Wide() {
		width = 2
	}
	at := t.Range(n.start, n.start).Start
	if at < objectHeader {
		return n, value{}
	}
	data := t.v.Data
	head := data[at-objectHeader : at]
	size := int(binary.LittleEndian.Uint32(head[objectHeader-4:]))
	if size < 3 || size > n.len() {
		return n, value{}
	}
	next := at + (size*width+7)&^7
	if next+objectHeader > len(data) || binary.LittleEndian.Uint64(head) == 0 || !bytes.Equal(head[:8], data[next:next+8]) {
		return n, value{}
	}
	for _, b := range data[at+size*width : next] {
		if b != 0 {
			return n, value{}
		}
	}
	start := n.start + (next+objectHeader-at)/width
	length := int(binary.LittleEndian.Uint32(data[next+objectHeader-4:]))
	if length < minSecret || length > maxValue || run(t.Text, start, length, isPrint) != start+length {
		return n, value{}
	}
	if size < n.len() {
		n = identAt(t.Text, n.start+size-1)
		n.end = n.start + size
		var buf [maxName]byte
		n.role = roleOf(t.Append(buf[:0], n.start, n.end))
	}
	return n, value{span{start, start + length}, listed}
}
