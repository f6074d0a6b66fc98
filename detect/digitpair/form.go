package digitpair

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// form is a way to hold a number: digits of so many bits, least significant first, in
// little-endian words of so many bytes.
type form struct{ radix, width int }

func forms() [3]form { return [3]form{{60, 8}, {30, 4}, {28, 4}} }

func (f form) encoding() string {
	if f.radix == 30 {
		return probe.Radix30
	}
	return probe.Radix
}

// digit returns digit i of the number at data[at:], which must lie there.
func (f form) digit(data []byte, at, i int) uint64 {
	if f.width == 4 {
		return uint64(binary.LittleEndian.Uint32(data[at+4*i:]))
	}
	return binary.LittleEndian.Uint64(data[at+8*i:])
}

// load returns the number of n digits at data[at:], or nil when some digit has too many
// bits or the top one is zero.
func (f form) load(data []byte, at, n int) *big.Int {
	if n <= 0 || at+n*f.width > len(data) || f.digit(data, at, n-1) == 0 {
		return nil
	}
	limbs := make([]uint64, (n*f.radix+63)/64)
	for i := range n {
		d := f.digit(data, at, i)
		if d>>f.radix != 0 {
			return nil
		}
		k, s := i*f.radix>>6, uint(i*f.radix&63)
		limbs[k] |= d << s
		if over := d >> (64 - s); over != 0 {
			limbs[k+1] |= over
		}
	}
	b := make([]byte, 0, 8*len(limbs))
	for i := len(limbs) - 1; i >= 0; i-- {
		b = binary.BigEndian.AppendUint64(b, limbs[i])
	}
	defer clear(b)
	return new(big.Int).SetBytes(b)
}

// low returns the lowest digit of x.
func (f form) low(x *big.Int) uint64 {
	return new(big.Int).And(x, new(big.Int).SetUint64(1<<f.radix-1)).Uint64()
}

// lies reports whether all digits of x lie at data[at:].
func (f form) lies(data []byte, at int, x *big.Int) bool {
	y := f.load(data, at, (x.BitLen()+f.radix-1)/f.radix)
	return y != nil && y.Cmp(x) == 0
}

// random reports whether n digits, all of which are full, could be those of a random number: they have no patterns, one of the
// top bits of some is set, so many that chance clears them all once in 2^24, half of all bits are, but for six
// standard deviations, and of the bits hardly more are alike in all digits than chance has it.
func (f form) random(data []byte, at, n int) bool {
	if n <= 0 || at+n*f.width > len(data) {
		return false
	}
	words := n * f.width / 8
	if words > entropy.MoreDigits { // the last one may be the top
		words = entropy.MoreDigits
	} else {
		words = min(words, entropy.FewDigits)
	}
	if words >= entropy.FewDigits && entropy.DigitsPatterned(data[at:], words, entropy.LowBits(f.width, false)) {
		return false
	}
	or, and, set := uint64(0), ^uint64(0), 0
	for i := range n {
		d := f.digit(data, at, i)
		or, and = or|d, and&d
		set += bits.OnesCount64(d)
	}
	if bits.Len64(or) <= f.radix-(24+n-1)/n {
		return false
	}
	if off := 2*set - n*f.radix; off*off > 36*n*f.radix {
		return false
	}
	// A bit is alike in n digits once in 2^(n-1).
	alike := f.radix - bits.OnesCount64(or&^and)
	return alike <= 6+4*f.radix>>min(n, 32)
}

// The lengths of runs, in words.
const (
	leastWords = 4  // four digits of 60 bits and a small one are 256 bits
	mostWords  = 72 // a prime of 4096 bits has 69, and its modulus is none of the facts
)

// wordly reports whether w may be one digit of 60 bits, or two of 30 or less. The upper bits of the
// top digit must be neither all clear, as in pointers and counts, nor too many.
func wordly(w uint64) bool { return w>>48-1 < 1<<14-1 }

// single reports whether a wordly w may be one digit.
func single(w uint64) bool { return w>>60 == 0 }

// double reports whether a wordly w may be two digits.
func double(w uint64) bool { return w&(3<<30) == 0 && w>>16&0x3fff != 0 }

// The classes of words, as bits.
const singles, doubles = 1, 2

// class returns which digits w may be.
func class(w uint64) (c int) {
	if !wordly(w) {
		return 0
	}
	if single(w) {
		c = singles
	}
	if double(w) {
		c |= doubles
	}
	return c
}

// class returns the class of the form's words.
func (f form) class() int {
	if f.width == 8 {
		return singles
	}
	return doubles
}

// gaps returns as the digits of which classes w may stand amid others though their upper bits are clear, as
// those of one random word in 2048 to 8192 are. What is a multiple of eight is taken for a pointer, and what has
// 32 bits for a size.
func gaps(w uint64) (c int) {
	if w>>62 != 0 || w>>32 == 0 || w>>48 == 0 && w&7 == 0 {
		return 0
	}
	if w>>48 == 0 {
		c = singles
	}
	if w&(3<<30) == 0 && uint32(w) != 0 {
		c |= doubles
	}
	return c
}

// run counts the words from data[at:] on that hold is true of, but no more than mostWords.
func run(data []byte, at int, is func(uint64) bool) int {
	n := 0
	for ; n < mostWords && at+8 <= len(data); at += 8 {
		if w := binary.LittleEndian.Uint64(data[at:]); !wordly(w) || !is(w) {
			break
		}
		n++
	}
	return n
}

// start is where a run begins that is long enough, and its length in words.
type start struct {
	form
	at      int
	words   int // before the first gap
	bridged int // before the second one
}

// startAt returns the run that begins at data[at:] in form f, if one does.
func (f form) startAt(data []byte, at int) (s start, ok bool) {
	is := double
	if f.width == 8 {
		is = single
	}
	if at >= 8 {
		if w := binary.LittleEndian.Uint64(data[at-8:]); wordly(w) && is(w) {
			return s, false
		}
	}
	s = start{form: f, at: at, words: run(data, at, is)}
	s.bridged = s.words
	if next := at + 8*s.words; next+8 <= len(data) && s.words < mostWords && gaps(binary.LittleEndian.Uint64(data[next:]))&f.class() != 0 {
		s.bridged = min(s.words+1+run(data, next+8, is), mostWords)
	}
	n := s.words
	if n < leastWords {
		n = s.bridged
	}
	return s, n >= leastWords && f.random(data, at, 8*n/f.width)
}

// lengths calls yield with each number of digits that the number at s may have, until it returns true.
func (s start) lengths(yield func(digits int) bool) {
	per := 8 / s.width
	last := per * (s.words + 1)
	for n := per * s.words; n <= last; n++ {
		if yield(n) {
			return
		}
	}
	for n := max(per*s.bridged, last+1); n <= per*(s.bridged+1); n++ {
		if yield(n) {
			return
		}
	}
}
