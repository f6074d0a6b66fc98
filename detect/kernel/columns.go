package kernel

// ColumnStep is how many bytes one place of [Columns] is behind the one before it, ColumnBack and ColumnAhead how many
// bytes are read before a place and from it on.
const ColumnStep, ColumnBack, ColumnAhead = 40, 36, 48

// Columns marks the places, n of them and at most 64, at which a row of two columns of a vpaes schedule may
// stand: among the eight bytes there, in either half, and four bytes before it, a byte is the sum of those
// and of that at a distance that a schedule of some order has, and of a constant, which enc and dec hold eight times. Where
// the eight bytes are equal to those four bytes before, nothing is marked. The first place is p[ColumnBack].
func Columns(p []byte, n int, enc, dec uint64) uint64 {
	if n == 0 {
		return 0
	}
	p = p[:ColumnBack+ColumnStep*(n-1)+ColumnAhead]
	if marks, ok := columnsSIMD(p, n, enc, dec); ok {
		return marks
	}
	return columns(p, n, enc, dec)
}

func columns(p []byte, n int, enc, dec uint64) (marks uint64) {
	for i := range n {
		if column(p[ColumnStep*i:][:ColumnBack+ColumnAhead], enc, dec) {
			marks |= 1 << i
		}
	}
	return marks
}

func column(w []byte, e, d uint64) bool {
	const here = ColumnBack
	mid := load64(w, here)
	y := mid ^ load64(w, here-4)
	if y == 0 {
		return false
	}
	return twice(y^e^load64(w, here-16)) || twice(y^e^load64(w, here-24)) || twice(y^e^load64(w, here-32)) ||
		twice(y^d^load64(w, here+16)) || twice(y^d^load64(w, here+32)) || twice(y^d^load64(w, here+8)) ||
		twice(load64(w, here+4)^mid^d^load64(w, here+12))
}

// twice reports whether a byte and the one four bytes behind it are zero.
func twice(x uint64) bool {
	z := uint32(x) | uint32(x>>32)
	return (z-0x01010101)&^z&0x80808080 != 0
}
