// Command asm writes the BMI2 and ADX code of package mont. Run it with go generate.
package main

import (
	. "github.com/mmcloughlin/avo/build" // the language in which generators for avo are written
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	zero := ConstData("zero", U64(0))
	for _, p := range []*prime{p256(), secp256k1(), p25519()} {
		p.zero = zero
		products(p)
		chords(p)
		pairs(p)
	}
	Generate()
}

// products writes the function that multiplies arrays.
func products(p *prime) {
	TEXT("products"+p.name, NOSPLIT, "func(z, x, y *uint64, n int, step int)")
	Doc("products" + p.name + " sets n numbers, step bytes from one to the next, to products modulo " + p.about + ".")
	z, x, y := Load(Param("z"), GP64()), Load(Param("x"), GP64()), Load(Param("y"), GP64())
	n := AllocLocal(8)
	count := GP64()
	Load(Param("n"), count)
	MOVQ(count, n)
	Label("number")
	r := p.mul(at(x, 0), at(y, 0))
	store(r, at(z, 0))
	step := GP64()
	Load(Param("step"), step)
	ADDQ(step, z)
	ADDQ(step, x)
	ADDQ(step, y)
	DECQ(n)
	JNZ(LabelRef("number"))
	RET()
}

// chords writes the function that adds pairs of points.
func chords(p *prime) {
	TEXT("chords"+p.name, NOSPLIT, "func(pairs, inv, a *uint64, n int)")
	Doc("chords"+p.name+" sets the first of each of n pairs of points to their sum on a curve modulo",
		p.about+" with the coefficient a of x², where inv is 1/(x2-x1).")
	pairs, inv := Load(Param("pairs"), GP64()), Load(Param("inv"), GP64())
	n := AllocLocal(8)
	count := GP64()
	Load(Param("n"), count)
	MOVQ(count, n)
	slope, factor, sum := AllocLocal(32), AllocLocal(32), AllocLocal(32)
	x1, y1, x2, y2 := at(pairs, 0), at(pairs, 32), at(pairs, 64), at(pairs, 96)
	Label("pair")
	r := load(y2)
	p.sub(r, y1)
	store(r, factor)
	r = p.mul(factor, at(inv, 0))
	store(r, slope)
	r = p.mul(slope, slope)
	if p.square {
		a := Load(Param("a"), GP64())
		p.sub(r, at(a, 0))
	}
	p.sub(r, x1)
	p.sub(r, x2)
	store(r, sum)
	r = load(x1)
	p.sub(r, sum)
	store(r, factor)
	r = p.mul(slope, factor)
	p.sub(r, y1)
	store(r, y1)
	store(load(sum), x1)
	ADDQ(U32(128), pairs)
	ADDQ(U8(32), inv)
	DECQ(n)
	JNZ(LabelRef("pair"))
	RET()
}

func at(base Register, offset int) Mem { return Mem{Base: base, Disp: offset} }

func limb(m Mem, i int) Mem { m.Disp += 8 * i; return m }

// number is four limbs in registers, least significant first.
type number [4]GPVirtual

func load(m Mem) (r number) {
	for i := range r {
		r[i] = GP64()
		MOVQ(limb(m, i), r[i])
	}
	return r
}

func store(r number, m Mem) {
	for i := range r {
		MOVQ(r[i], limb(m, i))
	}
}

// fetchAhead is how many sums ahead points are fetched, which come from a distant cache mostly.
const fetchAhead = 20

// pairs writes the function that puts the points of sums side by side.
func pairs(p *prime) {
	TEXT("pairs"+p.name, NOSPLIT, "func(pairs, den, points *uint64, sums *int32, n int)")
	Pragma("noescape")
	Doc("pairs"+p.name+" puts the points that n sums add side by side, and the differences of their x modulo", p.about+" to den.")
	to, den, points := Load(Param("pairs"), GP64()), Load(Param("den"), GP64()), Load(Param("points"), GP64())
	sum, last := Load(Param("sums"), GP64()), GP64()
	Load(Param("n"), last)
	SHLQ(U8(4), last)
	LEAQ(Mem{Base: sum, Index: last, Scale: 1, Disp: -16}, last)
	Label("sum")
	far, place := GP64(), GP64()
	LEAQ(Mem{Base: sum, Disp: 16 * fetchAhead}, far)
	CMPQ(far, last)
	CMOVQHI(last, far)
	for _, member := range [...]int{8, 12} {
		MOVLQSX(Mem{Base: far, Disp: member}, place)
		SHLQ(U8(6), place)
		PREFETCHT0(Mem{Base: points, Index: place, Scale: 1})
	}
	x, y := YMM(), YMM()
	for i, member := range [...]int{8, 12} {
		MOVLQSX(Mem{Base: sum, Disp: member}, place)
		SHLQ(U8(6), place)
		VMOVDQU(Mem{Base: points, Index: place, Scale: 1}, x)
		VMOVDQU(Mem{Base: points, Index: place, Scale: 1, Disp: 32}, y)
		VMOVDQU(x, Mem{Base: to, Disp: 64 * i})
		VMOVDQU(y, Mem{Base: to, Disp: 64*i + 32})
	}
	q := GP64()
	MOVLQSX(Mem{Base: sum, Disp: 12}, q)
	SHLQ(U8(6), q)
	r := load(Mem{Base: points, Index: q, Scale: 1})
	MOVLQSX(Mem{Base: sum, Disp: 8}, place)
	SHLQ(U8(6), place)
	ADDQ(points, place)
	p.sub(r, at(place, 0))
	store(r, at(den, 0))
	ADDQ(U32(128), to)
	ADDQ(U8(32), den)
	ADDQ(U8(16), sum)
	CMPQ(sum, last)
	JLS(LabelRef("sum"))
	VZEROUPPER()
	RET()
}
