package entropy

import (
	"encoding/binary"
	"math/bits"
)

// Text reports whether p looks more like UTF-8 text outside of ASCII than like random data, as
// the message catalogues of runtimes do, in which words look random. It counts the octets
// that continue a character (RFC 3629, section 3) where one is due, and those that
// do not. Of 32 random octets, which are eight such octets on average and mostly not due,
// fewer than one in 100,000 windows passes for text. Windows may begin and end inside
// of characters, and hold two octets of something else.
func Text(p []byte) bool {
	const least, most = 8, 4
	if continued, begun := continuations(p); continued < least || begun < least/3 {
		return false
	}
	right, wrong, due := 0, 0, 0
	for _, b := range p {
		if b&0xc0 == 0x80 {
			if due > 0 {
				right++
				due--
			} else {
				wrong++
			}
			continue
		}
		wrong += due
		due = 0
		switch {
		case b >= 0xf5 || b == 0xc0 || b == 0xc1:
			wrong++
		case b >= 0xf0:
			due = 3
		case b >= 0xe0:
			due = 2
		case b >= 0xc0:
			due = 1
		}
	}
	return right >= least && wrong <= most
}

// continuations returns no fewer than the octets that continue a character, and than those of them that stand behind one
// that begins a character, which at most two more follow.
func continuations(p []byte) (all, first int) {
	last := uint64(0) // the highest bit is set when the octet before begins a character
	for ; len(p) >= 8; p = p[8:] {
		w := binary.LittleEndian.Uint64(p)
		begin, continued := w&(w<<1)&highs, w&^(w<<1)&highs
		all += bits.OnesCount64(continued)
		first += bits.OnesCount64(continued & (begin<<8 | last>>56))
		last = begin
	}
	return all + len(p), first + len(p)
}
