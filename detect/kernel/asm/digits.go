package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// digits takes four words at a time.
func digits() {
	k := begin("digitsAVX2", "digitsAVX2 is Digits for n times DigitMaps words of dst.", "")
	zero := YMM()
	VPXOR(zero, zero, zero)
	short, long := all64("digitShort", 1<<12), all64("digitLong", 1<<14)
	low, upper, middle := all64("digitLow", 7), all64("digitUpper", 3<<30), all64("digitMiddle", 0x3fff0000)
	maps := [4]GPVirtual{GP64(), GP64(), GP64(), GP64()}
	count := GP64()
	Label("word")
	for _, m := range maps {
		XORQ(m, m)
	}
	MOVQ(U32(16), count)
	Label("four")
	w, h, none, some, t, u := YMM(), YMM(), YMM(), YMM(), YMM(), YMM()
	VMOVDQU(k.at(0), w)
	VPSRLQ(U8(48), w, h)
	VPCMPEQQ(zero, h, none) // the upper 16 bits are zero
	VPAND(low, w, t)
	VPCMPEQQ(zero, t, t)
	VPAND(none, t, t) // as in pointers
	VPSRLQ(U8(32), w, u)
	VPCMPEQQ(zero, u, u)
	VPOR(u, t, t)
	VPCMPGTQ(h, long, some)
	VPANDN(some, t, some) // what may be a digit at all

	one, two := YMM(), YMM()
	VPCMPGTQ(h, short, one)
	VPAND(some, one, one)
	pushTops(maps[2], one)
	VPANDN(one, none, one)
	pushTops(maps[0], one)

	VPAND(upper, w, two)
	VPCMPEQQ(zero, two, two)
	VPAND(some, two, two)
	VPSLLQ(U8(32), w, u)
	VPCMPEQQ(zero, u, u)
	VPANDN(two, u, two)
	pushTops(maps[3], two)
	VPAND(middle, w, u)
	VPCMPEQQ(zero, u, u)
	VPOR(none, u, u)
	VPANDN(two, u, two)
	pushTops(maps[1], two)

	ADDQ(U8(32), k.src)
	DECQ(count)
	JNZ(LabelRef("four"))
	for i, m := range maps {
		MOVQ(m, Mem{Base: k.dst, Disp: 8 * i})
	}
	ADDQ(U8(32), k.dst)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
