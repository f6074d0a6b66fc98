package needle

import (
	"math/bits"
	"slices"
)

// scheduleWhole is the least run of a key schedule, in bytes, that its own
// recurrence can show: three round keys.
const scheduleWhole = 48

// Schedules returns the needles of the expanded AES key: the encryption schedule
// of FIPS 197 and that of the equivalent inverse cipher, each in byte order and
// in native 32-bit words.
func Schedules(key, part string, k []byte) []Needle {
	enc := expand(k)
	dec := inverse(enc)
	var ns []Needle
	for _, f := range []struct {
		encoding string
		data     []byte
	}{
		{"schedule-enc", enc}, {"schedule-enc-swapped", swapWords(enc)},
		{"schedule-dec", dec}, {"schedule-dec-swapped", swapWords(dec)},
	} {
		ns = append(ns, Needle{Key: key, Part: part, Encoding: f.encoding, Class: Structure, Data: f.data, Whole: scheduleWhole})
	}
	return ns
}

// expand is KeyExpansion of FIPS 197, section 5.2.
func expand(k []byte) []byte {
	nk := len(k) / 4
	w := slices.Clone(k)
	rcon := byte(1)
	for i := nk; i < 4*(nk+7); i++ {
		t := slices.Clone(w[4*i-4:])
		switch {
		case i%nk == 0:
			t = []byte{sub(t[1]) ^ rcon, sub(t[2]), sub(t[3]), sub(t[0])}
			rcon = mul(rcon, 2)
		case nk > 6 && i%nk == 4:
			t = []byte{sub(t[0]), sub(t[1]), sub(t[2]), sub(t[3])}
		}
		for j := range t {
			w = append(w, t[j]^w[4*(i-nk)+j])
		}
	}
	return w
}

// inverse returns the schedule of the equivalent inverse cipher (FIPS 197,
// section 5.3.5): round keys from the last to the first, the inner ones through
// InvMixColumns.
func inverse(enc []byte) []byte {
	out := make([]byte, 0, len(enc))
	for i := len(enc) - 16; i >= 0; i -= 16 {
		for c := i; c < i+16; c += 4 {
			w := enc[c : c+4]
			if i == 0 || i == len(enc)-16 {
				out = append(out, w...)
				continue
			}
			for r := range 4 {
				out = append(out, mul(w[r], 14)^mul(w[(r+1)%4], 11)^mul(w[(r+2)%4], 13)^mul(w[(r+3)%4], 9))
			}
		}
	}
	return out
}

// mul multiplies in the field of FIPS 197, section 4.2.
func mul(a, b byte) byte {
	var p byte
	for ; b > 0; b >>= 1 {
		if b&1 != 0 {
			p ^= a
		}
		high := a >> 7
		a = a<<1 ^ high*0x1b
	}
	return p
}

// sub is SubBytes of one byte, computed from its definition (FIPS 197, section
// 5.1.1): the inverse, which is the 254th power, and an affine map.
func sub(b byte) byte {
	inv := byte(1)
	for range 254 {
		inv = mul(inv, b)
	}
	s := byte(0x63)
	for r := range 5 {
		s ^= bits.RotateLeft8(inv, r)
	}
	return s
}
