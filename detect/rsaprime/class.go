package rsaprime

import (
	"cmp"
	"encoding/binary"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/smallprime"
	"github.com/dumpscrub/dumpscrub/detect/tried"
)

// class are the candidates of one size: the primes, or the private exponents, of
// some of the moduli.
type class struct {
	bytes, words int
	mask         uint64 // of the top limb: what belongs to the number
	least, most  uint64 // bounds of the top limb, both inclusive
	leastNear    uint64 // least of the near moduli
	exponents    bool
	multi        bool       // primes of keys of three or more: rare, and tried where runs begin or end only
	moduli       []*modulus // the near ones first
	wraps        []wrap     // theirs
	near         int
	rooted       int // where the roots of trust stores begin in moduli
	longest      int // bytes in the longest form
	small        smallprime.Sieve
	tried        *tried.Set
	index        int // among the classes
}

// perBatches is how many moduli pay for two more batches of small primes, after the first two: with many it is cheaper
// to see that a number is no prime than that it is no factor of any of them.
const perBatches = 6

// batches returns how many batches of small primes are tried before so many moduli. Factors of keys of more primes have longer
// quotients, so that all batches are worth it.
func (c *class) batches(moduli int) int {
	if c.multi {
		return len(c.small)
	}
	return 2 + moduli/perBatches*2
}

// role is what is searched for in one size.
type role struct {
	bytes            int
	exponents, multi bool
}

// classesOf sorts the moduli by the sizes of what is searched for: the primes of keys
// of two and of more primes (RFC 8017, section 3), and the private exponent.
func classesOf(ms []*modulus) []*class {
	byRole, small := map[role]*class{}, smallprime.NewSieve()
	add := func(m *modulus, r role, least, most uint64) {
		c := byRole[r]
		if c == nil {
			c = newClass(r, least, most)
			c.small = small
			byRole[r] = c
		}
		c.least, c.most = min(c.least, least), max(c.most, most)
		c.moduli, c.wraps = append(c.moduli, m), append(c.wraps, m.wrap)
		if m.near {
			c.near++
			c.leastNear = min(c.leastNear, least)
		}
		if !m.root {
			c.rooted = len(c.moduli)
		}
	}
	for _, m := range ms {
		n := m.n.BitLen()
		half := (n + 1) / 2
		least, most := topLimb(half)
		m.least = max(least, leastHalf(m, half))
		add(m, role{bytes: (half + 7) / 8}, m.least, most)
		for primes := 3; !m.root && primes <= primesOf(n); primes++ {
			part := (n + primes - 1) / primes
			least, most = topLimb(part)
			add(m, role{bytes: (part + 7) / 8, multi: true}, least, most)
		}
		if m.wrap.hi != 0 {
			add(m, role{bytes: (n + 7) / 8, exponents: true}, 1, ^uint64(0))
		}
	}
	var cs []*class
	for _, c := range byRole {
		cs = append(cs, c)
	}
	memory := tried.New(triedBits)
	slices.SortFunc(cs, func(a, b *class) int {
		if a.bytes != b.bytes {
			return cmp.Compare(a.bytes, b.bytes)
		}
		return cmp.Compare(a.kind(), b.kind())
	})
	for i, c := range cs {
		c.index, c.tried = i, memory
	}
	return cs
}

// maxPrimes is how many primes a key has at most (RSA_MAX_PRIME_NUM of OpenSSL), and longer is how
// many bits theirs may differ from an equal share.
const (
	maxPrimes = 5
	longer    = 8
)

// primesOf returns how many primes a key of n bits has at most: fewer than OpenSSL's
// ossl_rsa_multip_cap allows would make them easy to find (A. Lenstra, "Unbelievable
// security", 2001).
func primesOf(n int) int {
	switch {
	case n >= 8192:
		return maxPrimes
	case n >= 4096:
		return 4
	}
	return 3
}

func (c *class) kind() int {
	switch {
	case c.exponents:
		return 1
	case c.multi:
		return 2
	}
	return 0
}

// topLimb returns the bounds of the top limb of a prime of the given number of
// bits, or one less: the top limb of what those bits leave for it.
func topLimb(size int) (least, most uint64) {
	most = ^uint64(0) >> ((64 - size%64) % 64)
	if least = most/4 + 1; most < 4 {
		least = 1
	}
	return least, most
}

func newClass(r role, least, most uint64) *class {
	c := &class{bytes: r.bytes, words: (r.bytes + 7) / 8, mask: ^uint64(0), least: least, leastNear: ^uint64(0), most: most, exponents: r.exponents, multi: r.multi}
	if rest := r.bytes % 8; rest != 0 {
		c.mask = 1<<(8*rest) - 1
	}
	// Digits of minRadix32 and minRadix64 bits are the longest forms.
	c.longest = max(digits{width: 4, radix: minRadix32}.extent(c.bytes), digits{width: 8, radix: minRadix64}.extent(c.bytes))
	return c
}

// leastHalf returns the least top limb of a prime of the given number of bits when
// the other prime has no more: n divided by two to that power.
func leastHalf(m *modulus, bits int) uint64 {
	if bits%64 != 0 {
		return 1
	}
	// n is below 2^(2·bits), so limb 2·bits/64-1 is its top one, or zero.
	if k := bits/32 - 1; k < len(m.limbs) {
		return max(1, m.limbs[k])
	}
	return 1
}

// hit is a candidate that was proven.
type hit struct {
	m        *modulus
	start    int
	extent   int
	encoding string
	p, q     []byte // the primes; nil when only the form of the exponent proves it
	multi    bool   // q is the product of other primes
}

// judge tries the number with the given limbs for the moduli of the class, all of
// them or the near ones. The number was read from octets in the layout that how stands for.
func (c *class) judge(s *scratch, p []uint64, octets []byte, how uint64, all bool, found *hit) bool {
	ms := c.moduli
	if !all {
		ms = ms[:c.near]
	}
	top := len(p) - 1
	if c.exponents {
		for _, m := range ms {
			if m.wrap.fits(p[top], p[top-1]) && m.exponent(intOf(p), found) {
				return true
			}
		}
		return false
	}
	if smallprime.Tiny(p) || c.small.Smooth(p, c.batches(len(ms))) {
		return false
	}
	if how |= uint64(c.index) << 16; all {
		how |= 1 << 15
	}
	digest := c.tried.Digest(octets, how)
	if c.tried.Has(digest) {
		return false
	}
	for i, x := range p {
		s.reversed[top-i] = x
	}
	inv := inverse(p[0])
	for _, m := range ms {
		if !c.multi && p[top] < m.least {
			continue // the other prime would be longer
		}
		size := len(m.limbs) - len(p) + 1
		if p[top] < m.limbs[len(m.limbs)-1] || c.multi {
			size++ // the quotient may have a limb more
		}
		if s.divides(m.limbs, p, inv, size) && m.factor(intOf(p), found) {
			return true
		}
	}
	c.tried.Add(digest)
	return false
}

// orders returns in which orders a number of the class may lie at data[at:], a bit for each, by its ends, of
// which first is the lower one, and all moduli or the near ones. The orders of big-endian machines it
// leaves to [class.try].
func (c *class) orders(data []byte, at int, first uint64, all bool) (m uint8) {
	const rest = uint8(1<<limbs64 | 1<<limbs32)
	if at+c.bytes > len(data) {
		return rest
	}
	if c.exponents { // whole words, see wrapOf
		return rest | c.exponentOrders(data[at:at+c.bytes], first, all)
	}
	last := binary.LittleEndian.Uint64(data[at+c.bytes-8:])
	if part := c.bytes % 8; part != 0 {
		return rest | c.unevenOrders(data, at, part, first, last, all)
	}
	if first&1 != 0 && c.tops(last, all) {
		m |= 1 << littleEndian
	}
	if last>>56&1 != 0 && c.tops(bits.ReverseBytes64(first), all) {
		m |= 1 << bigEndian
	}
	if last>>32&1 != 0 && c.tops(bits.RotateLeft64(first, 32), all) {
		m |= 1 << words32
	}
	return rest | m
}

// tops reports whether a prime of the class may have the top limb.
func (c *class) tops(top uint64, all bool) bool {
	least := c.leastNear
	if all {
		least = c.least
	}
	return top >= least && top <= c.most
}

// exponentOrders is orders for an exponent, which would be p.
func (c *class) exponentOrders(p []byte, first uint64, all bool) (m uint8) {
	le, n := binary.LittleEndian, len(p)
	second := le.Uint64(p[8:])
	if c.fitsAny(le.Uint64(p[n-8:]), le.Uint64(p[n-16:]), all) {
		m |= 1 << littleEndian
	}
	if c.fitsAny(bits.ReverseBytes64(first), bits.ReverseBytes64(second), all) {
		m |= 1 << bigEndian
	}
	if c.fitsAny(bits.RotateLeft64(first, 32), bits.RotateLeft64(second, 32), all) {
		m |= 1 << words32
	}
	return m
}

// unevenOrders is orders for a number of which so many bytes are in its top limb; last are the last eight
// bytes of it.
func (c *class) unevenOrders(data []byte, at, part int, first, last uint64, all bool) (m uint8) {
	if end := at + littleEndian.extent(c.bytes); first&1 != 0 && end <= len(data) && c.tops(binary.LittleEndian.Uint64(data[end-8:])&c.mask, all) {
		m |= 1 << littleEndian
	}
	if last>>56&1 != 0 && c.tops(bits.ReverseBytes64(first)>>(8*(8-part))&c.mask, all) {
		m |= 1 << bigEndian
	}
	top := bits.RotateLeft64(first, 32)
	if part <= 4 {
		top = first // of an odd number of words the first is all of the limb
	}
	if end := at + words32.extent(c.bytes); end <= len(data) && data[end-4]&1 != 0 && c.tops(top&c.mask, all) {
		m |= 1 << words32
	}
	return m
}

// try tries the number that lies at data[at:] in order o.
func (c *class) try(s *scratch, data []byte, at int, o order, all bool, found *hit) bool {
	extent := o.extent(c.bytes)
	if at+extent > len(data) {
		return false
	}
	if !c.exponents && o.limb(data, at, extent, 0)&1 == 0 {
		return false
	}
	top := o.limb(data, at, extent, c.words-1) & c.mask
	if top < c.least || top > c.most {
		return false
	}
	if c.exponents && !c.fitsAny(top, o.limb(data, at, extent, c.words-2), all) {
		return false
	}
	p := s.limbs[:c.words]
	for i := range p {
		p[i] = o.limb(data, at, extent, i)
	}
	p[c.words-1] = top
	if !c.judge(s, p, data[at:at+extent], uint64(o), all, found) {
		return false
	}
	found.start, found.extent, found.encoding = at, extent, o.encoding()
	return true
}

// fitsAny reports whether the top limbs fit any modulus, before the others are read.
func (c *class) fitsAny(top, next uint64, all bool) bool {
	ws := c.wraps
	if !all {
		ws = ws[:c.near]
	}
	for i := range ws {
		if ws[i].fits(top, next) {
			return true
		}
	}
	return false
}

// tryDigits tries the number that lies at data[at:] in digits of less bits than
// their words.
func (c *class) tryDigits(s *scratch, data []byte, at, width int, swap, all bool, found *hit) bool {
	// Sixteen digits tell the radix, where there are so many below the top one.
	count := min(16, 8*c.bytes/(8*width)-1)
	if at+c.longest > len(data) && at+count*width > len(data) {
		return false
	}
	radix := s.radix(data, at, width, count, swap)
	// The radix is seen one too small once in 2^count.
	for r := radix; radix > 0 && r <= radix+1 && r < 8*width; r++ {
		g := digits{width: width, radix: r, swap: swap}
		extent := g.extent(c.bytes)
		if c.tryExtent(s, data, at, extent, g, all, found) {
			return true
		}
		// An exponent may be shorter than the modulus by a few bits, and then by a digit.
		if c.exponents && c.tryExtent(s, data, at, extent-width, g, all, found) {
			return true
		}
	}
	return false
}

func (c *class) tryExtent(s *scratch, data []byte, at, extent int, g digits, all bool, found *hit) bool {
	p := s.limbs[:c.words]
	if at+extent > len(data) || !c.exponents && digit(data, at, g.width, g.swap)&1 == 0 || !g.load(p, data, at, extent) {
		return false
	}
	if top := p[c.words-1]; top < c.least || top > c.most || !c.exponents && p[0]&1 == 0 {
		return false
	}
	if !c.judge(s, p, data[at:at+extent], uint64(g.width)<<8|uint64(g.radix), all, found) {
		return false
	}
	found.start, found.extent, found.encoding = at, extent, g.encoding()
	return true
}
