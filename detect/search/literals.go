package search

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"
)

// literals finds many literals at once: a table of hashed four-byte pieces says in
// a few instructions that no literal can be here, and only the rare rest is
// compared. Pieces are hashed in lower case, so that literals of either kind,
// exact and folded, share one table. Each literal is represented by the four
// bytes of it that are least common in memory, so that zeros and 0xff rarely get
// through.
type literals struct {
	pieces  []piece
	filter  []uint64  // one bit for each hash that a piece has
	shift   uint      // 32 less the bits of a hash
	first   []uint32  // of each hash, where its bucket begins in bucket; one more at the end
	bucket  []literal // sorted by hash
	longest int
}

// piece is a literal under one of the hashes that lead to it.
type piece struct {
	folded uint32
	literal
}

type literal struct {
	text string
	at   int // index in text of the bytes that stand in the table
	det  int
	wide bool
	fold bool // text is lower case and stands for either case
}

const (
	minLiteral = 3
	pieceLen   = 4
	caseBits   = 0x20202020
)

// add enters a literal; build must follow when all are in.
func (l *literals) add(text string, det int, wide, fold bool) error {
	if len(text) < minLiteral {
		return fmt.Errorf("anchor of detector %d is shorter than %d bytes", det, minLiteral)
	}
	lit := literal{text: text, det: det, wide: wide, fold: fold}
	l.longest = max(l.longest, len(text))
	if len(text) == minLiteral {
		// The fourth byte is free: every value of it leads to the literal.
		for b := range 256 {
			if b&0x20 != 0 {
				l.pieces = append(l.pieces, piece{fold4(text + string([]byte{byte(b)})), lit})
			}
		}
		return nil
	}
	lit.at = rarest(text)
	l.pieces = append(l.pieces, piece{fold4(text[lit.at:]), lit})
	return nil
}

// fold4 returns the first four bytes of s in lower case.
func fold4(s string) uint32 { return binary.LittleEndian.Uint32([]byte(s[:pieceLen])) | caseBits }

// The sizes of the table, in bits of a hash. The largest one still lies in a
// second-level cache.
const (
	minHashBits = 16
	maxHashBits = 20
)

// build makes the table of what was added.
func (l *literals) build() {
	// Sixty-four bits for each piece let one position in sixty-four through.
	n := min(max(bits.Len(uint(len(l.pieces)))+6, minHashBits), maxHashBits)
	l.shift = uint(32 - n)
	slices.SortStableFunc(l.pieces, func(a, b piece) int { return int(l.hash(a.folded)) - int(l.hash(b.folded)) })
	// Two values of a free byte may have one hash.
	l.pieces = slices.CompactFunc(l.pieces, func(a, b piece) bool {
		return l.hash(a.folded) == l.hash(b.folded) && a.literal == b.literal
	})
	l.filter = make([]uint64, 1<<n/64)
	l.first = make([]uint32, 1<<n+1)
	for _, p := range l.pieces {
		h := l.hash(p.folded)
		l.filter[h>>6] |= 1 << (h & 63)
		l.first[h+1]++
		l.bucket = append(l.bucket, p.literal)
	}
	for h := range 1 << n {
		l.first[h+1] += l.first[h]
	}
	l.pieces = nil
}

// hash hashes four bytes in lower case.
func (l *literals) hash(folded uint32) uint32 { return (folded * 0x9E3779B1) >> (l.shift & 31) }

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
	if len(l.bucket) == 0 {
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
		h := l.hash(uint32(v) | caseBits)
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
		h := l.hash(v | caseBits)
		if l.filter[h>>6]&(1<<(h&63)) != 0 {
			l.compare(data, i, h, lo, hi, hit)
		}
	}
}

func (l *literals) compare(data []byte, i int, h uint32, lo, hi int, hit func(pos int, lit *literal)) {
	bucket := l.bucket[l.first[h]:l.first[h+1]]
	for k := range bucket {
		lit := &bucket[k]
		pos := i - lit.at
		if pos < lo || pos >= hi || pos+len(lit.text) > len(data) {
			continue
		}
		if lit.is(data[pos : pos+len(lit.text)]) {
			hit(pos, lit)
		}
	}
}

// is reports whether p, which has the literal's length, is it.
func (l *literal) is(p []byte) bool {
	if !l.fold {
		return string(p) == l.text
	}
	for i, b := range p {
		if b >= 'A' && b <= 'Z' {
			b |= 0x20
		}
		if b != l.text[i] {
			return false
		}
	}
	return true
}
