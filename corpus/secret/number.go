package secret

import (
	"bytes"
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
// and 2^29 of code for 32-bit machines; 2^51 and 2^52 of code for vector units; libtommath's 2^60.
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
		digits("r51", "radix-other", 8, 51), digits("r52", "radix52-u64", 8, 52), digits("r60", "radix-other", 8, 60),
	}
}

// paired returns the layouts of digits in which whole keys are found without a public structure:
// those of CPython and of libtommath.
func paired() (ls []layout) {
	for _, l := range digitLayouts() {
		if l.name == "r30" || l.name == "r28" || l.name == "r60" {
			ls = append(ls, l)
		}
	}
	return ls
}

// chunkAlign is what glibc's malloc aligns to on 64-bit machines.
const chunkAlign = 16

// piece is what one chunk of the heap holds.
type piece struct {
	data    []byte
	private bool
}

func hidden(p []byte) piece { return piece{p, true} }
func shown(p []byte) piece  { return piece{p, false} }

// chunks returns pieces in neighbouring chunks of glibc's heap: each behind its size,
// and the last before the size of another (malloc.c).
func chunks(pieces ...piece) marked {
	var m marked
	m.word(0)
	for _, p := range pieces {
		size := max(2*chunkAlign, (len(p.data)+8+chunkAlign-1)&^(chunkAlign-1))
		m.word(uint64(size) | 1)
		start := len(m.b)
		m.put(p.data...)
		if p.private {
			m.mark(start+len(p.data)-len(trim(p.data)), start+len(bytes.TrimRight(p.data, "\x00")))
		}
		m.put(make([]byte, size-8-len(p.data))...)
	}
	m.word(2*chunkAlign | 1)
	return m
}

// word appends a little-endian word of 64 bits.
func (m *marked) word(x uint64) { m.b = binary.LittleEndian.AppendUint64(m.b, x) }

// aligned returns s at an address that is a multiple of a chunk's.
func (s Secret) aligned() Secret {
	s.Align = chunkAlign
	return s
}

// with returns s with others elsewhere in the dump.
func (s Secret) with(beside ...Secret) Secret {
	s.Beside = append(slices.Clone(s.Beside), beside...)
	return s
}

// or returns s with further labels that a report may give.
func (s Secret) or(labels ...string) Secret {
	s.Also = append(slices.Clone(s.Also), labels...)
	return s
}

// inPublic is data that lies beside a secret and is none.
func inPublic(data []byte) Secret { return Secret{Data: data, Extent: len(data), Complete: true} }
