package secret

import "math/bits"

// The permuted choices of FIPS 46-3, appendix 1, by bit numbers from 1 on.
var (
	pc1 = [56]int{57, 49, 41, 33, 25, 17, 9, 1, 58, 50, 42, 34, 26, 18, 10, 2, 59, 51, 43, 35, 27, 19, 11, 3, 60, 52, 44, 36,
		63, 55, 47, 39, 31, 23, 15, 7, 62, 54, 46, 38, 30, 22, 14, 6, 61, 53, 45, 37, 29, 21, 13, 5, 28, 20, 12, 4}
	pc2 = [48]int{14, 17, 11, 24, 1, 5, 3, 28, 15, 6, 21, 10, 23, 19, 12, 4, 26, 8, 16, 7, 27, 20, 13, 2,
		41, 52, 31, 37, 47, 55, 30, 40, 51, 45, 33, 48, 44, 49, 39, 56, 34, 53, 46, 42, 50, 36, 29, 32}
)

// desSubkeys returns the sixteen subkeys of a key, each as its eight groups of six bits,
// the first bit of a group being its highest.
func desSubkeys(key []byte) (out [16][8]byte) {
	bit := func(i int) byte { return key[(i-1)/8] >> (7 - (i-1)%8) & 1 }
	var cd [56]byte
	for i, p := range pc1 {
		cd[i] = bit(p)
	}
	for round := range out {
		shift := 2
		if round < 2 || round == 8 || round == 15 {
			shift = 1
		}
		for range shift {
			c, d := cd[0], cd[28]
			copy(cd[:27], cd[1:28])
			copy(cd[28:55], cd[29:])
			cd[27], cd[55] = c, d
		}
		for i, p := range pc2 {
			out[round][i/6] = out[round][i/6]<<1 | cd[p-1]
		}
	}
	return out
}

// desSchedule is DES_key_schedule as OpenSSL fills it: of each subkey the odd groups in
// one word, the even ones in another that is rotated left by four.
func desSchedule(key []byte) []byte {
	var m marked
	for _, groups := range desSubkeys(key) {
		var odd, even uint32
		for i := range 4 {
			odd |= uint32(bits.Reverse8(groups[2*i])) << (8 * i)
			even |= uint32(bits.Reverse8(groups[2*i+1])) << (8 * i)
		}
		m.u32le(odd, bits.RotateLeft32(even, 4))
	}
	return m.b
}

// desPlainSchedule is the form of Mbed TLS and libgcrypt: the odd groups from the highest byte down, then the
// even ones.
func desPlainSchedule(key []byte) []byte {
	var m marked
	for _, groups := range desSubkeys(key) {
		var odd, even uint32
		for i := range 4 {
			odd = odd<<8 | uint32(groups[2*i])
			even = even<<8 | uint32(groups[2*i+1])
		}
		m.u32le(odd, even)
	}
	return m.b
}
