package secret

import "math/bits"

// sbox computes the AES S-box: FIPS 197, section 5.1.1.
func sbox() (s [256]byte) {
	// 3 generates the multiplicative group, and 0xf6 is its inverse.
	p, q := byte(1), byte(1)
	for {
		p = mul(p, 3)
		q = mul(q, 0xf6)
		x := q
		for i := 1; i < 5; i++ {
			x ^= bits.RotateLeft8(q, i)
		}
		s[p] = x ^ 0x63
		if p == 1 {
			break
		}
	}
	s[0] = 0x63
	return s
}

// mul multiplies in GF(2^8): FIPS 197, section 4.2.
func mul(a, b byte) byte {
	var r byte
	for ; b > 0; b >>= 1 {
		if b&1 == 1 {
			r ^= a
		}
		carry := a >> 7
		a = a<<1 ^ carry*0x1b
	}
	return r
}

// expand is KeyExpansion: FIPS 197, section 5.2. It returns 16 bytes a round key.
func expand(key []byte) []byte {
	s := sbox()
	nk := len(key) / 4
	total := 16 * (nk + 7)
	w := append([]byte(nil), key...)
	rcon := byte(1)
	for i := nk; len(w) < total; i++ {
		t := [4]byte(w[4*i-4:])
		switch {
		case i%nk == 0:
			t = [4]byte{s[t[1]] ^ rcon, s[t[2]], s[t[3]], s[t[0]]}
			rcon = mul(rcon, 2)
		case nk > 6 && i%nk == 4:
			t = [4]byte{s[t[0]], s[t[1]], s[t[2]], s[t[3]]}
		}
		for j := range t {
			w = append(w, w[4*(i-nk)+j]^t[j])
		}
	}
	return w
}

// inverse turns a schedule into the one of the equivalent inverse cipher: round
// keys in reverse, all but the outer two through InvMixColumns. FIPS 197,
// section 5.3.5.
func inverse(w []byte) []byte {
	out := make([]byte, 0, len(w))
	for r := len(w) - 16; r >= 0; r -= 16 {
		for c := r; c < r+16; c += 4 {
			col := [4]byte(w[c:])
			if r > 0 && r < len(w)-16 {
				col = invMixColumn(col)
			}
			out = append(out, col[:]...)
		}
	}
	return out
}

func invMixColumn(c [4]byte) (out [4]byte) {
	for i := range out {
		out[i] = mul(c[i], 14) ^ mul(c[(i+1)%4], 11) ^ mul(c[(i+2)%4], 13) ^ mul(c[(i+3)%4], 9)
	}
	return out
}

// swapped returns w with the bytes of each 32-bit word in reverse, as Java and
// wolfSSL hold them on a little-endian machine.
func swapped(w []byte) []byte {
	out := make([]byte, 0, len(w))
	for i := 0; i < len(w); i += 4 {
		out = append(out, w[i+3], w[i+2], w[i+1], w[i])
	}
	return out
}
