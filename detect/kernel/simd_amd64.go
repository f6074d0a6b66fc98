//go:build amd64 && !noasm

package kernel

import "golang.org/x/sys/cpu"

var hasAVX2 = cpu.X86.HasAVX2 // never written again

func randomSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		randomAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func patternlessSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		patternlessAVX2(&dst[0], &p[0], len(dst))
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

func piecesSIMD(dst []uint64, p []byte, f *Filter) bool {
	if hasAVX2 {
		piecesAVX2(&dst[0], &p[0], len(dst), &f.bits[0], f.factor)
	}
	return hasAVX2
}

func linesSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		linesAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func wideLinesSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		wideLinesAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

func escapesSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		escapesAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}

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
