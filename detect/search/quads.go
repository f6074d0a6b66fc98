package search

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// pattern is what four bytes may be: of each the set of its lower halves, and of its upper
// halves.
type pattern struct{ low, high [kernel.QuadLen]uint16 }

func (p *pattern) allow(i int, c byte) {
	p.low[i] |= 1 << (c & 15)
	p.high[i] |= 1 << (c >> 4)
}

func (p *pattern) has(i int, c byte) bool {
	return p.low[i]>>(c&15)&(p.high[i]>>(c>>4))&1 != 0
}

// with returns what p and o allow together.
func (p pattern) with(o *pattern) pattern {
	for i := range p.low {
		p.low[i] |= o.low[i]
		p.high[i] |= o.high[i]
	}
	return p
}

// chance says how much of memory p lets pass: of bytes that do not depend on each other, and of
// numbers below 256 among zeros, which fill memory.
func (p *pattern) chance() float64 {
	product, numbers, zeros := 1.0, 0.0, 0
	for i := range kernel.QuadLen {
		if p.has(i, 0) {
			zeros++
		}
	}
	for i := range kernel.QuadLen {
		any, number := 0.0, 0.0
		for h := p.high[i]; h != 0; h &= h - 1 {
			row := &frequency[bits.TrailingZeros16(h)]
			for l := p.low[i]; l != 0; l &= l - 1 {
				f := &row[bits.TrailingZeros16(l)]
				any += f.any
				number += f.number
			}
		}
		product *= any
		if zeros == kernel.QuadLen || zeros == kernel.QuadLen-1 && !p.has(i, 0) {
			numbers += number
		}
	}
	return product + numbers
}

// frequency says how often each byte is met, by its upper and its lower half: zeros most of all,
// then text, small numbers and 0xff. Nothing but speed depends on it.
var frequency = func() (f [16][16]struct{ any, number float64 }) {
	total := 0.0
	for c := range 256 {
		w := 1.0
		switch {
		case c == 0:
			w = 160
		case c == 0xff || c < 8:
			w = 10
		case c < 0x20 || c == 0x7f || c == 0x48:
			w = 3
		case c >= ' ' && c <= '~':
			w = 2
		}
		f[c>>4][c&15].any = w
		f[c>>4][c&15].number = 0.0002 + 0.006/float64(max(c, 1))
		total += w
	}
	for h := range f {
		for l := range f[h] {
			f[h][l].any /= total
		}
	}
	return f
}()

// quadChoice is the way in which the literals that are no text are put into the patterns of some
// kernel.Quads.
type quadChoice struct {
	buckets []pattern
	chance  []float64
}

// perQuads is how many literals share one kernel.Quads: with more, what passes costs more than to look
// once more.
const perQuads = 96

func newQuadChoice(lits int) quadChoice {
	n := max(1, (lits+perQuads-1)/perQuads) * kernel.Buckets
	return quadChoice{make([]pattern, n), make([]float64, n)}
}

// choice is where one literal is put: by which of its bytes, and in which bucket.
type choice struct {
	lit        *literal
	at, bucket int
}

// mostPatterns is how many literals are worth a thought, which takes a time that grows as their square.
const mostPatterns = 1024

// chooseQuads chooses of each of lits, which are no text, four bytes and a bucket, one literal after the
// other, so that the least passes with those that are there: first those that let most
// pass alone, then all once more.
func chooseQuads(lits []*literal) ([]*kernel.Quads, []choice) {
	q := newQuadChoice(min(len(lits), mostPatterns))
	where := make([]choice, len(lits))
	for n, lit := range lits {
		where[n] = choice{lit, 0, n % len(q.buckets)}
		if len(lits) > mostPatterns {
			q.put(&where[n])
		}
	}
	if len(lits) <= mostPatterns {
		alone := map[*literal]float64{}
		for _, lit := range lits {
			one := newQuadChoice(1)
			alone[lit] = one.cheapest(&choice{lit: lit})
		}
		slices.SortStableFunc(where, func(a, b choice) int { return cmp.Compare(alone[b.lit], alone[a.lit]) })
		for n := range where {
			q.cheapest(&where[n])
			q.put(&where[n])
		}
		for n := range where {
			old := where[n].bucket
			q.buckets[old], q.chance[old] = pattern{}, 0
			for o := range where {
				if o != n && where[o].bucket == old {
					q.put(&where[o])
				}
			}
			q.cheapest(&where[n])
			q.put(&where[n])
		}
	}
	return q.quads(), where
}

// put puts a literal where c says.
func (q *quadChoice) put(c *choice) {
	p := c.lit.pattern(c.at)
	q.buckets[c.bucket] = q.buckets[c.bucket].with(&p)
	q.chance[c.bucket] = q.buckets[c.bucket].chance()
}

// cheapest chooses for c what lets the least pass, and returns how much more that is.
func (q *quadChoice) cheapest(c *choice) float64 {
	least := math.Inf(1)
	for at := 0; at == 0 || at+kernel.QuadLen <= len(c.lit.text) && at < maxQuadAt; at++ {
		p := c.lit.pattern(at)
		for i := range q.buckets {
			both := q.buckets[i].with(&p)
			if more := both.chance() - q.chance[i]; more < least {
				least, c.at, c.bucket = more, at, i
			}
		}
	}
	return least
}

// maxQuadAt is how far into a literal four bytes are chosen.
const maxQuadAt = 12

func (q *quadChoice) quads() []*kernel.Quads {
	ks := make([]*kernel.Quads, len(q.buckets)/kernel.Buckets)
	for b := range q.buckets {
		if b%kernel.Buckets == 0 {
			ks[b/kernel.Buckets] = new(kernel.Quads)
		}
		for i := range kernel.QuadLen {
			for c := range 256 {
				if q.buckets[b].has(i, byte(c)) {
					ks[b/kernel.Buckets].Allow(b%kernel.Buckets, i, byte(c))
				}
			}
		}
	}
	return ks
}

// pattern returns what the four bytes of the literal may be that begin at its byte at; what it
// does not have is free.
func (k *key) pattern(at int) (p pattern) {
	for i := range kernel.QuadLen {
		if at+i >= len(k.text) {
			p.low[i], p.high[i] = math.MaxUint16, math.MaxUint16
			continue
		}
		c := k.text[at+i]
		p.allow(i, c)
		if k.fold && c >= 'a' && c <= 'z' {
			p.allow(i, c^0x20)
		}
	}
	return p
}
