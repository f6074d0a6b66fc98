package der

// The identifier octets that key formats use (X.690, section 8.1.2, and X.680,
// table 1).
const (
	Boolean     = 0x01
	Integer     = 0x02
	BitString   = 0x03
	OctetString = 0x04
	Null        = 0x05
	OID         = 0x06
	Sequence    = 0x30
	Set         = 0x31

	constructed   = 0x20
	classContext  = 0x80
	multiOctetTag = 0x1f
)

// Context returns the identifier octet of the primitive context tag [n], n < 31.
func Context(n byte) byte { return classContext | n }

// ContextCons returns the identifier octet of the constructed context tag [n].
func ContextCons(n byte) byte { return classContext | constructed | n }

const (
	// maxLength is the longest content that is believed: a quarter of a gigabyte
	// is more than any key store, and far from overflowing an int of 32 bits.
	maxLength = 1 << 28
	// maxHeader is the identifier octet, 0x84 and four length octets.
	maxHeader = 6
	// indefinite stands for the length of a value that ends with 00 00.
	indefinite = -1
)

// MinHeader and MaxHeader are the shortest and longest definite-length header in
// octets.
const (
	MinHeader = 2
	MaxHeader = maxHeader
)

type state uint8

const (
	good state = iota
	cut        // the data ended before the header did
	bad        // not a header
)

// header reads the identifier and length octets at data[i]. It returns the
// index of the first content octet and the declared content length.
func header(data []byte, i int) (tag byte, start, n int, s state) {
	if i >= len(data) {
		return 0, 0, 0, cut
	}
	tag = data[i]
	if tag&multiOctetTag == multiOctetTag {
		return 0, 0, 0, bad
	}
	if i+1 >= len(data) {
		return 0, 0, 0, cut
	}
	first := data[i+1]
	switch {
	case first < 0x80:
		return tag, i + 2, int(first), good
	case first == 0x80:
		return tag, i + 2, indefinite, good
	case first > 0x84:
		return 0, 0, 0, bad
	}
	octets := int(first & 0x7f)
	start = i + 2 + octets
	var length uint32
	for k := i + 2; k < start; k++ {
		if k >= len(data) {
			return 0, 0, 0, cut
		}
		length = length<<8 | uint32(data[k])
	}
	if length > maxLength {
		return 0, 0, 0, bad
	}
	return tag, start, int(length), good
}

// Opens reports whether the width octets before data[i] are a header of tag with
// a definite length. It is how a detector whose anchor is the first octet of a
// SEQUENCE's content finds where the SEQUENCE begins: it tries every width from
// MinHeader to MaxHeader.
func Opens(data []byte, tag byte, i, width int) bool {
	h := i - width
	if h < 0 || i > len(data) || data[h] != tag {
		return false
	}
	_, start, n, s := header(data, h)
	return s == good && start == i && n != indefinite
}
