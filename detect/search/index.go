package search

import (
	"cmp"
	"math/bits"
	"slices"
)

// index leads from a few bytes of data to the literals that they may belong to.
type index struct {
	pieces  []piece // what was added, until build
	slots   []slot  // the pieces, by their hash; as many as a power of two
	entries []entry
}

// piece is one of the pieces that lead to a literal, as a number.
type piece struct {
	value  uint32
	follow uint32 // see slot
	entry
}

// slot is a piece in a table with open addressing, where its list lies in entries, and what may follow the
// piece: of each byte the lowest five bits, which do not tell its case. A slot of which the list is empty holds none.
type slot struct{ value, follow, first, end uint32 }

// anything is what follows a piece at the end of its literal.
const anything = ^uint32(0)

// followed returns the bit of slot.follow that stands for c.
func followed(c byte) uint32 { return 1 << (c & 31) }

// entry is a literal under a piece: its first bytes, up to eight, in little-endian
// order with the bits that count, and the distance of the piece from the first.
type entry struct {
	value, mask uint64
	lit         int32
	at          int32
}

func (x *index) add(value, follow uint32, e entry) {
	x.pieces = append(x.pieces, piece{value, follow, e})
}

// build makes the table of what was added.
func (x *index) build() {
	slices.SortFunc(x.pieces, func(a, b piece) int { return cmp.Or(cmp.Compare(a.value, b.value), cmp.Compare(a.lit, b.lit)) })
	x.slots = make([]slot, 1<<bits.Len(uint(2*len(x.pieces))))
	x.entries = make([]entry, 0, len(x.pieces))
	for _, p := range x.pieces {
		s := &x.slots[x.slot(p.value)]
		if s.end == 0 {
			s.value, s.first = p.value, uint32(len(x.entries))
		}
		x.entries = append(x.entries, p.entry)
		s.follow |= p.follow
		s.end = uint32(len(x.entries))
	}
	x.pieces = nil
}

// slot returns where the piece v is in the table, or where it would be.
func (x *index) slot(v uint32) int {
	last := len(x.slots) - 1
	i := int(v*0x9E3779B1>>8) & last
	for x.slots[i].value != v && x.slots[i].end != 0 {
		i = (i + 1) & last
	}
	return i
}
