package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// columns takes one step at a time, with the seven words that it compares in two vectors.
func columns() {
	TEXT("columnsAVX2", NOSPLIT, "func(src *byte, n int, enc uint64, dec uint64) uint64")
	Pragma("noescape")
	Doc("columnsAVX2 is Columns.")
	src, n := Load(Param("src"), GP64()), Load(Param("n"), GP64())
	broadcast := func(m Mem) VecVirtual {
		v := YMM()
		VPBROADCASTQ(m, v)
		return v
	}
	enc, dec, zero := YMM(), YMM(), YMM()
	for i, v := range []VecVirtual{enc, dec} {
		low := XMM()
		VMOVQ(Load(Param([]string{"enc", "dec"}[i]), GP64()), low)
		VPBROADCASTQ(low, v)
	}
	VPXOR(zero, zero, zero)
	lower := all64("columnLower", 0xffffffff)
	marks, place := GP64(), GP64()
	XORQ(marks, marks)
	MOVQ(U32(1), place)
	Label("step")
	at := func(d int) Mem { return Mem{Base: src, Disp: 36 + d} }
	mid, y, third := broadcast(at(0)), broadcast(at(-4)), broadcast(at(4))
	VPXOR(mid, y, y)
	VPXOR(mid, third, third)
	VPXOR(broadcast(at(12)), third, third)
	VPXOR(dec, third, third)
	a, b := YMM(), YMM()
	VPXOR(enc, y, a)
	VPXOR(at(-32), a, a)
	VPXOR(dec, y, b)
	VPXOR(at(8), b, b)
	VPBLENDD(U8(0b11000000), third, a, a)
	VPBLENDD(U8(0b00110000), third, b, b)
	t := YMM()
	for _, v := range []VecVirtual{a, b} {
		VPSRLQ(U8(32), v, t)
		VPOR(t, v, v)
		VPCMPEQB(zero, v, v)
	}
	VPOR(b, a, a)
	bit, none := GP64(), GP64()
	XORQ(bit, bit)
	XORQ(none, none)
	VPTEST(lower, a)
	CMOVQNE(place, bit)
	VPTEST(y, y)
	CMOVQEQ(bit, none) // none is what y takes away
	XORQ(none, bit)
	ORQ(bit, marks)
	SHLQ(U8(1), place)
	ADDQ(U8(40), src)
	DECQ(n)
	JNZ(LabelRef("step"))
	VZEROUPPER()
	Store(marks, ReturnIndex(0))
	RET()
}
