package rsapair

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// order is how the limbs of a number of whole 64-bit words lie in memory.
type order uint8

const (
	littleEndian order = iota // least significant byte first
	bigEndian                 // most significant byte first
	words32                   // most significant 32-bit word first, each little-endian
	limbs64                   // least significant 64-bit limb first, each big-endian
)

func orders() [4]order { return [4]order{littleEndian, bigEndian, words32, limbs64} }

// encoding returns the name that reports use.
func (o order) encoding() string {
	switch o {
	case littleEndian:
		return probe.LimbsLE
	case bigEndian:
		return probe.IntBE
	case words32:
		return probe.Words32BE
	}
	return probe.LimbsBE
}

// limb returns the limb that the eight bytes at data[at:] are.
func (o order) limb(data []byte, at int) uint64 { return o.turn(binary.LittleEndian.Uint64(data[at:])) }

// turn returns the limb that lies in memory as the little-endian word w does, and the other way round.
func (o order) turn(w uint64) uint64 {
	switch o {
	case bigEndian, limbs64:
		return bits.ReverseBytes64(w)
	case words32:
		return bits.RotateLeft64(w, 32)
	}
	return w
}

// place returns where limb i, the least significant one being 0, of a number of
// size bytes lies from its first byte on.
func (o order) place(size, i int) int {
	if o == bigEndian || o == words32 {
		return size - 8 - 8*i
	}
	return 8 * i
}

// number is as many limbs as a prime has at most, least significant first.
type number [mostBytes / 8]uint64

// load reads the number of size bytes at data[at:] and reports whether it is odd and
// has its top bit set, which is all it looks at when it does not.
func (o order) load(n *number, data []byte, at, size int) bool {
	last := size/8 - 1
	n[0], n[last] = o.limb(data, at+o.place(size, 0)), o.limb(data, at+o.place(size, last))
	if n[0]&1 == 0 || n[last]>>63 == 0 {
		return false
	}
	for i := 1; i < last; i++ {
		n[i] = o.limb(data, at+o.place(size, i))
	}
	return true
}

// bytes returns the number of size bytes, big-endian.
func (n *number) bytes(size int) []byte {
	b := make([]byte, 0, size)
	for i := size/8 - 1; i >= 0; i-- {
		b = binary.BigEndian.AppendUint64(b, n[i])
	}
	return b
}

// lies reports whether x, all its whole limbs, lies in order o in data on the words of
// which that at data[at:] is the least significant.
func (o order) lies(data []byte, at int, x *big.Int) bool {
	whole := x.BitLen() / 64
	b := x.Bytes()
	for i := range whole {
		w := at + 8*i
		if o == bigEndian || o == words32 {
			w = at - 8*i
		}
		if w < 0 || w+8 > len(data) || o.limb(data, w) != binary.BigEndian.Uint64(b[len(b)-8*i-8:]) {
			return false
		}
	}
	return whole > 0
}
