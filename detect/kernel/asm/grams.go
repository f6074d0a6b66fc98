package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gramBits is kernel.GramBits.
const gramBits = 17

// grams looks up eight places at a time, those that are a byte of a word of dst which is not zero.
func grams() {
	k := begin("gramsAVX2", "gramsAVX2 is FindGrams for n words of dst.", ", grams *uint64, factor, mask, fold uint32")
	set := Load(Param("grams"), GP64())
	var t [32]byte
	for i := range t {
		t[i] = byte(i>>2 + i&3)
	}
	spread := table("spreadGrams", t)
	param := func(name string) VecVirtual {
		x, y := XMM(), YMM()
		VMOVD(Load(Param(name), GP32()), x)
		VPBROADCASTD(x, y)
		return y
	}
	factor, mask, fold := param("factor"), param("mask"), param("fold")
	low5 := all64("low5Grams", 0x1f0000001f)
	m, has, at := GP64(), GP64(), GP64()
	Label("word")
	MOVQ(Mem{Base: k.dst}, m)
	TESTQ(m, m)
	JZ(LabelRef("next"))
	XORQ(has, has)
	Label("group")
	TZCNTQ(m, at)
	ANDL(U8(0x38), at.As32())
	v, place, bit := YMM(), YMM(), YMM()
	VBROADCASTI128(Mem{Base: k.src, Index: at, Scale: 1}, v)
	VPSHUFB(spread, v, v)
	VPAND(mask, v, v)
	VPOR(fold, v, v)
	VPMULLD(factor, v, v)
	VPSRLD(U8(32-gramBits+5), v, place)
	VPSRLD(U8(32-gramBits), v, bit)
	VPANDN(low5, bit, bit) // 31 less the place in the word
	all, words := YMM(), YMM()
	VPCMPEQD(all, all, all)
	VPXOR(words, words, words) // no dependency on an earlier gather
	VPGATHERDD(all, Mem{Base: set, Index: place, Scale: 4}, words)
	VPSLLVD(bit, words, words)
	found, done := GP64(), GP64()
	VMOVMSKPS(words, found.As32())
	SHLXQ(at, found, found)
	ORQ(found, has)
	MOVQ(I32(-256), done)
	SHLXQ(at, done, done)
	ANDQ(done, m) // and with what is below, which is done
	JNZ(LabelRef("group"))
	ANDQ(has, Mem{Base: k.dst})
	Label("next")
	ADDQ(U8(8), k.dst)
	ADDQ(U8(64), k.src)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
