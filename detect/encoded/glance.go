package encoded

// glance decides of most digits in one pass that no stretch of them can be text. It is an automaton of
// chains of states, one bit each: a chain goes on by one bit with each character that its next place
// allows, and begins anew at each character.
//
// What the four digits of a group say of its three bytes, when these are text, is a condition on each
// digit alone: the value of the first is 8 to 31 where a byte is printable, and so on.

// The chains, by their first bits and their lengths. What is needed of a group is in alphabet.go.
const (
	lettersAtBit = 0               // stretch groups of printable characters
	outerAtBit   = 4 * stretch     // those of UTF-16, of which the first has two characters
	middleAtBit  = 2 * 4 * stretch // and of which the first has one
	hexAtBit     = 3 * 4 * stretch // hexadecimal digits, as far as there are bits
	hexBits      = breakBit - hexAtBit
	breakBit     = 62 // not a chain: set behind a line feed,
	escapeBit    = 63 // and behind what begins escapes

	chainStarts = 1<<lettersAtBit | 1<<outerAtBit | 1<<middleAtBit | 1<<hexAtBit | 1<<breakBit | 1<<escapeBit
	chainEnds   = 1<<(outerAtBit-1) | 1<<(middleAtBit-1) | 1<<(hexAtBit-1) | 1<<(breakBit-1)
)

// chainSteps says of each character which places of the chains allow it.
var chainSteps = func() (m [256]uint64) {
	for c := range m {
		v := base64Value[c]
		if v == noDigit {
			continue
		}
		low := v & 15
		text := [4]bool{v >= 8 && v < 32, low >= 2 && low < 8, v&2 == 0, true}
		outer := [4]bool{text[0], low == 0, v < 2, true}
		middle := [4]bool{v == 0, v >= 2 && v < 8, v&3 == 0, v == 0}
		for i := range 4 * stretch {
			a, b := outer, middle
			if i/4%2 != 0 {
				a, b = middle, outer
			}
			for bit, allowed := range map[int]bool{lettersAtBit: text[i%4], outerAtBit: a[i%4], middleAtBit: b[i%4]} {
				if allowed {
					m[c] |= 1 << (bit + i)
				}
			}
		}
		if hexValue[c] != noDigit {
			m[c] |= (1<<hexBits - 1) << hexAtBit
		}
	}
	m['\n'] = 1 << breakBit
	m['\\'], m['%'] = 1<<escapeBit, 1<<escapeBit
	return m
}()

// glance reports whether p may hold base64 of text or enough hexadecimal digits, and whether there are
// line feeds or what begins escapes in it.
func glance(p []byte) (may, breaks, escapes bool) {
	var state, all uint64
	for _, c := range p {
		state = (state<<1 | chainStarts) & chainSteps[c]
		all |= state
	}
	return all&chainEnds != 0, all>>breakBit&1 != 0, all>>escapeBit != 0
}
