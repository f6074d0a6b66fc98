package secret

import (
	"encoding/hex"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// camelliaBox is SBOX1 of RFC 3713, section 2.4.1.
const camelliaBox = "" +
	"70822cecb327c0e5e4855735ea0cae4123ef6b934519a521ed0e4f4e1d6592bd" +
	"86b8af8f7ceb1fce3e30dc5f5ec50b1aa6e139cad5475d3dd9015ad651566c4d" +
	"8b0d9a66fbccb02d74122b20f0b18499df4ccbc2347e76056db7a931d11704d7" +
	"14583a61de1b111c320f9c165318f222fe44cfb2c3b57a912408e8a860fc6950" +
	"aad0a07da1896297545b1e95e0ff64d210c40048a3f775db8a03e6da093fdd94" +
	"875c8302cd4a90337367f6f39d7fbfe2529bd826c837c63b81966f4b13be632e" +
	"e979a78c9f6ebc8e29f5f9b62ffdb4597898066ae74671bad425ab4288a28dfa" +
	"7207b955f8eeac0a36492a683c38f1a44028d37bbbc943c115e3adf477c7809e"

// camelliaSubkeys returns kw1, kw2, k1 … in the order in which RFC 3713, section 2.2, has them in the
// cipher, of a key of 16, 24 or 32 bytes.
func camelliaSubkeys(key []byte) (s []uint64) {
	kl, kr := blockOf(key), blockOf(key[16:])
	if len(key) == 24 {
		for i := range 8 {
			kr[8+i] = ^kr[i]
		}
	}
	sigma := [6]uint64{
		0xA09E667F3BCC908B, 0xB67AE8584CAA73B2, 0xC6EF372FE94F82BE,
		0x54FF53A5F1D36F1C, 0x10E527FADE682D1D, 0xB05688C2B3E6C1FD,
	}
	rounds := func(b block, at int) block {
		upper, lower := b.halves()
		lower ^= camelliaF(upper ^ sigma[at])
		upper ^= camelliaF(lower ^ sigma[at+1])
		return joined(upper, lower)
	}
	ka := rounds(rounds(kl.plus(kr), 0).plus(kl), 2)
	kb := rounds(ka.plus(kr), 4)
	parts := map[byte]block{'L': kl, 'R': kr, 'A': ka, 'B': kb}
	order := "L0 A0 L15 A15 A30 L45 A45 L60 A60 L77 L94 A94 L111 A111"
	if len(key) > 16 {
		order = "L0 B0 R15 A15 R30 B30 L45 A45 L60 R60 B60 L77 A77 R94 A94 L111 B111"
	}
	for _, name := range strings.Fields(order) {
		n, err := strconv.Atoi(name[1:])
		if err != nil {
			panic("internal error: " + err.Error())
		}
		upper, lower := parts[name[0]].left(n).halves()
		switch {
		case len(key) == 16 && name == "A45": // k9 is the upper half alone, k10 that of the next
			s = append(s, upper)
		case len(key) == 16 && name == "L60":
			s = append(s, lower)
		default:
			s = append(s, upper, lower)
		}
	}
	return s
}

// camelliaF is the F-function of section 2.4.1, of the sum of data and subkey.
func camelliaF(x uint64) uint64 {
	box := mustBytes(hex.DecodeString(camelliaBox))
	var t [9]byte // numbered from 1, as the standard does
	for i := range 8 {
		b := byte(x >> (56 - 8*i))
		t[i+1] = [8]func() byte{
			func() byte { return box[b] },
			func() byte { return bits.RotateLeft8(box[b], 1) },
			func() byte { return bits.RotateLeft8(box[b], 7) },
			func() byte { return box[bits.RotateLeft8(b, 1)] },
			func() byte { return bits.RotateLeft8(box[b], 1) },
			func() byte { return bits.RotateLeft8(box[b], 7) },
			func() byte { return box[bits.RotateLeft8(b, 1)] },
			func() byte { return box[b] },
		}[i]()
	}
	var y uint64
	for _, terms := range [8][]int{
		{1, 3, 4, 6, 7, 8}, {1, 2, 4, 5, 7, 8}, {1, 2, 3, 5, 6, 8}, {2, 3, 4, 5, 6, 7},
		{1, 2, 6, 7, 8}, {2, 3, 5, 7, 8}, {3, 4, 5, 6, 8}, {1, 4, 5, 6, 7},
	} {
		var sum byte
		for _, k := range terms {
			sum ^= t[k]
		}
		y = y<<8 | uint64(sum)
	}
	return y
}

// camelliaFolded returns what nettle makes of the subkeys, which adds each whitening key to the
// subkeys of one half of the state, and to each round's subkey the one that the half met before, taken
// through the layer of FL between them, if there is one.
func camelliaFolded(s []uint64) []uint64 {
	n := len(s)
	layer := func(x, key uint64) uint64 {
		left, right := uint32(x>>32), uint32(x)
		left ^= right &^ uint32(key)
		right ^= bits.RotateLeft32(left&uint32(key>>32), 1)
		return uint64(left)<<32 | uint64(right)
	}
	s = slices.Clone(s)
	white := s[1]
	for i := 3; i < n-2; i += 2 { // the half that begins with kw2
		if i%8 == 1 {
			white = layer(white, s[i])
		} else {
			s[i] ^= white
		}
	}
	s[n-2] ^= white
	white = s[n-1]
	for i := n - 4; i >= 0; i -= 2 { // the one that ends with kw4
		if i%8 == 0 && i > 0 {
			white = layer(white, s[i])
		} else {
			s[i] ^= white
		}
	}
	out := []uint64{s[0] ^ s[2], s[3]}
	for i := 3; i < n-3; i++ {
		switch i % 8 {
		case 0, 1:
			out = append(out, s[i])
		case 2:
			out = append(out, layer(s[i-3], s[i-1])^s[i+1])
		case 7:
			out = append(out, s[i-1]^layer(s[i+3], s[i+1]))
		default:
			out = append(out, s[i-1]^s[i+1])
		}
	}
	return append(out, s[n-4], s[n-2]^s[n-3])
}
