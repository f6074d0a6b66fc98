package main

import (
	"math/big"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// fetchAhead is how many sums ahead points are fetched, which come from a distant cache mostly.
const fetchAhead = 20

// Members of a Sum, and of a point.
const (
	toMember, pMember, qMember = 4, 8, 12
	xAt, yAt                   = 0, 32
)

// climb writes the function that multiplies differences of x.
func (f *field) climb() {
	TEXT("climb"+f.name, NOSPLIT, "func(points *uint64, sums *int32, d, s *uint64, blocks int)")
	Pragma("noescape")
	Doc("climb"+f.name+" sets the rows of d to the differences of x of four sums each, modulo "+f.about+", and those of s, the last one of which is",
		"given, to the products of all from there on, each with a factor.")
	points, first := Load(Param("points"), GP64()), Load(Param("sums"), GP64())
	d, s, n := Load(Param("d"), GP64()), Load(Param("s"), GP64()), Load(Param("blocks"), GP64())
	job, skip := GP64(), GP64()
	MOVQ(n, skip)
	SHLQ(U8(6), skip)
	LEAQ(Mem{Base: first, Index: skip, Scale: 1, Disp: -4 * jobLen}, job)
	IMUL3Q(U32(rowLen), n, skip)
	LEAQ(Mem{Base: d, Index: skip, Scale: 1, Disp: -rowLen}, d)
	LEAQ(Mem{Base: s, Index: skip, Scale: 1, Disp: -rowLen}, s)
	bias := roomy(new(big.Int).Lsh(f.p, 2), 1)
	Label("block")
	far, place := GP64(), GP64()
	LEAQ(Mem{Base: job, Disp: -jobLen * fetchAhead}, far)
	CMPQ(far, first)
	CMOVQCS(first, far)
	for j := range 4 {
		for _, member := range [...]int{pMember, qMember} {
			MOVLQSX(Mem{Base: far, Disp: jobLen*j + member}, place)
			SHLQ(U8(6), place)
			PREFETCHT0(Mem{Base: points, Index: place, Scale: 1})
		}
	}
	f.difference(gather(y[:6], points, job, qMember, xAt), gather(y[4:10], points, job, pMember, xAt), at(d, 0), bias)
	put(f.mul(at(s, rowLen), at(d, 0)), at(s, 0))
	SUBQ(U32(4*jobLen), job)
	SUBQ(U32(rowLen), d)
	SUBQ(U32(rowLen), s)
	DECQ(n)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}

// difference writes v - w to m, and w to each of others.
func (f *field) difference(v, w [4]VecPhysical, m Mem, bias [rowLimbs]uint64, others ...Mem) {
	a, b, t := y[8], y[9], y[10]
	for k := range rowLimbs {
		f.limb(v, k, a, t)
		f.limb(w, k, b, t)
		for _, o := range others {
			VMOVDQU(b, vector(o, k))
		}
		VPADDQ(f.every(bias[k]), a, a)
		VPSUBQ(b, a, a)
		VMOVDQU(a, vector(m, k))
	}
}

// finish writes the function that adds points.
func (f *field) finish() {
	TEXT("finish"+f.name, NOSPLIT, "func(out, points *uint64, sums *int32, d, s, room *uint64, blocks int)")
	Pragma("noescape")
	Doc("finish"+f.name+" adds the points of sums on a curve modulo "+f.about+", where d and s are what climb"+f.name+" made and the first row of",
		"room is what the first one of s makes one with, by a product and its factor. Five more rows of room are written.")
	out, points, job := Load(Param("out"), GP64()), Load(Param("points"), GP64()), Load(Param("sums"), GP64())
	d, s, room := Load(Param("d"), GP64()), Load(Param("s"), GP64()), Load(Param("room"), GP64())
	n := Load(Param("blocks"), GP64())
	var slot [6]Mem
	for i := range slot {
		slot[i] = at(room, rowLen*i)
	}
	inverses, inverse, slope, factor, x1, y1 := slot[0], slot[1], slot[2], slot[3], slot[4], slot[5]
	four := roomy(new(big.Int).Lsh(f.p, 2), 1)
	eight := new(big.Int).Lsh(f.p, 3)
	six := roomy(eight.Sub(eight, f.a), 2)
	Label("block")
	put(f.mul(inverses, at(s, rowLen)), inverse)
	put(f.mul(inverses, at(d, 0)), inverses)
	f.difference(gather(y[:6], points, job, qMember, yAt), gather(y[4:10], points, job, pMember, yAt), factor, four, y1)
	put(f.mul(factor, inverse), slope)
	r := f.mul(slope, slope)
	for k := range r {
		if !f.plain { // which makes the factor a power of four
			VPADDQ(r[k], r[k], r[k])
		}
		VPADDQ(f.every(six[k]), r[k], r[k])
	}
	v, t := y[spare+4], y[spare+5]
	for _, member := range [...]int{pMember, qMember} {
		w := gather(y[spare:], points, job, member, xAt)
		for k := range r {
			f.limb(w, k, v, t)
			VPSUBQ(v, r[k], r[k])
			if member == pMember {
				VMOVDQU(v, vector(x1, k))
			}
		}
	}
	f.shrink(r, "x")
	for k := range r {
		VMOVDQU(vector(x1, k), v)
		VPADDQ(f.every(four[k]), v, v)
		VPSUBQ(r[k], v, v)
		VMOVDQU(v, vector(factor, k))
	}
	scatter(r, out, job, toMember, xAt)
	r = f.mul(factor, slope)
	for k := range r {
		VPADDQ(f.every(four[k]), r[k], r[k])
		VPSUBQ(vector(y1, k), r[k], r[k])
	}
	f.shrink(r, "y")
	scatter(r, out, job, toMember, yAt)
	ADDQ(U32(4*jobLen), job)
	ADDQ(U32(rowLen), d)
	ADDQ(U32(rowLen), s)
	DECQ(n)
	JNZ(LabelRef("block"))
	VZEROUPPER()
	RET()
}
