package search

import (
	"encoding/binary"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
	"github.com/dumpscrub/dumpscrub/detect/textmap"
)

// literals finds many literals at once. Those with three characters of text in a row are
// looked for where such stand, by the rarest three; the others everywhere, by the
// rarest four bytes. Kernels say in a few instructions that none can be here, and only
// the rare rest is compared. Pieces are looked up in lower case, so that literals of either kind, exact
// and folded, share one table.
type literals struct {
	all     []literal
	known   map[key]int // index in all
	longest int
	zeros   bool // a literal consists of zeros

	others []entry // those that are no text, until build

	texts index // by three characters of text, with wideGram for those of UTF-16LE
	grams *kernel.Grams
	bytes index         // by four bytes
	short index         // by three: of literals that have no more
	quads *kernel.Quads // for both
	heads *kernel.Grams // what leads to bytes and short
}

// literal is a text that one or more detectors look for.
type literal struct {
	key
	dets []int
}

type key struct {
	text string
	wide bool
	fold bool // text is lower case and stands for either case
}

const (
	minLiteral = 3
	gramLen    = 3
	caseBits   = 0x20202020
	gramMask   = 0xffffff
	wideGram   = 1 << 24
)

// add enters a literal of detector det, of minLiteral bytes or more; build must follow when all are in.
func (l *literals) add(text string, det int, wide, fold bool) {
	k := key{text, wide, fold}
	if i, ok := l.known[k]; ok {
		if !slices.Contains(l.all[i].dets, det) {
			l.all[i].dets = append(l.all[i].dets, det)
		}
		return
	}
	if l.known == nil {
		l.known = map[key]int{}
	}
	i := len(l.all)
	l.known[k] = i
	l.all = append(l.all, literal{k, []int{det}})
	l.longest = max(l.longest, len(text))
	e := entry{lit: int32(i)}
	for n := range min(len(text), 8) {
		m := byte(0xff)
		if fold && text[n] >= 'a' && text[n] <= 'z' {
			m ^= 0x20
		}
		e.mask |= uint64(m) << (8 * n)
		e.value |= uint64(text[n]&m) << (8 * n)
	}
	l.enter(&l.all[i], e)
}

// enter adds the piece by which lit is found.
func (l *literals) enter(lit *literal, e entry) {
	text := lit.text
	best, value := -1, uint32(0)
	width := 1
	if lit.wide {
		width = 2
	}
	for i := 0; i+gramLen*width <= len(text); i += width {
		if g, ok := gramAt(text[i:], width); ok {
			if r := gramRarity(g); r > best {
				best, value, e.at = r, g, int32(i)
			}
		}
	}
	if best >= 0 {
		if lit.wide {
			value |= wideGram
		}
		follow := anything
		if next := best + gramLen*width; next < len(text) {
			follow = followed(text[next])
		}
		l.texts.add(value, follow, e)
		return
	}
	l.others = append(l.others, e)
	l.zeros = l.zeros || e.value == 0 && isZero(text)
}

// gramAt returns the first three characters of s in lower case, of one byte each or of two, and
// whether they are those of words.
func gramAt(s string, width int) (g uint32, ok bool) {
	ok = true
	for i := range gramLen {
		c := s[i*width]
		if !kernel.IsWord(c) || width == 2 && s[2*i+1] != 0 {
			ok = false
		}
		g |= uint32(c|0x20) << (8 * i)
	}
	return g, ok
}

// foldedQuad returns the first bytes of s, at most four, in little-endian order.
func foldedQuad(s string) uint32 {
	var p [kernel.QuadLen]byte
	copy(p[:], s)
	return binary.LittleEndian.Uint32(p[:]) | caseBits
}

func isZero(s string) bool {
	for i := range len(s) {
		if s[i] != 0 {
			return false
		}
	}
	return true
}

// build makes the tables of what was added.
func (l *literals) build() {
	l.grams = chooseGrams(l.texts.pieces)
	l.enterOthers()
	l.texts.build()
	l.bytes.build()
	l.short.build()
	l.known, l.others = nil, nil
}

// enterOthers adds the pieces by which literals that are no text are found.
func (l *literals) enterOthers() {
	lits := make([]*literal, len(l.others))
	for n, e := range l.others {
		lits[n] = &l.all[e.lit]
	}
	var where []choice
	l.quads, where = chooseQuads(lits)
	l.heads = kernel.NewGrams(minLiteral, 0x9E3779B1, false)
	for n, c := range where {
		e := l.others[n]
		e.at = int32(c.at)
		if len(c.lit.text) >= kernel.QuadLen {
			l.bytes.add(foldedQuad(c.lit.text[c.at:]), anything, e)
			c.lit.heads(c.at, l.heads)
			continue
		}
		l.short.add(foldedQuad(c.lit.text)&gramMask, anything, e)
		c.lit.heads(0, l.heads)
	}
}

// heads adds to g what the three bytes of the literal may be that begin at its byte at. A fourth one would tell more
// literals from what is none, but those that have no more would let any pass.
func (k *key) heads(at int, g *kernel.Grams) {
	for upper := range 1 << minLiteral {
		v := uint32(0)
		for i := range minLiteral {
			c := k.text[at+i]
			if upper>>i&1 != 0 && k.fold && c >= 'a' && c <= 'z' {
				c ^= 0x20
			}
			v |= uint32(c) << (8 * i)
		}
		g.Add(v)
	}
}

// find calls hit for every literal of which the first byte lies in data[lo:hi). data may
// extend beyond both borders.
func (l *literals) find(data []byte, lo, hi int, hit func(pos int, lit *literal)) {
	const block = 1 << 10 // of short data a whole one would cost more than the search
	var room [(textmap.Room / textmap.Size) * ((block+2*textmap.Margin)/kernel.ClassBytes + 2)]uint64
	for end := l.reach(data, hi); lo < end; lo += block {
		m := textmap.New(room[:], data, lo, min(lo+block, end))
		l.findIn(data, m, lo, min(lo+block, end), lo, hi, hit)
	}
}

// reach returns where the last piece may begin of a literal that begins before hi.
func (l *literals) reach(data []byte, hi int) int { return min(hi+l.longest, len(data)) }

// findIn is find for the literals that begin in [first, last), and of which the piece begins in
// data[lo:hi), of which m is the map.
func (l *literals) findIn(data []byte, m textmap.Map, lo, hi, first, last int, hit func(pos int, lit *literal)) {
	if len(l.all) == 0 {
		return
	}
	s := literalScan{l, data, first, last, hit}
	if len(l.texts.entries) > 0 {
		s.text(m, lo, hi)
	}
	if len(l.bytes.entries)+len(l.short.entries) > 0 {
		s.other(lo, hi)
	}
}
