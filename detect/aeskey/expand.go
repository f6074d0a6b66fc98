package aeskey

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// ErrKeySize is returned for a key of other than 16, 24 or 32 bytes.
var ErrKeySize = errors.New("AES key is not of 16, 24 or 32 bytes")

// maxWords is the room for a schedule of AES-256, 60 words, and the rest of its
// last multiple of Nk, which some implementations compute as well.
const maxWords = 64

// schedule holds the words of an encryption schedule. Those from words(nk) on
// belong to no round key but obey the recurrence too.
type schedule [maxWords]uint32

// lastRound returns the number of the last round, Nr of FIPS 197, section 5.
func lastRound(nk int) int { return nk + 6 }

// words returns how many words the round keys have.
func words(nk int) int { return 4 * (lastRound(nk) + 1) }

// overrun returns how many words there are when the last step of nk words is
// carried through.
func overrun(nk int) int { return (words(nk) + nk - 1) / nk * nk }

// step returns what word i adds to word i-nk, given the word between them.
func step(nk, i int, prev uint32) uint32 {
	switch {
	case i%nk == 0:
		return bits.RotateLeft32(sub(prev), 8) ^ constant(i/nk)
	case nk == 8 && i%nk == 4:
		return sub(prev)
	}
	return prev
}

// complete computes all words from the nk words that lie at index i on.
func (s *schedule) complete(nk, i int) {
	for k := i + nk; k < overrun(nk); k++ {
		s[k] = s[k-nk] ^ step(nk, k, s[k-1])
	}
	for k := i - 1; k >= 0; k-- {
		s[k] = s[k+nk] ^ step(nk, k+nk, s[k+nk-1])
	}
}

// key appends the cipher key.
func (s *schedule) key(dst []byte, nk int) []byte {
	for _, w := range s[:nk] {
		dst = binary.BigEndian.AppendUint32(dst, w)
	}
	return dst
}

// expand returns the schedule of a key of 16, 24 or 32 bytes: the
// words w[0], w[1], … of FIPS 197, section 5.2, each with its first byte in the
// most significant place. The error is [ErrKeySize].
func expand(key []byte) (*schedule, error) {
	if len(key) != 16 && len(key) != 24 && len(key) != 32 {
		return nil, ErrKeySize
	}
	var s schedule
	for i := range len(key) / 4 {
		s[i] = binary.BigEndian.Uint32(key[4*i:])
	}
	s.complete(len(key)/4, 0)
	return &s, nil
}
