package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// quad512 computes sixteen rounds at a time, and from the second sixteen on the words that they take.
func quad512() {
	TEXT("quad512AVX2", NOSPLIT, "func(states, blocks *uint64)")
	Pragma("noescape")
	Doc("quad512AVX2 is Quad512 with AVX2. It leaves the blocks changed.")
	states, w := Load(Param("states"), GP64()), Load(Param("blocks"), GP64())
	table := GLOBL("constants512", RODATA|NOPTR)
	for i, c := range constants512() {
		DATA(8*i, U64(c))
	}
	bytes := GLOBL("turn8", RODATA|NOPTR)
	for i := range 32 {
		DATA(i, U8(uint8(i&8|(i+1)&7)))
	}
	k, count := GP64(), GP64()
	LEAQ(table, k)
	var v [8]Register
	for i := range v {
		v[i] = YMM()
		VMOVDQU(Mem{Base: states, Disp: 32 * i}, v[i])
	}
	turn8 := YMM()
	VMOVDQU(bytes, turn8)
	at := func(i int) Mem { return Mem{Base: w, Disp: 32 * (i % 16)} }
	round := func(i int, word Register) {
		a, b, c, d, e, f, g, h := v[(80-i)%8], v[(81-i)%8], v[(82-i)%8], v[(83-i)%8], v[(84-i)%8], v[(85-i)%8], v[(86-i)%8], v[(87-i)%8]
		x, y := YMM(), YMM()
		VPBROADCASTQ(Mem{Base: k, Disp: 8 * i}, x)
		VPADDQ(x, h, h)
		VPADDQ(word, h, h)
		sum(e, x, y, 14, 18, 41)
		VPADDQ(x, h, h)
		VPXOR(f, g, x) // choose
		VPAND(e, x, x)
		VPXOR(g, x, x)
		VPADDQ(x, h, h)
		VPADDQ(h, d, d)
		sum(a, x, y, 28, 34, 39)
		VPADDQ(x, h, h)
		VPOR(a, b, x) // majority
		VPAND(c, x, x)
		VPAND(a, b, y)
		VPOR(x, y, x)
		VPADDQ(x, h, h)
	}
	word := YMM()
	for i := range 16 {
		VMOVDQU(at(i), word)
		round(i, word)
	}
	MOVQ(U32(4), count)
	Label("sixteen")
	ADDQ(U32(128), k)
	for i := range 16 {
		x, y := YMM(), YMM()
		VMOVDQU(at(i), word)
		VPADDQ(at(i+9), word, word)
		VMOVDQU(at(i+1), x) // σ0: by 1, 8, and 7 without what falls out
		VPSHUFB(turn8, x, y)
		VPADDQ(mix(x, y, 1, 7), word, word)
		VMOVDQU(at(i+14), x) // σ1: by 19, 61, and 6
		turn(x, y, 19)
		VPADDQ(mix(x, y, 61, 6), word, word)
		VMOVDQU(word, at(i))
		round(i, word)
	}
	DECQ(count)
	JNZ(LabelRef("sixteen"))
	for i := range v {
		VPADDQ(Mem{Base: states, Disp: 32 * i}, v[i], v[i])
		VMOVDQU(v[i], Mem{Base: states, Disp: 32 * i})
	}
	VZEROUPPER()
	RET()
}

// turn sets to to x rotated right by n bits.
func turn(x, to Register, n uint8) {
	t := YMM()
	VPSRLQ(U8(n), x, to)
	VPSLLQ(U8(64-n), x, t)
	VPXOR(t, to, to)
}

// mix returns y, to which x rotated right by n and shifted right by m are added without carries. x is lost.
func mix(x, y Register, n, m uint8) Register {
	t := YMM()
	VPSRLQ(U8(n), x, t)
	VPXOR(t, y, y)
	VPSLLQ(U8(64-n), x, t)
	VPXOR(t, y, y)
	VPSRLQ(U8(m), x, x)
	VPXOR(x, y, y)
	return y
}

// sum sets to to the sum without carries of x rotated right by three numbers of bits.
func sum(x, to, t Register, ns ...uint8) {
	VPSRLQ(U8(ns[0]), x, to)
	for i, n := range ns {
		if i > 0 {
			VPSRLQ(U8(n), x, t)
			VPXOR(t, to, to)
		}
		VPSLLQ(U8(64-n), x, t)
		VPXOR(t, to, to)
	}
}
