package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// quads takes 32 bytes at a time. tables are the low and, behind them, the high ones of
// kernel.Quads, 16 bytes each.
func quads() {
	k := begin("quadsAVX2", "quadsAVX2 is FindQuads for n words of dst.", ", tables *byte")
	tables := Load(Param("tables"), GP64())
	var low, high [4]VecVirtual
	for i := range 4 {
		low[i], high[i] = YMM(), YMM()
		VBROADCASTI128(Mem{Base: tables, Disp: 16 * i}, low[i])
		VBROADCASTI128(Mem{Base: tables, Disp: 16 * (4 + i)}, high[i])
	}
	half, zero := all8("quadHalf", 0x0f), YMM()
	VPXOR(zero, zero, zero)
	k.loop(64, func() Register {
		acc := GP64()
		for h := range 2 {
			all := YMM()
			for i := range 4 {
				v, l := YMM(), YMM()
				VMOVDQU(k.at(32*h+i), v)
				VPAND(half, v, l)
				VPSRLW(U8(4), v, v)
				VPAND(half, v, v)
				VPSHUFB(l, low[i], l)
				VPSHUFB(v, high[i], v)
				if i == 0 {
					VPAND(v, l, all)
				} else {
					VPAND(v, l, l)
					VPAND(l, all, all)
				}
			}
			VPCMPEQB(zero, all, all)
			m := GP64()
			VPMOVMSKB(all, m.As32())
			if h == 0 {
				MOVQ(m, acc)
			} else {
				SHLQ(U8(32), m)
				ORQ(m, acc)
			}
		}
		NOTQ(acc)
		return acc
	})
}
