package search

import (
	"encoding/binary"
	"fmt"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// literals finds many literals at once. A table of hashed four-byte pieces says in
// a few instructions that no literal can be here, and only the rare rest is
// compared. Only every second position is looked up: each literal is in the table
// twice, by a piece that begins at an even distance from its first byte and one at
// an odd distance. Pieces are hashed in lower case, so that literals of either
// kind, exact and folded, share one table.
type literals struct {
	all     []literal
	known   map[key]int // index in all
	pieces  []piece
	filter  *kernel.Filter // the hashes that a piece has
	slots   []slot         // the pieces, by their hash; as many as a power of two
	first   []uint32       // of each list, where it begins in entries; one more at the end
	entries []entry
	longest int
	zeros   bool // a piece may be four zeros
}

// literal is a text that one or more detectors look for.
type literal struct {
	key
	dets []int
}

type key struct {
	text string
	wide bool
	fold bool // text is lower case and stands for either case
}

// piece is one of the pieces that lead to a literal: its four bytes in little-endian
// order and lower case.
type piece struct {
	value uint32
	entry
}

// slot is a piece in a table with open addressing, and its list, counted from 1; 0 in a slot
// that holds none.
type slot struct{ value, list uint32 }

// entry is a literal under a hash: its first bytes, up to eight, in little-endian
// order with the bits that count, and the distance of the piece from the first.
type entry struct {
	value, mask uint64
	lit         int32
	at          int32
}

const (
	minLiteral = 3
	pieceLen   = 4
	caseBits   = 0x20202020
)

// add enters a literal of detector det; build must follow when all are in.
func (l *literals) add(text string, det int, wide, fold bool) error {
	if len(text) < minLiteral {
		return fmt.Errorf("anchor of detector %d is shorter than %d bytes", det, minLiteral)
	}
	k := key{text, wide, fold}
	if i, ok := l.known[k]; ok {
		if !slices.Contains(l.all[i].dets, det) {
			l.all[i].dets = append(l.all[i].dets, det)
		}
		return nil
	}
	if l.known == nil {
		l.known = map[key]int{}
	}
	i := len(l.all)
	l.known[k] = i
	l.all = append(l.all, literal{k, []int{det}})
	l.longest = max(l.longest, len(text))
	e := entry{lit: int32(i)}
	for n := range min(len(text), 8) {
		m := byte(0xff)
		if fold && text[n] >= 'a' && text[n] <= 'z' {
			m ^= 0x20
		}
		e.mask |= uint64(m) << (8 * n)
		e.value |= uint64(text[n]&m) << (8 * n)
	}
	for parity := range 2 {
		l.enter(text, parity, e)
	}
	return nil
}

// enter adds the pieces by which the literal of e is found where its distance from
// a position that is looked up has the given parity: the rarest piece, or the rarest
// three bytes at either end, where every value of the byte beside the literal leads to it.
func (l *literals) enter(text string, parity int, e entry) {
	best := -1
	for at := parity; at+pieceLen <= len(text); at += 2 {
		if r := rarity(text[at : at+pieceLen]); r > best {
			best, e.at = r, int32(at)
		}
	}
	free := -1 // the byte of the piece that may have any value
	ends := [...]struct{ at, free int }{{len(text) - 3, pieceLen - 1}, {-1, 0}}
	for _, end := range ends {
		if end.at&1 != parity {
			continue
		}
		if r := rarity(text[max(end.at, 0):][:3]); r > best {
			best, e.at, free = r, int32(end.at), end.free
		}
	}
	if free < 0 {
		l.enterPiece(binary.LittleEndian.Uint32([]byte(text[e.at:e.at+pieceLen])), e)
		return
	}
	known := text[max(e.at, 0):][:3]
	v := uint32(known[0]) | uint32(known[1])<<8 | uint32(known[2])<<16
	if free == 0 {
		v <<= 8
	}
	for b := uint32(0); b < 256; b++ {
		if b&0x20 != 0 {
			l.enterPiece(v|b<<(8*free), e)
		}
	}
}

func (l *literals) enterPiece(v uint32, e entry) {
	l.zeros = l.zeros || v|caseBits == caseBits
	l.pieces = append(l.pieces, piece{v | caseBits, e})
}

// build makes the table of what was added.
func (l *literals) build() {
	l.filter = l.choose()
	l.sort()
	l.slots = make([]slot, 1<<bits.Len(uint(2*len(l.pieces))))
	// The values of a free byte all lead to the same list, most of them to one that
	// holds nothing else: such a list is kept once.
	alone := map[entry]uint32{}
	for i := 0; i < len(l.pieces); {
		v := l.pieces[i].value
		j := i + 1
		for j < len(l.pieces) && l.pieces[j].value == v {
			j++
		}
		l.slots[l.slot(v, l.filter.Hash(v))] = slot{v, 1 + l.list(l.pieces[i:j], alone)}
		i = j
	}
	l.first = append(l.first, uint32(len(l.entries)))
	l.pieces, l.known = nil, nil
}

// choose returns a filter of the pieces under the hash function, of a few, by which the fewest
// pieces that are everywhere in memory are taken for one of them.
func (l *literals) choose() (best *kernel.Filter) {
	const tries = 8
	least := 0
	for n := range uint32(tries) {
		f := kernel.NewFilter(0x9E3779B1 + n*0x3C6EF372)
		for _, p := range l.pieces {
			f.Add(f.Hash(p.value))
		}
		cost := 0
		for v, weight := range everywhere {
			if f.Has(f.Hash(v)) {
				cost += weight
			}
		}
		if best == nil || cost < least {
			best, least = f, cost
		}
	}
	return best
}

// everywhere yields pieces that memory is full of, and about how often each is met: numbers below
// 256, at all places, and what fills gaps.
func everywhere(yield func(piece uint32, weight int) bool) {
	for n := uint32(1); n < 256; n++ {
		weight := int(256 / n)
		for place := range 4 {
			if !yield(n<<(8*place), weight) {
				return
			}
		}
		if !yield(n*0x01010101, 4) || !yield(^n, weight) || !yield(n<<24|0xffffff, 4) {
			return
		}
	}
}

// slot returns where the piece of value v and hash h is in the table, or where it would be.
func (l *literals) slot(v, h uint32) int {
	last := len(l.slots) - 1
	i := int(h) & last
	for l.slots[i].list != 0 && l.slots[i].value != v {
		i = (i + 1) & last
	}
	return i
}

// sort sorts the pieces by value, those of one value in the order in which they came.
func (l *literals) sort() {
	const digit = 11
	other := make([]piece, len(l.pieces))
	for shift := 0; shift < 32; shift += digit {
		var start [1<<digit + 1]int
		for i := range l.pieces {
			start[l.pieces[i].value>>shift&(1<<digit-1)+1]++
		}
		for i := range 1 << digit {
			start[i+1] += start[i]
		}
		for i := range l.pieces {
			k := l.pieces[i].value >> shift & (1<<digit - 1)
			other[start[k]] = l.pieces[i]
			start[k]++
		}
		l.pieces, other = other, l.pieces
	}
}

// list returns the list of the pieces ps, which have one value.
func (l *literals) list(ps []piece, alone map[entry]uint32) uint32 {
	id := uint32(len(l.first))
	if len(ps) == 1 {
		if id, ok := alone[ps[0].entry]; ok {
			return id
		}
		alone[ps[0].entry] = id
	}
	l.first = append(l.first, uint32(len(l.entries)))
	for i, p := range ps {
		// Two values of a free byte may be one in lower case.
		if i == 0 || p != ps[i-1] {
			l.entries = append(l.entries, p.entry)
		}
	}
	return id
}

// find calls hit for every literal of which the first byte lies in data[lo:hi),
// in ascending order of the piece by which it was found. data may extend beyond
// both borders.
func (l *literals) find(data []byte, lo, hi int, hit func(pos int, lit *literal)) {
	if len(l.all) == 0 {
		return
	}
	// A piece may lie up to longest bytes behind the first byte of its literal, or
	// one byte before it.
	end := min(hi+l.longest, len(data))
	i := max(lo-1, 0) &^ 1
	if !l.zeros && end-i >= kernel.PieceBytes { // Pieces passes over zeros
		i = l.blocks(data, i, end, lo, hi, hit)
	}
	filter, words := l.filter, l.filter.Words()
	for ; i+16 <= end; i += 8 {
		v, u := binary.LittleEndian.Uint64(data[i:]), binary.LittleEndian.Uint32(data[i+6:])
		if v == 0 && u == 0 && !l.zeros {
			continue
		}
		h0, h2, h4, h6 := filter.Hash(uint32(v)), filter.Hash(uint32(v>>16)), filter.Hash(uint32(v>>32)), filter.Hash(u)
		m0, m2 := words[h0>>6]>>(h0&63)&1, words[h2>>6]>>(h2&63)&1
		m4, m6 := words[h4>>6]>>(h4&63)&1, words[h6>>6]>>(h6&63)&1
		if m0|m2|m4|m6 == 0 {
			continue
		}
		for m := m0 | m2<<1 | m4<<2 | m6<<3; m != 0; m &= m - 1 {
			at := i + 2*bits.TrailingZeros64(m)
			l.compare(data, at, binary.LittleEndian.Uint32(data[at:]), lo, hi, hit)
		}
	}
	for ; i < end; i += 2 {
		var v uint32
		if i+pieceLen <= len(data) {
			v = binary.LittleEndian.Uint32(data[i:])
		} else {
			for k, b := range data[i:] {
				v |= uint32(b) << (8 * k)
			}
		}
		if l.filter.Has(l.filter.Hash(v)) {
			l.compare(data, i, v, lo, hi, hit)
		}
	}
}

// blocks is find for the pieces from i on, as many blocks of them as end before end. It
// returns where they do.
func (l *literals) blocks(data []byte, i, end, lo, hi int, hit func(pos int, lit *literal)) int {
	var marks [64]uint64
	for {
		n := min(len(marks), (min(end, len(data)-kernel.PieceAhead)-i)/kernel.PieceBytes)
		if n <= 0 {
			return i
		}
		kernel.Pieces(marks[:n], data[i:], l.filter)
		for _, m := range marks[:n] {
			for ; m != 0; m &= m - 1 {
				at := i + 2*bits.TrailingZeros64(m)
				l.compare(data, at, binary.LittleEndian.Uint32(data[at:]), lo, hi, hit)
			}
			i += kernel.PieceBytes
		}
	}
}

// compare calls hit for the literals that the piece v at i leads to, if it is one.
func (l *literals) compare(data []byte, i int, v uint32, lo, hi int, hit func(pos int, lit *literal)) {
	s := &l.slots[l.slot(v|caseBits, l.filter.Hash(v))]
	if s.list == 0 {
		return
	}
	entries := l.entries[l.first[s.list-1]:l.first[s.list]]
	for n := range entries {
		e := &entries[n]
		pos := i - int(e.at)
		if pos < lo || pos >= hi {
			continue
		}
		if pos+8 <= len(data) && (binary.LittleEndian.Uint64(data[pos:])^e.value)&e.mask != 0 {
			continue
		}
		lit := &l.all[e.lit]
		if pos+len(lit.text) <= len(data) && lit.is(data[pos:pos+len(lit.text)]) {
			hit(pos, lit)
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
