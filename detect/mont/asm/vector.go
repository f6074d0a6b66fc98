package main

import (
	"fmt"
	"math/big"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// A vector holds one limb of 29 bits of four numbers, of which each has nine. A row is the nine vectors of four numbers, in memory.
const (
	radix     = 29
	rowLimbs  = 9
	vectorLen = 32
	rowLen    = rowLimbs * vectorLen
	jobLen    = 16 // of a Sum
	topBits   = 256 - radix*(rowLimbs-1)
)

// field is a prime of 255 or 256 bits, ready to be computed with in vectors. A product is divided by 2^261, unless it is plain.
type field struct {
	name, about string
	p           *big.Int
	// reduce adds the multiple of the prime to the columns that makes column i zero but for what it carries to the next one, and
	// that to it. Columns up to i+8 are in use; m and t are free.
	reduce func(f *field, col []VecPhysical, i int, m, t VecPhysical)
	biased bool // reduce takes off, so columns begin with a multiple of the prime
	plain  bool // products are divided by nothing: the prime is 2^255 - 19
	a      *big.Int
	mask   Mem
	data   map[string]Mem
}

// y names the registers, which are shared out by hand: avo would take those that AVX2 does not have. Columns and results lie in the first
// nine, what is gathered behind them.
var y = [...]VecPhysical{Y0, Y1, Y2, Y3, Y4, Y5, Y6, Y7, Y8, Y9, Y10, Y11, Y12, Y13, Y14, Y15}

const spare = rowLimbs // the first register that holds no column

func power2(n uint) *big.Int { return new(big.Int).Lsh(big.NewInt(1), n) }

// every returns a constant that stands in each lane of a vector.
func (f *field) every(v uint64) Mem {
	name := fmt.Sprintf("%s%x", f.name, v)
	if m, ok := f.data[name]; ok {
		return m
	}
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 4 {
		DATA(8*i, U64(v))
	}
	f.data[name] = m
	return m
}

// limbsOf returns the limbs of x, the last one as long as it needs to be.
func limbsOf(x *big.Int) (l [rowLimbs]uint64) {
	rest := new(big.Int).Set(x)
	for i := range l[:rowLimbs-1] {
		l[i] = new(big.Int).And(rest, big.NewInt(1<<radix-1)).Uint64()
		rest.Rsh(rest, radix)
	}
	l[rowLimbs-1] = rest.Uint64()
	return l
}

// roomy returns the limbs of x, each of them at least n·2^29, that of the top excepted.
func roomy(x *big.Int, n uint64) [rowLimbs]uint64 {
	l := limbsOf(x)
	for i := range l {
		if i < rowLimbs-1 {
			l[i] += 2 * n << radix
		}
		if i > 0 {
			l[i] -= 2 * n
		}
	}
	return l
}

// bias returns what columns begin with: large numbers that stand for a multiple of the prime.
func (f *field) bias() (b [rowLimbs + 1]uint64) {
	const large = 1 << 41
	sum := new(big.Int)
	for i := range b {
		b[i] = large
		sum.Add(sum, new(big.Int).Lsh(big.NewInt(large), uint(radix*i)))
	}
	sum.Mod(sum.Neg(sum), f.p)
	for i, v := range limbsOf(sum) {
		b[i] += v
	}
	return b
}

func at(base Register, offset int) Mem { return Mem{Base: base, Disp: offset} }

func vector(m Mem, i int) Mem { m.Disp += vectorLen * i; return m }

// mul returns the product of two rows.
func (f *field) mul(a, b Mem) []VecPhysical {
	if f.plain {
		return f.mulPlain(a, b)
	}
	return f.mulMontgomery(a, b)
}

// mulPlain returns the product of two rows modulo 2^255 - 19: the columns from 2^261 on come first and are added to the others
// 64·19 times. Limb 1 may be a little above 2^29.
func (f *field) mulPlain(a, b Mem) []VecPhysical {
	const less, topLimb = 19, 255 - radix*(rowLimbs-1)
	r := y[:rowLimbs]
	ai, t := y[spare], y[spare+1]
	for i := 1; i < rowLimbs; i++ {
		VMOVDQU(vector(a, i), ai)
		for j := rowLimbs - 1; i+j >= rowLimbs; j-- {
			if c := i + j - rowLimbs; j == rowLimbs-1 {
				VPMULUDQ(vector(b, j), ai, r[c])
			} else {
				VPMULUDQ(vector(b, j), ai, t)
				VPADDQ(t, r[c], r[c])
			}
		}
	}
	f.carry(r[:rowLimbs-1])
	VPSRLQ(U8(radix), r[rowLimbs-2], r[rowLimbs-1])
	VPAND(f.mask, r[rowLimbs-2], r[rowLimbs-2])
	for k := range r {
		VPMULUDQ(f.every(less<<(radix-topLimb)), r[k], r[k])
	}
	for i := range rowLimbs {
		VMOVDQU(vector(a, i), ai)
		for j := range rowLimbs - i {
			VPMULUDQ(vector(b, j), ai, t)
			VPADDQ(t, r[i+j], r[i+j])
		}
	}
	f.carry(r)
	high := y[spare+2]
	VPSRLQ(U8(topLimb), r[rowLimbs-1], high)
	VPAND(f.every(1<<topLimb-1), r[rowLimbs-1], r[rowLimbs-1])
	VPADDQ(high, r[0], r[0])
	addShifted(high, t, r[0], 1)
	addShifted(high, t, r[0], 4)
	f.carry(r[:2])
	return r
}

// mulMontgomery returns the product of two rows, divided by 2^261, by Montgomery's method, a limb of a at a time.
func (f *field) mulMontgomery(a, b Mem) []VecPhysical {
	col := make([]VecPhysical, 2*rowLimbs)
	for c := range col {
		col[c] = y[c%rowLimbs]
	}
	ai, t, m := y[spare], y[spare+1], y[spare+2]
	bias := f.bias()
	for i := range rowLimbs {
		VMOVDQU(vector(a, i), ai)
		for j := range rowLimbs {
			if c := i + j; i == 0 || j == rowLimbs-1 {
				VPMULUDQ(vector(b, j), ai, col[c])
				if f.biased && c < len(bias) {
					VPADDQ(f.every(bias[c]), col[c], col[c])
				}
			} else {
				VPMULUDQ(vector(b, j), ai, t)
				VPADDQ(t, col[c], col[c])
			}
		}
		f.reduce(f, col, i, m, t)
	}
	r := col[rowLimbs:]
	f.carry(r[:rowLimbs-1])
	VPSRLQ(U8(radix), r[rowLimbs-2], r[rowLimbs-1])
	VPAND(f.mask, r[rowLimbs-2], r[rowLimbs-2])
	return r
}

// carry makes limbs of columns, except the last one.
func (f *field) carry(r []VecPhysical) {
	t := y[spare+1]
	for k := range len(r) - 1 {
		VPSRLQ(U8(radix), r[k], t)
		VPAND(f.mask, r[k], r[k])
		VPADDQ(t, r[k+1], r[k+1])
	}
}

func put(r []VecPhysical, m Mem) {
	for i, v := range r {
		VMOVDQU(v, vector(m, i))
	}
}

// gather returns the four words of 64 bits of four numbers at members of the points that four jobs name, as vectors
// in four of the registers r, of which two more are free.
func gather(r []VecPhysical, points, job Register, member, at int) (w [4]VecPhysical) {
	var p [4]Mem
	for j := range p {
		place := GP64()
		MOVLQSX(Mem{Base: job, Disp: jobLen*j + member}, place)
		SHLQ(U8(6), place)
		p[j] = Mem{Base: points, Index: place, Scale: 1, Disp: at}
	}
	for half := range 2 {
		even, odd := r[4], r[5]
		for i, v := range []VecPhysical{even, odd} {
			low, high := p[i], p[i+2]
			low.Disp += 16 * half
			high.Disp += 16 * half
			VMOVDQU(low, v.AsX())
			VINSERTI128(U8(1), high, v, v)
		}
		w[2*half], w[2*half+1] = r[2*half], r[2*half+1]
		VPUNPCKLQDQ(odd, even, w[2*half])
		VPUNPCKHQDQ(odd, even, w[2*half+1])
	}
	return w
}

// limb sets v to limb k of words.
func (f *field) limb(w [4]VecPhysical, k int, v, t VecPhysical) {
	word, bit := radix*k/64, radix*k%64
	switch {
	case bit == 0:
		VPAND(f.mask, w[word], v)
		return
	case bit+radix > 64 && word < 3:
		VPSRLQ(U8(bit), w[word], v)
		VPSLLQ(U8(64-bit), w[word+1], t)
		VPOR(t, v, v)
	default:
		VPSRLQ(U8(bit), w[word], v)
		if bit+radix >= 64 {
			return
		}
	}
	VPAND(f.mask, v, v)
}

// scatter writes four numbers below 2^256 to members of the points that four jobs name.
func scatter(r []VecPhysical, points, job Register, member, at int) {
	w, t := y[spare:spare+4], y[spare+4]
	for i := range w {
		first := true
		for k := range rowLimbs {
			shift := radix*k - 64*i
			if shift <= -radix || shift >= 64 {
				continue
			}
			to := t
			if first {
				to = w[i]
			}
			switch {
			case shift < 0:
				VPSRLQ(U8(-shift), r[k], to)
			case shift > 0:
				VPSLLQ(U8(shift), r[k], to)
			default:
				VMOVDQA(r[k], to)
			}
			if !first {
				VPOR(t, w[i], w[i])
			}
			first = false
		}
	}
	for half := range 2 {
		even, odd := y[spare+4], y[spare+5]
		VPUNPCKLQDQ(w[2*half+1], w[2*half], even)
		VPUNPCKHQDQ(w[2*half+1], w[2*half], odd)
		for j, v := range []VecPhysical{even, odd, even, odd} {
			place := GP64()
			MOVLQSX(Mem{Base: job, Disp: jobLen*j + member}, place)
			SHLQ(U8(6), place)
			to := Mem{Base: points, Index: place, Scale: 1, Disp: at + 16*half}
			if j < 2 {
				VMOVDQU(v.AsX(), to)
			} else {
				VEXTRACTI128(U8(1), v, to)
			}
		}
	}
}

// shrink makes limbs of columns that stand for numbers below 2^260, and numbers below 2^256 of them. label is one of its own.
func (f *field) shrink(r []VecPhysical, label string) {
	fold := limbsOf(new(big.Int).Mod(power2(256), f.p))
	high, t := y[spare], y[spare+1]
	f.carry(r)
	VPSRLQ(U8(topBits), r[rowLimbs-1], high)
	Label(label)
	VPAND(f.every(1<<topBits-1), r[rowLimbs-1], r[rowLimbs-1])
	for k, v := range fold {
		if v != 0 {
			VPMULUDQ(f.every(v), high, t)
			VPADDQ(t, r[k], r[k])
		}
	}
	f.carry(r)
	VPSRLQ(U8(topBits), r[rowLimbs-1], high)
	VPTEST(high, high)
	JNZ(LabelRef(label))
}
