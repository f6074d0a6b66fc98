package ecpair

import (
	"encoding/binary"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// random reports whether w could be a part of a random number: no text, no pointer
// and no small number, and not more than one byte zero. Of random words one in
// 240 is not.
func random(w uint64) bool { return !ascii(w) && mixed(w) }

// ascii reports whether w has no byte from 0x80 on, as one random word in 256 has not.
func ascii(w uint64) bool { return w&0x8080808080808080 == 0 }

// mixed is random of words that may be text.
func mixed(w uint64) bool {
	const low, high = 0x0101010101010101, 0x8080808080808080
	if zeros := (w - low) &^ w & high; zeros&(zeros-1) != 0 {
		return false
	}
	top := w >> 48
	return top != 0 && top != 0xffff && w != bits.RotateLeft64(w, 8)
}

// The lengths of runs, in words.
const (
	keyWords = 4  // of the shortest scalar
	maxShort = 24 // a longer run is looked at only at its ends
)

// run is a row of random words: where it lies in the data, and whether a hard word,
// or the end of memory, is at either end.
type run struct {
	start, end  int
	left, right bool
}

// parts calls yield for the parts of [lo, hi) outside of which no candidate begins: of a candidate's words three at
// least are not ASCII.
func parts(data []byte, base int64, lo, hi int, yield func(lo, hi int)) {
	first := lo + int(-(base+int64(lo))&7)
	if hi = min(hi, len(data)); first >= hi {
		return
	}
	blocks := (hi - first) / kernel.WordBytes
	dense := make([]uint64, blocks, blocks+1)
	kernel.Random(dense, data[first:])
	dense = append(dense, ^uint64(0)) // who knows
	start := -1
	for i := range blocks {
		a, next := dense[i], dense[i+1]
		b, c, d := a>>1|next<<63, a>>2|next<<62, a>>3|next<<61
		busy := a&b&(c|d)|c&d&(a|b) != 0
		switch at := first + i*kernel.WordBytes; {
		case busy && start < 0:
			start = at
		case !busy && start >= 0:
			yield(start, at)
			start = -1
		}
	}
	if start < 0 {
		start = first + blocks*kernel.WordBytes
	}
	if start < hi {
		yield(start, hi)
	}
}

// runs calls yield for the runs that may hold a candidate in [lo, hi). Positions are
// such that base plus position is a multiple of eight. Runs are cut where that can
// make no difference to a candidate.
func runs(data []byte, base int64, lo, hi int, yield func(run)) {
	const far = 8 * (maxShort + keyWords + 1)
	i := max(lo-far, 0)
	i += int(-(base + int64(i)) & 7)
	end := min(hi+far, len(data))
	r := run{start: i, left: i < 8}
	for ; i+8 <= end; i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		if mixed(w) && !entropy.Hard(w) {
			continue
		}
		h := entropy.Hard(w)
		if i-r.start >= 8*keyWords {
			r.end, r.right = i, h
			yield(r)
		}
		r = run{start: i + 8, left: h}
	}
	if i-r.start >= 8*keyWords {
		r.end, r.right = i, i+8 > len(data)
		yield(r)
	}
}

// holds reports whether a candidate may begin at i, a multiple of a word into r.
func (r run) holds(i int) bool {
	before, after := (i-r.start)/8, (r.end-i)/8-keyWords
	if after < 0 {
		return false
	}
	if r.left && r.right && before+keyWords+after <= maxShort {
		return true
	}
	return r.left && atEnd(before) || r.right && atEnd(after)
}

// atEnd reports whether n words between a hard word and a candidate are one that
// keys are seen at: none, a hash, another key, or two.
func atEnd(n int) bool { return n == 0 || n == 1 || n == 4 || n == 8 }

// lively reports whether 32 bytes are as varied as random ones and have no patterns, nor the bytes of
// machine code or of text, which are random word by word, but for one word that may be ASCII.
// Of random ones, one in 430 is not or has a word that does not look random.
func lively(p []byte) bool {
	texts, tops := 0, 0
	for i := 0; i+8 <= len(p); i += 8 {
		n := bits.OnesCount64(binary.LittleEndian.Uint64(p[i:]) & 0x8080808080808080)
		if tops += n; n == 0 {
			texts++
		}
	}
	if texts > 1 || texts > 0 && entropy.Lettered(p) {
		return false
	}
	const fewestDistinct, fewestTops, mostTops = 25, 6, 26
	if tops < fewestTops || tops > mostTops || entropy.Patterned(p) || entropy.Distinct(p) < fewestDistinct {
		return false
	}
	return !entropy.Code(p) && !entropy.Text(p)
}
