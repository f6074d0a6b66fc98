package sweep

import (
	"encoding/binary"
)

// wordLen is the length of what is looked up, in bytes.
const wordLen = 8

// words calls enter with the offsets of a form's words that are indexed.
//
// The search looks at every second byte of the data, whose parity says nothing
// of the parity within the form. So each parity has its own words, such that every
// shortest run holds one of them, eight bytes apart for a run of sixteen. Where it
// can, the words of odd parity lie in the middle between the others: the text of
// 12 bytes, 24 hexadecimal digits, then holds one too.
func (s *Set) words(f *form, enter func(off int)) {
	p := s.mem.mem[f.start:f.end]
	sh := &s.shapes[f.kind]
	last := len(p) - wordLen
	if last < 0 {
		return
	}
	switch f.kind {
	case tokenText:
		tokenWords(p, enter)
		return
	case tokenHuffman:
		// It is a hit as a whole only, so one word for each parity is enough.
		for off := range min(2, last+1) {
			if varied(p[off:]) >= minSparse {
				enter(off)
			}
		}
		return
	}
	if sh.minRun == MinRun && sh.radix.Bits == 0 {
		for off := 0; off <= last; off += 8 {
			if varied(p[off:]) >= minVaried {
				enter(off)
			}
			if off+5 <= last && varied(p[off+5:]) >= minVaried {
				enter(off + 5)
			}
		}
		return
	}
	// The words of one parity may begin this far apart, and the first no later.
	reach := min(sh.minRun, len(p)) - wordLen + 1
	for parity := range 2 {
		for prev := parity - 2; ; {
			best, most := -1, minSparse-1
			limit := min(last, prev+reach&^1)
			if prev < 0 {
				limit = min(last, reach-1)
			}
			for off := prev + 2; off <= limit; off += 2 {
				if n := varied(p[off:]); n >= most && n >= minSparse {
					best, most = off, n
				}
			}
			if best < 0 {
				best = limit - (limit-parity)&1 // no word here tells anything
				if best <= prev {
					break
				}
			} else {
				enter(best)
			}
			prev = best
		}
	}
}

// tokenWords is words for tokens: two of every four, so that each run of minToken
// characters holds one of either parity. Where nothing is rare there is none.
func tokenWords(p []byte, enter func(off int)) {
	until := 0 // the end of the rare pieces that begin up to off
	for off := 0; off+wordLen <= len(p); off++ {
		if off+minToken <= len(p) && rareAt(p, off) {
			until = off + minToken
		}
		if off&2 == 0 && off+wordLen <= until && varied(p[off:]) >= minSparse {
			enter(off)
		}
	}
}

const (
	// minVaried is how many different bytes, zeros not counted, a word of random
	// bytes must have; of those, one in half a million has fewer.
	minVaried = 5
	// minSparse is the same for words that are half zeros, or text.
	minSparse = 3
)

// varied returns how many different bytes other than zero the first word of p has.
func varied(p []byte) int { return variedWord(binary.LittleEndian.Uint64(p)) }

func variedWord(v uint64) int {
	var seen [wordLen]byte
	n := 0
next:
	for range wordLen {
		b := byte(v)
		v >>= 8
		if b == 0 {
			continue
		}
		for _, s := range seen[:n] {
			if s == b {
				continue next
			}
		}
		seen[n] = b
		n++
	}
	return n
}
