package sweep

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/bignum"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// MaxForm is the longest form and the longest text of one, and so the reach of a
// search, in bytes.
const MaxForm = 1 << 16

const (
	// MinRun is how many equal bytes make a hit: sixteen of a key are half of
	// many keys and too many to be chance.
	MinRun = 16
	// minDigits is the same for digits of text, decimal or hexadecimal; in base64 it is
	// as many as hold MinRun bytes.
	minDigits = 24
	// minLiteral is for texts that are not known to be all private: keys of one
	// kind begin with the same 26 digits, tokens of one issuer share claims.
	minLiteral = 32
)

// A shape is a way in which a value lies in memory.
type shape struct {
	encoding string
	text     bool
	radix    bignum.Radix // not zero for digits in words
	minRun   int          // bytes of it that make a hit
}

// kind is an index in shapes.
type kind uint8

// The shapes that are not radixes; these follow from radix0 on.
const (
	intBE kind = iota
	limbsLE
	words32
	words64
	limbs64BE
	limbs32BE
	decimal
	literal
	literalText
	tokenText
	tokenHuffman
	schedEnc
	schedDec
	radix0
)

// radixes are the digits that programs use; see package bignum for who does.
// OpenSSL's AVX-512 code, and with it 2^52, is of no big-endian machine.
func radixes() []bignum.Radix {
	var rs []bignum.Radix
	for _, order := range []bignum.ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, bits := range []int{26, 28, 29, 30, 31} {
			rs = append(rs, bignum.Radix{Bits: bits, Word: 4, Order: order})
		}
		for _, bits := range []int{26, 28, 29, 51, 60} {
			rs = append(rs, bignum.Radix{Bits: bits, Word: 8, Order: order})
		}
	}
	return append(rs, bignum.Radix{Bits: 52, Word: 8, Order: binary.LittleEndian})
}

// newShapes returns all shapes, by kind.
func newShapes() []shape {
	ss := []shape{
		intBE:       {encoding: probe.IntBE},
		limbsLE:     {encoding: probe.LimbsLE},
		words32:     {encoding: probe.Words32BE},
		words64:     {encoding: probe.Words64BE},
		limbs64BE:   {encoding: probe.LimbsBE},
		limbs32BE:   {encoding: probe.LimbsBE},
		decimal:     {encoding: probe.ASCII, text: true, minRun: minDigits},
		literal:     {encoding: probe.Raw},
		literalText: {encoding: probe.ASCII, text: true, minRun: minLiteral},
		tokenText:   {encoding: probe.ASCII, text: true, minRun: minToken},
		// Only the whole of it: other texts have beginnings in common with it.
		tokenHuffman: {encoding: probe.Huffman, minRun: MaxForm},
		schedEnc:     {encoding: probe.SchedEnc},
		schedDec:     {encoding: probe.SchedDec},
	}
	for _, r := range radixes() {
		s := shape{encoding: probe.Radix, radix: r}
		switch r.Bits {
		case 30:
			s.encoding = probe.Radix30
		case 52:
			s.encoding = probe.Radix52
		}
		// Sixteen bytes of the value, in whole digits.
		s.minRun = (8*MinRun + r.Bits - 1) / r.Bits * r.Word
		ss = append(ss, s)
	}
	for k := range ss {
		if ss[k].minRun == 0 {
			ss[k].minRun = MinRun
		}
	}
	return ss
}

// sparse reports whether less than half of the bytes hold digits.
func (s *shape) sparse() bool { return s.radix.Bits > 0 && 2*s.radix.Bits <= 8*s.radix.Word }
