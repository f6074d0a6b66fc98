package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// gramBits is kernel.GramBits.
const gramBits = 17

// grams looks up eight places at a time: those of a byte of dst that is not zero, of eight words together, so that
// how many these are is foretold wrongly once in 512 bytes of memory only.
func grams() {
	k := begin("gramsAVX2", "gramsAVX2 is FindGrams for n times eight words of dst.", ", grams *uint64, factor, mask, fold uint32")
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
	low5, zero := all64("low5Grams", 0x1f0000001f), YMM()
	VPXOR(zero, zero, zero)
	m, at := GP64(), GP64()
	Label("words")
	masksTo(m, func(h int) VecVirtual {
		v := YMM()
		VPCMPEQB(Mem{Base: k.dst, Disp: 32 * h}, zero, v)
		return v
	})
	NOTQ(m)
	TESTQ(m, m)
	JZ(LabelRef("next"))
	Label("group")
	TZCNTQ(m, at)
	BLSRQ(m, m)
	v, place, bit := YMM(), YMM(), YMM()
	VBROADCASTI128(Mem{Base: k.src, Index: at, Scale: 8}, v)
	VPSHUFB(spread, v, v)
	VPAND(mask, v, v)
	VPOR(fold, v, v)
	VPMULLD(factor, v, v)
	VPSRLD(U8(32-gramBits+5), v, place)
	VPSRLD(U8(32-gramBits), v, bit)
	VPANDN(low5, bit, bit) // 31 less the place in the word
	words := gather(set, place)
	VPSLLVD(bit, words, words)
	found := GP64()
	VMOVMSKPS(words, found.As32())
	ANDB(found.As8(), Mem{Base: k.dst, Index: at, Scale: 1})
	TESTQ(m, m)
	JNZ(LabelRef("group"))
	Label("next")
	ADDQ(U8(64), k.dst)
	ADDQ(U32(512), k.src)
	DECQ(k.n)
	JNZ(LabelRef("words"))
	VZEROUPPER()
	RET()
}

// gather returns the words of 32 bits at set of which the eight indices are in at. Eight loads are faster on
// Zen 3 than the instruction that gathers.
func gather(set Register, at VecVirtual) VecVirtual {
	words, high, upper := YMM(), XMM(), XMM()
	VEXTRACTI128(U8(1), at, upper)
	for h, half := range []Register{words.AsX(), high} {
		from := []Register{at.AsX(), upper}[h]
		for q := range 2 {
			pair, first := GP64(), GP64()
			if q == 0 {
				VMOVQ(from, pair)
			} else {
				VPEXTRQ(U8(1), from, pair)
			}
			MOVL(pair.As32(), first.As32())
			SHRQ(U8(32), pair)
			if q == 0 {
				VMOVD(Mem{Base: set, Index: first, Scale: 4}, half)
			} else {
				VPINSRD(U8(2), Mem{Base: set, Index: first, Scale: 4}, half, half)
			}
			VPINSRD(U8(2*q+1), Mem{Base: set, Index: pair, Scale: 4}, half, half)
		}
	}
	VINSERTI128(U8(1), high, words, words)
	return words
}
