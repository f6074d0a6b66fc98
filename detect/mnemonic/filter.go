package mnemonic

import (
	"encoding/binary"

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
			if textual(data[i], data[i+2], data[i+4], data[i+6]) && words.glanceWide(data, m, i) && words.wide(data, i) {
				hit(i)
			}
		case v&(odd>>8) == 0:
			if textual(data[i+1], data[i+3], data[i+5], data[i+7]) && words.glanceWide(data, m, i+1) && words.wide(data, i+1) {
				hit(i)
			}
		default:
			if textual(data[i], data[i+1], data[i+2], data[i+3]) && words.glance(data, m, i) && words.narrow(data, i) {
				hit(i)
			}
		}
	}
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
