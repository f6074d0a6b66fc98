package sweep

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/aeskey"
)

// maxNumber is the longest piece of a number, in bytes: in radix 2^26 and words of
// eight bytes it is two and a half times as long, and hexadecimal twice.
const maxNumber = maxValue

const (
	perForm  = 16 // bytes that a form takes beside its bytes
	perEntry = 8  // bytes that an indexed word takes in a table half full
	// maxEqual is how many equal words are indexed: the first round key of an AES
	// key begins most of its forms. More would make periodic values costly.
	maxEqual = 16
)

// cost returns how many bytes the forms of a value of n bytes take at most.
func (s *Set) cost(c class, n int) int {
	total := 0
	add := func(k kind, size int) {
		perWord := 4 // bytes of form for each entry
		if r := s.shapes[k].minRun; r != MinRun {
			perWord = (r - wordLen) / 2
		}
		total += size + perForm + perEntry*(size/perWord+4)
	}
	switch c {
	case asIs:
		add(literal, n)
		return total
	case asText:
		add(literalText, n)
		return total
	case asToken:
		add(tokenText, n)
		return total + s.shifts*(n+perForm+2*perEntry) // tokenHuffman
	}
	for _, k := range []kind{intBE, limbsLE, words32} {
		add(k, n+4)
	}
	if c != octets {
		add(words64, n+8)
	}
	if c == cipherKey {
		const schedule = 240                // FIPS 197: 15 round keys
		for range len(aeskey.Forms()) + 2 { // and those of vpaes
			add(schedEnc, schedule)
		}
		for range 3 + 2*hashPowers {
			add(literal, 16)
		}
		for _, size := range []int{24, 24, 16 * hashTable, 8 * hashTable, 8 * hashTable} {
			add(literal, size)
		}
	}
	if c != number {
		return total
	}
	add(limbs64BE, n+8)
	add(limbs32BE, n+4)
	for k := radix0; int(k) < len(s.shapes); k++ {
		add(k, s.shapes[k].radix.Len(n))
	}
	if n <= maxDecimal {
		add(decimal, n*5/2+1) // 2.41 digits a byte
	}
	return total
}

// Seal divides the values of the secrets that rank knows into rounds and loads
// the first. Where secrets share a value, the lowest rank is the one that hits
// name. Nothing may be added afterwards.
func (s *Set) Seal(rank func(ID) (int, bool)) {
	var order []int32
	for i := range s.values {
		v := &s.values[i]
		v.rank = -1
		name := func(id ID) {
			if r, ok := rank(id); ok && (v.rank < 0 || r < int(v.rank)) {
				v.rank = int32(r)
			}
		}
		name(v.owner)
		if v.others != nil {
			for _, id := range *v.others {
				name(id)
			}
		}
		if v.rank >= 0 {
			order = append(order, int32(i))
		}
	}
	tokens := 0
	for _, i := range order {
		if s.values[i].class == asToken {
			tokens++
		}
	}
	if tokens <= maxShifted {
		s.shifts = 8
		for _, i := range order {
			if v := &s.values[i]; v.class == asToken {
				v.cost = int32(s.cost(asToken, int(v.end-v.start)))
			}
		}
	}
	// The order in which values were added differs from run to run.
	slices.SortFunc(order, func(i, j int32) int {
		a, b := &s.values[i], &s.values[j]
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.class, b.class),
			bytes.Compare(s.mem.mem[a.start:a.end], s.mem.mem[b.start:b.end]))
	})
	room := s.limit - s.stored
	used := room + 1
	for _, i := range order {
		if used += int(s.values[i].cost); used > room {
			s.plan, used = append(s.plan, nil), int(s.values[i].cost)
		}
		last := len(s.plan) - 1
		s.plan[last] = append(s.plan[last], i)
	}
	if len(s.plan) > 0 {
		s.Load(0)
	}
}

// Rounds returns how many rounds there are: the whole dump must be searched once
// after Load(0), once after Load(1), and so on.
func (s *Set) Rounds() int { return len(s.plan) }

// Load makes the values of a round those that are searched for. Nobody may be
// searching meanwhile.
func (s *Set) Load(round int) {
	if round == s.round {
		return
	}
	s.round = round
	s.mem.cut(s.stored)
	s.forms = s.forms[:0]
	for _, i := range s.plan[round] {
		v := &s.values[i]
		s.derive(v.class, s.mem.mem[v.start:v.end], func(k kind, p []byte) {
			mem, at, err := s.mem.alloc(len(p))
			if err != nil {
				panic("internal error: the forms of a round need more than was planned")
			}
			copy(mem, p)
			s.forms = append(s.forms, form{start: uint32(at), end: uint32(at + len(p)), value: i, kind: k})
		})
	}
	s.index()
}

// index indexes the words of all forms.
func (s *Set) index() {
	n := 0
	for i := range s.forms {
		s.words(&s.forms[i], func(int) { n++ })
	}
	s.filter = newFilter(n)
	clear(s.table)
	s.table = make([]uint32, 2*n+1)
	for i := range s.forms {
		f := &s.forms[i]
		s.words(f, func(off int) { s.enter(int(f.start) + off) })
	}
}

// enter indexes the word at a position of the arena.
func (s *Set) enter(at int) {
	v := binary.LittleEndian.Uint64(s.mem.mem[at:])
	h := hash(v)
	k, equal := s.slot(h), 0
	for ; s.table[k] != 0; k++ {
		if s.word(s.table[k]) == v {
			if equal++; equal == maxEqual {
				return
			}
		}
		if k == len(s.table)-1 {
			k = -1
		}
	}
	s.table[k] = uint32(at) + 1
	s.filter.set(h)
}

// slot returns where in the table the search for a hash begins.
func (s *Set) slot(h uint64) int {
	hi, _ := bits.Mul64(h*slotMix, uint64(len(s.table)))
	return int(hi)
}

// word returns the word of a table entry.
func (s *Set) word(entry uint32) uint64 {
	return binary.LittleEndian.Uint64(s.mem.mem[entry-1:])
}

// formAt returns the form that holds a position of the arena.
func (s *Set) formAt(at int) *form {
	k, _ := slices.BinarySearchFunc(s.forms, at, func(f form, at int) int {
		if int(f.end) <= at {
			return -1
		}
		return 1
	})
	return &s.forms[k]
}

// Empty reports whether there is nothing to search for. It is called after Seal.
func (s *Set) Empty() bool { return len(s.plan) == 0 }
