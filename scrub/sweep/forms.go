package sweep

import (
	"crypto/aes"
	"encoding/binary"
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
	"github.com/dumpscrub/dumpscrub/detect/bignum"
	"github.com/dumpscrub/dumpscrub/detect/hpack"
	"github.com/dumpscrub/dumpscrub/detect/known"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// class says which forms a value has.
type class uint8

const (
	number    class = iota // an integer: bytes, words, digits
	octets                 // no integer, but perhaps loaded into words
	cipherKey              // octets of which an AES schedule may lie in memory
	asIs                   // binary that is redacted elsewhere
	asText                 // text that is redacted elsewhere, public in part
	asToken                // text that is redacted elsewhere
)

// classOf returns the class of the values of a kind of secret.
func classOf(kind string) class {
	switch kind {
	case aeskey.Kind, privkey.Symmetric:
		return cipherKey
	case privkey.MLDSA, privkey.MLKEM, privkey.SLHDSA, privkey.Encrypted, known.Kind:
		return octets
	}
	return number
}

// derive calls add with every form of v. The forms are only valid during the call.
func (s *Set) derive(c class, v []byte, add func(k kind, p []byte)) {
	var buf []byte
	put := func(k kind, p []byte) {
		add(k, p)
		clear(p)
		buf = p[:0]
	}
	switch c {
	case asIs:
		add(literal, v)
		return
	case asText:
		add(literalText, v)
		return
	case asToken:
		add(tokenText, v)
		for shift := range s.shifts {
			p := hpack.Octets(buf, v, shift)
			if len(p) >= minHuffman && len(p) <= len(v) {
				add(tokenHuffman, p)
			}
			clear(p)
			buf = p[:0]
		}
		return
	}
	add(intBE, v)
	put(limbsLE, bignum.AppendReversed(buf, v))
	put(words32, bignum.AppendMostFirst(buf, v, 4))
	if c != octets {
		put(words64, bignum.AppendMostFirst(buf, v, 8))
	}
	if c == cipherKey {
		scheduleForms(v, add)
	}
	if c != number {
		return
	}
	put(limbs64BE, bignum.Radix{Bits: 64, Word: 8, Order: binary.BigEndian}.Append(buf, v))
	put(limbs32BE, bignum.Radix{Bits: 32, Word: 4, Order: binary.BigEndian}.Append(buf, v))
	for k := radix0; int(k) < len(s.shapes); k++ {
		put(k, s.shapes[k].radix.Append(buf, v))
	}
	if len(v) <= maxDecimal {
		x := new(big.Int).SetBytes(v)
		put(decimal, x.Append(buf, 10))
		clear(x.Bits())
	}
}

// The octets of a token in Huffman's code depend on the bit at which it begins. Of more than
// maxShifted tokens only those are searched for that begin with an octet, of which
// minHuffman, sixteen characters, are the fewest.
const (
	minHuffman = 12
	maxShifted = 1 << 14
)

// maxDecimal bounds the numbers that are searched for in decimal, in bytes: the
// exponents of RSA keys of 16384 bits, for which the conversion takes a
// millisecond.
const maxDecimal = 2048

// scheduleForms adds the AES schedules of a key of 16, 24 or 32 bytes, and its
// hash key of GCM (NIST SP 800-38D, section 6.4) in its forms.
func scheduleForms(key []byte, add func(k kind, p []byte)) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return // no size of AES
	}
	for _, f := range aeskey.Forms() {
		p, err := aeskey.Encode(key, f)
		if err != nil {
			return
		}
		k := schedEnc
		if f.Reversed || f.Mixed {
			k = schedDec
		}
		add(k, p)
		clear(p)
	}
	for _, dec := range []bool{false, true} {
		p, err := aeskey.EncodeVPAES(key, dec)
		if err != nil {
			return
		}
		k := schedEnc
		if dec {
			k = schedDec
		}
		add(k, p)
		clear(p)
	}
	var h [aes.BlockSize]byte
	block.Encrypt(h[:], h[:])
	hashKeyForms(&h, add)
	clear(h[:])
}
