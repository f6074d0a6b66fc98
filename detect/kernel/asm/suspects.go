package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// suspects takes 96 bytes for each word of dst that is not zero. What a digit may be is said in the portable twin.
func suspects() {
	k := begin("suspectsAVX2", "suspectsAVX2 is Suspects for n words of dst.", "")
	var high, low [32]byte
	for bit, of := range []struct {
		uppers      string
		first, last int
	}{
		{"\x04", 9, 15}, {"\x05", 0, 10}, {"\x06", 1, 6}, {"\x04\x05", 3, 8}, {"\x06\x07", 9, 14}, {"\x03", 0, 3}, {"\x04", 1, 1}, {"\x03\x04", 0, 9},
	} {
		for lane := 0; lane < 32; lane += 16 {
			for _, u := range []byte(of.uppers) {
				high[lane+int(u)] |= 1 << bit
			}
			for l := of.first; l <= of.last; l++ {
				low[lane+l] |= 1 << bit
			}
		}
	}
	highs, lows := table("suspectHigh", high), table("suspectLow", low)
	half, zero := all8("suspectHalf", 0x0f), YMM()
	VPXOR(zero, zero, zero)
	sets := []VecVirtual{all8("suspectFirst", 0x07), all8("suspectSecond", 0x38), all8("suspectZero", 0x40), all8("suspectHex", 0x84)}
	Label("word")
	CMPQ(Mem{Base: k.dst}, Imm(0))
	JE(LabelRef("next"))
	var w [4][2]GPVirtual // of each set, which bytes are in it
	for part := range 3 {
		v, a := YMM(), YMM()
		VMOVDQU(k.at(32*part), v)
		VPSRLW(U8(4), v, a)
		VPAND(half, a, a)
		VPSHUFB(a, highs, a)
		// A byte of 0x80 and more has no lower half for the shuffle, and is in no set.
		VPSHUFB(v, lows, v)
		VPAND(v, a, a)
		for n, set := range sets {
			t, m := YMM(), GP64()
			VPAND(set, a, t)
			VPCMPEQB(zero, t, t)
			VPMOVMSKB(t, m.As32())
			if part == 1 {
				SHLQ(U8(32), m)
				ORQ(m, w[n][0])
			} else {
				w[n][part/2] = m
			}
		}
	}
	for n := range w {
		NOTQ(w[n][0])
		NOTL(w[n][1].As32())
	}
	// and keeps of x what lies before bits of y by n.
	and := func(x, y [2]GPVirtual, n int) {
		t, u := GP64(), GP64()
		MOVQ(y[1], u)
		SHLQ(U8(64-n), u)
		MOVQ(y[0], t)
		SHRQ(U8(n), t)
		ORQ(u, t)
		ANDQ(t, x[0])
		MOVQ(y[1], u)
		SHRQ(U8(n), u)
		ANDQ(u, x[1])
	}
	text, zeros, hex := w[0], w[2], w[3]
	and(text, w[1], 1)
	and(text, text, 4)
	and(text, text, 8)
	and(zeros, zeros, 3)
	and(zeros, zeros, 8)
	for _, n := range []int{1, 2, 4, 8, 8} {
		and(hex, hex, n)
	}
	ORQ(zeros[0], text[0])
	ORQ(hex[0], text[0])
	MOVQ(text[0], Mem{Base: k.dst})
	Label("next")
	ADDQ(U8(8), k.dst)
	ADDQ(U8(64), k.src)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
