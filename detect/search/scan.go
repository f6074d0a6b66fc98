package search

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// literalScan is one search for literals that begin in data[first:last).
type literalScan struct {
	*literals
	data        []byte
	first, last int
	hit         func(pos int, lit *literal)
}

// scanWords is how many words of a bitmap are filled at a time.
const scanWords = 32

// text looks for literals by the text in data[lo:hi).
func (s *literalScan) text(m textmap.Map, lo, hi int) {
	var marks [scanWords]uint64
	from, to := m.Span(lo, hi)
	for k := from; k < to; k += scanWords {
		at := m.First + k*kernel.ClassBytes
		n := copy(marks[:min(scanWords, to-k)], m.Three[k:])
		clip(marks[:n], at, lo, hi)
		s.narrow(marks[:n], at)
		if m.AnyWide {
			copy(marks[:n], m.WideThree[k:])
			clip(marks[:n], at, lo, hi)
			s.wide(marks[:n], at)
		}
	}
}

// clip clears the bits, of which the first stands for the byte at, outside [lo, hi).
func clip(words []uint64, at, lo, hi int) {
	words[0] = textmap.Clip(words[0], at, lo, hi)
	last := len(words) - 1
	words[last] = textmap.Clip(words[last], at+last*kernel.ClassBytes, lo, hi)
}

// narrow looks for the literals by three characters that begin where the bits say.
func (s *literalScan) narrow(words []uint64, at int) {
	n := max(0, min(len(words), (len(s.data)-kernel.GramAhead-at)/kernel.ClassBytes))
	kernel.FindGrams(words[:n], s.data[at:], s.grams)
	for ; n < len(words); n++ {
		var p [kernel.ClassBytes + kernel.GramAhead]byte
		copy(p[:], s.data[at+n*kernel.ClassBytes:])
		kernel.FindGrams(words[n:n+1], p[:], s.grams)
	}
	for i, m := range words {
		for ; m != 0; m &= m - 1 {
			pos := at + i*64 + bits.TrailingZeros64(m)
			v := s.load(pos)
			s.compare(pos, &s.texts, v&gramMask|caseBits&gramMask, followed(byte(v>>24)))
		}
	}
}

// wide is narrow for characters of two bytes.
func (s *literalScan) wide(words []uint64, at int) {
	for i, m := range words {
		for ; m != 0; m &= m - 1 {
			pos := at + i*64 + bits.TrailingZeros64(m)
			v := uint32(s.data[pos]) | uint32(s.data[pos+2])<<8 | uint32(s.data[pos+4])<<16
			if s.grams.Has(v) {
				next := anything
				if pos+6 < len(s.data) {
					next = followed(s.data[pos+6])
				}
				s.compare(pos, &s.texts, v|caseBits&gramMask|wideGram, next)
			}
		}
	}
}

// load returns the four bytes at data[i:], zeros beyond the end.
func (s *literalScan) load(i int) uint32 {
	if i+4 <= len(s.data) {
		return binary.LittleEndian.Uint32(s.data[i:])
	}
	var p [4]byte
	copy(p[:], s.data[i:])
	return binary.LittleEndian.Uint32(p[:])
}

// other looks for the literals that are no text by the bytes of data[lo:hi).
func (s *literalScan) other(lo, hi int) {
	var marks [scanWords]uint64
	for at := lo; at < hi; {
		n := min(scanWords, (min(hi, len(s.data)-kernel.GramAhead)-at)/kernel.QuadBytes)
		if n > 0 {
			kernel.FindQuads(marks[:n], s.data[at:], s.quads)
			kernel.FindGrams(marks[:n], s.data[at:], s.heads)
		} else {
			n = 1
			var p [kernel.QuadBytes + kernel.QuadAhead]byte
			copy(p[:], s.data[at:])
			kernel.FindQuads(marks[:1], p[:], s.quads)
			clip(marks[:1], at, lo, hi)
		}
		for i, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				pos := at + i*64 + bits.TrailingZeros64(m)
				v := s.load(pos) | caseBits
				s.compare(pos, &s.bytes, v, anything)
				if len(s.short.entries) > 0 {
					s.compare(pos, &s.short, v&gramMask, anything)
				}
			}
		}
		at += n * kernel.QuadBytes
	}
}

// compare calls hit for the literals that the piece v at i leads to, when next is behind it.
func (s *literalScan) compare(i int, x *index, v, next uint32) {
	slot := &x.slots[x.slot(v)]
	if slot.follow&next == 0 {
		return
	}
	list := x.entries[slot.first:slot.end]
	for n := range list {
		e := &list[n]
		pos := i - int(e.at)
		if pos < s.first || pos >= s.last {
			continue
		}
		if pos+8 <= len(s.data) && (binary.LittleEndian.Uint64(s.data[pos:])^e.value)&e.mask != 0 {
			continue
		}
		lit := &s.all[e.lit]
		if pos+len(lit.text) <= len(s.data) && lit.is(s.data[pos:pos+len(lit.text)]) {
			s.hit(pos, lit)
		}
	}
}

// is reports whether p, which has the literal's length, is it.
func (k *key) is(p []byte) bool {
	if !k.fold {
		return string(p) == k.text
	}
	for i, b := range p {
		if b >= 'A' && b <= 'Z' {
			b |= 0x20
		}
		if b != k.text[i] {
			return false
		}
	}
	return true
}
