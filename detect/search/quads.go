package search

import (
	"cmp"
	"math"
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

func (p *pattern) allows(i int, c byte) bool {
	return p.low[i]>>(c&15)&(p.high[i]>>(c>>4))&1 != 0
}

// union returns what p and o allow together.
func (p pattern) union(o *pattern) pattern {
	for i := range p.low {
		p.low[i] |= o.low[i]
		p.high[i] |= o.high[i]
	}
	return p
}

// quadChoice is the way in which the literals that are no text are put into the patterns of some
// kernel.Quads.
type quadChoice struct{ buckets []crowd }

// perQuads is how many literals share one kernel.Quads: with more, what passes costs more than to look
// once more.
const perQuads = 128

func newQuadChoice(lits int) quadChoice {
	return quadChoice{make([]crowd, max(1, (lits+perQuads-1)/perQuads)*kernel.Buckets)}
}

// choice is where one literal is put: by which of its bytes, and in which bucket.
type choice struct {
	lit        *literal
	at, bucket int
	pattern    pattern // of the bytes at at
}

// mostPatterns is how many literals are worth a thought, which takes a time that grows as their square.
const mostPatterns = 1024

// chooseQuads chooses of each of lits, which are no text, four bytes and a bucket, one literal after the
// other, so that the least passes with those that are there: first those that let most
// pass alone, then all once more.
func chooseQuads(lits []*literal) (*kernel.Quads, []choice) {
	q := newQuadChoice(min(len(lits), mostPatterns))
	where := make([]choice, len(lits))
	for n, lit := range lits {
		where[n] = choice{lit, 0, n % len(q.buckets), lit.pattern(0)}
		if len(lits) > mostPatterns {
			q.put(&where[n])
		}
	}
	if len(lits) <= mostPatterns {
		alone := make([]float64, len(lits))
		order := make([]int, len(lits))
		for n := range where {
			one := newQuadChoice(1)
			alone[n], order[n] = one.cheapest(&where[n]), n
		}
		slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(alone[b], alone[a]) })
		for _, n := range order {
			q.cheapest(&where[n])
			q.put(&where[n])
		}
		for _, n := range order {
			q.remove(where, n)
			q.cheapest(&where[n])
			q.put(&where[n])
		}
	}
	return q.quads(), where
}

// put puts a literal where c says.
func (q *quadChoice) put(c *choice) {
	q.buckets[c.bucket] = q.buckets[c.bucket].with(&c.pattern)
}

// remove takes choice n out of its bucket.
func (q *quadChoice) remove(where []choice, n int) {
	c := crowd{}
	for o := range where {
		if o != n && where[o].bucket == where[n].bucket {
			c.pattern = c.union(&where[o].pattern)
		}
	}
	q.buckets[where[n].bucket] = (&crowd{}).with(&c.pattern)
}

// cheapest chooses for c what lets the least pass, and returns how much more that is.
func (q *quadChoice) cheapest(c *choice) float64 {
	least := math.Inf(1)
	for at := 0; at == 0 || at+kernel.QuadLen <= len(c.lit.text) && at < maxQuadAt; at++ {
		p := c.lit.pattern(at)
		alone := (&crowd{}).with(&p)
		for i := range q.buckets {
			b := &q.buckets[i]
			if b.least(&alone)-b.chance >= least {
				continue
			}
			both := b.with(&p)
			if more := both.chance - b.chance; more < least {
				least, c.at, c.bucket, c.pattern = more, at, i, p
			}
		}
	}
	return least
}

// maxQuadAt is how far into a literal four bytes are chosen.
const maxQuadAt = 12

func (q *quadChoice) quads() *kernel.Quads {
	k := kernel.NewQuads(len(q.buckets) / kernel.Buckets)
	for b := range q.buckets {
		for i := range kernel.QuadLen {
			for c := range 256 {
				if q.buckets[b].allows(i, byte(c)) {
					k.Allow(b, i, byte(c))
				}
			}
		}
	}
	return k
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
