package tlssecret

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

const (
	word   = 4 // bytes: the alignment of secrets
	piece  = size256
	line   = 64 // bytes: of caches, and of a slot (OpenSSL's EVP_MAX_MD_SIZE)
	lowBit = 0x0101010101010101
	topBit = 0x8080808080808080
)

// hard reports whether an aligned word is no part of a random number: zero, a
// small number of either byte order, the upper half of a pointer, or four equal
// bytes such as the fill. One random word in 21,000 is hard.
func hard(w uint32) bool {
	return w>>16 == 0 || w<<16 == 0 || w>>16 == 0xffff || w == bits.RotateLeft32(w, 8)
}

// What 32 random bytes look like, give or take four standard deviations or more.
const (
	fewestTops, mostTops = 5, 27   // bytes from 0x80 on: 16 expected
	fewestOnes, mostOnes = 92, 164 // bits that are set: 128 expected
	mostZeros            = 3       // bytes that are zero: 1 in 8 windows has one
	fewestDistinct       = 24      // different bytes: 30 expected
)

// random reports whether 32 bytes could be random. Text, code and tables mostly
// are not.
func random(p []byte) bool {
	p = p[:piece]
	le := binary.LittleEndian
	ws := [piece / 8]uint64{le.Uint64(p), le.Uint64(p[8:]), le.Uint64(p[16:]), le.Uint64(p[24:])}
	// The top bits of four words, side by side in one: text ends here.
	tops := bits.OnesCount64((ws[0]&topBit)>>3 | (ws[1]&topBit)>>2 | (ws[2]&topBit)>>1 | ws[3]&topBit)
	if tops < fewestTops || tops > mostTops {
		return false
	}
	ones, zeros := 0, 0
	for _, w := range ws {
		ones += bits.OnesCount64(w)
		zeros += bits.OnesCount64((w - lowBit) &^ w & topBit)
	}
	if ones < fewestOnes || ones > mostOnes || zeros > mostZeros || entropy.Code(p) || entropy.Lettered(p) {
		return false
	}
	var seen [4]uint64
	for _, b := range p {
		seen[b>>6] |= 1 << (b & 63)
	}
	return bits.OnesCount64(seen[0])+bits.OnesCount64(seen[1])+
		bits.OnesCount64(seen[2])+bits.OnesCount64(seen[3]) >= fewestDistinct
}

// dense reports whether p, a whole window, could be a secret.
func dense(p []byte) bool {
	for i := 0; i+word <= len(p); i += word {
		if hard(binary.LittleEndian.Uint32(p[i:])) {
			return false
		}
	}
	return random(p) && random(p[len(p)-piece:])
}

// denseLine reports whether a line of 64 bytes is as those of compressed or
// encrypted data.
func denseLine(p []byte) bool {
	// One word may be hard by chance; of 32 bytes from 0x80 on half may be missing.
	const mostHard, fewest = 1, 16
	p = p[:line]
	hards, tops := 0, 0
	for i := 0; i < line; i += 8 {
		w := binary.LittleEndian.Uint64(p[i:])
		if hard(uint32(w)) {
			hards++
		}
		if hard(uint32(w >> 32)) {
			hards++
		}
		tops += bits.OnesCount64(w & topBit)
	}
	return hards <= mostHard && tops >= fewest
}

// empty reports whether p is zero in all its whole words of eight bytes.
func empty(p []byte) bool {
	var all uint64
	for ; len(p) >= 8; p = p[8:] {
		all |= binary.LittleEndian.Uint64(p)
	}
	return all == 0
}
