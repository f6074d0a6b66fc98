package mnemonic

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// step is the distance of the places that are looked at. One phrase of twelve words in
	// 10^8 is shorter than it and lookBytes.
	step      = 48
	lookBytes = 4
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

// FilterText implements [probe.TextFilter]: it looks for words of the list at every 48th byte.
func (detector) FilterText(data []byte, base int64, m textmap.Map, lo, hi int, hit func(int)) {
	words := list()
	for i := lo + int((step-(base+int64(lo))%step)%step); i < hi && i+8 <= len(data); i += step {
		v := binary.LittleEndian.Uint64(data[i:])
		switch {
		case v == 0:
		case v&odd == 0:
			if wideWord(m, i) && textual(data[i], data[i+2], data[i+4], data[i+6]) && words.wide(data, i) {
				hit(i)
			}
		case v&(odd>>8) == 0:
			if wideWord(m, i) && textual(data[i+1], data[i+3], data[i+5], data[i+7]) && words.wide(data, i+1) {
				hit(i)
			}
		default:
			if narrowWord(m, i) && textual(data[i], data[i+1], data[i+2], data[i+3]) && words.glance(data, m, i) && words.narrow(data, i) {
				hit(i)
			}
		}
	}
}

// reachBefore is how far before a place its word, or the one that it stands behind, has its last three
// letters at most; the word before which it stands has its first three hardly farther behind it.
const reachBefore = maxSeparator + minWord + 1

// lettersAt has a bit for each byte that is a letter of the 64 from data[i] on, unless they begin before
// the map does.
func lettersAt(m textmap.Map, i int) (w uint64, ok bool) {
	if i -= m.First; i < 0 {
		return 0, false
	}
	k, bit := i/kernel.ClassBytes, i%kernel.ClassBytes
	return m.Classes[k].Letters>>bit | m.Classes[k+1].Letters<<(64-bit), true
}

// narrowWord reports whether three letters may stand near data[i], as near as the words that are meant
// are.
func narrowWord(m textmap.Map, i int) bool {
	w, ok := lettersAt(m, i-reachBefore)
	return !ok || w&(w>>1)&(w>>2) != 0
}

// wideWord is narrowWord for letters of two bytes each.
func wideWord(m textmap.Map, i int) bool {
	a, ok := lettersAt(m, i-2*reachBefore)
	b, _ := lettersAt(m, i)
	return !ok || a&(a>>2)&(a>>4)|b&(b>>2)&(b>>4) != 0
}

// Letters are looked for from before bytes before a place to behind bytes behind it.
const before, behind = 8, 24

// glance says quickly that the word around data[i], if there is one, is not in the list.
func (t *table) glance(data []byte, m textmap.Map, i int) bool {
	w, ok := lettersAt(m, i-before)
	if !ok || i < before || i+behind+8 > len(data) || w>>before&1 == 0 {
		return true
	}
	start := bits.Len64(^w & (1<<before - 1)) // behind the last that is no letter
	n := bits.TrailingZeros64(^(w >> start))
	if n < minWord || n > maxWord {
		return false
	}
	v := (binary.LittleEndian.Uint64(data[i-before+start:]) | blanks) << (64 - 8*n) >> (64 - 8*n)
	return t.index(packed(v)) >= 0
}

func textual(a, b, c, d byte) bool {
	return classes[a] != other && classes[b] != other && classes[c] != other && classes[d] != other
}

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
