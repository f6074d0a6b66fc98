package hpack

import "math/bits"

// lengths are the lengths of the codes of all octets, in bits: RFC 7541, appendix B. The
// codes are canonical, in the order of length and octet.
const lengths = "" +
	"\x0d\x17\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x18\x1e\x1c\x1c\x1e\x1c\x1c" +
	"\x1c\x1c\x1c\x1c\x1c\x1c\x1e\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c\x1c" +
	"\x06\x0a\x0a\x0c\x0d\x06\x08\x0b\x0a\x0a\x08\x0b\x08\x06\x06\x06" +
	"\x05\x05\x05\x06\x06\x06\x06\x06\x06\x06\x07\x08\x0f\x06\x0c\x0a" +
	"\x0d\x06\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07\x07" +
	"\x07\x07\x07\x07\x07\x07\x07\x07\x08\x07\x08\x0d\x13\x0d\x0e\x06" +
	"\x0f\x05\x06\x05\x06\x05\x06\x06\x06\x05\x07\x07\x06\x06\x06\x05" +
	"\x06\x07\x06\x05\x05\x06\x07\x07\x07\x07\x07\x0f\x0b\x0e\x0d\x1c" +
	"\x14\x16\x14\x14\x16\x16\x16\x17\x16\x17\x17\x17\x17\x17\x18\x17" +
	"\x18\x18\x16\x17\x18\x17\x17\x17\x17\x15\x16\x17\x16\x17\x17\x18" +
	"\x16\x15\x14\x16\x16\x17\x17\x15\x17\x16\x16\x18\x15\x16\x17\x17" +
	"\x15\x15\x16\x15\x17\x16\x17\x17\x14\x16\x16\x16\x17\x16\x16\x17" +
	"\x1a\x1a\x14\x13\x16\x17\x16\x19\x1a\x1a\x1a\x1b\x1b\x1a\x18\x19" +
	"\x13\x15\x1a\x1b\x1b\x1a\x1b\x18\x15\x15\x1a\x1a\x1c\x1b\x1b\x1b" +
	"\x14\x18\x14\x15\x16\x15\x15\x17\x16\x16\x19\x19\x18\x18\x1a\x17" +
	"\x1a\x1b\x1a\x1a\x1b\x1b\x1b\x1b\x1b\x1c\x1b\x1b\x1b\x1b\x1b\x1a"

// maxCode is the length of the longest code, in bits; that of the string's end is all ones.
const maxCode = 30

// code is Huffman's code as tables, made once.
type code struct {
	word  [256]uint32         // the code of an octet, in its lowest bits
	first [maxCode + 1]uint32 // the first code of a length
	count [maxCode + 1]uint32 // how many codes have a length
	octet [maxCode + 1][]byte // which octets they mean, in order
}

// table is immutable.
var table = newCode()

func newCode() *code {
	c := &code{}
	next := uint32(0)
	for n := 1; n <= maxCode; n++ {
		next <<= 1
		c.first[n] = next
		for o := range 256 {
			if int(lengths[o]) == n {
				c.word[o] = next
				c.octet[n] = append(c.octet[n], byte(o))
				c.count[n]++
				next++
			}
		}
	}
	return c
}

// text is what octets in Huffman's code mean.
type text struct {
	chars []byte
	bit   []int // where the code of each character begins, in bits from the first octet
}

// decode decodes p, unless it holds what is no printable character of ASCII or ends otherwise
// than in less than eight ones (RFC 7541, section 5.2).
func decode(p []byte) (t text, ok bool) {
	t = text{make([]byte, 0, 8*len(p)/5+1), make([]int, 0, 8*len(p)/5+1)}
	var window uint64 // the next bits are the highest
	have, read := 0, 0
	for at := 0; ; {
		for have <= 56 && read < len(p) {
			window |= uint64(p[read]) << (56 - have)
			have, read = have+8, read+1
		}
		n, o, found := table.next(window)
		if !found || n > have {
			pad := bits.LeadingZeros64(^window)
			return t, have < 8 && pad >= have
		}
		if o < ' ' || o > '~' {
			return t, false
		}
		t.chars, t.bit = append(t.chars, o), append(t.bit, at)
		window <<= n
		have, at = have-n, at+n
	}
}

// next returns the code that the highest bits of w are, its length and what it means.
func (c *code) next(w uint64) (n int, octet byte, ok bool) {
	for n = 5; n <= maxCode; n++ {
		if k := uint32(w>>(64-n)) - c.first[n]; k < c.count[n] {
			return n, c.octet[n][k], true
		}
	}
	return 0, 0, false
}

// Octets appends to dst the octets that hold nothing but s in Huffman's code, where shift
// bits of other text stand before it in its first one, less than eight: whole octets.
func Octets(dst, s []byte, shift int) []byte {
	var acc uint64
	have := shift
	skip := shift > 0 // the first octet is not all of s
	for _, c := range s {
		l := int(lengths[c])
		acc, have = acc<<l|uint64(table.word[c]), have+l
		for ; have >= 8; have -= 8 {
			if !skip {
				dst = append(dst, byte(acc>>(have-8)))
			}
			skip = false
		}
	}
	return dst
}
