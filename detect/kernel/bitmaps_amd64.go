//go:build amd64 && !noasm

package kernel

// runsSIMD returns how many words of dst it has filled, and what is in any of them.
func runsSIMD(dst, chars, zeros []uint64, run Run) (int, uint64) {
	n := len(dst) / 4
	if !hasAVX2 || n == 0 {
		return 0, 0
	}
	var any uint64
	switch run {
	case Three:
		any = threeAVX2(&dst[0], &chars[0], n)
	case Twenty:
		any = twentyAVX2(&dst[0], &chars[0], n)
	case WideThree:
		any = wideThreeAVX2(&dst[0], &chars[0], &zeros[0], n)
	case WideTwenty:
		any = wideTwentyAVX2(&dst[0], &chars[0], &zeros[0], n)
	}
	return 4 * n, any
}

// rowsSIMD returns how many words it has filled. Before letters lies another word of them.
func rowsSIMD(words, others, letters []uint64) int {
	n := len(words) / 4
	if !hasAVX2 || n == 0 {
		return 0
	}
	rowsAVX2(&words[0], &others[0], &letters[0], n)
	return 4 * n
}

func calmSIMD(dst, words, others []uint64) bool {
	if hasAVX2 {
		calmAVX2(&dst[0], &words[0], &others[0], len(dst))
	}
	return hasAVX2
}

func suspectsSIMD(dst []uint64, p []byte) bool {
	if hasAVX2 {
		suspectsAVX2(&dst[0], &p[0], len(dst))
	}
	return hasAVX2
}
