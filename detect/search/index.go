package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// index leads from a few bytes of data to the literals that they may belong to.
type index struct {
	pieces  []piece  // what was added, until build
	slots   []slot   // the pieces, by their hash; as many as a power of two
	first   []uint32 // of each list, where it begins in entries; one more at the end
	entries []entry
}

// piece is one of the pieces that lead to a literal, as a number.
type piece struct {
	value uint32
	entry
}

// slot is a piece in a table with open addressing, and its list, counted from 1; 0 in a slot
// that holds none.
type slot struct{ value, list uint32 }

// entry is a literal under a piece: its first bytes, up to eight, in little-endian
// order with the bits that count, and the distance of the piece from the first.
type entry struct {
	value, mask uint64
	lit         int32
	at          int32
}

func (x *index) add(value uint32, e entry) { x.pieces = append(x.pieces, piece{value, e}) }

// build makes the table of what was added.
func (x *index) build() {
	slices.SortFunc(x.pieces, func(a, b piece) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.lit, b.lit)) })
	x.slots = make([]slot, 1<<bits.Len(uint(2*len(x.pieces))))
	x.entries = make([]entry, 0, len(x.pieces))
	for i, p := range x.pieces {
		if i == 0 || p.value != x.pieces[i-1].value {
			x.first = append(x.first, uint32(len(x.entries)))
			x.slots[x.slot(p.value)] = slot{p.value, uint32(len(x.first))}
		}
		x.entries = append(x.entries, p.entry)
	}
	x.first = append(x.first, uint32(len(x.entries)))
	x.pieces = nil
}

// slot returns where the piece v is in the table, or where it would be.
func (x *index) slot(v uint32) int {
	last := len(x.slots) - 1
	i := int(v*0x9E3779B1>>8) & last
	for x.slots[i].list != 0 && x.slots[i].value != v {
		i = (i + 1) & last
	}
	return i
}

// list returns the literals that the piece v leads to.
func (x *index) list(v uint32) []entry {
	if s := &x.slots[x.slot(v)]; s.list != 0 {
		return x.entries[x.first[s.list-1]:x.first[s.list]]
	}
	return nil
}
