package mnemonic

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// step is the distance of the places that are looked at. One phrase of twelve words in
	// 10^8 is shorter than it and four characters more.
	step = 48
	// wanted is how many words of the list in a row make a candidate.
	wanted = 4

	blanks = ' ' * 0x0101010101010101
	odd    = 0xff00ff00ff00ff00
)

// Depth implements [probe.Shallow].
func (detector) Depth() int { return 8 }

// Filter implements [probe.Filter].
func (d detector) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	textmap.Blocks(data, lo, hi, func(m textmap.Map, lo, hi int) { d.FilterText(data, base, m, lo, hi, hit) })
}

// FilterText implements [probe.TextFilter]: it looks for words of the list at every 48th byte of what may be
// a phrase by the lengths of its words. Which other places are candidates depends on where the block begins, and
// nothing is found there.
func (detector) FilterText(data []byte, base int64, m textmap.Map, lo, hi int, hit func(int)) {
	rs := takeRows(m, lo, hi)
	defer rooms.Put(rs)
	rs.narrow()
	if m.AnyWide {
		rs.wide()
		slices.SortFunc(rs.found, func(a, b probe.Range) int { return cmp.Compare(a.Start, b.Start) })
	}
	words := list()
	for _, r := range rs.found {
		i := max(lo, r.Start)
		for i += int((step - (base+int64(i))%step) % step); i < r.End && i+8 <= len(data); i += step {
			if words.candidate(data, i, m.AnyWide) {
				hit(i)
			}
		}
		lo = i
	}
}

// candidate reports whether some words of the list in a row are around data[i]; anyWide says that some may be in
// UTF-16LE.
func (t *table) candidate(data []byte, i int, anyWide bool) bool {
	switch v := binary.LittleEndian.Uint64(data[i:]); {
	case v == 0:
		return false
	case v&odd == 0:
		return anyWide && textual(data[i], data[i+2], data[i+4], data[i+6]) && t.wide(data, i)
	case v&(odd>>8) == 0:
		return anyWide && textual(data[i+1], data[i+3], data[i+5], data[i+7]) && t.wide(data, i+1)
	}
	return textual(data[i], data[i+1], data[i+2], data[i+3]) && t.narrow(data, i)
}

// textual reports whether all are letters or separators. It does without branches that nothing foretells.
func textual(a, b, c, d byte) bool { return inPhrase[a]&inPhrase[b]&inPhrase[c]&inPhrase[d] != 0 }

// inPhrase is 1 for the characters that a phrase may hold.
var inPhrase = func() (m [256]byte) {
	for c, class := range classes {
		if class != other {
			m[c] = 1
		}
	}
	return m
}()

// narrow reports whether the word at data[i], or the one behind the separators there,
// is one of some in a row that are all in the list. It is on the side of yes at the
// end of data.
func (t *table) narrow(data []byte, i int) bool {
	for n := 0; classes[data[i]] != letter; n++ {
		if i++; n == maxSeparator || i >= len(data) || classes[data[i]] == other {
			return t.narrowBefore(data, i, 0)
		}
	}
	start := i
	for start > 0 && i-start <= maxWord && classes[data[start-1]] == letter {
		start--
	}
	end, ok := t.word(data, start)
	if !ok {
		return false
	}
	n := 1
	for n < wanted {
		i := end
		for i < len(data) && i-end < maxSeparator && classes[data[i]] == separator {
			i++
		}
		if i == end || i >= len(data) || classes[data[i]] != letter {
			break
		}
		if end, ok = t.word(data, i); !ok {
			break
		}
		n++
	}
	return n >= wanted || t.narrowBefore(data, start, n)
}

// narrowBefore is narrow for the words before data[i], behind which n words of the
// list stand.
func (t *table) narrowBefore(data []byte, i, n int) bool {
	for n < wanted {
		end := i
		for end > 0 && i-end < maxSeparator && classes[data[end-1]] == separator {
			end--
		}
		start := end
		for start > 0 && end-start <= maxWord && classes[data[start-1]] == letter {
			start--
		}
		if start == end {
			return false
		}
		if _, ok := t.word(data, start); !ok {
			return false
		}
		i, n = start, n+1
	}
	return true
}

// word reports whether a word of the list begins at data[i], and where it ends.
func (t *table) word(data []byte, i int) (end int, ok bool) {
	if i+maxWord < len(data) {
		v := binary.LittleEndian.Uint64(data[i:]) | blanks
		n := 0
		for n <= maxWord && classes[data[i+n]] == letter {
			n++
		}
		if n < minWord || n > maxWord {
			return 0, false
		}
		return i + n, t.index(packed(v<<(64-8*n)>>(64-8*n))) >= 0
	}
	n := 0
	var w packed
	for ; n < maxWord && i+n < len(data) && classes[data[i+n]] == letter; n++ {
		w |= packed(data[i+n]|0x20) << (8 * n)
	}
	return i + n, n >= minWord && t.index(w) >= 0
}

// wide is narrow for the UTF-16 character at data[i]: it copies what it needs.
func (t *table) wide(data []byte, i int) bool {
	const back, ahead = 2 * (maxWord + maxSeparator), wanted * (maxWord + maxSeparator)
	var buf [back + ahead]byte
	from := i
	for from >= 2 && i-from < 2*back && data[from-1] == 0 {
		from -= 2
	}
	n := 0
	for at := from; n < len(buf) && at+1 < len(data) && data[at+1] == 0; at += 2 {
		buf[n] = data[at]
		n++
	}
	at := (i - from) / 2
	return at < n && t.narrow(buf[:n], at)
}
