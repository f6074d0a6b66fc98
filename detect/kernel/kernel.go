package kernel

const (
	// WordBytes is how many bytes one word of dst stands for where a bit stands
	// for eight bytes.
	WordBytes = 512
	// TagBytes and CountBytes are the same where a bit stands for one byte, RepeatBytes
	// where for four, StepBytes where for 32.
	TagBytes, CountBytes, CommonBytes, TopBytes, RepeatBytes, StepBytes = 64, 64, 64, 64, 256, 2048
	// HalfBytes is the same where a bit stands for four bytes.
	HalfBytes = 256

	// PatternBack is how many bytes [Words] reads before the first word.
	PatternBack = 16
	// ScheduleBack and ScheduleAhead are how many bytes [Schedules] reads before
	// the first step and from the last one's end on.
	ScheduleBack, ScheduleAhead = 48, 64
	// PadAhead and the others are how many bytes [Pads] and the others read behind the
	// bytes that they judge.
	PadAhead, TagAhead, CountAhead, RepeatAhead = 144, 8, 10, 88
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

// Words marks in random the words that [Random] marks, and in patternless those of them of which at most four
// bytes are common: of those that code prefers, as [entropy.Common] counts them, or equal to the byte 4, 8 or 16
// before it, as in neighbouring pointers. Of random words one in 110 is not marked there. The first word begins at
// p[PatternBack]; random has the length of patternless, and p holds WordBytes for each word of it as well.
func Words(random, patternless []uint64, p []byte) {
	if len(patternless) == 0 {
		return
	}
	random, p = random[:len(patternless)], p[:PatternBack+WordBytes*len(patternless)]
	if !wordsSIMD(random, patternless, p) {
		words(random, patternless, p)
	}
}

// Patternless is [Words] where nobody asks for random.
func Patternless(dst []uint64, p []byte) {
	var random [32]uint64
	for len(dst) > 0 {
		n := min(len(random), len(dst))
		Words(random[:n], dst[:n], p)
		dst, p = dst[n:], p[WordBytes*n:]
	}
}

// Commons marks the bytes that code prefers, as [entropy.Common] counts them. p holds CommonBytes for each word of dst.
func Commons(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:CommonBytes*len(dst)]
	if !commonsSIMD(dst, p) {
		commons(dst, p)
	}
}

// Tops marks the bytes of which the highest bit is set. p holds TopBytes for each word of dst.
func Tops(dst []uint64, p []byte) {
	if len(dst) == 0 {
		return
	}
	p = p[:TopBytes*len(dst)]
	if !topsSIMD(dst, p) {
		tops(dst, p)
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

// Hard marks the words of four bytes that are hardly a piece of a random number: of which a half is zero, as in
// small numbers of either byte order, or the upper one all ones, or of which all bytes are equal; but for the word
// except. Of random words one in 21,000 is marked. p holds HalfBytes for each word of dst.
func Hard(dst []uint64, p []byte, except uint32) {
	if len(dst) == 0 {
		return
	}
	p = p[:HalfBytes*len(dst)]
	if !hardSIMD(dst, p, except) {
		hard(dst, p, except)
	}
}
