package cipherkeys

import (
	"encoding/binary"
	"math/bits"
)

// sm4Rounds is the number of round keys (GB/T 32907-2016, section 6.1).
const sm4Rounds = 32

// sm4Box is the S-box of GB/T 32907-2016, section 6.2. It is a string because a
// string cannot be written to.
const sm4Box = "" +
	"\xd6\x90\xe9\xfe\xcc\xe1\x3d\xb7\x16\xb6\x14\xc2\x28\xfb\x2c\x05" +
	"\x2b\x67\x9a\x76\x2a\xbe\x04\xc3\xaa\x44\x13\x26\x49\x86\x06\x99" +
	"\x9c\x42\x50\xf4\x91\xef\x98\x7a\x33\x54\x0b\x43\xed\xcf\xac\x62" +
	"\xe4\xb3\x1c\xa9\xc9\x08\xe8\x95\x80\xdf\x94\xfa\x75\x8f\x3f\xa6" +
	"\x47\x07\xa7\xfc\xf3\x73\x17\xba\x83\x59\x3c\x19\xe6\x85\x4f\xa8" +
	"\x68\x6b\x81\xb2\x71\x64\xda\x8b\xf8\xeb\x0f\x4b\x70\x56\x9d\x35" +
	"\x1e\x24\x0e\x5e\x63\x58\xd1\xa2\x25\x22\x7c\x3b\x01\x21\x78\x87" +
	"\xd4\x00\x46\x57\x9f\xd3\x27\x52\x4c\x36\x02\xe7\xa0\xc4\xc8\x9e" +
	"\xea\xbf\x8a\xd2\x40\xc7\x38\xb5\xa3\xf7\xf2\xce\xf9\x61\x15\xa1" +
	"\xe0\xae\x5d\xa4\x9b\x34\x1a\x55\xad\x93\x32\x30\xf5\x8c\xb1\xe3" +
	"\x1d\xf6\xe2\x2e\x82\x66\xca\x60\xc0\x29\x23\xab\x0d\x53\x4e\x6f" +
	"\xd5\xdb\x37\x45\xde\xfd\x8e\x2f\x03\xff\x6a\x72\x6d\x6c\x5b\x51" +
	"\x8d\x1b\xaf\x92\xbb\xdd\xbc\x7f\x11\xd9\x5c\x41\x1f\x10\x5a\xd8" +
	"\x0a\xc1\x31\x88\xa5\xcd\x7b\xbd\x2d\x74\xd0\x12\xb8\xe5\xb4\xb0" +
	"\x89\x69\x97\x4a\x0c\x96\x77\x7e\x65\xb9\xf1\x09\xc5\x6e\xc6\x84" +
	"\x18\xf0\x7d\xec\x3a\xdc\x4d\x20\x79\xee\x5f\x3e\xd7\xcb\x39\x48"

// sm4Constant returns CK(i): its byte j is 7*(4i+j) modulo 256 (section 7.3.2).
func sm4Constant(i int) uint32 {
	var w uint32
	for j := range 4 {
		w = w<<8 | uint32(byte(7*(4*i+j)))
	}
	return w
}

// sm4Family are the words FK which whiten the key (section 7.3.2).
func sm4Family() [4]uint32 { return [4]uint32{0xA3B1BAC6, 0x56AA3350, 0x677D9197, 0xB27022DC} }

// sm4Inverse returns the inverse of the S-box.
func sm4Inverse() (inv [256]byte) {
	for i := range len(sm4Box) {
		inv[sm4Box[i]] = byte(i)
	}
	return inv
}

// sm4Mix is T' of section 7.3.1: the S-box on each byte, then L'.
func sm4Mix(w uint32) uint32 {
	b := uint32(sm4Box[w>>24])<<24 | uint32(sm4Box[byte(w>>16)])<<16 |
		uint32(sm4Box[byte(w>>8)])<<8 | uint32(sm4Box[byte(w)])
	return b ^ bits.RotateLeft32(b, 13) ^ bits.RotateLeft32(b, 23)
}

// sm4Unlinear undoes L' of section 7.3.1. As a polynomial in the rotation by one bit L' is
// 1 + x^13 + x^23. Its 16th power is 1 + x^16 + x^16, the identity, as x^32 is 1;
// so its 15th power is its inverse.
func sm4Unlinear(w uint32) uint32 {
	w ^= bits.RotateLeft32(w, 13) ^ bits.RotateLeft32(w, 23)
	w ^= bits.RotateLeft32(w, 26) ^ bits.RotateLeft32(w, 14)
	w ^= bits.RotateLeft32(w, 20) ^ bits.RotateLeft32(w, 28)
	return w ^ bits.RotateLeft32(w, 8) ^ bits.RotateLeft32(w, 24)
}

// sm4State holds the words K(0) to K(35) of the key schedule; round key i is K(i+4).
type sm4State [sm4Rounds + 4]uint32

// complete fills the state from the four words that begin at n.
func (s *sm4State) complete(n int) {
	for i := n + 4; i < len(s); i++ {
		s[i] = s[i-4] ^ sm4Mix(s[i-3]^s[i-2]^s[i-1]^sm4Constant(i-4))
	}
	for i := n - 1; i >= 0; i-- {
		s[i] = s[i+4] ^ sm4Mix(s[i+1]^s[i+2]^s[i+3]^sm4Constant(i))
	}
}

// key returns the 16 bytes of the key.
func (s *sm4State) key() []byte {
	var k []byte
	for i, fk := range sm4Family() {
		k = binary.BigEndian.AppendUint32(k, s[i]^fk)
	}
	return k
}
