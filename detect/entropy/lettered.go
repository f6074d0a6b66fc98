package entropy

import "encoding/binary"

// Lettered reports whether a word of eight octets of p, counted from its first octet, is a short string or eight
// octets of a longer one: letters, digits and what joins them in names, with at most four zeros behind. Heaps that put
// strings and octets side by side, as Go's puts what is shorter than 16 octets without pointers, have many such words
// amid random ones. Of random words one in 35,000 is lettered, and of windows of 32 octets one in 9,000 has one.
func Lettered(p []byte) bool {
	const tops = 0x8080808080808080
	for ; len(p) >= 8; p = p[8:] {
		if w := binary.LittleEndian.Uint64(p); w&tops == 0 && lettered(w) {
			return true
		}
	}
	return false
}

// The octets of names, a bit each: -./ and digits with the colon, letters with @ and _.
const (
	name0 = 0x07ff_e000_0000_0000
	name1 = 0x07ff_fffe_87ff_ffff
)

func lettered(w uint64) bool {
	const least = 4 // octets of a string
	for n := 0; n < 8; n++ {
		b := w >> (8 * n) & 0x7f
		if b == 0 {
			return n >= least && w>>(8*n) == 0
		}
		if [2]uint64{name0, name1}[b>>6]>>(b&63)&1 == 0 {
			return false
		}
	}
	return true
}
