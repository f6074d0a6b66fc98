package ecscalar

import (
	"crypto/sha512"
	"math/big"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// A number of 32 octets and the turned one, of the same octets in reverse, are computed together. Of octets b and c
// that change places, the one has b·P + c·Q and the other c·P + b·Q, which are
//
//	(b+c)·(P+Q)/2 + (b-c)·(P-Q)/2 and (b+c)·(P+Q)/2 - (b-c)·(P-Q)/2.
//
// The sums and the differences of octets have nine bits each, so both numbers take 24 digits of twelve bits and as many additions,
// where each by itself takes 23 digits of eleven.
const (
	turnBits  = 12 // of a digit: nine of one pair of octets, three of the last pair of four
	pairBits  = 9  // of the sum of two octets, and of their difference plus 255
	sideRows  = 12 // digits of the sums, and of the differences
	turnRows  = 2 * sideRows
	rowsOf4   = 3 // digits of four pairs
	turnOctet = 32
)

// Sides of a number.
const (
	sumsOf = iota // octets
	differences
)

// turnDigits writes the digits of a number: those of the sums, then those of the differences.
func turnDigits(w []uint64, digits *[turnRows]int) {
	const lanes = 0x00ff00ff00ff00ff // every second octet, with room for the ninth bit
	for half := range 2 {
		low, high := w[half], bits.ReverseBytes64(w[3-half])
		for odd := range 2 {
			x, y := low>>(8*odd)&lanes, high>>(8*odd)&lanes
			at := (2*half + odd) * rowsOf4
			split(x+y, digits[at:at+rowsOf4])
			split(x+lanes-y, digits[sideRows+at:sideRows+at+rowsOf4])
		}
	}
}

// split makes three digits of four numbers of nine bits.
func split(four uint64, digits []int) {
	for j := range digits {
		digits[j] = int(four>>(16*j)&(1<<pairBits-1) | four>>(48+3*j)&7<<pairBits)
	}
}

// turnBit returns what bit b of digit row of either side stands for: a bit of the octet i and of octet 31 - i.
func turnBit(row, b int) (octet, bit int) {
	half, odd, j := row/rowsOf4/2, row/rowsOf4%2, row%rowsOf4
	if b < pairBits {
		return 8*half + odd + 2*j, b
	}
	return 8*half + odd + 6, 3*j + b - pairBits
}

// turnTable makes the table of a curve of which numbers are turned.
func (g *group) turnTable() []uint64 {
	size := 2 * g.f.limbs
	// Half of G is a multiple of G, of which all other numbers are.
	half := new(big.Int).Rsh(new(big.Int).Add(g.order, big.NewInt(1)), 1)
	whole := g.powers(g.f.element(g.gx), g.f.element(g.gy), 64*g.words)
	var terms []uint64
	for k := range half.BitLen() {
		if half.Bit(k) == 1 {
			terms = append(terms, whole[k*size:(k+1)*size]...)
		}
	}
	x, y := g.total(terms)
	if g.unfactor != nil {
		g.f.mul(y, y, g.unfactor)
	}
	powers := g.powers(x, y, 8*turnOctet+1)

	const entries, basis = turnRows << turnBits, turnRows * turnBits
	b := &builder{g, newSums(g, entries+basis)}
	b.turnBasis(powers, entries)
	b.turnOffsets(powers, entries)
	for bit := range turnBits {
		for row := range turnRows {
			for d := range 1 << bit {
				b.s.add(0, row<<turnBits+1<<bit+d, row<<turnBits+d, entries+row*turnBits+bit)
			}
		}
		b.settle()
	}
	return b.s.pts[: entries*size : entries*size]
}

// turnBasis puts what each bit of each digit stands for behind the entries.
func (b *builder) turnBasis(powers []uint64, entries int) {
	size := 2 * b.g.f.limbs
	s := newSums(b.g, 2*turnRows*turnBits)
	for k := range turnRows * turnBits {
		octet, bit := turnBit(k/turnBits%sideRows, k%turnBits)
		p, q := 8*octet+bit, 8*(turnOctet-1-octet)+bit
		copy(s.point(2*k), powers[p*size:][:size])
		copy(s.point(2*k+1), powers[q*size:][:size])
		if k/turnBits/sideRows == differences {
			s.mirror(2*k+1, 2*k+1)
		}
		s.add(0, 2*k, 2*k, 2*k+1)
	}
	(&builder{b.g, s}).settle()
	for k := range turnRows * turnBits {
		copy(b.s.point(entries+k), s.point(2*k))
	}
}

// turnOffsets puts the offset of each digit where the entry of its zero is, see [builder.offsets]. Those of
// the sums add up to nothing, those of the differences to what takes 255 off each.
func (b *builder) turnOffsets(powers []uint64, entries int) {
	const terms = 16
	size := 2 * b.g.f.limbs
	const each = 8 * turnOctet / terms // bits of which one is a term
	for side := range 2 {
		var all []uint64
		for r := range sideRows - 1 {
			h := sha512.Sum512([]byte{byte(side), byte(r)})
			var some []uint64
			for i := range terms {
				some = append(some, powers[(i*each+int(h[i])%each)*size:][:size]...)
			}
			x, y := b.g.total(some)
			all = append(append(all, x...), y...)
			copy(b.s.point((side*sideRows+r)<<turnBits), all[len(all)-size:])
		}
		if side == differences {
			for k := range sideRows * turnBits {
				if _, bit := turnBit(k/turnBits, k%turnBits); bit < 8 {
					all = append(all, b.s.point(entries+side*sideRows*turnBits+k)...)
				}
			}
		}
		last := ((side+1)*sideRows - 1) << turnBits
		x, y := b.g.total(all)
		copy(b.s.point(last), append(x, y...))
		b.s.mirror(last, last)
	}
}

// total returns the sum of points no partial sums of which are equal or opposite.
func (g *group) total(points []uint64) (x, y []uint64) {
	size := 2 * g.f.limbs
	b := &builder{g, newSums(g, len(points)/size)}
	copy(b.s.pts, points)
	for n := len(points) / size; n > 1; n = (n + 1) / 2 {
		for i := range n / 2 {
			b.s.add(0, i, i, n-1-i)
		}
		b.settle()
	}
	x, y = slices.Clone(b.s.x(0)), slices.Clone(b.s.point(0)[g.f.limbs:])
	b.s.lessen(y)
	return x, y
}

// turn computes the lanes of a curve of which numbers are turned: each is one number. It calls emit with k zero for the number and
// one for the turned one.
func (b *batch) turn(emit func(id, k int, x []uint64)) {
	g, s := b.g, &b.sums
	var digits [turnRows]int
	for i := range b.lanes {
		turnDigits(b.words[b.lanes[i].first:][:g.words], &digits)
		for r := 0; r < turnRows; r += 2 {
			s.add(i, sideRows*i+r/2, r<<turnBits+digits[r], (r+1)<<turnBits+digits[r+1])
		}
	}
	s.runOf(g.table, b.fail)
	const side = sideRows / 2
	for _, step := range [...]struct{ count, apart int }{{3, 3}, {1, 1}, {1, 2}} {
		for i := range b.lanes {
			for at := sideRows * i; at < sideRows*(i+1); at += side {
				for j := range step.count {
					s.add(i, at+j, at+j, at+j+step.apart)
				}
			}
		}
		b.settle()
	}
	for i := range b.lanes {
		at := sideRows * i
		s.mirror(at+side+1, at+side)
		s.add(i, at+1, at, at+side)
		s.add(i, at+2, at, at+side+1)
	}
	b.settle()
	for i := range b.lanes {
		l := &b.lanes[i]
		if l.dead {
			w := b.words[l.first:][:g.words]
			emit(l.id, 0, g.alone(w))
			emit(l.id, 1, g.alone(turned(w)))
			continue
		}
		emit(l.id, 0, s.x(sideRows*i+1))
		emit(l.id, 1, s.x(sideRows*i+2))
	}
}

// turned returns the words of the turned number.
func turned(w []uint64) []uint64 {
	out := make([]uint64, len(w))
	for i, v := range w {
		out[len(w)-1-i] = bits.ReverseBytes64(v)
	}
	return out
}

// alone computes the multiple of G by a number that met no chord, as one does that is zero modulo the order or of which the
// turned one is. It returns nil for such a one.
func (g *group) alone(w []uint64) []uint64 {
	k := fromWords(w)
	point, ok := privkey.ECPublic(g.name, k.Mod(k, g.order).FillBytes(make([]byte, g.size)))
	if !ok {
		return nil
	}
	return g.f.element(k.SetBytes(point[1 : 1+g.size]))
}
