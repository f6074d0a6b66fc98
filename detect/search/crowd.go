package search

import (
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/kernel"
)

// crowd is a pattern that several literals share, and how much of memory it lets pass.
type crowd struct {
	pattern
	share  [kernel.QuadLen]share // of each byte
	chance float64
}

// share is how often memory has some bytes: among bytes that do not depend on each other, and as
// numbers below 256 among zeros, which fill memory.
type share struct{ any, number float64 }

func (s *share) add(o share) { s.any, s.number = s.any+o.any, s.number+o.number }

// with returns the crowd of q and p.
func (q *crowd) with(p *pattern) crowd {
	u := *q
	for i := range u.low {
		low, high := p.low[i]&^q.low[i], p.high[i]&^q.high[i]
		for l := low; l != 0; l &= l - 1 {
			u.share[i].add(shares.columns[bits.TrailingZeros16(l)].of(u.high[i]))
		}
		u.low[i] |= low
		for h := high; h != 0; h &= h - 1 {
			u.share[i].add(shares.rows[bits.TrailingZeros16(h)].of(u.low[i]))
		}
		u.high[i] |= high
	}
	u.chance = u.passes()
	return u
}

// least returns what q and o let pass together at least.
func (q *crowd) least(o *crowd) float64 {
	p := 1.0
	for i := range q.share {
		p *= max(q.share[i].any, o.share[i].any)
	}
	return p
}

// passes returns how much of memory q lets pass.
func (q *crowd) passes() float64 {
	product, zeros, numbers := 1.0, 0, 0.0
	for i := range q.share {
		product *= q.share[i].any
		numbers += q.share[i].number
		zeros += int(q.low[i] & q.high[i] & 1)
	}
	switch zeros {
	case kernel.QuadLen:
		return product + numbers
	case kernel.QuadLen - 1:
		for i := range q.share {
			if q.low[i]&q.high[i]&1 == 0 {
				product += q.share[i].number
			}
		}
	}
	return product
}

// line is the shares of the bytes that have one half in common, by the set of their other halves:
// by four of those at a time.
type line [4][16]share

func (l *line) of(set uint16) (s share) {
	for i := range l {
		s.add(l[i][set>>(4*i)&15])
	}
	return s
}

// shares are the lines by the upper half of a byte, and by its lower half. Zeros are the most common, then
// text, small numbers and 0xff; nothing but speed depends on it.
var shares = func() (s struct{ rows, columns [16]line }) {
	total := 0.0
	for c := range 256 {
		total += weight(c)
	}
	for c := range 256 {
		one := share{weight(c) / total, 0.0002 + 0.006/float64(max(c, 1))}
		for set := range 16 {
			if h := c >> 4; set>>(h&3)&1 != 0 {
				s.columns[c&15][h>>2][set].add(one)
			}
			if l := c & 15; set>>(l&3)&1 != 0 {
				s.rows[c>>4][l>>2][set].add(one)
			}
		}
	}
	return s
}()

// weight says how often byte c is met.
func weight(c int) float64 {
	switch {
	case c == 0:
		return 160
	case c == 0xff || c < 8:
		return 10
	case c < 0x20 || c == 0x7f || c == 0x48:
		return 3
	case c >= ' ' && c <= '~':
		return 2
	}
	return 1
}
