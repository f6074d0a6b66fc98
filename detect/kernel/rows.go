package kernel

// The lengths that [Rows] asks for, in letters.
const minRowWord, maxRowWord = 3, 8

// Rows marks in words where minRowWord to maxRowWord letters in a row begin, and in others where other runs
// of letters do. before is what lies before the first word of letters, which have a word more than the others; what
// lies behind that is no letter.
func Rows(words, others, letters []uint64, before uint64) {
	n := len(words)
	others, letters = others[:n], letters[:n+1]
	if n == 0 {
		return
	}
	rows(words[:1], others, letters, before)
	done := 1
	if n > 1 {
		done += rowsSIMD(words[1:], others[1:], letters[1:])
	}
	rows(words[done:], others[done:], letters[done:], letters[done-1])
}

func rows(words, others, letters []uint64, before uint64) {
	for k := range words {
		w, next := letters[k], letters[k+1]
		three := w & (w>>1 | next<<63) & (w>>2 | next<<62)
		behind := next & (next >> 1) & (next >> 2)
		nine := three & (three>>3 | behind<<61) & (three>>6 | behind<<58)
		starts := w &^ (w<<1 | before>>63)
		words[k] = starts & three &^ nine
		others[k] = starts &^ words[k]
		before = w
	}
}

// Calm marks, a bit for each byte of words, at which bytes of others four begin that are zero, while of those of
// words two are not; or eight begin, while of the first four of words one is not. Of a bitmap of memory a
// byte is eight bytes. Both have eight words for each of dst and one more.
func Calm(dst, words, others []uint64) {
	n := 8*len(dst) + 1
	words, others = words[:n], others[:n]
	if len(dst) > 0 && !calmSIMD(dst, words, others) {
		calm(dst, words, others)
	}
}

func calm(dst, words, others []uint64) {
	for k := range dst {
		dst[k] = 0
		for i := range 8 {
			w, o := words[8*k+i], others[8*k+i]
			w2, o2 := words[8*k+i+1], others[8*k+i+1]
			for b := range uint(8) {
				// Shifts by the width of a word or more give zero.
				bytesW := uint32(w>>(8*b) | w2<<(64-8*b))
				bytesO := o>>(8*b) | o2<<(64-8*b)
				if uint32(bytesO) != 0 {
					continue
				}
				some := 0
				for ; bytesW != 0; bytesW >>= 8 {
					if bytesW&0xff != 0 {
						some++
					}
				}
				if some >= 2 || some == 1 && bytesO == 0 {
					dst[k] |= 1 << (uint(8*i) + b)
				}
			}
		}
	}
}
