package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// hard takes eight halves of words at a time.
func hard() {
	k := begin("hardAVX2", "hardAVX2 is Hard for n words of dst.", ", except uint32")
	var turn [32]byte
	for i := range turn {
		turn[i] = byte(i&12 | (i+3)&3)
	}
	rotate := bytesOf("hardRotate", turn)
	value := GP32()
	Load(Param("except"), value)
	except, zero, minus := YMM(), YMM(), YMM()
	VMOVD(value, except.AsX())
	VPBROADCASTD(except.AsX(), except)
	VPXOR(zero, zero, zero)
	VPCMPEQQ(minus, minus, minus)
	k.loop(256, func() Register {
		acc := GP64()
		XORQ(acc, acc)
		for i := range 8 {
			w, is, t, m := YMM(), YMM(), YMM(), GP64()
			VMOVDQU(k.at(32*i), w)
			VPCMPEQW(zero, w, is)
			VPSLLD(U8(16), is, t)
			VPOR(t, is, is)
			VPCMPEQW(minus, w, t) // the upper half: only the sign counts
			VPOR(t, is, is)
			VPSHUFB(rotate, w, t)
			VPCMPEQD(t, w, t)
			VPOR(t, is, is)
			VPCMPEQD(except, w, t)
			VPANDN(is, t, is)
			VMOVMSKPS(is, m.As32())
			push(acc, m, 8)
		}
		return acc
	})
}
