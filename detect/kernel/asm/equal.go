package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// equal takes sixteen words at a time, and each value with them.
func equal() {
	k := begin("equalAVX2", "equalAVX2 is Equal for n words of dst and count values.", ", values *uint64, count int")
	values, end := Load(Param("values"), GP64()), Load(Param("count"), GP64()).(GPVirtual)
	LEAQ(Mem{Base: values, Index: end, Scale: 8}, end)
	Label("word")
	acc, quarter := GP64(), GP64()
	XORQ(acc, acc)
	MOVQ(U32(4), quarter)
	Label("quarter")
	var w, is [4]VecVirtual
	for i := range w {
		w[i], is[i] = YMM(), YMM()
		VMOVDQU(k.at(32*i), w[i])
		VPXOR(is[i], is[i], is[i])
	}
	at := GP64()
	MOVQ(values, at)
	Label("value")
	v := YMM()
	VPBROADCASTQ(Mem{Base: at}, v)
	for i := range w {
		t := YMM()
		VPCMPEQQ(v, w[i], t)
		VPOR(t, is[i], is[i])
	}
	ADDQ(U8(8), at)
	CMPQ(at, end)
	JNE(LabelRef("value"))
	for i := range is {
		pushTops(acc, is[i])
	}
	ADDQ(U32(128), k.src)
	DECQ(quarter)
	JNZ(LabelRef("quarter"))
	MOVQ(acc, Mem{Base: k.dst})
	ADDQ(U8(8), k.dst)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
