package sweep

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// Text is not searched for by its forms, which would be long, but decoded: every
// eight bytes that hexadecimal or base64 digits can mean are looked up, so that
// either case and alphabet, every alignment and every binary form is found.

// leastText is the shortest text that can be a hit: base64 of sixteen bytes has 20
// digits that are all theirs, two of which begin or end within other bytes.
const leastText = 20

// leastWide is the same for text of two bytes a character, which may be a piece of a
// token as it is.
const leastWide = minToken

// noDigit marks what is no digit.
const noDigit = 0xff

// tables say what a character means.
type tables struct{ hex, b64 [256]byte }

func newTables() *tables {
	t := &tables{}
	for c := range 256 {
		t.hex[c], t.b64[c] = noDigit, noDigit
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(digits) {
		t.b64[digits[i]] = byte(i)
	}
	t.b64['-'], t.b64['_'] = t.b64['+'], t.b64['/'] // RFC 4648, section 5
	for i := range 16 {
		t.hex["0123456789abcdef"[i]], t.hex["0123456789ABCDEF"[i]] = byte(i), byte(i)
	}
	return t
}

// printable reports what text may consist of.
func printable(b byte) bool { return b >= ' ' && b < 0x7f || b == '\t' || b == '\n' || b == '\r' }

// searchTexts looks for runs of digits of one byte each, and of text of two bytes
// each.
func (s *Set) searchTexts(data []byte, lo, hi int, emit func(Hit)) {
	s.searchNarrow(data, lo, hi, emit)
	s.searchWide(data, lo, hi, emit)
}

const (
	ones8  = 0x0101010101010101
	ones16 = 0x0001000100010001
)

// digits8 reports whether eight bytes could all be digits: no byte is below '+',
// the least of them, and none is above ASCII.
func digits8(v uint64) bool {
	return (v-'+'*ones8)&^v&(0x80*ones8) == 0 && v&(0x80*ones8) == 0
}

// wide8 reports whether eight bytes could all be UTF-16LE text, from an even or an odd
// byte on: every other byte is zero and the others are not.
func wide8(v uint64) bool {
	const even = 0xff * ones16
	if v&even == 0 {
		v >>= 8
	} else if v&^even != 0 {
		return false
	}
	return (v-ones16)&(0x8000*ones16) == 0
}

// searchNarrow looks at eight bytes of every text that may be long enough.
func (s *Set) searchNarrow(data []byte, lo, hi int, emit func(Hit)) {
	const stride = leastText - wordLen + 1
	b64 := &s.tables.b64
	for i := lo; i <= min(len(data)-wordLen, hi+leastText); i += stride {
		if !digits8(binary.LittleEndian.Uint64(data[i:])) || b64[data[i]] == noDigit {
			continue
		}
		start, end := i, i+1
		for start > max(0, lo-margin) && b64[data[start-1]] != noDigit {
			start--
		}
		for end < min(len(data), hi+margin) && b64[data[end]] != noDigit {
			end++
		}
		if end-start >= leastText {
			s.scanText(text{data: data, width: 1}, start, end, emit)
			i = max(i, end-stride)
		}
	}
}

// searchWide is searchNarrow for text of two bytes a character, which need not be
// digits.
func (s *Set) searchWide(data []byte, lo, hi int, emit func(Hit)) {
	const stride = 2*leastWide - wordLen + 1
	for i := lo; i <= min(len(data)-wordLen, hi+2*leastWide); i += stride {
		if !wide8(binary.LittleEndian.Uint64(data[i:])) {
			continue
		}
		start := i
		if data[i] == 0 {
			start++ // the character before is looked at below
		}
		end := start
		for start >= max(2, lo-2*margin) && data[start-1] == 0 && printable(data[start-2]) {
			start -= 2
		}
		for end+2 <= min(len(data), hi+2*margin) && data[end+1] == 0 && printable(data[end]) {
			end += 2
		}
		if end-start >= 2*leastWide {
			first := start & 1
			s.scanText(text{data: data[first:], width: 2}, start/2, end/2, func(h Hit) {
				h.Start, h.End = h.Start+first, h.End+first
				emit(h)
			})
			i = max(i, end-stride)
		}
	}
}

// text is data read as characters of one or two bytes.
type text struct {
	data  []byte
	width int
}

func (t text) len() int { return len(t.data) / t.width }

// at returns character i, or zero, which is no digit, for one that is wide.
func (t text) at(i int) byte {
	if t.width == 2 && t.data[2*i+1] != 0 {
		return 0
	}
	return t.data[i*t.width]
}

// scanText looks up what the characters [start, end) can mean.
func (s *Set) scanText(t text, start, end int, emit func(Hit)) {
	var hex, low, high, plainText uint64
	hexes, digits, skip := 0, 0, 0
	for j := start; j < end; j++ {
		c := t.at(j)
		if t.width == 2 {
			plainText = plainText>>8 | uint64(c)<<56
			if j-start >= wordLen-1 && j >= skip {
				skip = max(skip, s.judgeText(t, j, plainText, code{}, emit))
			}
		}
		d := s.tables.b64[c]
		if d == noDigit {
			hexes, digits = 0, 0
			continue
		}
		high = high<<6 | low>>58
		low = low<<6 | uint64(d)
		if digits++; digits >= 11 && j >= skip {
			skip = max(skip, s.judgeText(t, j, bits.ReverseBytes64(low), code{bits: 6}, emit),
				s.judgeText(t, j, bits.ReverseBytes64(low>>2|high<<62), code{bits: 6, spare: 2}, emit))
			if digits >= 12 {
				skip = max(skip, s.judgeText(t, j, bits.ReverseBytes64(low>>4|high<<60), code{bits: 6, spare: 4}, emit))
			}
		}
		if d = s.tables.hex[c]; d == noDigit {
			hexes = 0
			continue
		}
		hex = hex<<4 | uint64(d)
		if hexes++; hexes >= 16 && j >= skip {
			skip = max(skip, s.judgeText(t, j, bits.ReverseBytes64(hex), code{bits: 4}, emit))
		}
	}
}

// code is what characters mean: digits of so many bits, the last of which has so
// many that are not of the word; or, with no bits, themselves.
type code struct{ bits, spare int }

// judgeText is judge for a word v of which the last bit is in character j. It
// returns the first character behind the run, or 0.
func (s *Set) judgeText(t text, j int, v uint64, c code, emit func(Hit)) int {
	h := hash(v)
	if !s.filter.has(h) {
		return 0
	}
	best, found := Hit{}, false
	s.lookup(v, h, func(f *form, off int) {
		sh := &s.shapes[f.kind]
		if sh.radix.Bits > 0 || c.bits == 0 && !sh.text {
			return
		}
		start, end, ok := s.extendText(t, s.mem.mem[f.start:f.end], j, off, c, sh.minRun)
		if !ok {
			return
		}
		if f.kind == tokenText {
			if !s.rareText(f, start-j, end-j, off, c) {
				return
			}
		} else if plain(t.data[start*t.width : end*t.width]) {
			return
		}
		b := Hit{Start: start * t.width, End: end * t.width, Secret: int(s.values[f.value].rank), Text: true, Wide: t.width == 2}
		switch {
		case b.Wide:
			b.Encoding = probe.UTF16LE
		case c.bits == 4:
			b.Encoding = probe.Hex
		default:
			b.Encoding = probe.Base64
		}
		if !found || better(b, best) {
			best, found = b, true
		}
	})
	if !found {
		return 0
	}
	emit(best)
	return best.End / t.width
}

// rareText reports whether the characters [start, end), counted from the last one of
// the word at off of f, mean a rare piece.
func (s *Set) rareText(f *form, start, end, off int, c code) bool {
	width := c.bits
	if width == 0 {
		width = 8
	}
	bit := 8*(off+wordLen) + c.spare - width
	first, last := bit+start*width, bit+end*width
	return Rare(s.mem.mem[int(f.start)+first/8 : min(int(f.start)+(last+7)/8, int(f.end))])
}

// extendText returns the characters around j that mean what p holds around the
// word at off, and whether they are enough. Characters that also hold bits of
// what is beside p are left out.
func (s *Set) extendText(t text, p []byte, j, off int, c code, minRun int) (start, end int, ok bool) {
	width, least := c.bits, minDigits
	switch {
	case width == 0:
		width, least = 8, minRun
	case width == 6 && minRun >= MinRun:
		least = (8*MinRun + width - 1) / width // as lines of PEM are cut
	case minRun < MinRun:
		// Bits of the first and the last byte may stand in digits of neighbours.
		least = (8*minRun - 8 + width - 1) / width
	}
	// bit is where in p the character j begins.
	bit := 8*(off+wordLen) + c.spare - width
	same := func(i, bit int) bool {
		d := t.at(i)
		switch c.bits {
		case 4:
			d = s.tables.hex[d]
		case 6:
			d = s.tables.b64[d]
		}
		return d == digit(p, bit, width)
	}
	start, end = j, j
	for b := bit - width; b >= 0 && start > 0 && same(start-1, b); b -= width {
		start--
	}
	b := bit
	for ; b+width <= 8*len(p) && end < t.len() && same(end, b); b += width {
		end++
	}
	if left := 8*len(p) - b; c.bits == 6 && left > 0 && left < width && end < t.len() {
		// The last digit of a text of base64 is padded with zero bits (RFC 4648, section 3.5).
		if d := s.tables.b64[t.at(end)]; d != noDigit && d == digit(p, b, left)<<(width-left) {
			end, b = end+1, b+width
		}
	}
	n := end - start
	first := bit - (j-start)*width
	whole := first < width && b+width > 8*len(p)
	if c.bits == 6 && n == least-1 && minRun >= MinRun {
		// What a neighbour shares a digit with is as much a piece of p as the rest.
		if bits := s.shared(t, p, start-1, 0, first) + s.shared(t, p, end, b, 8*len(p)-b); n*width+bits >= 8*MinRun {
			least = n
		}
	}
	if !whole && (n < least || c.bits > 0 && minRun > MinRun && n*c.bits < 8*minRun) {
		return 0, 0, false
	}
	return start, end, true
}

// shared returns n, the number of the first or the last bits of p, from bit on, when the base64 digit at i has
// them beside bits of something else, and else 0.
func (s *Set) shared(t text, p []byte, i, bit, n int) int {
	if n <= 0 || n >= 6 || i < 0 || i >= t.len() {
		return 0
	}
	d := s.tables.b64[t.at(i)]
	if d == noDigit {
		return 0
	}
	if bit == 0 {
		d &= 1<<n - 1
	} else {
		d >>= 6 - n
	}
	if d != digit(p, bit, n) {
		return 0
	}
	return n
}

// digit returns the width bits (at most 8) of p from a bit on, which is counted
// from the most significant one.
func digit(p []byte, bit, width int) byte {
	v := uint(p[bit/8]) << 8
	if bit/8+1 < len(p) {
		v |= uint(p[bit/8+1])
	}
	return byte(v >> (16 - bit%8 - width) & (1<<width - 1))
}
