package rsaprime

import (
	"encoding/binary"
	"testing"
)

// TestRadix tells the radix of random digits of every width, and finds none in pointers, small
// numbers and words of text.
func TestRadix(t *testing.T) {
	const n = 16
	for _, c := range []struct{ width, radix int }{{4, 25}, {4, 26}, {4, 28}, {4, 30}, {8, 50}, {8, 51}, {8, 52}, {8, 60}} {
		wrong := 0
		for seed := range uint64(2000) {
			data := noise(seed, n*c.width)
			for i := 0; i < len(data); i += c.width {
				if c.width == 4 {
					binary.LittleEndian.PutUint32(data[i:], binary.LittleEndian.Uint32(data[i:])>>(32-c.radix))
				} else {
					binary.LittleEndian.PutUint64(data[i:], binary.LittleEndian.Uint64(data[i:])>>(64-c.radix))
				}
			}
			// Both highest bits are alike in all digits four times in 2^16.
			if r := radixAt(data, 0, c.width, n, false); r != c.radix {
				wrong++
			}
		}
		if wrong > 3 {
			t.Errorf("%d bits in %d bytes: %d of 2000 are not seen", c.radix, c.width, wrong)
		}
	}
	for name, word := range map[string]func(i uint64, w uint64) uint64{
		"pointers":      func(_, w uint64) uint64 { return 0x7f3a00000000 | w>>32&0xfffffff8 },
		"small numbers": func(_, w uint64) uint64 { return w & 0x000fff00000fff },
		"text":          func(_, w uint64) uint64 { return w&0x1f1f1f1f1f1f1f1f | 0x6060606060606060 },
	} {
		for seed := range uint64(2000) {
			data := noise(seed, 8*n)
			for i := uint64(0); i < n; i++ {
				binary.LittleEndian.PutUint64(data[8*i:], word(i, binary.LittleEndian.Uint64(data[8*i:])))
			}
			if r4, r8 := radixAt(data, 0, 4, n, false), radixAt(data, 0, 8, n, false); r4|r8 != 0 {
				t.Fatalf("%s pass for digits of %d, %d bits", name, r4, r8)
			}
		}
	}
}

// TestTwice finds both copies of a prime behind random numbers that were tried before, for
// what was tried is remembered.
func TestTwice(t *testing.T) {
	k := makeKey(t, 2048)
	d := New(factsOf(k))
	prime, other := le(k.Primes[0], 128), le(k.N, 256)[:128]
	gap := make([]byte, 64)
	var data []byte
	for _, p := range [][]byte{other, prime, other, prime, other} {
		data = append(append(data, gap...), p...)
	}
	data = append(data, gap...)
	for range 2 {
		n := 0
		f := d.(interface {
			Filter([]byte, int64, int, int, func(int))
		})
		f.Filter(data, 0, 0, len(data), func(int) { n++ })
		if n != 2 {
			t.Fatalf("%d copies of two are found", n)
		}
	}
}
