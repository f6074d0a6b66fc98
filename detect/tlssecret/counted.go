package tlssecret

import (
	"encoding/binary"
)

// counted reports whether data[i], behind which so many bytes belong to words that are no
// borders, is an array of the length of a master secret, by the length in front of it and
// the end behind it: Java's byte[48] (OpenJDK's arrayOop.hpp: a length of four bytes
// that ends where the elements begin, or four before) and .NET's byte[48] (a length of
// eight). What follows is the header of another object, of which at least half a
// word of eight bytes is a border. big says which byte order the process has.
func counted(data []byte, i, from int, big bool) bool {
	const header = 8
	if from > masterLen+word || i < header || i+masterLen > len(data) {
		return false
	}
	p := data[i-header : i]
	if be := binary.BigEndian; big {
		return be.Uint32(p[word:]) == masterLen || be.Uint64(p) == masterLen<<32
	}
	le := binary.LittleEndian
	return le.Uint32(p[word:]) == masterLen || le.Uint64(p) == masterLen
}
