package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// octets takes 32 bytes at a time.
func octets() {
	TEXT("octetsAVX2", NOSPLIT, "func(dst *byte, src *byte, n int)")
	Pragma("noescape")
	Doc("octetsAVX2 is Octets for n pieces of 32 bytes.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	Label("piece")
	v, w := YMM(), YMM()
	VMOVDQU(Mem{Base: src}, v)
	VMOVDQU(Mem{Base: src, Disp: 1}, w)
	for i := 2; i < 16; i += 2 {
		VPXOR(Mem{Base: src, Disp: i}, v, v)
		VPXOR(Mem{Base: src, Disp: i + 1}, w, w)
	}
	VPXOR(w, v, v)
	VMOVDQU(v, Mem{Base: dst})
	ADDQ(U8(32), src)
	ADDQ(U8(32), dst)
	DECQ(n)
	JNZ(LabelRef("piece"))
	VZEROUPPER()
	RET()
}

// alike takes 32 bytes at a time.
func alike() {
	k := begin("alikeAVX2", "alikeAVX2 is Alike for n words of dst.", ", distance int")
	distance := Load(Param("distance"), GP64())
	k.loop(64, func() Register {
		return masks(func(h int) VecVirtual {
			v := YMM()
			VMOVDQU(k.at(32*h), v)
			VPCMPEQB(Mem{Base: k.src, Index: distance, Scale: 1, Disp: 32 * h}, v, v)
			return v
		})
	})
}

// folds takes 32 bytes at a time.
func folds() {
	k := begin("foldsAVX2", "foldsAVX2 is Folds for n words of dst.", "")
	low, lowTwo := all8("foldLow", 1), all8("foldLowTwo", 3)
	// turn rotates each byte of v left by n bits, which low masks.
	turn := func(v VecVirtual, n int, low VecVirtual) VecVirtual {
		a, b := YMM(), YMM()
		VPSLLW(U8(n), v, a)
		VPANDN(a, low, a)
		VPSRLW(U8(8-n), v, b)
		VPAND(low, b, b)
		VPOR(b, a, a)
		return a
	}
	k.loop(64, func() Register {
		return masks(func(h int) VecVirtual {
			at := func(d int) Mem { return k.at(64 + 32*h + d) }
			here, up, down, x := YMM(), YMM(), YMM(), YMM()
			VMOVDQU(at(0), here)
			VMOVDQU(at(64), up)
			VMOVDQU(at(-64), down)
			once := turn(here, 1, low)
			VPXOR(once, up, x)
			VPCMPEQB(at(-24), x, x)
			sum := YMM()
			VPXOR(once, down, sum)
			VPCMPEQB(at(24), sum, sum)
			VPOR(x, sum, sum)
			VPXOR(here, up, up)
			up = turn(up, 2, lowTwo)
			VPCMPEQB(at(-40), up, up)
			VPOR(up, sum, sum)
			VPXOR(here, down, down)
			down = turn(down, 2, lowTwo)
			VPCMPEQB(at(40), down, down)
			VPOR(down, sum, sum)
			return sum
		})
	})
}
