package ecscalar

import "encoding/binary"

// maxArray is the longest array of 32-bit words, by its length, that is looked
// into for a number at either end: numbers are held in buffers up to twice as long.
const maxArray = 40

// arrays enters the numbers in int[] of HotSpot, most significant word
// first, which follow the 32-bit length of the array (java.math.BigInteger,
// OpenJDK's arrayOop.hpp). The array may be longer than the number.
func (s *scan) arrays() {
	if !s.d.little {
		return
	}
	from := max(0, s.lo-4*maxArray-4)
	from += int(-(s.base + int64(from)) & 3)
	end := min(len(s.data)-12, s.hi)
	const high = 0xffffffc0 // bits that no length has
	for i := from; i <= end; i += 8 {
		w := binary.LittleEndian.Uint64(s.data[i:])
		if w == 0 {
			continue // as most of most dumps is
		}
		if w&high == 0 {
			s.arrayOf(int(uint32(w)), i)
		}
		if w>>32&high == 0 && i+4 <= end {
			s.arrayOf(int(w>>32), i+4)
		}
	}
}

// arrayOf enters the numbers at either end of the array of which the length n lies at data[i:].
func (s *scan) arrayOf(n, i int) {
	if n < 7 || n > maxArray || classify(binary.LittleEndian.Uint64(s.data[i+4:])) == hard {
		return
	}
	for c, g := range s.d.curves {
		words := g.size / 4
		if g.size%8 != 0 || n < words {
			continue
		}
		s.array(c, i+4)
		if n > words {
			s.array(c, i+4+4*(n-words))
		}
	}
}

func (s *scan) array(c, at int) {
	g := s.d.curves[c]
	if at < s.lo || at >= s.hi || at+g.size > len(s.data) {
		return
	}
	softs := 0
	for i := at; i < at+g.size; i += 8 {
		switch classify(binary.LittleEndian.Uint64(s.data[i:])) {
		case hard:
			return
		case soft:
			softs++
		}
	}
	if softs <= 1 && varied(s.data[at:], g.size) {
		s.lane(c, words32, at, g.size)
	}
}
