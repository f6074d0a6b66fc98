package sweep

import (
	"encoding/binary"
	"math/bits"
)

const (
	// hashPowers is how many powers of GCM's hash key vector code keeps at most:
	// OpenSSL's and libgcrypt's multiplies eight blocks at a time.
	hashPowers = 8
	// hashTable is how many multiples of it portable code keeps.
	hashTable = 16
)

// element is an element of GCM's field: NIST SP 800-38D, section 6.3. The top
// bit of hi is the constant term.
type element struct{ hi, lo uint64 }

// double multiplies by x.
func (e element) double() element {
	return element{e.hi>>1 ^ -(e.lo&1)&(0xe1<<56), e.lo>>1 | e.hi<<63}
}

// times multiplies.
func (e element) times(f element) (p element) {
	for i := range 128 {
		bit := f.hi >> (63 - i&63) & 1
		if i >= 64 {
			bit = f.lo >> (127 - i) & 1
		}
		p.hi ^= -bit & e.hi
		p.lo ^= -bit & e.lo
		e = e.double()
	}
	return p
}

// shifted divides by x, as code for carry-less multiplication wants its factor: S. Gueron and
// M. Kounavis, "Intel Carry-Less Multiplication Instruction", 2010.
func (e element) shifted() element {
	carry := -(e.hi >> 63)
	return element{(e.hi<<1 | e.lo>>63) ^ carry&(0xc2<<56), e.lo<<1 ^ carry&1}
}

// hashKeyForms adds what programs keep of a hash key of GCM, which authenticates
// messages as the key does: h itself as octets, as native numbers and reversed; its powers
// for vector code, with either half first; and the table of four bits, whole
// or, in Mbed TLS, all upper halves before all lower ones. Where Mbed TLS
// multiplies with an instruction only one of each is there, between zeros.
func hashKeyForms(h *[16]byte, add func(k kind, p []byte)) {
	e := element{binary.BigEndian.Uint64(h[:]), binary.BigEndian.Uint64(h[8:])}
	var buf [16 * hashTable]byte
	defer clear(buf[:])
	le := binary.LittleEndian
	pair := func(p []byte, a, b uint64) []byte { return le.AppendUint64(le.AppendUint64(p, a), b) }
	add(literal, h[:])
	add(literal, pair(buf[:0], e.hi, e.lo))
	add(literal, pair(buf[:0], e.lo, e.hi))
	for range hashPowers {
		s := e.shifted()
		add(literal, pair(buf[:0], s.lo, s.hi))
		add(literal, pair(buf[:0], s.hi, s.lo))
		e = e.times(element{binary.BigEndian.Uint64(h[:]), binary.BigEndian.Uint64(h[8:])})
	}
	e = element{binary.BigEndian.Uint64(h[:]), binary.BigEndian.Uint64(h[8:])}
	for _, half := range [2]uint64{e.hi, e.lo} {
		add(literal, append(pair(buf[:0], 0, half), 0, 0, 0, 0, 0, 0, 0, 0))
	}
	table := multiples(e)
	p := buf[:0]
	for _, m := range table {
		p = pair(p, m.hi, m.lo)
	}
	add(literal, p)
	p = buf[:0]
	for _, m := range table {
		p = le.AppendUint64(p, m.hi)
	}
	add(literal, p)
	p = buf[:0]
	for _, m := range table {
		p = le.AppendUint64(p, m.lo)
	}
	add(literal, p)
	clear(table[:])
}

// multiples returns the products with all polynomials of four bits, the constant term on top.
func multiples(e element) (t [hashTable]element) {
	for i := 8; i > 0; i >>= 1 {
		t[i] = e
		e = e.double()
	}
	for i := range t {
		if top := 1 << max(0, bits.Len(uint(i))-1); i > top {
			t[i] = element{t[top].hi ^ t[i-top].hi, t[top].lo ^ t[i-top].lo}
		}
	}
	return t
}
