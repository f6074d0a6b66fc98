package cipherkeys

import (
	"encoding/binary"
	"math/bits"
)

// camelliaBox is SBOX1 of RFC 3713, section 2.4.1.
const camelliaBox = "" +
	"\x70\x82\x2c\xec\xb3\x27\xc0\xe5\xe4\x85\x57\x35\xea\x0c\xae\x41" +
	"\x23\xef\x6b\x93\x45\x19\xa5\x21\xed\x0e\x4f\x4e\x1d\x65\x92\xbd" +
	"\x86\xb8\xaf\x8f\x7c\xeb\x1f\xce\x3e\x30\xdc\x5f\x5e\xc5\x0b\x1a" +
	"\xa6\xe1\x39\xca\xd5\x47\x5d\x3d\xd9\x01\x5a\xd6\x51\x56\x6c\x4d" +
	"\x8b\x0d\x9a\x66\xfb\xcc\xb0\x2d\x74\x12\x2b\x20\xf0\xb1\x84\x99" +
	"\xdf\x4c\xcb\xc2\x34\x7e\x76\x05\x6d\xb7\xa9\x31\xd1\x17\x04\xd7" +
	"\x14\x58\x3a\x61\xde\x1b\x11\x1c\x32\x0f\x9c\x16\x53\x18\xf2\x22" +
	"\xfe\x44\xcf\xb2\xc3\xb5\x7a\x91\x24\x08\xe8\xa8\x60\xfc\x69\x50" +
	"\xaa\xd0\xa0\x7d\xa1\x89\x62\x97\x54\x5b\x1e\x95\xe0\xff\x64\xd2" +
	"\x10\xc4\x00\x48\xa3\xf7\x75\xdb\x8a\x03\xe6\xda\x09\x3f\xdd\x94" +
	"\x87\x5c\x83\x02\xcd\x4a\x90\x33\x73\x67\xf6\xf3\x9d\x7f\xbf\xe2" +
	"\x52\x9b\xd8\x26\xc8\x37\xc6\x3b\x81\x96\x6f\x4b\x13\xbe\x63\x2e" +
	"\xe9\x79\xa7\x8c\x9f\x6e\xbc\x8e\x29\xf5\xf9\xb6\x2f\xfd\xb4\x59" +
	"\x78\x98\x06\x6a\xe7\x46\x71\xba\xd4\x25\xab\x42\x88\xa2\x8d\xfa" +
	"\x72\x07\xb9\x55\xf8\xee\xac\x0a\x36\x49\x2a\x68\x3c\x38\xf1\xa4" +
	"\x40\x28\xd3\x7b\xbb\xc9\x43\xc1\x15\xe3\xad\xf4\x77\xc7\x80\x9e"

// camelliaSigma returns Sigma(i+1) of RFC 3713, section 2.2.
func camelliaSigma(i int) uint64 {
	return [6]uint64{
		0xA09E667F3BCC908B, 0xB67AE8584CAA73B2, 0xC6EF372FE94F82BE,
		0x54FF53A5F1D36F1C, 0x10E527FADE682D1D, 0xB05688C2B3E6C1FD,
	}[i]
}

// camelliaF is the F-function of RFC 3713, section 2.4.1.
func camelliaF(x, key uint64) uint64 {
	x ^= key
	var t [8]byte
	for i := range t {
		b := byte(x >> (56 - 8*i))
		switch i {
		case 1, 4:
			t[i] = bits.RotateLeft8(camelliaBox[b], 1)
		case 2, 5:
			t[i] = bits.RotateLeft8(camelliaBox[b], 7)
		case 3, 6:
			t[i] = camelliaBox[bits.RotateLeft8(b, 1)]
		default:
			t[i] = camelliaBox[b]
		}
	}
	// Row i of the matrix P, the first byte in the highest bit.
	var y uint64
	for _, row := range [8]byte{0b10110111, 0b11011011, 0b11101101, 0b01111110, 0b11000111, 0b01101011, 0b00111101, 0b10011110} {
		var sum byte
		for j, b := range t {
			sum ^= b & -(row >> (7 - j) & 1)
		}
		y = y<<8 | uint64(sum)
	}
	return y
}

// wide is a number of 128 bits.
type wide struct{ hi, lo uint64 }

// rotate rotates left by n bits, 0 to 127.
func (w wide) rotate(n int) wide {
	if n >= 64 {
		w.hi, w.lo = w.lo, w.hi
		n -= 64
	}
	return wide{w.hi<<n | w.lo>>(64-n), w.lo<<n | w.hi>>(64-n)}
}

func (w wide) xor(v wide) wide { return wide{w.hi ^ v.hi, w.lo ^ v.lo} }

// two are two rounds with the constants i and i+1.
func (w wide) two(i int) wide {
	w.lo ^= camelliaF(w.hi, camelliaSigma(i))
	w.hi ^= camelliaF(w.lo, camelliaSigma(i+1))
	return w
}

// camelliaSubkeys appends the subkeys of the key halves kl and kr in the order in which they
// are used: RFC 3713, section 2.2. long says that the key has more than 128 bits.
func camelliaSubkeys(dst []uint64, kl, kr wide, long bool) []uint64 {
	ka := kl.xor(kr).two(0).xor(kl).two(2)
	put := func(w wide, n int) {
		w = w.rotate(n)
		dst = append(dst, w.hi, w.lo)
	}
	if !long {
		put(kl, 0)
		put(ka, 0)
		put(kl, 15)
		put(ka, 15)
		put(ka, 30)
		put(kl, 45)
		dst = append(dst, ka.rotate(45).hi, kl.rotate(60).lo)
		put(ka, 60)
		put(kl, 77)
		put(kl, 94)
		put(ka, 94)
		put(kl, 111)
		put(ka, 111)
		return dst
	}
	kb := ka.xor(kr).two(4)
	for _, s := range [17]struct {
		w wide
		n int
	}{
		{kl, 0}, {kb, 0}, {kr, 15}, {ka, 15}, {kr, 30}, {kb, 30}, {kl, 45}, {ka, 45}, {kl, 60}, {kr, 60},
		{kb, 60}, {kl, 77}, {ka, 77}, {kr, 94}, {ka, 94}, {kl, 111}, {kb, 111},
	} {
		put(s.w, s.n)
	}
	return dst
}

// camelliaKey returns the key of the halves: of 24 bytes where the last eight are the
// complement of those before.
func camelliaKey(kl, kr wide, long bool) []byte {
	be := binary.BigEndian
	key := be.AppendUint64(be.AppendUint64(nil, kl.hi), kl.lo)
	if long {
		key = be.AppendUint64(key, kr.hi)
		if kr.lo != ^kr.hi {
			key = be.AppendUint64(key, kr.lo)
		}
	}
	return key
}

// camelliaFold makes of the subkeys in s, which it overwrites, what libgcrypt's camellia.c and nettle's
// camellia-absorb.c store: kw2 and kw4 are added to the other subkeys that meet the same half of the state,
// and each subkey to the one after next, so that a round adds what the half then lacks. Of the
// result, which is one shorter, the one with index 1 has no meaning.
func camelliaFold(s []uint64) []uint64 {
	n := len(s) - 2 // subkeys between the whitening keys; 8 for each layer of FL and 6 rounds, less 2
	second, fourth := s[1], s[n+1]
	fold := func(white uint64, first int) {
		for i := first; i < first+6; i += 2 {
			s[i] ^= white
		}
	}
	for i := 0; i < n; i += 8 {
		if i > 0 {
			second = camelliaThrough(second, s[i+1])
		}
		fold(second, i+3)
	}
	s[n] ^= second
	for i := n - 8; i >= 0; i -= 8 {
		fold(fourth, i+2)
		if i > 0 {
			fourth = camelliaThrough(fourth, s[i])
		}
	}
	s[0] ^= fourth
	d := make([]uint64, n+1)
	for i := 2; i < n; i++ {
		switch i % 8 {
		case 0, 1: // of FL
			d[i] = s[i]
			continue
		case 2:
			if i > 2 {
				d[i] = camelliaThrough(s[i-3], s[i-1])
			}
		default:
			d[i] = s[i-1]
		}
		switch {
		case i == n-1:
		case i%8 == 7:
			d[i] ^= camelliaThrough(s[i+3], s[i+1])
		default:
			d[i] ^= s[i+1]
		}
	}
	d[0], d[n] = s[0]^s[2], s[n]^s[n-1]
	return d
}

// camelliaThrough is what a difference in the state becomes in the inverse of FL (RFC 3713, section
// 2.4.3), which of FL and its inverse on the other way differs in constants only.
func camelliaThrough(x, key uint64) uint64 {
	x ^= x & ^key << 32
	return x ^ uint64(bits.RotateLeft32(uint32((x&key)>>32), 1))
}
