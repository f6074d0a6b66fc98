package entropy

import "encoding/binary"

// ScheduleReach is how many bytes around a window [Scheduled] looks at.
const ScheduleReach = 32

// Scheduled reports whether the 32 bytes at data[i:] lie in an expanded key of AES: among the words of 32 bits
// in and around them, two or more are the exclusive or of the one before and of the one four, six or eight
// before, as three of four words of a key schedule are (FIPS 197, section 5.2), or, where the rounds are
// in reversed order for decryption, of that four or eight behind; and a word of the window is one of the
// three. Neither the order of bytes in a word nor InvMixColumns changes that. By chance that happens to
// a window less than once in 2^50.
func Scheduled(data []byte, i int) bool {
	const word, window, around, enough = 4, 8, ScheduleReach / 4, 2
	var w [around + window + around]uint32 // zero where there is nothing
	first := i - ScheduleReach
	for k := range w {
		if at := first + word*k; at >= 0 && at+word <= len(data) {
			w[k] = binary.LittleEndian.Uint32(data[at:])
		}
	}
	const start, end = around, around + window
	for _, span := range [...]int{4, 6, 8} {
		n := 0
		for k := 1; k < len(w); k++ {
			x := w[k-1]
			if x == 0 {
				continue // no key is so
			}
			// A relation that has no word of the window says nothing of it.
			if back := k - span; back >= 0 && k >= start && back < end && w[k]^w[back] == x {
				n++
			}
			if on := k + span; span != 6 && on < len(w) && on >= start && k-1 < end && w[k]^w[on] == x {
				n++
			}
		}
		if n >= enough {
			return true
		}
	}
	return false
}
