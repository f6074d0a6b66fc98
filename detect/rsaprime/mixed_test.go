package rsaprime

import (
	"bytes"
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

// TestDigitsIn sees digits of every width at every byte, and none in text.
func TestDigitsIn(t *testing.T) {
	for _, swap := range []bool{false, true} {
		for _, words := range []int{6, 11, 32} {
			d := &detector{shorter: words, swap: swap}
			var runs dense
			missed := 0
			for _, c := range []struct{ width, radix int }{{4, 25}, {4, 30}, {8, 50}, {8, 52}, {8, 63}} {
				for seed := range uint64(400) {
					data := noise(seed, 8*words+8)
					at := int(seed) % 8
					for i := at; i+8 <= len(data); i += c.width {
						switch p := data[i:]; {
						case c.width == 4 && swap:
							binary.BigEndian.PutUint32(p, binary.BigEndian.Uint32(p)>>(32-c.radix))
						case c.width == 4:
							binary.LittleEndian.PutUint32(p, binary.LittleEndian.Uint32(p)>>(32-c.radix))
						case swap:
							binary.BigEndian.PutUint64(p, binary.BigEndian.Uint64(p)>>(64-c.radix))
						default:
							binary.LittleEndian.PutUint64(p, binary.LittleEndian.Uint64(p)>>(64-c.radix))
						}
					}
					runs.look(data, 0, 0, len(data))
					if d.digitsIn(&runs, 0)>>at&1 == 0 {
						missed++
					}
				}
			}
			if missed > 0 {
				t.Errorf("swapped %v, %d words: %d of 2000 are not seen", swap, words, missed)
			}
			text := noise(1, 8*words+8)
			for i := range text {
				text[i] = text[i]&0x3f | 0x40
			}
			runs.look(text, 0, 0, len(text))
			if m := d.digitsIn(&runs, 0); m != 0 {
				t.Errorf("%d words of text may be digits: %#x", words, m)
			}
		}
	}
}

// hopeOf returns the widths of the digits that data may begin with.
func (d *detector) hopeOf(data []byte) widths {
	var runs dense
	runs.look(data, 0, 0, len(data))
	return d.hope(data, &runs, 0, 0)
}

// TestHopeless holds that where no digits are expected [radixAt] sees none, of as many digits as any class has.
func TestHopeless(t *testing.T) {
	hopeless, hopeful := 0, 0
	for _, size := range []int{43, 64, 86, 128, 256} {
		d := &detector{classes: []*class{newClass(role{bytes: size}, 1, ^uint64(0))}, tops: topsOf(false)}
		for seed := range uint64(4000) {
			data := noise(seed, 256)
			alike := noise(seed+1<<32, 8)
			for i := 0; i < len(data); i += 8 {
				p := data[i:]
				for k := range int(seed % 8) { // some bytes are the same in all words
					p[k] = alike[k]
				}
				p[7] &= 0xff >> (seed / 8 % 3)
				p[3] &= 0xff >> (seed / 24 % 3)
			}
			w, w4 := d.hopeOf(data), widthsAt(data, 0, false)
			if w == w4 {
				hopeful++
				continue
			}
			hopeless++
			for _, bytes := range []int{size, 2 * size, 256} {
				if n := min(16, bytes/8-1); w&eights == 0 && radixAt(data, 0, 8, n, false) != 0 && !patterned(data, 8, false) {
					t.Fatalf("%d bytes, seed %d: %d digits of eight bytes", size, seed, n)
				}
				if n := min(16, bytes/4-1); w&fours == 0 && radixAt(data, 0, 4, n, false) != 0 && !patterned(data, 4, false) {
					t.Fatalf("%d bytes, seed %d: %d digits of four bytes", size, seed, n)
				}
			}
		}
	}
	if hopeless < 1000 || hopeful < 1000 {
		t.Errorf("%d are hopeless, %d are not", hopeless, hopeful)
	}
}

// TestDigitsHaveHope holds that digits of any radix are seldom taken for something else, and text and instructions
// seldom for digits.
func TestDigitsHaveHope(t *testing.T) {
	for _, swap := range []bool{false, true} {
		d := &detector{classes: []*class{newClass(role{bytes: 64}, 1, ^uint64(0))}, swap: swap, tops: topsOf(swap)}
		missed, all := 0, 0
		for _, width := range []int{4, 8} {
			for radix := map[int]int{4: minRadix32, 8: minRadix64}[width]; radix < 8*width; radix++ {
				for seed := range uint64(500) {
					data := noise(seed, 128)
					for i := 0; i < len(data); i += width {
						x := digit(data, i, width, swap) >> (8*width - radix)
						switch p := data[i:]; {
						case width == 4 && swap:
							binary.BigEndian.PutUint32(p, uint32(x))
						case width == 4:
							binary.LittleEndian.PutUint32(p, uint32(x))
						case swap:
							binary.BigEndian.PutUint64(p, x)
						default:
							binary.LittleEndian.PutUint64(p, x)
						}
					}
					if all++; d.hopeOf(data) == 0 {
						missed++
					}
				}
			}
		}
		if missed > 3 { // one in 20,000
			t.Errorf("swapped %v: %d of %d rows of digits are taken for none", swap, missed, all)
		}
		text := bytes.Repeat([]byte("\x01\x00\x19sun/text/resources/\x07\x08\x2a\xb4\x00\x53\x59\x13\x01\x65"), 10)
		for i := range 100 {
			if d.hopeOf(text[i:]) != 0 {
				t.Errorf("swapped %v: text at %d may be digits", swap, i)
			}
		}
	}
}

// TestOrders agrees with try for primes of sizes that are no whole limbs.
func TestOrders(t *testing.T) {
	for _, n := range []int{43, 64, 65, 86, 100, 127, 128, 171} {
		c := newClass(role{bytes: n}, 1, ^uint64(0))
		c.leastNear = c.least
		for seed := range uint64(200) {
			data := noise(seed, n+16)
			for _, o := range []order{littleEndian, bigEndian, words32} {
				extent := o.extent(n)
				top := o.limb(data, 0, extent, c.words-1) & c.mask
				c.least, c.most = top, top
				c.leastNear = top
				want := o.limb(data, 0, extent, 0)&1 != 0
				if got := c.orders(data, 0, binary.LittleEndian.Uint64(data), false)>>o&1 != 0; got != want {
					t.Fatalf("%d bytes, order %d: %v, want %v", n, o, got, want)
				}
			}
		}
	}
}
