// Package survey says of a block of memory, while a cache holds it, what decides where detectors look.
//
// A [Survey] moves over memory a block at a time. Of each block it says where it is nothing but zeros,
// which characters its bytes are and which of its words look random; package kernel computes that.
// Whatever looks at a block does so before the next one is asked for, so that memory is
// fetched once.
package survey

import (
	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
	"github.com/dumpscrub/dumpscrub/detect/wordmap"
)

const (
	// Block is how long a block is at most, in bytes: it stays in a first-level cache
	// with room for what is said of it.
	Block = textmap.Block
	// zeroPiece is how many zeros, at a multiple in memory, are worth that a block ends there.
	zeroPiece = 4 << 10
	word      = 8
)

// Survey is what is said of one block after the other. Its memory is used again for each.
type Survey struct {
	Data   []byte // what lies between two breaks
	Base   int64  // the address of Data[0]
	Lo, Hi int    // the block is Data[Lo:Hi)

	Text  textmap.Map // which characters its bytes are, after [Survey.Characters]
	Words wordmap.Map // which of its words look random, after [Survey.Randomness]

	lattice lattice
	end     int // where the last block ends
	deep    int // see Begin

	classes [textmap.Room]uint64
	bits    wordmap.Room
}

// Begin makes s ready for the blocks of data[lo:hi). base is the address of data[0]. What is farther
// than deep from every byte that is not zero may be passed over, if deep is not 0.
func (s *Survey) Begin(data []byte, base int64, lo, hi, deep int) {
	s.Data, s.Base, s.Lo, s.Hi, s.end, s.deep = data, base, lo, lo, hi, deep
}

// End lets go of the data.
func (s *Survey) End() { s.Data, s.Text, s.Words = nil, textmap.Map{}, wordmap.Map{} }

// Next moves on to the next block and reports whether there is one. Blocks end at multiples of their length in
// memory, and where zeros are.
func (s *Survey) Next() bool {
	s.Lo = s.behindZeros(s.Hi)
	if s.Lo >= s.end {
		return false
	}
	at := s.Base + int64(s.Lo)
	s.Hi = min(s.end, s.Lo+Block-int(at&(Block-1)))
	if s.deep > 0 {
		s.Hi = min(s.Hi, s.zeros(s.Lo+int(-at&(zeroPiece-1)))+s.deep)
	}
	return true
}

// behindZeros returns the first place from i on that is not deep in zeros, or the end.
func (s *Survey) behindZeros(i int) int {
	if s.deep == 0 || i < s.deep || i >= s.end || s.Data[i] != 0 {
		return i
	}
	start := i - s.deep
	zeros := kernel.Zeros(s.Data[start:min(s.end+s.deep, len(s.Data))])
	return max(i, start+zeros-s.deep)
}

// zeros returns where the first of the pieces from i on that is zeros begins, or the block's end.
func (s *Survey) zeros(i int) int {
	for ; i+zeroPiece <= s.Hi; i += zeroPiece {
		p := s.Data[i : i+zeroPiece]
		if p[0] == 0 && p[zeroPiece-1] == 0 && kernel.Zeros(p) == zeroPiece {
			return i
		}
	}
	return s.Hi
}

// Characters makes Text.
func (s *Survey) Characters() { s.Text = textmap.New(s.classes[:], s.Data, s.Lo, s.Hi) }

// Randomness makes Words for the block's beginning, up to hi, and what gates are asked of.
func (s *Survey) Randomness(hi int) {
	s.Words = wordmap.New(&s.bits, s.Data, s.Base, s.Lo, hi)
	s.lattice.look(&s.Words, s.Data)
}

// Left calls yield for the parts of the block's beginning, up to hi, that g leaves, in ascending order.
// [Survey.Randomness] was called before.
func (s *Survey) Left(g probe.Gate, hi int, yield func(lo, hi int)) {
	s.lattice.ranges(g, s.Lo, hi, yield)
}
