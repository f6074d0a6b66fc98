package secret

import (
	"encoding/binary"
	"math/big"
	"slices"
)

// layout is a way in which programs that compute with a number hold it.
type layout struct {
	name     string
	encoding string // as reports name it
	write    func(x *big.Int, size int) []byte
}

// The encodings of numbers, as reports name them.
const (
	limbsLE = "limbs64-le"
	limbsBE = "limbs64-be"
	intBE   = "int-be"
	words32 = "words32-be"
)

// layouts returns the orders of a number of size bytes in filled words: native limbs of a
// little-endian machine, octets, Java's int[], and limbs of a big-endian machine.
func layouts() []layout {
	return []layout{
		{"le", limbsLE, func(x *big.Int, size int) []byte { return reversed(fixed(x, (size+7)&^7)) }},
		{"be", intBE, func(x *big.Int, size int) []byte { return fixed(x, size) }},
		{"java", words32, func(x *big.Int, size int) []byte { return swapped(fixed(x, (size+3)&^3)) }},
		{"limbs-be", limbsBE, func(x *big.Int, size int) []byte {
			b := fixed(x, (size+7)&^7)
			var out []byte
			for i := len(b) - 8; i >= 0; i -= 8 {
				out = append(out, b[i:i+8]...)
			}
			return out
		}},
	}
}

// digitLayouts returns the radices of fewer bits than their words: CPython's 2^30; 2^28
// and 2^29 of code for 32-bit machines; 2^51 and 2^52 of code for vector units.
func digitLayouts() []layout {
	digits := func(name, encoding string, width, bits int) layout {
		return layout{name, encoding, func(x *big.Int, size int) []byte {
			var out []byte
			rest, mask := new(big.Int).Set(x), big.NewInt(1<<bits-1)
			for range (8*size + bits - 1) / bits {
				d := new(big.Int).And(rest, mask).Uint64()
				out = append(out, binary.LittleEndian.AppendUint64(nil, d)[:width]...)
				rest.Rsh(rest, uint(bits))
			}
			return out
		}}
	}
	return []layout{
		digits("r30", "radix30-u32", 4, 30), digits("r28", "radix-other", 4, 28), digits("r29", "radix-other", 4, 29),
		digits("r51", "radix-other", 8, 51), digits("r52", "radix52-u64", 8, 52),
	}
}

// chunkAlign is what glibc's malloc aligns to on 64-bit machines.
const chunkAlign = 16

// chunk appends an allocated chunk of glibc's heap with a number in it, and the
// header of the next one.
func (m *marked) chunk(number []byte, private bool) {
	for len(m.b)%chunkAlign != 0 {
		m.put(0)
	}
	size := (len(number) + 8 + 15) &^ 15
	if len(m.b) >= 8 && len(m.b)%chunkAlign == 0 && m.open {
		m.b = m.b[:len(m.b)-chunkAlign]
	}
	m.word(0)
	m.word(uint64(size) | 1)
	start := len(m.b)
	m.b = append(m.b, number...)
	if private {
		body := len(number) - len(trim(number))
		end := start + len(number)
		for end > start && m.b[end-1] == 0 {
			end--
		}
		m.mark(start+body, end)
	}
	for len(m.b) < start+size-chunkAlign {
		m.put(0)
	}
	for len(m.b)%chunkAlign != 0 {
		m.put(0)
	}
	m.word(0)
	m.word(0x21)
	m.open = true
}

// word appends a little-endian word of 64 bits.
func (m *marked) word(x uint64) { m.b = binary.LittleEndian.AppendUint64(m.b, x) }

// chunked returns numbers in neighbouring chunks. Those that are public are nil in private.
func chunked(numbers ...piece) marked {
	var m marked
	for _, n := range numbers {
		m.chunk(n.data, n.private)
	}
	return m
}

// piece is what one chunk holds.
type piece struct {
	data    []byte
	private bool
}

func hidden(p []byte) piece { return piece{p, true} }
func shown(p []byte) piece  { return piece{p, false} }

// aligned returns s at an address that is a multiple of a chunk's.
func (s Secret) aligned() Secret {
	s.Align = chunkAlign
	return s
}

// with returns s with others beside it, which bear its name.
func (s Secret) with(beside ...Secret) Secret {
	s.Beside = append(slices.Clone(s.Beside), beside...)
	return s
}

// public returns data that is planted beside a secret and is none.
func public1(data []byte) Secret { return Secret{Data: data, Extent: len(data), Complete: true} }
