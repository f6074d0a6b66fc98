package secret

import "math/bits"

// sm4Box is the S-box of GB/T 32907-2016, computed: an inversion in GF(2^8) modulo
// x^8+x^7+x^6+x^5+x^4+x^2+1 between two equal affine maps.
func sm4Box() (box [256]byte) {
	const poly, offset, row = 0xf5, 0xd3, 0xa7
	times := func(a, b byte) (r byte) {
		for ; b > 0; b >>= 1 {
			if b&1 == 1 {
				r ^= a
			}
			carry := a >> 7
			a = a<<1 ^ carry*poly
		}
		return r
	}
	affine := func(x byte) (r byte) {
		for i := range 8 {
			r |= byte(bits.OnesCount8(x&bits.RotateLeft8(row, i))&1) << i
		}
		return r ^ offset
	}
	for i := range box {
		x, inverse := affine(byte(i)), byte(0)
		for y := 1; y < 256 && x != 0; y++ {
			if times(x, byte(y)) == 1 {
				inverse = byte(y)
			}
		}
		box[i] = affine(inverse)
	}
	return box
}

// sm4Schedule returns the 32 round keys of a key of 16 bytes: GB/T 32907-2016, section 7.3.
func sm4Schedule(key []byte) []uint32 {
	box := sm4Box()
	k := [4]uint32{0xa3b1bac6, 0x56aa3350, 0x677d9197, 0xb27022dc}
	for i := range k {
		k[i] ^= uint32(key[4*i])<<24 | uint32(key[4*i+1])<<16 | uint32(key[4*i+2])<<8 | uint32(key[4*i+3])
	}
	var out []uint32
	for i := range 32 {
		var ck uint32
		for j := range 4 {
			ck = ck<<8 | uint32(byte((4*i+j)*7))
		}
		x := k[1] ^ k[2] ^ k[3] ^ ck
		b := uint32(box[x>>24])<<24 | uint32(box[x>>16&255])<<16 | uint32(box[x>>8&255])<<8 | uint32(box[x&255])
		next := k[0] ^ b ^ bits.RotateLeft32(b, 13) ^ bits.RotateLeft32(b, 23)
		k = [4]uint32{k[1], k[2], k[3], next}
		out = append(out, next)
	}
	return out
}
