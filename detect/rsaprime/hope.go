package rsaprime

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

// wholes are the bytes of a word at which a digit of four bytes begins.
const wholes = 1<<0 | 1<<4

// tops are the bytes of a word, a bit for each, of which the highest bit says something of digits.
type tops struct {
	most, half uint8    // the most significant one of a digit of eight bytes, and of the lower digit of four
	low        [2]uint8 // those that are random in digits of four bytes, and of eight: see [entropy.LowBits]
}

func topsOf(swap bool) tops {
	t := tops{most: 1 << 7, half: 1 << 3}
	if swap {
		t = tops{most: 1 << 0, half: 1 << 4}
	}
	for i, width := range [2]int{4, 8} {
		low := entropy.LowBits(width, swap)
		for b := range 8 {
			t.low[i] |= uint8(low >> (8 * b) & 1 << b)
		}
	}
	return t
}

// digitsIn returns at which bytes of word k digits of four or eight bytes may
// begin: the highest bits of some later ones, as many as numbers of all sizes have, are clear,
// and those of other bytes are not, as in text. Of eight bytes of digits two have a
// highest bit that is always clear; of the other six, three have in eight words or more once in 10^6,
// and five in four words once in 10^5.
func (d *detector) digitsIn(runs *dense, k int) uint8 {
	set, most := uint64(0), 4
	if d.shorter < 10 {
		most = 6
	}
	if k+d.shorter-1 > runs.n {
		most = 8
	}
	for n, i := d.shorter-2, k+1; n > 0; n, i = n-8, i+8 {
		t := runs.topsAt(word * i)
		if n < 8 {
			t &= 1<<(8*n) - 1
		}
		set |= t
	}
	set |= set >> 32
	set |= set >> 16
	tops := uint8(set | set>>8)
	if 8-bits.OnesCount8(tops) > most {
		return 0
	}
	if !d.swap {
		tops = bits.RotateLeft8(tops, 1) // the highest byte of what begins at byte i is i-1
	}
	return ^tops
}

// widths are of how many bytes digits may be, a bit for each.
type widths uint8

const (
	fours widths = 1 << iota
	eights
)

// hopes returns the bytes of word k at which digits may begin as far as can be seen, and sets s.widths there. Where no run begins
// or ends, only whole digits follow the words.
func (d *detector) hopes(s *scratch, data []byte, runs *dense, k int, edges bool) (hopes uint8) {
	digits := d.digitsIn(runs, k)
	if !edges {
		digits &= wholes
	}
	for ; digits != 0; digits &= digits - 1 {
		i := bits.TrailingZeros8(digits)
		if s.widths[i] = d.hope(data, runs, k, i); s.widths[i] != 0 {
			hopes |= 1 << i
		}
	}
	return hopes
}

// hope returns the widths of the digits that may begin at byte i of word k, whatever the class: [radixAt]
// would say of the others that there are none by the first ones, which all classes have, or their lower bits have patterns, which takes
// longest to see.
func (d *detector) hope(data []byte, runs *dense, k, i int) widths {
	const sure = 4 // words
	at := runs.first + word*k + i
	if at < 0 || at+word*sure > len(data) {
		return 0
	}
	few := min(16, d.classes[0].bytes/8-1)
	if few < sure || at+8*few > len(data) {
		few = sure
	}
	// The highest bit of no digit is set.
	t, w := runs.topsAt(word*k+i), fours|eights
	if t&wordsOf(d.tops.most, sure) != 0 {
		return 0
	}
	if t&wordsOf(d.tops.most, few) != 0 || few > 8 && runs.topsAt(word*(k+8)+i)&wordsOf(d.tops.most, few-8) != 0 {
		w &^= eights
	}
	if t&wordsOf(d.tops.most|d.tops.half, few) != 0 { // sixteen digits of four bytes are looked at, at most
		w &^= fours
	}
	if w == 0 || few < entropy.MoreDigits {
		return w
	}
	again := w
	for x, low := range d.tops.low {
		if !entropy.DigitTops(bits.OnesCount64(t&wordsOf(low, entropy.MoreDigits)), entropy.MoreDigits) {
			again &^= 1 << x
		}
	}
	p := data[at : at+8*few]
	if again == 0 || alike(p, few) || (again&fours == 0 || patterned(p, 4, d.swap)) && (again&eights == 0 || patterned(p, 8, d.swap)) {
		return 0
	}
	return w
}

// wordsOf returns the bits of a byte in each of the lowest n.
func wordsOf(of uint8, n int) uint64 {
	return uint64(of) * ones & (1<<(8*n) - 1) // a shift by 64 gives zero
}

// alike reports whether the words of p have fewer different bits than digits: minRadix64 in each word or more, of
// which nearly all are set in some words only. Four words of random digits have less than half of them once in 10^12, and seven ten bits
// that are the same in all once in 10^8.
func alike(p []byte, words int) bool {
	or, and := uint64(0), ^uint64(0)
	for i := range words {
		w := binary.LittleEndian.Uint64(p[8*i:])
		or, and = or|w, and&w
		if i == 3 && uniform(or, and) {
			return true
		}
	}
	return words >= entropy.MoreDigits && bits.OnesCount64(or&^and) <= minRadix64-10
}

// patterned reports whether what p begins with is no number in digits of the width.
func patterned(p []byte, width int, swap bool) bool {
	return entropy.DigitsPatterned(p, entropy.MoreDigits, entropy.LowBits(width, swap))
}

// widthsAt returns the widths of the digits that may begin at data[at:], by four words.
func widthsAt(data []byte, at int, swap bool) widths {
	const half = 1 << 31
	var or uint64
	for i := at; i < at+32; i += 8 {
		if i+8 > len(data) {
			return 0
		}
		w := binary.LittleEndian.Uint64(data[i:])
		if swap {
			w = binary.BigEndian.Uint64(data[i:])
		}
		or |= w
	}
	switch {
	case or>>63 != 0: // the top bit of no digit is set
		return 0
	case or&half != 0:
		return eights
	}
	return fours | eights
}
