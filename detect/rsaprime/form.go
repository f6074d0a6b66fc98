package rsaprime

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// order is how the limbs of a number of whole 32- or 64-bit words lie in memory.
type order uint8

const (
	littleEndian order = iota // least significant byte first
	bigEndian                 // most significant byte first
	words32                   // most significant 32-bit word first, each little-endian
	limbs64                   // least significant 64-bit limb first, each big-endian
	limbs32                   // least significant 32-bit limb first, each big-endian
)

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

// extent returns the number of bytes that a number of n bytes takes in order o.
func (o order) extent(n int) int {
	switch o {
	case bigEndian:
		return n
	case words32:
		return (n + 3) &^ 3
	case limbs32:
		return (n + 3) &^ 3
	}
	return (n + 7) &^ 7
}

// limb returns limb i, the least significant one being 0, of the number that lies
// at data[at:at+extent). Only the top limb may reach beyond those.
func (o order) limb(data []byte, at, extent, i int) uint64 {
	k := at + 8*i
	if o == bigEndian || o == words32 {
		k = at + extent - 8*i - 8
	}
	var w uint64
	if k >= 0 && k+8 <= len(data) {
		w = binary.LittleEndian.Uint64(data[k:])
	} else {
		w = edge(data, k)
	}
	switch o {
	case bigEndian, limbs64:
		return bits.ReverseBytes64(w)
	case words32:
		return bits.RotateLeft64(w, 32)
	case limbs32:
		return bits.RotateLeft64(bits.ReverseBytes64(w), 32)
	}
	return w
}

// edge reads eight bytes of which some lie outside data and count as zero.
func edge(data []byte, k int) uint64 {
	var w uint64
	for i := range 8 {
		if k+i >= 0 && k+i < len(data) {
			w |= uint64(data[k+i]) << (8 * i)
		}
	}
	return w
}

// digits describes a number in a radix of fewer bits than the words that hold
// its digits, least significant digit first.
type digits struct {
	width int // bytes a digit: 4 or 8
	radix int // bits a digit
	swap  bool
}

// Digits of less bits than these have two zero bytes a word and are not dense.
const (
	minRadix32 = 25
	minRadix64 = 50
)

// radixAt tells the number of bits a digit from the digits at data[at:], of which
// there are n of the given width. It is 0 when they are no digits.
//
// Random digits of r bits have the top bit set every other time, so that n of them
// show r with an error of 2^-n. Each of the two highest bits is set in some of them and clear in
// others, which is not so in pointers and floating-point numbers: enough digits fail
// with a chance of 2^-13.
func radixAt(data []byte, at, width, n int, swap bool) int {
	lowest, or, and, set, i := minRadix64, uint64(0), ^uint64(0), 0, 0
	varied := 128 // bits that differ among digits of even place, and among those of odd place
	if width == 4 {
		lowest = minRadix32
	}
	if width == 4 && !swap {
		for ; i+2 <= n; i += 2 { // two at once
			d := binary.LittleEndian.Uint64(data[at+4*i:])
			or, and = or|d, and&d
			set += bits.OnesCount64(d)
			if or&(1<<63|1<<31) != 0 || i == 6 && uniform(or, and) {
				return 0
			}
		}
		if n >= enoughDigits {
			varied = bits.OnesCount64(or &^ and)
		}
		or, and = uint64(uint32(or|or>>32)), uint64(uint32(and&(and>>32)))
	}
	if width == 8 && !swap {
		for p := data[at : at+8*n]; i < n; i++ {
			d := binary.LittleEndian.Uint64(p[8*i:])
			or, and = or|d, and&d
			set += bits.OnesCount64(d)
			if or>>63 != 0 || i == 3 && uniform(or, and) {
				return 0
			}
		}
	}
	for ; i < n; i++ {
		d := digit(data, at+i*width, width, swap)
		or, and = or|d, and&d
		set += bits.OnesCount64(d)
		if or>>(8*width-1) != 0 || i == 3 && width == 8 && uniform(or, and) {
			return 0
		}
	}
	r := bits.Len64(or)
	if r < lowest {
		return 0
	}
	if top := uint64(3) << (r - 2); n >= enoughDigits && (and&top != 0 || or&top != top) {
		return 0
	}
	// Of the upper halves of pointers most bits are alike. Of seven random digits and eight
	// others, eleven bits are once in 10^8.
	if !mixed(n, r, set, or, and) || varied < 2*r-10 {
		return 0
	}
	return r
}

// uniform reports whether four words of one or two digits are more alike than random ones, in
// which at least minRadix64 bits are random and one in eight is the same in all: half of
// them are once in 10^12.
func uniform(or, and uint64) bool { return bits.OnesCount64(or&^and) < minRadix64/2 }

// enoughDigits is how many digits tell by their highest bits that they are none.
const enoughDigits = 15

// mixed reports whether n digits of r bits, of which so many bits are set, are as mixed as random
// ones: half of the bits are set, but for six standard deviations, which random digits miss
// once in 10^9, and few are the same in all digits. Of random digits, 15 have four bits
// alike once in 10^10, nine have seven once in 10^8. Pointers and small numbers have many.
func mixed(n, r, set int, or, and uint64) bool {
	if off := 2*set - n*r; off*off > 36*n*r {
		return false
	}
	alike := r - bits.OnesCount64(or&^and)
	switch {
	case n >= enoughDigits:
		return alike <= 3
	case n >= 9:
		return alike <= 6
	}
	return true
}

func digit(data []byte, at, width int, swap bool) uint64 {
	if width == 4 {
		if swap {
			return uint64(binary.BigEndian.Uint32(data[at:]))
		}
		return uint64(binary.LittleEndian.Uint32(data[at:]))
	}
	if swap {
		return binary.BigEndian.Uint64(data[at:])
	}
	return binary.LittleEndian.Uint64(data[at:])
}

// extent returns the number of bytes that a number of n bytes takes.
func (g digits) extent(n int) int { return (8*n + g.radix - 1) / g.radix * g.width }

// load assembles the number that lies at data[at:at+extent) in dst, and fails when
// a digit has too many bits, or the number more than dst.
func (g digits) load(dst []uint64, data []byte, at, extent int) bool {
	clear(dst)
	// The top digit, of which little may be set, fails most often.
	for i := extent/g.width - 1; i >= 0; i-- {
		x := digit(data, at+i*g.width, g.width, g.swap)
		if bits.Len64(x) > g.radix {
			return false
		}
		pos := i * g.radix
		k, s := pos>>6, uint(pos&63)
		if k >= len(dst) {
			if x != 0 {
				return false
			}
			continue
		}
		dst[k] |= x << s
		if over := x >> (64 - s); k+1 < len(dst) {
			dst[k+1] |= over
		} else if over != 0 {
			return false
		}
	}
	return true
}

func (g digits) encoding() string {
	switch {
	case g.width == 4 && g.radix == 30:
		return probe.Radix30
	case g.width == 8 && g.radix == 52:
		return probe.Radix52
	}
	return probe.Radix
}
