package probe

// NotASCII is what [Text.At] returns for a character outside ASCII and for any
// position outside the view. No token, key or separator contains it.
const NotASCII = 0xff

// Text reads a view as characters of one or two bytes each, so that a text
// detector is written once for ASCII and UTF-16LE. Index 0 is the first whole
// character of the view.
type Text struct {
	data  []byte
	first int // byte index of character 0
	width int // bytes a character
	n     int
}

// TextOf returns the characters of v and the index of the one at v.At.
func TextOf(v View) (Text, int) {
	if !v.Wide {
		return Text{data: v.Data, width: 1, n: len(v.Data)}, v.At
	}
	first := v.At & 1
	return Text{data: v.Data, first: first, width: 2, n: (len(v.Data) - first) / 2}, (v.At - first) / 2
}

// Len returns the number of characters.
func (t Text) Len() int { return t.n }

// Wide reports whether the characters are UTF-16LE.
func (t Text) Wide() bool { return t.width == 2 }

// Narrow returns all characters, of one byte each, and nil where they take two. Bytes that are not ASCII
// are as they lie there.
func (t Text) Narrow() []byte {
	if t.width == 2 {
		return nil
	}
	return t.data
}

// At returns character i, or NotASCII.
func (t Text) At(i int) byte {
	if uint(i) >= uint(t.n) {
		return NotASCII
	}
	b := t.data[t.first+i*t.width]
	if b >= 0x80 || t.width == 2 && t.data[t.first+2*i+1] != 0 {
		return NotASCII
	}
	return b
}

// Has reports whether s stands at character i.
func (t Text) Has(i int, s string) bool {
	if i < 0 || i+len(s) > t.n {
		return false
	}
	for k := range len(s) {
		if t.At(i+k) != s[k] {
			return false
		}
	}
	return true
}

// Range returns the bytes of the characters [i, j).
func (t Text) Range(i, j int) Range {
	return Range{t.first + i*t.width, t.first + j*t.width}
}

// Append appends the characters [i, j) to dst, one byte each.
func (t Text) Append(dst []byte, i, j int) []byte {
	if t.width == 1 && i >= 0 && j <= t.n {
		for _, b := range t.data[i:max(i, j)] {
			if b >= 0x80 {
				b = NotASCII
			}
			dst = append(dst, b)
		}
		return dst
	}
	for ; i < j; i++ {
		dst = append(dst, t.At(i))
	}
	return dst
}

// Encoding returns plain for one-byte characters and UTF16LE for two-byte ones.
func (t Text) Encoding(plain string) string {
	if t.width == 2 {
		return UTF16LE
	}
	return plain
}
