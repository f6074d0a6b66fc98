package cipherkeys

import (
	"encoding/binary"
	"math/bits"
)

const (
	ariaBlock  = 16
	ariaFewest = 12 // rounds with a key of 128 bits; two more for each 64 bits
	ariaMost   = 16
)

// ariaBoxes are SB1 and SB2 of RFC 5794, section 2.4.2, and their inverses SB3 and SB4.
type ariaBoxes [4][256]byte

// newARIABoxes computes the S-boxes: in the field of AES, SB1 is an affine function of the
// inverse, and so is SB2, which the standard gives as one of the 247th power, for the
// eighth power of the inverse is linear in it.
func newARIABoxes() *ariaBoxes {
	b := new(ariaBoxes)
	// What bits 0 to 7 of the inverse add to the result.
	first := [8]byte{0x1f, 0x3e, 0x7c, 0xf8, 0xf1, 0xe3, 0xc7, 0x8f}
	second := [8]byte{0xac, 0xfd, 0xc6, 0x83, 0x26, 0xa7, 0xfb, 0x5f}
	var power, log [256]byte
	x := byte(1)
	for i := range 255 { // of 3, which generates the field
		power[i], log[x] = x, byte(i)
		x ^= x<<1 ^ x>>7*0x1b
	}
	for i := range 256 {
		var inverse byte
		if i > 0 {
			inverse = power[(255-int(log[i]))%255]
		}
		y, z := byte(0x63), byte(0xe2)
		for k := range 8 {
			bit := -(inverse >> k & 1)
			y ^= first[k] & bit
			z ^= second[k] & bit
		}
		b[0][i], b[1][i] = y, z
		b[2][y], b[3][z] = byte(i), byte(i)
	}
	return b
}

// odd and even are the round functions FO and FE (section 2.4.1) with the constant
// C(i+1) of section 2.2 as round key.
func (b *ariaBoxes) odd(w wide, i int) wide  { return b.round(w, i, 0) }
func (b *ariaBoxes) even(w wide, i int) wide { return b.round(w, i, 2) }

func (b *ariaBoxes) round(w wide, i, layer int) wide {
	p := w.xor([3]wide{
		{0x517cc1b727220a94, 0xfe13abe8fa9a6ee0},
		{0x6db14acc9e21c820, 0xff28b1d5ef5de2b0},
		{0xdb92371d2126e970, 0x0324977504e8c90e},
	}[i%3]).octets()
	for k := range p {
		p[k] = b[(k+layer)%4][p[k]]
	}
	return ariaDiffuse(wideOctets(p[:]))
}

// ariaDiffuse is the layer A of section 2.4.3, which is its own inverse.
func ariaDiffuse(w wide) wide {
	p := w.octets()
	// The octets of which octet i of the result is the sum, the first in the lowest bit.
	masks := [ariaBlock]uint16{
		1<<3 | 1<<4 | 1<<6 | 1<<8 | 1<<9 | 1<<13 | 1<<14,
		1<<2 | 1<<5 | 1<<7 | 1<<8 | 1<<9 | 1<<12 | 1<<15,
		1<<1 | 1<<4 | 1<<6 | 1<<10 | 1<<11 | 1<<12 | 1<<15,
		1<<0 | 1<<5 | 1<<7 | 1<<10 | 1<<11 | 1<<13 | 1<<14,
		1<<0 | 1<<2 | 1<<5 | 1<<8 | 1<<11 | 1<<14 | 1<<15,
		1<<1 | 1<<3 | 1<<4 | 1<<9 | 1<<10 | 1<<14 | 1<<15,
		1<<0 | 1<<2 | 1<<7 | 1<<9 | 1<<10 | 1<<12 | 1<<13,
		1<<1 | 1<<3 | 1<<6 | 1<<8 | 1<<11 | 1<<12 | 1<<13,
		1<<0 | 1<<1 | 1<<4 | 1<<7 | 1<<10 | 1<<13 | 1<<15,
		1<<0 | 1<<1 | 1<<5 | 1<<6 | 1<<11 | 1<<12 | 1<<14,
		1<<2 | 1<<3 | 1<<5 | 1<<6 | 1<<8 | 1<<13 | 1<<15,
		1<<2 | 1<<3 | 1<<4 | 1<<7 | 1<<9 | 1<<12 | 1<<14,
		1<<1 | 1<<2 | 1<<6 | 1<<7 | 1<<9 | 1<<11 | 1<<12,
		1<<0 | 1<<3 | 1<<6 | 1<<7 | 1<<8 | 1<<10 | 1<<13,
		1<<0 | 1<<3 | 1<<4 | 1<<5 | 1<<9 | 1<<11 | 1<<14,
		1<<1 | 1<<2 | 1<<4 | 1<<5 | 1<<8 | 1<<10 | 1<<15,
	}
	var q [ariaBlock]byte
	for i, m := range masks {
		for ; m != 0; m &= m - 1 {
			q[i] ^= p[bits.TrailingZeros16(m)]
		}
	}
	return wideOctets(q[:])
}

// ariaWords are W0 to W3 of section 2.2.
type ariaWords [4]wide

// complete computes the words from two neighbours, of which the first is w[i], 0 to 2, for a
// key with so many rounds.
func (b *ariaBoxes) complete(w *ariaWords, i, rounds int) {
	c := (rounds - ariaFewest) / 2 // the number of CK1
	if i == 2 {
		w[1] = b.odd(w[2], c+2).xor(w[3])
	}
	if i > 0 {
		w[0] = b.even(w[1], c+1).xor(w[2])
	}
	w[2] = b.even(w[1], c+1).xor(w[0])
	w[3] = b.odd(w[2], c+2).xor(w[1])
}

// key returns the key, and whether it is one of the size that goes with the rounds.
func (b *ariaBoxes) key(w *ariaWords, rounds int) (key []byte, ok bool) {
	kr := b.odd(w[0], (rounds-ariaFewest)/2).xor(w[1])
	be := binary.BigEndian
	key = be.AppendUint64(be.AppendUint64(nil, w[0].hi), w[0].lo)
	key = be.AppendUint64(be.AppendUint64(key, kr.hi), kr.lo)
	n := 4*rounds - 32
	for _, x := range key[n:] {
		if x != 0 {
			return nil, false
		}
	}
	return key[:n], true
}

// roundKey returns ek(i+1) of section 2.2.
func (w *ariaWords) roundKey(i int) wide {
	right := [5]int{19, 31, 128 - 61, 128 - 31, 128 - 19}[i/4]
	return w[i%4].xor(w[(i+1)%4].rotate(128 - right))
}

// decryptionKey returns dk(i+1).
func (w *ariaWords) decryptionKey(i, rounds int) wide {
	k := w.roundKey(rounds - i)
	if i > 0 && i < rounds {
		k = ariaDiffuse(k)
	}
	return k
}

// octets returns the number as the standards write it.
func (w wide) octets() (p [16]byte) {
	binary.BigEndian.PutUint64(p[:], w.hi)
	binary.BigEndian.PutUint64(p[8:], w.lo)
	return p
}

func wideOctets(p []byte) wide {
	return wide{binary.BigEndian.Uint64(p), binary.BigEndian.Uint64(p[8:])}
}
