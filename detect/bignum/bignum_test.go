package bignum

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"
)

// digits is the definition: divide by the radix until nothing is left.
func digits(v []byte, r Radix) []byte {
	x, radix := new(big.Int).SetBytes(v), new(big.Int).Lsh(big.NewInt(1), uint(r.Bits))
	var out []byte
	for range r.Len(len(v)) / r.Word {
		var d big.Int
		x.DivMod(x, radix, &d)
		w := d.FillBytes(make([]byte, r.Word))
		if r.Order == binary.LittleEndian {
			slices.Reverse(w)
		}
		out = append(out, w...)
	}
	if x.Sign() != 0 {
		panic("digits are missing")
	}
	return out
}

func TestRadix(t *testing.T) {
	for _, order := range []ByteOrder{binary.LittleEndian, binary.BigEndian} {
		for _, word := range []int{2, 4, 8} {
			for bits := 1; bits <= 8*word; bits++ {
				for _, n := range []int{0, 1, 7, 8, 9, 32, 33, 66, 128} {
					v := make([]byte, n)
					rand.Read(v)
					r := Radix{Bits: bits, Word: word, Order: order}
					got := r.Append([]byte("x"), v)
					if !bytes.Equal(got[1:], digits(v, r)) || got[0] != 'x' {
						t.Fatalf("%d bytes in radix 2^%d in words of %d bytes: wrong digits", n, bits, word)
					}
				}
			}
		}
	}
}

func TestBytes(t *testing.T) {
	v := []byte{1, 2, 3, 4, 5, 6}
	for name, c := range map[string]struct{ got, want []byte }{
		"reversed":           {AppendReversed([]byte{9}, v), []byte{9, 6, 5, 4, 3, 2, 1}},
		"32-bit, most first": {AppendMostFirst([]byte{9}, v, 4), []byte{9, 2, 1, 0, 0, 6, 5, 4, 3}},
		"64-bit, most first": {AppendMostFirst(nil, v, 8), []byte{6, 5, 4, 3, 2, 1, 0, 0}},
		"nothing":            {AppendMostFirst(nil, nil, 8), nil},
	} {
		if !bytes.Equal(c.got, c.want) {
			t.Errorf("%s: got %x, want %x", name, c.got, c.want)
		}
	}
}

// FuzzRadix holds the digits against their definition.
func FuzzRadix(f *testing.F) {
	f.Add([]byte{1, 2, 3}, uint8(26), false)
	f.Fuzz(func(t *testing.T, v []byte, bits uint8, big bool) {
		if len(v) > 1<<10 {
			return
		}
		r := Radix{Bits: int(bits)%64 + 1, Word: 8, Order: binary.LittleEndian}
		if big {
			r.Order = binary.BigEndian
		}
		if !bytes.Equal(r.Append(nil, v), digits(v, r)) {
			t.Fatal("wrong digits")
		}
	})
}
