package kernel

// DigitMaps is how many bitmaps [Digits] makes, one behind the other for each WordBytes of memory.
const DigitMaps = 4

// Digits marks which words of eight bytes may be digits of a number, little-endian. Of DigitMaps words of dst the first marks
// one digit of at most 60 bits of which the upper twelve are not all zero, the second two digits of at most 30 bits of which
// the upper fourteen are not; the third and the fourth mark these too, and those of which they are zero, as they are in one random
// word in 2048 to 8192, unless it is a multiple of eight below 2^48, as pointers are, or below 2^32 or a multiple of it. p holds
// WordBytes for each DigitMaps words of dst.
func Digits(dst []uint64, p []byte) {
	n := len(dst) / DigitMaps
	if n == 0 {
		return
	}
	dst, p = dst[:DigitMaps*n], p[:WordBytes*n]
	if !digitsSIMD(dst, p) {
		digits(dst, p)
	}
}

func digits(dst []uint64, p []byte) {
	for k := 0; k < len(dst); k += DigitMaps {
		var one, two, ones, twos uint64
		for i := range 64 {
			w := load64(p, WordBytes/DigitMaps*k+8*i)
			if w>>62 != 0 || w>>32 == 0 || w>>48 == 0 && w&7 == 0 {
				continue
			}
			full, bit := w>>48 != 0, uint64(1)<<i
			if w>>60 == 0 {
				ones |= bit
				if full {
					one |= bit
				}
			}
			if w&(3<<30) == 0 && uint32(w) != 0 {
				twos |= bit
				if full && w>>16&0x3fff != 0 {
					two |= bit
				}
			}
		}
		copy(dst[k:], []uint64{one, two, ones, twos})
	}
}
