package kernel

import (
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
)

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080

	ipads = 0x36 * ones
	opads = 0x5c * ones
)

func load64(p []byte, i int) uint64 { return binary.LittleEndian.Uint64(p[i:]) }
func load32(p []byte, i int) uint32 { return binary.LittleEndian.Uint32(p[i:]) }

func random(dst []uint64, p []byte) {
	for k := range dst {
		b := p[WordBytes*k:][:WordBytes]
		var m uint64
		for i := range 64 {
			m |= randomBit(load64(b, 8*i)) << i
		}
		dst[k] = m
	}
}

// randomBit has no branches, which random data would mispredict.
func randomBit(w uint64) uint64 {
	z := (w - ones) & ^w & highs // the zero bytes
	z &= z - 1                   // those but the first
	high, address, varied := w&highs, w>>48^0xffff, w^bits.RotateLeft64(w, 8)
	return ((high | -high) & (address | -address) & (varied | -varied) &^ (z | -z)) >> 63
}

// mostCommon is how many common bytes a word has at most that [Words] finds patternless.
const mostCommon = 4

func words(random, patternless []uint64, p []byte) {
	for k := range patternless {
		b := p[WordBytes*k:][:PatternBack+WordBytes]
		var r, m uint64
		for i := range 64 {
			at := PatternBack + 8*i
			w := load64(b, at)
			if randomBit(w) == 0 {
				continue
			}
			r |= 1 << i
			as := func(back int) uint64 { return zeroBytes(w ^ load64(b, at-back)) }
			if bits.OnesCount64(entropy.CommonBytes(w)|as(4)|as(8)|as(16)) <= mostCommon {
				m |= 1 << i
			}
		}
		random[k], patternless[k] = r, m
	}
}

// zeroBytes has the lowest bit of each byte of w that is zero.
func zeroBytes(w uint64) uint64 { return ^(w&^highs + (highs - ones) | w) >> 7 & ones }

func commons(dst []uint64, p []byte) {
	for k := range dst {
		dst[k] = 0
		for i := range 8 {
			dst[k] |= lowest(entropy.CommonBytes(load64(p, CommonBytes*k+8*i))) << (8 * i)
		}
	}
}

func tops(dst []uint64, p []byte) {
	for k := range dst {
		dst[k] = 0
		for i := range 8 {
			dst[k] |= lowest(load64(p, TopBytes*k+8*i)>>7&0x0101010101010101) << (8 * i)
		}
	}
}

// lowest returns the lowest bits of the bytes of w, in which no others are set, side by side.
func lowest(w uint64) uint64 { return w * 0x0102040810204080 >> 56 }

func pads(dst []uint64, p []byte) {
	for k := range dst {
		b := p[WordBytes*k:][:WordBytes+PadAhead]
		var m uint64
		for i := range 64 {
			w := load64(b, 8*i)
			x := w ^ ipads ^ opads
			if w == ipads || w == opads ||
				x == load64(b, 8*i+64) || x == load64(b, 8*i+80) || x == load64(b, 8*i+128) || x == load64(b, 8*i+144) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func schedules(dst []uint64, p []byte) {
	for k := range dst {
		b := p[WordBytes*k:][:ScheduleBack+WordBytes+ScheduleAhead]
		var m uint64
		for i := range 64 {
			// What a step reads: 112 bytes and the 7 of its drift.
			w := b[8*i:][:ScheduleBack+8+ScheduleAhead]
			if load64(w, ScheduleBack-4)|load64(w, ScheduleBack+4) == 0 {
				continue // both sums are zero
			}
			if begins(w) || drifts(w[Drift(int64(8*i)):]) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

// Drift returns how far behind the step at position pos of the stream, a
// multiple of eight, the drifting position of [Schedules] lies: 0 to 7. Each residue
// modulo 8 comes up again within nine steps, each residue modulo 16 within sixteen.
func Drift(pos int64) int { return int(uint64(pos)>>3^uint64(pos)>>6&1) & 7 }

// begins looks at the first place of the step at w[ScheduleBack].
func begins(w []byte) bool {
	const q = ScheduleBack
	x := load64(w, q-4) ^ load64(w, q)
	lower, upper := uint32(x), uint32(x>>32)
	return lower != 0 && (lower == load32(w, q-16) || lower == load32(w, q-24) || lower == load32(w, q-32) ||
		lower == load32(w, q+8) || lower == load32(w, q+16) || lower == load32(w, q+32)) ||
		upper != 0 && upper == load32(w, q+12)
}

// drifts looks at a drifting place, at w[ScheduleBack].
func drifts(w []byte) bool {
	const q = ScheduleBack
	y := load32(w, q-4) ^ load32(w, q)
	return y != 0 && (y == load32(w, q-36) || y == load32(w, q-28) || y == load32(w, q-20) || y == load32(w, q-12) ||
		y == load32(w, q+4) || y == load32(w, q+12) || y == load32(w, q+20) || y == load32(w, q+28))
}

func tags(dst []uint64, p []byte) {
	for k := range dst {
		b := p[TagBytes*k:][:TagBytes+TagAhead]
		var m uint64
		for i := 0; i < TagBytes; i += 8 {
			v := load64(b, i)
			if v&highs == 0 {
				continue
			}
			// A zero byte in x or y is a tag. The borrow of the subtraction can mark
			// the bytes above one wrongly, which costs a second look.
			x, y := v&(0xf4*ones)^0x94*ones, v&(0xfd*ones)^0xc5*ones
			for marks := ((x-ones)&^x | (y-ones)&^y) & highs; marks != 0; marks &= marks - 1 {
				at := i + bits.TrailingZeros64(marks)/8
				if tag(b[at:][:TagAhead]) {
					m |= 1 << at
				}
			}
		}
		dst[k] = m
	}
}

func tag(b []byte) bool {
	version := func(i int) bool { return b[i]-2 <= 4 }
	switch {
	case b[0]&0xfd == 0xc5:
		return version(2) || version(3) || version(6)
	case b[0]&0xf4 != 0x94:
		return false
	}
	return version(int("\x02\x03\x05\x01"[b[0]&3]))
}

func repeats(dst []uint64, p []byte) {
	for k := range dst {
		b := p[RepeatBytes*k:][:RepeatBytes+RepeatAhead]
		var m uint64
		for i := range 64 {
			w := b[4*i:][:84+8]
			x := load64(w, 0)
			if x&highs != 0 && (x == load64(w, 44) || x == load64(w, 52) || x == load64(w, 76) || x == load64(w, 84)) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func counts(dst []uint64, p []byte) {
	for k := range dst {
		b := p[CountBytes*k:][:CountBytes+CountAhead]
		var m uint64
		for i, c := range b[:CountBytes] {
			// The fifth byte behind is zero seldom enough, but in runs of zeros.
			if c == 0 || b[i+5] != 0 || c&(c-1) != 0 {
				continue
			}
			if load32(b, i+1)|load32(b, i+3) == 0 && (c != 1 || b[i+8]|b[i+9] == 0) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func sixes(dst []uint64, p []byte) {
	for k := range dst {
		b := p[StepBytes*k:][:StepBytes]
		var m uint64
		for i := range 64 {
			if sixBits(load64(b, 32*i) | load64(b, 32*i+8)) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func sixBits(x uint64) bool {
	s := x | x>>1 // the lowest bit of each half of a byte: one of its lowest two is set
	return (x&(0xc0*ones) == 0 || s&(s>>4)&ones == 0) && bits.OnesCount64(zeroBytes(x)) <= 2
}

func zeros(p []byte) int {
	i := 0
	for i+8 <= len(p) && load64(p, i) == 0 {
		i += 8
	}
	for i < len(p) && p[i] == 0 {
		i++
	}
	return i
}

func equal(dst []uint64, p []byte, values []uint64) {
	for k := range dst {
		b := p[WordBytes*k:][:WordBytes]
		var m uint64
		for i := range 64 {
			if slices.Contains(values, load64(b, 8*i)) {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}

func hard(dst []uint64, p []byte, except uint32) {
	for k := range dst {
		b := p[HalfBytes*k:][:HalfBytes]
		var m uint64
		for i := range 64 {
			w := load32(b, 4*i)
			if (w>>16 == 0 || w<<16 == 0 || w>>16 == 0xffff || w == bits.RotateLeft32(w, 8)) && w != except {
				m |= 1 << i
			}
		}
		dst[k] = m
	}
}
