package ecscalar

import (
	"encoding/binary"
	"math/big"
	"slices"
)

// pairs calls yield for each x in own and y in all, within limbReach of each other, that are a point other than
// the base point, in Montgomery form or plain.
func (e *equation) pairs(data []byte, own, all []int, yield func(x, y int, plain bool)) {
	n := e.f.limbs
	squares := make([]uint64, len(all)*n)
	index := make(map[uint64][]int, len(all)) // of the lowest limbs of squares
	var buf [5 * maxLimbs]uint64
	x, z := buf[:n], buf[maxLimbs:maxLimbs+n]
	for i, at := range all {
		if e.load(x, data, at) {
			s := squares[i*n : (i+1)*n]
			e.f.mul(s, x, x)
			index[s[0]] = append(index[s[0]], i)
		}
	}
	for _, at := range own {
		if !e.load(x, data, at) {
			continue
		}
		for _, plain := range []bool{false, true} {
			if e.right(z, x, plain, buf[2*maxLimbs:]); index[z[0]] == nil {
				continue
			}
			for _, i := range index[z[0]] {
				y := all[i]
				if y != at && max(y-at, at-y) <= limbReach && slices.Equal(squares[i*n:(i+1)*n], z) && !e.isBase(x, plain) {
					yield(at, y, plain)
				}
			}
		}
	}
}

// load reads an element, least significant limb first, and reports whether it is below the prime.
func (e *equation) load(x []uint64, data []byte, at int) bool {
	for i := range x {
		x[i] = binary.LittleEndian.Uint64(data[at+8*i:])
	}
	for i := len(x) - 1; i >= 0; i-- {
		if x[i] != e.f.p[i] {
			return x[i] < e.f.p[i]
		}
	}
	return false
}

// right sets z to what the product of y with itself is, y in the form of x: Montgomery's, or plain. room is
// for three elements.
func (e *equation) right(z, x []uint64, plain bool, room []uint64) {
	f, n := &e.f, e.f.limbs
	m, t := room[:n], room[maxLimbs:maxLimbs+n]
	copy(m, x)
	if plain {
		f.mul(m, x, e.r2)
	}
	f.mul(z, m, m)
	f.mul(z, z, m)
	f.mul(t, m, e.am)
	f.add(z, z, t)
	f.add(z, z, e.bm)
	if plain {
		f.mul(z, z, e.unit)
		f.mul(z, z, e.unit)
	}
}

// isBase reports whether x is that of the base point.
func (e *equation) isBase(x []uint64, plain bool) bool { return e.number(x, plain).Cmp(e.gx) == 0 }

// number returns the element x.
func (e *equation) number(x []uint64, plain bool) *big.Int {
	if plain {
		return fromWords(x)
	}
	return e.f.number(x)
}

// point returns the uncompressed point of the coordinates at data[x:] and data[y:].
func (e *equation) point(data []byte, x, y int, plain bool) []byte {
	p := make([]byte, 1+2*e.size)
	p[0] = 4 // SEC 1, section 2.3.3
	c := make([]uint64, e.f.limbs)
	e.load(c, data, x)
	e.number(c, plain).FillBytes(p[1 : 1+e.size])
	e.load(c, data, y)
	e.number(c, plain).FillBytes(p[1+e.size:])
	return p
}
