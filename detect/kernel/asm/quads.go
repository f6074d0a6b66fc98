package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// quads takes 32 bytes at a time: the halves of the bytes at four places are made once, and looked up in the
// tables of eight buckets after the other. tables are those of kernel.quadHalves, sets of them.
func quads() {
	k := begin("quadsAVX2", "quadsAVX2 is FindQuads for n words of dst.", ", tables *byte, sets int")
	tables, sets := Load(Param("tables"), GP64()), Load(Param("sets"), GP64())
	half, zero := all8("quadHalf", 0x0f), YMM()
	VPXOR(zero, zero, zero)
	k.loop(64, func() Register {
		acc := masks(func(h int) VecVirtual {
			set := [2]string{"first", "second"}[h]
			var low, high [4]VecVirtual
			for i := range 4 {
				low[i], high[i] = YMM(), YMM()
				VMOVDQU(k.at(32*h+i), high[i])
				VPAND(half, high[i], low[i])
				VPSRLW(U8(4), high[i], high[i])
				VPAND(half, high[i], high[i])
			}
			found, table, left := YMM(), GP64(), GP64()
			VPXOR(found, found, found)
			MOVQ(tables, table)
			MOVQ(sets, left)
			Label(set)
			all := YMM()
			for i := range 4 {
				l, u := YMM(), YMM()
				VBROADCASTI128(Mem{Base: table, Disp: 16 * i}, l)
				VBROADCASTI128(Mem{Base: table, Disp: 16 * (4 + i)}, u)
				VPSHUFB(low[i], l, l)
				VPSHUFB(high[i], u, u)
				if i == 0 {
					VPAND(l, u, all)
				} else {
					VPAND(l, all, all)
					VPAND(u, all, all)
				}
			}
			VPOR(all, found, found)
			SUBQ(I8(-128), table)
			DECQ(left)
			JNZ(LabelRef(set))
			VPCMPEQB(zero, found, found)
			return found
		})
		NOTQ(acc)
		return acc
	})
}
