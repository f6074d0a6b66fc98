package mnemonic

import (
	_ "embed"
	"strings"
	"sync"
)

// english is the English list of BIP 39 (bip-0039/english.txt), 2,048 words of
// three to eight letters in alphabetical order.
//
//go:embed english.txt
var english string

const (
	listLen = 2048
	minWord = 3
	maxWord = 8
)

// packed is a word as a number: its letters from the lowest byte on.
type packed uint64

// table finds words by a hash of their letters. Its slots hold an index and one.
type table struct {
	words [listLen]packed
	slots [1 << tableBits]uint16
}

// tableBits makes a table that is a quarter full, so that what is not in it is mostly
// known at the first look.
const tableBits = 13

func slotOf(w packed) int { return int(uint64(w) * 0x9e3779b97f4a7c15 >> (64 - tableBits)) }

var list = sync.OnceValue(func() *table {
	t := &table{}
	for i, s := range strings.Fields(english) {
		var w packed
		for k := range len(s) {
			w |= packed(s[k]) << (8 * k)
		}
		t.words[i] = w
		at := slotOf(w)
		for t.slots[at] != 0 {
			at = (at + 1) % len(t.slots)
		}
		t.slots[at] = uint16(i + 1)
	}
	return t
})

// index returns the place of w in the list, or -1.
func (t *table) index(w packed) int {
	for at := slotOf(w); t.slots[at] != 0; at = (at + 1) % len(t.slots) {
		if i := int(t.slots[at]) - 1; t.words[i] == w {
			return i
		}
	}
	return -1
}
