//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

// Never written again. hasBits is about instructions on bits that every processor with AVX2 has.
var (
	hasAVX2 = cpu.X86.HasAVX2
	hasBits = hasAVX2 && cpu.X86.HasBMI1 && cpu.X86.HasBMI2
)

func randomSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		randomAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func wordsSIMD(random, patternless []uint64, p []byte) bool {
	if hasAVX2 {
		wordsAVX2(&patternless[0], &p[0], len(patternless), &random[0])
	}
	return hasAVX2
}

func commonsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		commonsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func topsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		topsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func padsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		padsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func schedulesSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		schedulesAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func tagsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		tagsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func repeatsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		repeatsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func countsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		countsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func classesSIMD(room []uint64, n int, p []byte) bool {
	if hasAVX2 {
		classesAVX2(&room[0], &p[0], len(p)/ClassBytes, 8*n)
	}
	return hasAVX2
}

func quadsSIMD(dst []uint64, p []byte, q *Quads) bool {
	if hasAVX2 {
		quadsAVX2(&dst[0], &p[0], len(dst), &q.halves[0].low[0][0], len(q.halves))
	}
	return hasAVX2
}

func gramsSIMD(dst []uint64, p []byte, g *Grams) bool {
	if !hasBits {
		return false
	}
	n := len(dst) / gramWords
	if n > 0 {
		gramsAVX2(&dst[0], &p[0], n, &g.bits[0], g.factor, g.mask, g.fold)
	}
	if rest := dst[n*gramWords:]; len(rest) > 0 {
		// Of words that are zero nothing is read.
		var all [gramWords]uint64
		copy(all[:], rest)
		gramsAVX2(&all[0], &p[n*gramWords*ClassBytes], 1, &g.bits[0], g.factor, g.mask, g.fold)
		copy(rest, all[:])
	}
	return true
}

// gramWords is how many words of a bitmap gramsAVX2 takes at a time.
const gramWords = 8

// zerosSIMD returns a number of zero bytes that p begins with, a multiple of 128.
func zerosSIMD(p []byte) int {
	if !hasAVX2 || len(p) < 128 {
		return 0
	}
	return 128 * zerosAVX2(&p[0], len(p)/128)
}

func equalSIMD(dst []uint64, p []byte, values []uint64) bool {
	if hasAVX2 {
		equalAVX2(&dst[0], &p[0], len(dst), &values[0], len(values))
	}
	return hasAVX2
}

func sixesSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		sixesAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func octetsSIMD(dst, p []byte) bool {
	if hasAVX2 {
		octetsAVX2(&dst[0], &p[0], len(dst)/32)
	}
	return hasAVX2
}

func alikeSIMD(dst []uint64, p []byte, distance int) bool {
	if hasAVX2 {
		alikeAVX2(&dst[0], &p[0], len(dst), distance)
	}
	return hasAVX2
}

func foldsSIMD(dst []uint64, sums []byte) bool {
	if hasAVX2 {
		foldsAVX2(&dst[0], &sums[0], len(dst))
	}
	return hasAVX2
}

func columnsSIMD(p []byte, n int, enc, dec uint64) (uint64, bool) {
	if hasAVX2 {
		return columnsAVX2(&p[0], n, enc, dec), true
	}
	return 0, false
}

func digitsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		digitsAVX2(&dst[0], &p[0], len(dst)/DigitMaps)
	}
	return hasAVX2
}

func hardSIMD(dst []uint64, p []byte, except uint32) bool {
	if hasAVX2 {
		hardAVX2(&dst[0], &p[0], len(dst), except)
	}
	return hasAVX2
}
