package ecpair

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// pageBits makes pages of 4 KiB, so that what is within reach of a position begins in
// its page or in one beside it.
const pageBits = 12

// sieve knows every fourth row of four octets of a few pages of data, of which eight octets anywhere hold one, so that most
// numbers are known not to be near by in a few instructions.
type sieve struct {
	data  []byte
	pages [4]*page // by number modulo four
}

// page has two bits for each row of octets: one number in a thousand that it does not hold has both.
type page struct {
	number int // in the data
	bits   [1 << 16 / 64]uint64
}

// page returns page n.
func (s *sieve) page(n int) *page {
	pg := s.pages[n%len(s.pages)]
	if pg == nil {
		pg = &page{number: -1}
		s.pages[n%len(s.pages)] = pg
	}
	if pg.number == n {
		return pg
	}
	pg.number = n
	clear(pg.bits[:])
	data := s.data[n<<pageBits : min((n+1)<<pageBits, len(s.data))]
	for ; len(data) >= 4; data = data[4:] {
		if v := binary.LittleEndian.Uint32(data); v != 0 {
			a, b := places(v)
			pg.bits[a>>6] |= 1 << (a & 63)
			pg.bits[b>>6] |= 1 << (b & 63)
		}
	}
	return pg
}

// places returns the two bits of four octets.
func places(v uint32) (a, b uint64) {
	h := uint64(v) * 0x9E3779B97F4A7C15
	return h >> 48, h >> 32 & 0xffff
}

// coreBits returns the core of a number of which the most significant octet is the first, zero of none.
func coreBits(number []byte) core {
	if number == nil {
		return 0
	}
	return core(binary.LittleEndian.Uint64(coreOf(number)))
}

// holds reports whether the core lies in either order within reach of data[i].
func (s *sieve) holds(i int, c core) bool {
	start, end := max(0, i-reach), min(len(s.data), i+reach)
	turned := bits.ReverseBytes64(uint64(c))
	var pages [2*reach>>pageBits + 1]*page
	n := 0
	for p := start >> pageBits; p <= (end-1)>>pageBits; p++ {
		pages[n] = s.page(p)
		n++
	}
	near := false
	for k := range 4 { // which of the octets stand where a row begins
		for _, v := range [...]uint32{uint32(uint64(c) >> (8 * k)), uint32(turned >> (8 * k))} {
			a, b := places(v)
			near = near || v == 0
			for _, pg := range pages[:n] {
				near = near || pg.bits[a>>6]>>(a&63)&(pg.bits[b>>6]>>(b&63))&1 != 0
			}
		}
	}
	if !near {
		return false
	}
	var number, other [8]byte
	binary.LittleEndian.PutUint64(number[:], uint64(c))
	binary.LittleEndian.PutUint64(other[:], turned)
	return bytes.Contains(s.data[start:end], number[:]) || bytes.Contains(s.data[start:end], other[:])
}
