package cipherkeys

import "math/bits"

const (
	desRounds = 16
	// desHalf is the number of bits of each of the registers C and D.
	desHalf = 28
	desAll  = 1<<(2*desHalf) - 1
)

// desPC1 and desPC2 are the permuted choices of FIPS 46-3, appendix 1: bit
// numbers counted from 1 on, the most significant bit first.
const (
	desPC1 = "\x39\x31\x29\x21\x19\x11\x09\x01\x3a\x32\x2a\x22\x1a\x12\x0a\x02\x3b\x33\x2b\x23\x1b\x13\x0b\x03\x3c\x34\x2c\x24" +
		"\x3f\x37\x2f\x27\x1f\x17\x0f\x07\x3e\x36\x2e\x26\x1e\x16\x0e\x06\x3d\x35\x2d\x25\x1d\x15\x0d\x05\x1c\x14\x0c\x04"
	desPC2 = "\x0e\x11\x0b\x18\x01\x05\x03\x1c\x0f\x06\x15\x0a\x17\x13\x0c\x04\x1a\x08\x10\x07\x1b\x14\x0d\x02" +
		"\x29\x34\x1f\x25\x2f\x37\x1e\x28\x33\x2d\x21\x30\x2c\x31\x27\x38\x22\x35\x2e\x2a\x32\x24\x1d\x20"
	// desShifts are how far C and D have been rotated before each subkey is chosen, in all.
	desShifts = "\x01\x02\x04\x06\x08\x0a\x0c\x0e\x0f\x11\x13\x15\x17\x19\x1b\x1c"
)

// registers are the 56 bits of C and D: bit 0 is the first bit of C, bit 28 that of D.
type registers uint64

// rotate rotates both halves left by n bits, 0 to 28.
func (r registers) rotate(n int) registers {
	const half = 1<<desHalf - 1
	c, d := r&half, r>>desHalf
	c = (c>>n | c<<(desHalf-n)) & half
	d = (d>>n | d<<(desHalf-n)) & half
	return c | d<<desHalf
}

// regular reports whether a register holds only zeros or only ones, or both have a
// period of four bits: such weak keys have few different subkeys, as
// regular data has.
func (r registers) regular() bool {
	const half = 1<<desHalf - 1
	c, d := r&half, r>>desHalf
	return c == 0 || c == half || d == 0 || d == half || r == r.rotate(4)
}

// key returns the key of eight bytes with odd parity.
func (r registers) key() []byte {
	key := make([]byte, 8)
	for i := range desPC1 {
		if r>>i&1 != 0 {
			b := desPC1[i] - 1
			key[b>>3] |= 0x80 >> (b & 7)
		}
	}
	for i, b := range key {
		key[i] = b | byte(bits.OnesCount8(b)+1)&1
	}
	return key
}

// desTables turn the groups of a subkey into the bits of the registers that they show.
type desTables struct {
	bits  [2][8][64]registers // by bit order (1: first bit lowest), group and value
	shown registers           // the 48 bits that a subkey shows
}

func newDESTables() *desTables {
	t := new(desTables)
	for g := range 8 {
		for k := range 6 {
			bit := registers(1) << (desPC2[6*g+k] - 1)
			t.shown |= bit
			for v := range 64 {
				if v>>(5-k)&1 != 0 {
					t.bits[0][g][v] |= bit
				}
				if v>>k&1 != 0 {
					t.bits[1][g][v] |= bit
				}
			}
		}
	}
	return t
}

// desLayout is how a library stores a subkey in two words. The groups of six bits
// are those of the S-boxes 1 to 8.
type desLayout struct {
	big bool // words of a big-endian machine
	// rotated is OpenSSL's layout. The first word holds groups 1, 3, 5, 7 from
	// its lowest byte up, the second groups 2, 4, 6, 8 and is rotated left by four; each
	// group has its first bit lowest and is shifted left by two. All
	// others have group 1 in the highest byte, with its first bit highest and no shift.
	rotated bool
	// even says that groups 2, 4, 6, 8 come first: Mbed TLS, libgcrypt, and with
	// rotated nettle, which rotates the second word right.
	even bool
}

func desLayouts() []desLayout {
	return []desLayout{
		{rotated: true}, {rotated: true, big: true},
		{rotated: true, even: true}, {rotated: true, even: true, big: true},
		{}, {even: true}, {big: true}, {even: true, big: true},
	}
}

// clear returns the bits that are zero in every subkey as it lies in memory, whatever
// the byte order of its words.
func (l desLayout) clear() uint64 {
	if l.rotated {
		return 0x3030303003030303
	}
	return 0xC0C0C0C0C0C0C0C0
}

// decode returns what the subkey in p shows of the registers, as they are rotated in its round.
func (t *desTables) decode(l desLayout, p []byte) registers {
	a, b := get32(p, l.big), get32(p[4:], l.big)
	order := 0
	if l.rotated {
		order = 1
		undo := -4
		if l.even {
			undo = 4
		}
		a, b = bits.ReverseBytes32(a>>2), bits.ReverseBytes32(bits.RotateLeft32(b, undo)>>2)
	}
	if l.even {
		a, b = b, a
	}
	g := &t.bits[order]
	return g[0][a>>24&63] | g[2][a>>16&63] | g[4][a>>8&63] | g[6][a&63] |
		g[1][b>>24&63] | g[3][b>>16&63] | g[5][b>>8&63] | g[7][b&63]
}

// follows reports whether b can be the subkey after a when the registers are rotated by n between them.
func (t *desTables) follows(a, b registers, n int) bool {
	return (a.rotate(n)^b)&t.shown.rotate(n)&t.shown == 0
}
