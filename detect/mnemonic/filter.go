package mnemonic

import (
	"encoding/binary"
	"math/bits"
)

const (
	// step is the distance of the places that are looked at. One phrase of twelve words in
	// 10^8 is shorter than it and lookBytes.
	step      = 48
	lookBytes = 4
	// wanted is how many words of the list in a row make a candidate.
	wanted = 4

	ones   = 0x0101010101010101
	highs  = 0x80 * ones
	blanks = ' ' * ones
	odd    = 0xff00ff00ff00ff00
)

// Depth implements [probe.Shallow].
func (detector) Depth() int { return 8 }

// Filter implements [probe.Filter]: it looks for words of the list at every 48th byte.
func (detector) Filter(data []byte, base int64, lo, hi int, hit func(int)) {
	words := list()
	for i := lo + int((step-(base+int64(lo))%step)%step); i < hi && i+8 <= len(data); i += step {
		v := binary.LittleEndian.Uint64(data[i:])
		switch {
		case v == 0:
		case v&odd == 0:
			if textual(data[i], data[i+2], data[i+4], data[i+6]) && words.wide(data, i) {
				hit(i)
			}
		case v&(odd>>8) == 0:
			if textual(data[i+1], data[i+3], data[i+5], data[i+7]) && words.wide(data, i+1) {
				hit(i)
			}
		case textual(data[i], data[i+1], data[i+2], data[i+3]):
			if words.glance(data, i) && words.narrow(data, i) {
				hit(i)
			}
		}
	}
}

// Letters are looked for from before bytes before a place to behind bytes behind it.
const before, behind = 8, 24

// glance says quickly that the word around data[i], if there is one, is not in the list.
func (t *table) glance(data []byte, i int) bool {
	if i < before || i+behind+8 > len(data) {
		return true
	}
	p := data[i-before : i+behind+8]
	m := uint64(letters(p)) | uint64(letters(p[8:]))<<8 | uint64(letters(p[16:]))<<16 | uint64(letters(p[24:]))<<24
	if m>>before&1 == 0 {
		return true
	}
	start := bits.Len64(^m & (1<<before - 1)) // behind the last that is no letter
	n := bits.TrailingZeros64(^(m >> start))
	if n < minWord || n > maxWord {
		return false
	}
	v := (binary.LittleEndian.Uint64(p[start:]) | blanks) << (64 - 8*n) >> (64 - 8*n)
	return t.index(packed(v)) >= 0
}

// letters has a bit set for each of the first eight bytes of p that is an ASCII letter.
func letters(p []byte) uint8 {
	v := binary.LittleEndian.Uint64(p)
	low := (v | blanks) &^ highs
	m := (low + (0x80-'a')*ones) &^ (low + (0x7f-'z')*ones) &^ v & highs
	return uint8(m >> 7 * 0x0102040810204080 >> 56)
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
