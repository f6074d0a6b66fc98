package bignum

import (
	"encoding/binary"
	"slices"
)

// ByteOrder is that of a machine word.
type ByteOrder = binary.ByteOrder

// Radix is a way to hold a number: digits of Bits bits, least first, in words of
// Word bytes (2, 4 or 8) of the given order. Bits must be positive and fit the word.
type Radix struct {
	Bits, Word int
	Order      ByteOrder
}

// Len returns the number of bytes that a number of n bytes takes.
func (r Radix) Len(n int) int { return (8*n + r.Bits - 1) / r.Bits * r.Word }

// Append appends the digits of the big-endian number v, leading zeros included,
// to dst: exactly Len(len(v)) bytes.
func (r Radix) Append(dst, v []byte) []byte {
	mask := uint64(1)<<r.Bits - 1 // all ones for 64 bits
	for bit := 0; bit < 8*len(v); bit += r.Bits {
		d := bitsAt(v, bit) & mask
		switch r.Word {
		case 2:
			dst = r.append16(dst, uint16(d))
		case 4:
			dst = r.append32(dst, uint32(d))
		default:
			dst = r.append64(dst, d)
		}
	}
	return dst
}

// bitsAt returns the 64 bits of the big-endian number v from bit at, counted
// from the least significant one, on up.
func bitsAt(v []byte, at int) uint64 {
	low := len(v) - 1 - at/8
	var d uint64
	for k := range 8 {
		if i := low - k; i >= 0 {
			d |= uint64(v[i]) << (8 * k)
		}
	}
	shift := at % 8
	d >>= shift
	if i := low - 8; i >= 0 && shift > 0 {
		d |= uint64(v[i]) << (64 - shift)
	}
	return d
}

func (r Radix) append16(dst []byte, d uint16) []byte {
	dst = append(dst, 0, 0)
	r.Order.PutUint16(dst[len(dst)-2:], d)
	return dst
}

func (r Radix) append32(dst []byte, d uint32) []byte {
	dst = append(dst, 0, 0, 0, 0)
	r.Order.PutUint32(dst[len(dst)-4:], d)
	return dst
}

func (r Radix) append64(dst []byte, d uint64) []byte {
	dst = append(dst, 0, 0, 0, 0, 0, 0, 0, 0)
	r.Order.PutUint64(dst[len(dst)-8:], d)
	return dst
}

// AppendReversed appends the bytes of v, last first: a number's little-endian
// bytes, which are its 32-bit and 64-bit limbs on a little-endian machine.
func AppendReversed(dst, v []byte) []byte {
	n := len(dst)
	dst = append(dst, v...)
	slices.Reverse(dst[n:])
	return dst
}

// AppendMostFirst appends the words of the big-endian number v, most significant
// first, each little-endian. A number that does not fill its first word gets
// leading zeros, as it has in an array of words: the length is that of v rounded
// up to whole words.
func AppendMostFirst(dst, v []byte, word int) []byte {
	n := len(dst)
	dst = append(dst, make([]byte, (word-len(v)%word)%word)...)
	dst = append(dst, v...)
	for p := dst[n:]; len(p) > 0; p = p[word:] {
		slices.Reverse(p[:word])
	}
	return dst
}
