package mnemonic

import (
	"math/bits"
	"sync"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

const (
	// inRow is how many words of a phrase are glued to nothing, at least.
	inRow = minWords - 2
	// apart is how many characters apart two words of a phrase begin at most, and how far it goes on beyond
	// those of its words that are glued to nothing.
	apart = maxWord + maxSeparator
	// octets is how many bytes of memory a bit of [kernel.Calm] stands for.
	octets = 8
)

// rows finds in the map of a block where inRow words or more in a row have the lengths of words of the list,
// and no other runs of letters are among them. What lies beyond the map may be such words. A row may hold more
// separators than a phrase does: in each word of the map that lies in it, one of its words must begin.
type rows struct {
	lo, hi int           // the block
	found  []probe.Range // what may hold a phrase, and what is around it
	m      textmap.Map
	n      int // of words of the map

	words, others [roomWords + 1]uint64
	calm          [roomWords / 8]uint64
}

// rooms lends rows, which hold no more of memory than where letters are.
var rooms = sync.Pool{New: func() any { return new(rows) }}

// takeRows returns rows for the block [lo, hi) of m, to be put back.
func takeRows(m textmap.Map, lo, hi int) *rows {
	r := rooms.Get().(*rows)
	r.lo, r.hi, r.found, r.m, r.n = lo, hi, r.found[:0], m, len(m.Letters)-1
	return r
}

// roomWords is the number of words of a map, rounded up to what [kernel.Calm] takes.
const roomWords = (textmap.Size + 7) &^ 7

// narrow appends the rows of characters of one byte. A row that has inRow words is, for 32 bytes that begin at an
// octet, without others: where its words lie so close that two begin in them, or where the same holds for 64.
func (r *rows) narrow() {
	kernel.Rows(r.words[:r.n], r.others[:r.n], r.m.Letters, ^uint64(0))
	full := (r.n + 7) &^ 7
	clear(r.words[r.n : full+1])
	clear(r.others[r.n : full+1])
	kernel.Calm(r.calm[:full/8], r.words[:full+1], r.others[:full+1])
	past := 0 // what is judged, in bytes of the map
	for k, w := range r.calm[:full/8] {
		for ; w != 0; w &= w - 1 {
			if i := (k*64 + bits.TrailingZeros64(w)) * octets; i >= past {
				past = r.row(i)
			}
		}
	}
}

// row judges the row around the i-th byte of the map, which begins an octet without others, and returns where
// it ends.
func (r *rows) row(i int) int {
	k, bit := i/kernel.ClassBytes, i%kernel.ClassBytes
	first, words := k, bits.OnesCount64(r.words[k])
	if low := r.others[k] & (1<<bit - 1); low != 0 {
		words = bits.OnesCount64(r.words[k] >> bits.Len64(low))
	} else {
		for first > 0 {
			first--
			n := bits.OnesCount64(r.words[first] >> bits.Len64(r.others[first])) // behind the last other
			words += n
			if n == 0 || r.others[first] != 0 {
				break
			}
		}
	}
	last, end := k, 0
	if high := r.others[k] >> bit << bit; high != 0 {
		words -= bits.OnesCount64(r.words[k] &^ (high&-high - 1))
		end = k*kernel.ClassBytes + bits.TrailingZeros64(high)
	} else {
		for last < r.n-1 && end == 0 {
			last++
			o := r.others[last]
			n := bits.OnesCount64(r.words[last] & (o&-o - 1)) // before the first other
			words += n
			if n == 0 || o != 0 {
				end = last*kernel.ClassBytes + bits.TrailingZeros64(o)
			}
		}
		if end == 0 {
			end = r.n * kernel.ClassBytes
		}
	}
	// What touches the ends of the map may go on, or be other than it seems.
	if words >= inRow || first == 0 || last >= r.n-2 {
		r.take(r.m.First+first*kernel.ClassBytes, r.m.First+end, apart)
	}
	return end
}

// wide appends those of characters of two bytes.
func (r *rows) wide() {
	from, words, before := r.m.First, inRow, uint64(0)
	for k := range r.n {
		i := r.m.First + k*kernel.ClassBytes
		w, next := r.m.Letters[k]&(r.m.Zeros[k]>>1|r.m.Zeros[k+1]<<63), r.m.Letters[k+1]&(r.m.Zeros[k+1]>>1)
		three := w & (w>>2 | next<<62) & (w>>4 | next<<60)
		if three == 0 && k > 0 && k < r.n-2 {
			if words >= inRow {
				r.take(from, i, 2*apart)
			}
			from, words, before = i, 0, w
			continue
		}
		behind := next & (next >> 2) & (next >> 4)
		nine := three & (three>>6 | behind<<58) & (three>>12 | behind<<52)
		starts := w &^ (w<<2 | before>>62)
		before = w
		good := starts & three &^ nine
		if others := starts &^ good; others != 0 && k > 0 && k < r.n-2 {
			words += bits.OnesCount64(good & (others&-others - 1))
			if words >= inRow {
				r.take(from, i+kernel.ClassBytes, 2*apart)
			}
			from, words = i, bits.OnesCount64(good>>bits.Len64(others))
			continue
		}
		words += bits.OnesCount64(good)
	}
	r.take(from, r.m.First+r.n*kernel.ClassBytes, 2*apart)
}

// take appends the row in data[from:to) and what may belong to a phrase around it.
func (r *rows) take(from, to, around int) {
	if start, end := max(from-around, r.lo), min(to+around, r.hi); start < end {
		r.found = append(r.found, probe.Range{Start: start, End: end})
	}
}
