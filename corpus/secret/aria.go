package secret

import (
	"encoding/hex"
	"math/bits"
)

// ariaCipher has the S-boxes of RFC 5794, section 2.4.2: SB1, SB2, SB3, SB4.
type ariaCipher [4][256]byte

func newARIA() *ariaCipher {
	times := func(a, b byte) (r byte) {
		for ; b > 0; b >>= 1 {
			if b&1 == 1 {
				r ^= a
			}
			a = a<<1 ^ a>>7*0x1b
		}
		return r
	}
	power := func(x byte, n int) byte {
		r := byte(1)
		for range n {
			r = times(r, x)
		}
		return r
	}
	linear := func(x byte, rows string) (r byte) { // a digit pair for each row, for the lowest bit first
		for i, row := range mustBytes(hex.DecodeString(rows)) {
			r |= byte(bits.OnesCount8(x&row)&1) << i
		}
		return r
	}
	c := new(ariaCipher)
	for i := range 256 {
		x := byte(i)
		c[0][i] = linear(power(x, 254), "f1e3c78f1f3e7cf8") ^ 0x63
		c[1][i] = linear(power(x, 247), "7abcebb93481bacb") ^ 0xe2
	}
	for i := range 256 {
		c[2][c[0][i]], c[3][c[1][i]] = byte(i), byte(i)
	}
	return c
}

// diffuse is A of section 2.4.3. A digit says which octet adds to the one of its group.
func (*ariaCipher) diffuse(b block) (r block) {
	for i, group := range [16]string{
		"34689de", "25789cf", "146abcf", "057abde", "0258bef", "1349aef", "0279acd", "1368bcd",
		"0147adf", "0156bce", "23568df", "23479ce", "12679bc", "03678ad", "03459be", "12458af",
	} {
		for _, digit := range mustBytes(hex.DecodeString("0" + interleaved(group))) {
			r[i] ^= b[digit]
		}
	}
	return r
}

// interleaved returns digits with a zero between them.
func interleaved(digits string) (s string) {
	for i, d := range digits {
		if i > 0 {
			s += "0"
		}
		s += string(d)
	}
	return s
}

// function is FO or, from the third box on, FE, with constant n of section 2.2, counted from 0.
func (c *ariaCipher) function(b block, n, box int) block {
	constants := [3]string{
		"517cc1b727220a94fe13abe8fa9a6ee0", "6db14acc9e21c820ff28b1d5ef5de2b0", "db92371d2126e9700324977504e8c90e",
	}
	b = b.plus(blockOf(mustBytes(hex.DecodeString(constants[n%3]))))
	for i := range b {
		b[i] = c[(i+box)%4][b[i]]
	}
	return c.diffuse(b)
}

// ariaSchedule returns the round keys of a key of 16, 24 or 32 bytes (section 2.2).
func ariaSchedule(key []byte, decrypt bool) (ks []block) {
	c := newARIA()
	n := (len(key) - 16) / 8
	rounds := 12 + 2*n
	left, right := blockOf(key), blockOf(key[16:])
	var w [4]block
	w[0] = left
	w[1] = c.function(w[0], n, 0).plus(right)
	w[2] = c.function(w[1], n+1, 2).plus(w[0])
	w[3] = c.function(w[2], n+2, 0).plus(w[1])
	for i := range rounds + 1 {
		ks = append(ks, w[i%4].plus(w[(i+1)%4].right([5]int{19, 31, 67, 97, 109}[i/4])))
	}
	if !decrypt {
		return ks
	}
	back := make([]block, len(ks))
	for i := range ks {
		back[i] = ks[rounds-i]
		if i > 0 && i < rounds {
			back[i] = c.diffuse(back[i])
		}
	}
	return back
}
