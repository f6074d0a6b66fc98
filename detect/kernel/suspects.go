package kernel

// SuspectAhead is how many bytes [Suspects] reads behind those that it judges.
const SuspectAhead = 32

// Suspects marks the digits at which a piece of base64 of text may begin, or of hexadecimal. In the words of dst
// that are not zero it sets the bits of the bytes at which
//
//   - four groups of four begin of which the first two characters are those of printable text of ASCII;
//   - or two groups of eight that begin with an A and have another behind two more, as those of UTF-16 do;
//   - or 24 hexadecimal digits, for some letters more counts as one.
//
// p holds ClassBytes for each word of dst, and SuspectAhead.
func Suspects(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:ClassBytes*len(dst)+SuspectAhead]
	if !suspectsSIMD(dst, p) {
		suspects(dst, p)
	}
}

// What a digit may be, by the halves of its byte: of each a set of these.
const (
	capitalFirst  = 1 << iota // I to O: the first of a group of text
	highFirst                 // P to Z
	lowFirst                  // a to f, which are hexadecimal too
	capitalSecond             // C to H and S to X: the second of one
	lowSecond                 // i to n, y and z
	digitSecond               // 0 to 3
	zeroDigit                 // A
	hexDigit                  // 0 to 9, A to F and G to I

	firstDigit  = capitalFirst | highFirst | lowFirst
	secondDigit = capitalSecond | lowSecond | digitSecond
	anyHex      = hexDigit | lowFirst
)

// suspectOf says of each byte what it may be.
var suspectOf = func() (m [256]byte) {
	set := func(bit byte, uppers string, first, last byte) {
		for _, upper := range []byte(uppers) {
			for low := first; low <= last; low++ {
				m[upper<<4|low] |= bit
			}
		}
	}
	set(capitalFirst, "\x04", 9, 15)
	set(highFirst, "\x05", 0, 10)
	set(lowFirst, "\x06", 1, 6)
	set(capitalSecond, "\x04\x05", 3, 8)
	set(lowSecond, "\x06\x07", 9, 14)
	set(digitSecond, "\x03", 0, 3)
	set(zeroDigit, "\x04", 1, 1)
	set(hexDigit, "\x03\x04", 0, 9)
	return m
}()

func suspects(dst []uint64, p []byte) {
	for k := range dst {
		if dst[k] == 0 {
			continue
		}
		var first, second, zero, hex [2]uint64
		for i, c := range p[ClassBytes*k:][:ClassBytes+SuspectAhead] {
			m, word, bit := suspectOf[c], i/ClassBytes, uint64(1)<<(i%ClassBytes)
			if m&firstDigit != 0 {
				first[word] |= bit
			}
			if m&secondDigit != 0 {
				second[word] |= bit
			}
			if m&zeroDigit != 0 {
				zero[word] |= bit
			}
			if m&anyHex != 0 {
				hex[word] |= bit
			}
		}
		from := func(w [2]uint64, n uint) [2]uint64 { return [2]uint64{w[0]>>n | w[1]<<(64-n), w[1] >> n} }
		and := func(a, b [2]uint64) [2]uint64 { return [2]uint64{a[0] & b[0], a[1] & b[1]} }
		text := and(first, from(second, 1))
		text = and(text, from(text, 4))
		text = and(text, from(text, 8))
		zero = and(zero, from(zero, 3))
		zero = and(zero, from(zero, 8))
		for _, n := range []uint{1, 2, 4, 8, 8} {
			hex = and(hex, from(hex, n))
		}
		dst[k] = text[0] | zero[0] | hex[0]
	}
}
