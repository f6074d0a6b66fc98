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
	for _, g := range s.d.curves {
		if g.size%8 == 0 {
			s.sizes[g.size/8] = true
		}
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
	for size := 8; size <= min(4*n, 8*mostWords); size += 8 {
		if !s.sizes[size/8] {
			continue
		}
		s.array(size, i+4)
		if 4*n > size {
			s.array(size, i+4+4*n-size)
		}
	}
}

// array enters the number of size octets at at for each curve that has such numbers.
func (s *scan) array(size, at int) {
	if at < s.lo || at >= s.hi || at+size > len(s.data) {
		return
	}
	softs := 0
	for i := at; i < at+size; i += 8 {
		switch classify(binary.LittleEndian.Uint64(s.data[i:])) {
		case hard:
			return
		case soft:
			softs++
		}
	}
	if softs > 1 || !varied(s.data[at:], size) {
		return
	}
	for c, g := range s.d.curves {
		if g.size == size {
			s.lane(c, words32, at, size)
		}
	}
}
