package tlssecret

import "encoding/binary"

const (
	// pageShift makes pages of 4 KiB, so that a key near a window begins in the
	// window's page or in one beside it.
	pageShift = 12
	// sieveBits makes one in 64 words that are not in a page of 1024 words pass.
	sieveBits = 16
	// sieves is how many pages are remembered: three, rounded up.
	sieves = 4
)

// words remembers the aligned words of a few pages, so that a key's first word
// tells in a few instructions that no raw key is near.
type words [sieves]*sieve

type sieve struct {
	page int64
	bits [1 << sieveBits / 64]uint64
}

func hashWord(w uint32) uint32 { return w * 0x9E3779B1 >> (32 - sieveBits) }

// near reports whether w may be an aligned word at most near bytes from data[i].
func (t *words) near(f *scan, i int, w uint32) bool {
	h := hashWord(w)
	page := (f.base + int64(i)) >> pageShift
	for p := page - 1; p <= page+1; p++ {
		s := t[p&(sieves-1)]
		if s == nil {
			s = &sieve{page: -1 << 62}
			t[p&(sieves-1)] = s
		}
		if s.page != p {
			s.fill(f, p)
		}
		if s.bits[h>>6]>>(h&63)&1 != 0 {
			return true
		}
	}
	return false
}

// fill enters the words of a page, as far as they are in the data.
func (s *sieve) fill(f *scan, page int64) {
	s.page = page
	clear(s.bits[:])
	start := max(page<<pageShift, f.base+(-f.base&(word-1)))
	end := min((page+1)<<pageShift, f.base+int64(len(f.data))-word+1)
	if start >= end {
		return
	}
	for i := int(start - f.base); i < int(end-f.base); i += word {
		h := hashWord(binary.LittleEndian.Uint32(f.data[i:]))
		s.bits[h>>6] |= 1 << (h & 63)
	}
}
