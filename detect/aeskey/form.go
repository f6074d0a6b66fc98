package aeskey

import "encoding/binary"

// Order is the order of a schedule's bytes within its round keys.
type Order uint8

// The orders that are in use.
const (
	// Plain is the order of FIPS 197: OpenSSL and Go on x86-64 and arm64,
	// libgcrypt, nettle, Mbed TLS, SymCrypt, Linux, and every big-endian machine.
	Plain Order = iota
	// Swapped reverses the bytes of each word: 32-bit numbers with the first
	// byte on top, on a little-endian machine. Java, wolfSSL, and Go's portable code.
	Swapped
	// Swapped64 reverses the bytes of each pair of words: a vector
	// stored by doublewords (stxvd2x). Go on ppc64le.
	Swapped64
	// Swapped128 reverses the bytes of each round key: a vector
	// stored whole (stvx). OpenSSL and Linux on ppc64le.
	Swapped128
)

// column returns the place within its round key of column c. It is its own
// inverse.
func (o Order) column(c int) int {
	switch o {
	case Swapped64:
		return c ^ 1
	case Swapped128:
		return c ^ 3
	}
	return c
}

// Form is a way in which a schedule lies in memory.
type Form struct {
	Order    Order
	Reversed bool // the last round key comes first
	Mixed    bool // all round keys but the first and the last passed InvMixColumns
}

// Forms returns the forms that the detector knows.
func Forms() []Form {
	var fs []Form
	for _, o := range []Order{Plain, Swapped, Swapped64, Swapped128} {
		for _, reversed := range []bool{false, true} {
			fs = append(fs, Form{Order: o, Reversed: reversed})
			if o == Plain || o == Swapped {
				fs = append(fs, Form{Order: o, Reversed: reversed, Mixed: true})
			}
		}
	}
	return fs
}

// Encode returns the schedule of a key of 16, 24 or 32 bytes as it lies in memory
// in form f: 176, 208 or 240 bytes. The error is [ErrKeySize].
func Encode(key []byte, f Form) ([]byte, error) {
	s, err := expand(key)
	if err != nil {
		return nil, err
	}
	nk := len(key) / 4
	p := place{form: f, nk: nk}
	if f.Reversed {
		p.origin = 16 * lastRound(nk)
	}
	dst := make([]byte, 4*words(nk))
	for i := range words(nk) {
		f.Order.put(dst[p.at(i):], f.word(s, nk, i))
	}
	return dst, nil
}

// word returns word i of s as form f has it.
func (f Form) word(s *schedule, nk, i int) uint32 {
	if f.Mixed && i >= 4 && i < 4*lastRound(nk) {
		return unmix(s[i])
	}
	return s[i]
}

// get reads a word.
func (o Order) get(p []byte) uint32 {
	if o == Plain {
		return binary.BigEndian.Uint32(p)
	}
	return binary.LittleEndian.Uint32(p)
}

// put writes a word.
func (o Order) put(p []byte, w uint32) {
	if o == Plain {
		binary.BigEndian.PutUint32(p, w)
	} else {
		binary.LittleEndian.PutUint32(p, w)
	}
}

// place is a form at a position. Words are numbered from any word on until a
// link has told their true numbers, so numbers may be negative.
type place struct {
	form   Form
	nk     int
	origin int // where the round key with words 0 to 3 begins
}

// at returns the position of word i.
func (p place) at(i int) int {
	off := 16 * (i >> 2)
	if p.form.Reversed {
		off = -off
	}
	return p.origin + off + 4*p.form.Order.column(i&3)
}

// shift returns p with every word's number increased by n. It reports false when
// round keys would not begin at a multiple of four.
func (p place) shift(n int) (place, bool) {
	linear := p.form.Order <= Swapped && !p.form.Reversed || p.form.Order == Swapped128 && p.form.Reversed
	if n&3 != 0 && !linear {
		return p, false
	}
	if p.form.Reversed {
		p.origin += 4 * n
	} else {
		p.origin -= 4 * n
	}
	return p, true
}

// word reads word i, without its mixing, or reports that it is not in data.
func (p place) word(data []byte, i int) (uint32, bool) {
	at := p.at(i)
	if at < 0 || at+4 > len(data) {
		return 0, false
	}
	w := p.form.Order.get(data[at:])
	if p.form.Mixed {
		w = mix(w)
	}
	return w, true
}
