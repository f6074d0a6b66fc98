package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// groups returns, by the high and by the low half of a byte, the groups that it may belong
// to: it belongs to one when it may by both.
func groups(of map[byte]string) (high, low [32]byte) {
	var want [256]byte
	for g, chars := range of {
		for _, c := range []byte(chars) {
			want[c] |= g
			for half := 0; half < 32; half += 16 {
				high[half+int(c>>4)] |= g
				low[half+int(c&15)] |= g
			}
		}
	}
	for c := range want {
		if high[c>>4]&low[c&15] != want[c] {
			panic("groups that the halves of a byte do not tell")
		}
	}
	return high, low
}

// between returns the characters from a to b.
func between(a, b byte) (s string) {
	for ; a <= b; a++ {
		s += string(rune(a))
	}
	return s
}

// classes takes 32 bytes at a time. Words are in some group, digits in one of the upper ones,
// letters in one of the highest two.
func classes() {
	k := begin("classesAVX2", "classesAVX2 is Classify for n words of each class, which lie stride bytes apart.", ", stride int")
	stride := Load(Param("stride"), GP64())
	upper := GP64()
	LEAQ(Mem{Base: stride, Index: stride, Scale: 2}, upper)
	ADDQ(k.dst, upper) // the fourth class
	const others, digits = 0x02, 0x10
	h, l := groups(map[byte]string{
		0x01: "$%&*.", 0x02: ":=",
		0x04: "+-/", 0x08: between('0', '9'), 0x10: "_",
		0x20: between('A', 'O') + between('a', 'o'), 0x40: between('P', 'Z') + between('p', 'z'),
	})
	high, low := table("wordHigh", h), table("wordLow", l)
	half, zero := all8("half", 0x0f), YMM()
	VPXOR(zero, zero, zero)
	aboveOthers, aboveDigits := all8("others", others), all8("digits", digits)
	percent, backslash, bar := all8("markPercent", '%'), all8("markBackslash", '\\'), all8("bar", '|')
	Label("word")
	var sums [6]GPVirtual
	for i := range 2 {
		v, a, b, t := YMM(), YMM(), YMM(), YMM()
		VMOVDQU(k.at(32*i), v)
		VPSRLW(U8(4), v, a)
		VPAND(half, a, a)
		VPAND(half, v, b)
		VPSHUFB(a, high, a)
		VPSHUFB(b, low, b)
		VPAND(b, a, a)
		add := func(n int, y VecVirtual) {
			m := GP64()
			VPMOVMSKB(y, m.As32())
			if i == 0 {
				sums[n] = m
				return
			}
			SHLQ(U8(32), m)
			ORQ(m, sums[n])
		}
		VPCMPEQB(zero, a, t)
		add(0, t) // what is no word
		VPCMPEQB(zero, v, t)
		add(1, t)
		VPCMPGTB(aboveOthers, a, t)
		add(2, t)
		VPCMPGTB(aboveDigits, a, t)
		add(3, t)
		VPCMPEQB(percent, v, t)
		VPCMPEQB(backslash, v, b)
		VPOR(b, t, t)
		add(4, t)
		VPCMPEQB(bar, v, t)
		add(5, t)
	}
	NOTQ(sums[0])
	for n, s := range sums {
		at := Mem{Base: [2]Register{k.dst, upper}[n/3]}
		if n%3 > 0 {
			at.Index, at.Scale = stride, uint8(n%3)
		}
		MOVQ(s, at)
	}
	ADDQ(U8(8), k.dst)
	ADDQ(U8(8), upper)
	ADDQ(U8(64), k.src)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
