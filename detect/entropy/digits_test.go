package entropy

import (
	"encoding/binary"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDigitsPatterned holds that random digits seldom have patterns, and that text and instructions have.
func TestDigitsPatterned(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for _, words := range []int{FewDigits, MoreDigits} {
		for _, width := range []int{4, 8} {
			for _, swapped := range []bool{false, true} {
				const all = 50_000
				n := 0
				p := make([]byte, 8*words)
				for range all {
					for i := 0; i < len(p); i += 8 {
						w := r.Uint64()
						if width == 4 { // of 25 bits, in which the upper byte is almost zero
							w &= 0x01ffffff01ffffff
						} else {
							w &= 1<<50 - 1
						}
						if swapped && width == 4 {
							binary.BigEndian.PutUint32(p[i:], uint32(w))
							binary.BigEndian.PutUint32(p[i+4:], uint32(w>>32))
						} else if swapped {
							binary.BigEndian.PutUint64(p[i:], w)
						} else {
							binary.LittleEndian.PutUint64(p[i:], w)
						}
					}
					if DigitsPatterned(p, words, LowBits(width, swapped)) {
						n++
					}
				}
				if n > 14 { // one in 14,000
					t.Errorf("%d words, width %d, swapped %v: %d of %d have patterns", words, width, swapped, n, all)
				}
			}
			text := []byte(strings.Repeat("\x01\x00\x19sun/text/resources/\x07\x08\x2a\xb4\x00\x53\x59\x13\x01\x65\xbd", 10))
			for i := range 100 {
				if !DigitsPatterned(text[i:], words, LowBits(width, false)) {
					t.Errorf("%d words, width %d: text at %d has no patterns", words, width, i)
				}
			}
		}
	}
}
