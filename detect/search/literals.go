package search

import (
	"encoding/binary"
	"fmt"
)

// literals finds many literals at once: a 64 Ki-bit table of hashed four-byte
// pieces says in a few instructions that no literal can be here, and only the
// rare rest is compared. Each literal is represented by the four bytes of it
// that are least common in memory, so that zeros and 0xff rarely get through.
type literals struct {
	filter  [1 << 10]uint64
	buckets map[uint16][]literal
	longest int
}

type literal struct {
	text  string
	piece int // index in text of the bytes that stand in the table
	det   int
	wide  bool
}

const (
	minLiteral = 3
	pieceLen   = 4
)

func hash4(v uint32) uint16 { return uint16((v * 0x9E3779B1) >> 16) }

func (l *literals) add(text string, det int, wide bool) error {
	if len(text) < minLiteral {
		return fmt.Errorf("anchor of detector %d is shorter than %d bytes", det, minLiteral)
	}
	if l.buckets == nil {
		l.buckets = make(map[uint16][]literal)
	}
	lit := literal{text: text, det: det, wide: wide}
	l.longest = max(l.longest, len(text))
	if len(text) == minLiteral {
		// The fourth byte is free: every value of it leads to the literal.
		seen := make(map[uint16]bool, 256)
		for b := range 256 {
			h := hash4(uint32(text[0]) | uint32(text[1])<<8 | uint32(text[2])<<16 | uint32(b)<<24)
			if !seen[h] {
				seen[h] = true
				l.enter(h, lit)
			}
		}
		return nil
	}
	lit.piece = rarest(text)
	l.enter(hash4(binary.LittleEndian.Uint32([]byte(text[lit.piece:lit.piece+pieceLen]))), lit)
	return nil
}

func (l *literals) enter(h uint16, lit literal) {
	l.filter[h>>6] |= 1 << (h & 63)
	l.buckets[h] = append(l.buckets[h], lit)
}

// rarest returns the index of the four bytes of text that memory holds least
// often. The weights are coarse: zero and 0xff fill pages, small numbers are
// everywhere, then letters; what remains is rare.
func rarest(text string) int {
	best, at := 1<<30, 0
	for i := 0; i+pieceLen <= len(text); i++ {
		cost := 0
		for _, b := range []byte(text[i : i+pieceLen]) {
			switch {
			case b == 0:
				cost += 16
			case b == 0xff || b == ' ' || b == '-':
				cost += 8
			case b < 8:
				cost += 4
			case b >= 'a' && b <= 'z':
				cost += 3
			default:
				cost++
			}
		}
		if cost < best {
			best, at = cost, i
		}
	}
	return at
}

// find calls hit for every literal of which the first byte lies in data[lo:hi),
// in ascending order of the table's piece. data may extend beyond both borders.
func (l *literals) find(data []byte, lo, hi int, hit func(pos int, lit *literal)) {
	if len(l.buckets) == 0 {
		return
	}
	// A piece may lie up to longest bytes behind the first byte of its literal.
	end := min(hi+l.longest, len(data))
	i := lo
	for ; i+8 <= end; i++ {
		v := binary.LittleEndian.Uint64(data[i:])
		if v == 0 {
			// No literal's piece is zero, so one can begin at the sixth byte at
			// the earliest: skip the five that are proven.
			i += 4
			continue
		}
		h := hash4(uint32(v))
		if l.filter[h>>6]&(1<<(h&63)) != 0 {
			l.compare(data, i, h, lo, hi, hit)
		}
	}
	for ; i < end; i++ {
		var v uint32
		for k := range pieceLen {
			if i+k < len(data) {
				v |= uint32(data[i+k]) << (8 * k)
			}
		}
		h := hash4(v)
		if l.filter[h>>6]&(1<<(h&63)) != 0 {
			l.compare(data, i, h, lo, hi, hit)
		}
	}
}

func (l *literals) compare(data []byte, i int, h uint16, lo, hi int, hit func(pos int, lit *literal)) {
	bucket := l.buckets[h]
	for k := range bucket {
		lit := &bucket[k]
		pos := i - lit.piece
		if pos < lo || pos >= hi || pos+len(lit.text) > len(data) {
			continue
		}
		if string(data[pos:pos+len(lit.text)]) == lit.text {
			hit(pos, lit)
		}
	}
}
