package kernel

const (
	// WordBytes is how many bytes one word of dst stands for where a bit stands
	// for eight bytes.
	WordBytes = 512
	// TagBytes and CountBytes are the same where a bit stands for one byte, PieceBytes
	// where it stands for two, RepeatBytes where for four, StepBytes where for 32.
	TagBytes, CountBytes, PieceBytes, RepeatBytes, StepBytes = 64, 64, 128, 256, 2048

	// TextBytes is how many bytes a word of dst stands for in what looks at text, LineLen how
	// many digits [Lines] and [WideLines] look for, and LineAhead how many bytes they read
	// behind those that they judge.
	TextBytes, LineLen, LineAhead = 64, 20, 65

	// PatternBack is how many bytes [Patternless] reads before the first word.
	PatternBack = 16
	// ScheduleBack and ScheduleAhead are how many bytes [Schedules] reads before
	// the first step and from the last one's end on.
	ScheduleBack, ScheduleAhead = 48, 64
	// PadAhead and the others are how many bytes [Pads] and the others read behind the
	// bytes that they judge.
	PadAhead, TagAhead, CountAhead, PieceAhead, RepeatAhead = 144, 8, 10, 8, 88
	// Cycle is how many bytes of a stream the positions of [Schedules] repeat after.
	Cycle = 128
)

// Random marks the little-endian words of eight bytes that could be a piece of a
// random number: at most one byte is zero, some byte is 0x80 or more, the top two are
// not both 0xff, as in an address of a kernel, and not all are equal. Of random
// words one in 240 is not marked. p holds WordBytes for each word of dst.
//
// A byte of one behind a zero byte, or behind another such, counts as zero too, if
// the bytes below it do: the borrow of a subtraction goes through it.
func Random(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:WordBytes*len(dst)]
	if !randomSIMD(dst, p) {
		random(dst, p)
	}
}

// Patternless marks the words that [Random] marks and of which at most four bytes are common: of
// those that code prefers, as [entropy.Common] counts them, or equal to the byte 4, 8 or 16 before
// it, as in neighbouring pointers. Of random words one in 110 is not marked. The first word begins at
// p[PatternBack]; p holds WordBytes for each word of dst as well.
func Patternless(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:PatternBack+WordBytes*len(dst)]
	if !patternlessSIMD(dst, p) {
		patternless(dst, p)
	}
}

// Pads marks the words of eight bytes that are nothing but HMAC's inner or outer
// mask, 0x36 or 0x5c (FIPS 198-1, section 3), and those that differ by both masks from the
// word 64, 80, 128 or 144 bytes behind them. p holds WordBytes for each word of dst,
// and PadAhead.
func Pads(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:WordBytes*len(dst)+PadAhead]
	if !padsSIMD(dst, p) {
		pads(dst, p)
	}
}

// Schedules marks the steps of eight bytes, of which the first begins at
// p[ScheduleBack], that may lie in an AES key schedule (FIPS 197, section 5.2): the sum
// of two neighbouring columns of four bytes is not zero and equals the column at a
// distance that a schedule of some order has. Two places of each step are looked
// at: its beginning, and one that drifts, 0 to 7 bytes behind it, with the step's
// number: 0, 1 … 7, then 1, 0, 3, 2, 5, 4, 7, 6, and again from the start after Cycle bytes.
// p holds WordBytes for each word of dst, ScheduleBack and ScheduleAhead.
func Schedules(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:ScheduleBack+WordBytes*len(dst)+ScheduleAhead]
	if !schedulesSIMD(dst, p) {
		schedules(dst, p)
	}
}

// Tags marks the bytes that may be the tag of an OpenPGP secret key's packet (RFC 9580, section
// 4.2): 0x94 to 0x97, 0x9c to 0x9f, 0xc5 and 0xc7, where a version, 2 to 6,
// stands behind a header of one of the lengths that the tag allows. p holds
// TagBytes for each word of dst, and TagAhead.
func Tags(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:TagBytes*len(dst)+TagAhead]
	if !tagsSIMD(dst, p) {
		tags(dst, p)
	}
}

// Repeats marks the places, one at every fourth byte, where eight bytes stand, not
// ASCII all, that stand again 44, 52, 76 or 84 bytes behind them, as subkeys of Camellia
// do. p holds RepeatBytes for each word of dst, and RepeatAhead.
func Repeats(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:RepeatBytes*len(dst)+RepeatAhead]
	if !repeatsSIMD(dst, p) {
		repeats(dst, p)
	}
}

// Counts marks the bytes of which one bit is set and behind which six zeros stand: behind a one, the
// eighth and the ninth byte are zero too. p holds CountBytes for each word of dst, and CountAhead.
func Counts(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:CountBytes*len(dst)+CountAhead]
	if !countsSIMD(dst, p) {
		counts(dst, p)
	}
}

// Sixes marks the steps of 32 bytes of which the first sixteen may be subkeys of DES, with six bits in
// each byte: in every eighth of them, taken together, two of the bits of a byte are missing, the highest ones in all
// bytes, or the lowest ones, or those of 0x30; and at most two of the eight have no bit at all.
// p holds StepBytes for each word of dst.
func Sixes(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:StepBytes*len(dst)]
	if !sixesSIMD(dst, p) {
		sixes(dst, p)
	}
}

// Lines marks the bytes at which LineLen digits of base64 begin, of either alphabet of RFC
// 4648. p holds TextBytes for each word of dst, and LineAhead.
func Lines(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:TextBytes*len(dst)+LineAhead]
	if !linesSIMD(dst, p) {
		lines(dst, p, 1)
	}
}

// WideLines is [Lines] for digits of which each has a zero byte behind it.
func WideLines(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:TextBytes*len(dst)+LineAhead]
	if !wideLinesSIMD(dst, p) {
		lines(dst, p, 2)
	}
}

// Escapes marks percent signs and backslashes. p holds TextBytes for each word of dst.
func Escapes(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:TextBytes*len(dst)]
	if !escapesSIMD(dst, p) {
		escapes(dst, p)
	}
}

// Filter is a set of hashes of pieces, one bit for each.
type Filter struct {
	bits   [1 << HashBits / 64]uint64
	factor uint32
}

const (
	// HashBits is how many bits [Filter.Hash] has: a filter takes 512 KiB, which lie in a
	// second-level cache, and of which common memory needs a fraction. With a quarter
	// of it, four times as many random pieces pass.
	HashBits = 22
	caseBits = 0x20202020
)

// NewFilter returns the empty set under a hash function, which the odd number factor chooses.
func NewFilter(factor uint32) *Filter { return &Filter{factor: factor} }

// Hash hashes a piece, four bytes in little-endian order, as if in lower case.
func (f *Filter) Hash(piece uint32) uint32 {
	return ((piece | caseBits) * f.factor) >> (32 - HashBits)
}

// Add adds a hash to f.
func (f *Filter) Add(hash uint32) { f.bits[hash>>6] |= 1 << (hash & 63) }

// Has reports whether a hash is in f.
func (f *Filter) Has(hash uint32) bool { return f.bits[hash>>6]>>(hash&63)&1 != 0 }

// Words returns the bits of f, that of hash h in bit h&63 of word h>>6.
func (f *Filter) Words() []uint64 { return f.bits[:] }

// Pieces marks the pieces of four bytes, one at every second byte, of which f has the
// hash; four zeros are never marked. p holds PieceBytes for each word of dst, and
// PieceAhead.
func Pieces(dst []uint64, p []byte, f *Filter) {
	if len(dst) == 0 {
		return
	}
	p = p[:PieceBytes*len(dst)+PieceAhead]
	if !piecesSIMD(dst, p, f) {
		pieces(dst, p, f)
	}
}

// Zeros returns the number of zero bytes that p begins with.
func Zeros(p []byte) int {
	n := zerosSIMD(p)
	return n + zeros(p[n:])
}

// Equal marks the little-endian words of eight bytes that are one of values. p holds WordBytes for
// each word of dst.
func Equal(dst []uint64, p []byte, values []uint64) {
	if len(dst) == 0 || len(values) == 0 {
		clear(dst)
		return
	}
	p = p[:WordBytes*len(dst)]
	if !equalSIMD(dst, p, values) {
		equal(dst, p, values)
	}
}
