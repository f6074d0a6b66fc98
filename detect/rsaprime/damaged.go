package rsaprime

import (
	"encoding/binary"
	"math/big"
	"math/bits"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// lost are the lengths in bytes of what malloc writes over the beginning of a freed
// chunk: two pointers, or four in a large one (glibc, struct malloc_chunk).
func lost() [2]int { return [2]int{16, 32} }

// complete finds the prime p of n of which the high part a is known: p = a + x for
// some x below 2^m. It needs 3·m + 8 to be less than the bits of p.
//
// With b = n/a, rounded down, the other prime is b - y for some small y, and
// x·b - y·a = n - a·b + x·y: a vector (x, x·b modulo a) of a plane lattice close to
// (0, n - a·b). Euclid's algorithm on a and b gives a reduced basis of it; the nearest vector
// is found by rounding, since the distance is so short (Babai, 1986). All of this holds for the
// upper 2·m + 64 bits of a, and as many fewer of b and n - a·b, too: what is cut off makes the vector
// longer by less than x + y.
func complete(n, a *big.Int, m int) *big.Int {
	b, r := new(big.Int).QuoRem(n, a, new(big.Int))
	short, least := a, a.BitLen()-m-2
	if cut := a.BitLen() - 2*m - 64; cut > m {
		short, least = new(big.Int).Rsh(a, uint(cut)), m+32
		b.Rsh(b, uint(cut))
		r.Rsh(r, uint(cut))
	}
	r0, r1 := new(big.Int).Set(short), b.Mod(b, short)
	c0, c1 := big.NewInt(0), big.NewInt(1)
	t, product := new(big.Int), new(big.Int)
	for r1.Sign() != 0 && r0.BitLen() > least {
		t.QuoRem(r0, r1, r0)
		r0, r1 = r1, r0
		c0.Sub(c0, product.Mul(t, c1))
		c0, c1 = c1, c0
	}
	det := new(big.Int).Mul(c0, r1)
	det.Sub(det, new(big.Int).Mul(c1, r0))
	if det.Sign() == 0 {
		return nil
	}
	u := round(new(big.Int).Mul(r, c1), new(big.Int).Neg(det))
	v := round(new(big.Int).Mul(r, c0), det)
	x := u.Mul(u, c0)
	x.Add(x, v.Mul(v, c1))
	if x.Sign() < 0 || x.BitLen() > m {
		return nil
	}
	return x.Add(x, a)
}

// round returns a/b, rounded to the nearest integer.
func round(a, b *big.Int) *big.Int {
	if b.Sign() < 0 {
		a, b = new(big.Int).Neg(a), new(big.Int).Neg(b)
	}
	half := new(big.Int).Rsh(b, 1)
	q, _ := half.DivMod(half.Add(half, a), b, new(big.Int))
	return q
}

// stump is a prime of a class without the first bytes.
type stump struct {
	class       *class
	gone, words int    // bytes that are lost, words that are left
	span        uint64 // as many bits as words are left, or all,
	few         int    // and how many of them are dense at least
}

// stumpsOf returns those that tell the rest.
func stumpsOf(cs []*class) (out []stump) {
	for _, c := range cs {
		for _, gone := range lost() {
			if c.completes(gone) {
				left := c.words - gone/8
				out = append(out, stump{c, gone, left, 1<<min(left, 64) - 1, min(left, 64) - soft(left)}) // a shift by 64 gives zero
			}
		}
	}
	return out
}

// completes reports whether primes of the class can be told without so many of their first bytes.
func (c *class) completes(gone int) bool {
	return !c.exponents && !c.multi && c.bytes%8 == 0 && 24*gone+8 < 8*c.bytes
}

// tryDamaged tries the limbs at data[at:] as what is left of a prime in
// little-endian order of which the first bytes are lost.
func (c *class) tryDamaged(s *scratch, data []byte, at, gone int, found *hit) bool {
	left := c.bytes - gone
	if !c.completes(gone) || at+left > len(data) {
		return false
	}
	if top := binary.LittleEndian.Uint64(data[at+left-8:]); top < c.least || top > c.most {
		return false
	}
	if entropy.Code(data[at : at+left]) {
		return false
	}
	how := damagedBit | uint64(c.index)<<16 | uint64(gone)
	chunk := c.rooted > c.near && inChunk(data, at-gone, c.bytes)
	if chunk {
		how |= 1 << 15
	}
	digest := c.tried.Digest(data[at:at+left], how)
	if c.tried.Has(digest) {
		return false
	}
	p := s.limbs[:c.words]
	clear(p)
	for i := gone / 8; i < c.words; i++ {
		p[i] = binary.LittleEndian.Uint64(data[at+8*i-gone:])
	}
	ms := c.moduli[:c.near]
	if chunk {
		ms = c.moduli[:c.rooted]
	}
	for _, m := range ms {
		if p[c.words-1] < m.least {
			continue // as in judge
		}
		if !s.promises(m.limbs, p, gone/8) {
			continue
		}
		if x := complete(m.n, intOf(p), 8*gone); x != nil && m.factor(x, found) {
			found.start, found.extent, found.encoding = at, left, probe.LimbsLE
			return true
		}
	}
	c.tried.Add(digest)
	return false
}

// damagedBit tells candidates without their first bytes from whole ones of the same octets.
const damagedBit = 1 << 32

// inChunk reports whether glibc may have a chunk for n bytes at data[at:]: its size stands before it
// (struct malloc_chunk), a multiple of eight with three flags. Of other random-looking data with a bounded
// length few have that.
func inChunk(data []byte, at, n int) bool {
	if at < 8 {
		return false
	}
	size := binary.LittleEndian.Uint64(data[at-8:]) &^ 7
	return size%16 == 0 && size >= uint64(n)+8 && size <= 4*uint64(n)+64
}

// damaged reports whether a prime without its first bytes begins with word k, where
// a run begins that is as long as what is left of it. In a chunk its first word may look like no
// random one, and what small chunks have in the second word is random (tcache_key).
func (d *detector) damaged(s *scratch, data []byte, runs *dense, k int, found *hit) bool {
	ahead := runs.ahead(k)
	if ahead&3 == 0 || runs.at(k-1) && runs.at(k-2) {
		return false
	}
	at, second, odd := runs.first+8*k, runs.at(k-1), ahead&1 == 0
	for i := range d.stumps {
		st := &d.stumps[i]
		if bits.OnesCount64(ahead&st.span) < st.few || runs.at(k+st.words) {
			continue
		}
		if second && st.gone > 16 || (second || odd) && !inChunk(data, at-st.gone, st.class.bytes) {
			continue
		}
		if st.class.tryDamaged(s, data, at, st.gone, found) {
			return true
		}
	}
	return false
}
