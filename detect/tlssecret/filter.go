package tlssecret

import (
	"encoding/binary"
	"slices"
)

const (
	// bulk is how many lines of dense data must lie on both sides of a line to
	// make it one of compressed or encrypted data.
	bulk = 2 << 10 / line
	// sample says which part of bulk data is looked at: the first 256 bytes of every
	// 64 KiB of the address space.
	sampleOf, sample = 64 << 10, 256
	// edge is how many bytes from the ends of a run of words that are not hard are
	// the edge. Inside, something random stands before and behind a secret, as it does
	// where a runtime allocates objects of one size side by side: then it lies at a
	// multiple of their size, of which inner is a divisor. Malloc puts a
	// length before what it allocates, arrays of fixed size end in zeros.
	edge, inner, outer = 32, 16, 8
	// widest is how far from a position the end of such a run is looked for.
	widest = size384 + edge + word
)

// scan is one call of Filter.
type scan struct {
	d     *prover // nil where master secrets are looked for
	data  []byte
	base  int64
	words words
	bare  bool // words is not to be asked: there is one position only

	borders borders

	lines []lineClass // of the lines that begin in data
	first int         // index of the first of them
	at    int         // the line that thin speaks of
	thin  bool
}

// lineClass says whether a line is dense.
type lineClass uint8

const (
	unknown lineClass = iota
	sparse
	full
)

// newScan returns one of the data at base.
func newScan(data []byte, base int64) *scan {
	return &scan{data: data, base: base, at: -1, first: int(-base & (line - 1))}
}

// Filter names the positions at which a traffic secret lies. It proves them
// itself, because candidates are many and secrets few.
func (d *prover) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	f := newScan(data, base)
	f.d = d
	f.windows(lo, hi, func(i, before, from int) {
		if f.secret(i, before, from) {
			hit(i)
		}
	})
}

// windows calls visit for the positions in [lo, hi) at which a secret may stand, see [borders.places].
// before and from are how many bytes there are that belong to words that are not hard, before it and from
// there on, as far as matters.
func (f *scan) windows(lo, hi int, visit func(i, before, from int)) {
	f.borders.look(f.data, f.base, lo, hi)
	f.borders.places(lo, hi, func(i int) { visit(i, f.borders.before(i), f.borders.behind(i)) })
}

// border reports whether a word ends what could be random, see [borders].
func border(w uint32) bool { return hard(w) && w != filled }

// secret reports whether a secret begins at data[i], proven or in a row of slots.
// So many bytes before and from there on belong to words that are not hard.
func (f *scan) secret(i, before, from int) bool {
	short := f.placed(i, before, from-size256)
	long := from >= size384 && f.placed(i, before, from-size384)
	if !short && !long || !random(f.data[i:]) ||
		before != 0 && from != size256 && from != size384 && f.thinned(i) {
		return false
	}
	if short && (row(f.data, i, size256) || f.closes(i, size256)) {
		return true
	}
	return long && random(f.data[i+size384-piece:]) && (row(f.data, i, size384) || f.closes(i, size384))
}

// placed reports whether a program would keep a secret at data[i], with so many
// bytes that are not hard before and behind it.
func (f *scan) placed(i, before, behind int) bool {
	at := f.base + int64(i)
	return before == 0 || behind == 0 || at%inner == 0 || (before <= edge || behind <= edge) && at%outer == 0
}

// closes reports whether the window of n bytes at data[i] gives a key that is
// known or lies near it.
func (f *scan) closes(i, n int) bool {
	digest := f.d.memo.Digest(f.data[i : i+n])
	var words firstWords
	seen := f.d.memo.Get(digest, &words)
	if seen && !slices.ContainsFunc(words[:f.d.count(n)], func(w uint32) bool { return f.words.near(f, i, w) }) {
		return false
	}
	var keys [mostClosures][longKey]byte
	f.d.expand(f.data[i:i+n], &keys)
	k := 0
	for x := range f.d.closures {
		c := &f.d.closures[x]
		if c.size != n {
			continue
		}
		key := keys[k][:c.key]
		words[k] = binary.LittleEndian.Uint32(key)
		if f.words.near(f, i, words[k]) && beside(f.data, i, key) || f.d.known(key) {
			return true
		}
		k++
	}
	f.d.memo.Put(digest, words)
	return false
}

// count returns how many closures secrets of n bytes have.
func (d *prover) count(n int) (count int) {
	for i := range d.closures {
		if d.closures[i].size == n {
			count++
		}
	}
	return count
}

// thinned reports whether data[i] lies in the part of bulk data that is not looked
// at.
func (f *scan) thinned(i int) bool {
	if (f.base+int64(i))%sampleOf < sample || i < f.first {
		return false
	}
	// Lines are those of the address space, so that the verdict is the same
	// wherever the data was cut.
	l := (i - f.first) / line
	if l != f.at {
		f.at, f.thin = l, f.inBulk(l)
	}
	return f.thin
}

// inBulk reports whether line l and bulk lines on both sides are dense.
func (f *scan) inBulk(l int) bool {
	if f.lines == nil {
		f.lines = make([]lineClass, (len(f.data)-f.first)/line)
	}
	if l-bulk < 0 || l+bulk >= len(f.lines) {
		return false
	}
	for k := l + bulk; k >= l-bulk; k-- {
		if f.lines[k] == unknown {
			f.lines[k] = sparse
			if denseLine(f.data[f.first+k*line:]) {
				f.lines[k] = full
			}
		}
		if f.lines[k] == sparse {
			return false
		}
	}
	return true
}
