package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// random takes four words at a time.
func random() {
	k := begin("randomAVX2", "randomAVX2 is Random for n words of dst.", "")
	test := randomTest("")
	k.loop(512, func() Register {
		acc := GP64()
		XORQ(acc, acc)
		for i := range 16 {
			w := YMM()
			VMOVDQU(k.at(32*i), w)
			is := YMM()
			bad, few := test(w)
			VPANDN(few, bad, is)
			pushTops(acc, is)
		}
		return acc
	})
}

// randomTest returns what says which words of a vector are not random, and which of them have few
// enough zeros. Its constants have names with the prefix.
func randomTest(prefix string) func(w VecVirtual) (bad, few VecVirtual) {
	low, high := constant(prefix+"ones", 1), constant(prefix+"highs", 0x80)
	var turn [32]byte
	for i := range turn {
		turn[i] = byte(i&8 | (i+1)&7)
	}
	rotate := bytesOf(prefix+"rotate", turn)
	minus, zero := YMM(), YMM()
	VPCMPEQQ(minus, minus, minus)
	VPXOR(zero, zero, zero)
	return func(w VecVirtual) (bad, few VecVirtual) {
		z, t := YMM(), YMM()
		bad = YMM()
		VPSUBQ(low, w, z)
		VPANDN(z, w, z)
		VPAND(high, z, z) // the zero bytes
		VPADDQ(minus, z, t)
		VPAND(t, z, z) // those but the first
		VPCMPEQQ(zero, z, z)
		VPAND(high, w, t)
		VPCMPEQQ(zero, t, bad)
		VPCMPEQW(minus, w, t) // the top 16 bits: only the sign counts
		VPOR(t, bad, bad)
		VPSHUFB(rotate, w, t)
		VPCMPEQQ(t, w, t)
		VPOR(t, bad, bad)
		return bad, z
	}
}

// words takes four words at a time. It looks for random words in sixteen, which most of memory
// has none of, before it counts common bytes.
func words() {
	const back = 16
	k := begin("wordsAVX2", "wordsAVX2 is Words for n words of dst, which is patternless, and of random.", ", random *uint64")
	random := Load(Param("random"), GP64())
	test := randomTest("words")
	many := manyCommon(k)
	Label("word")
	acc, all, quarter := GP64(), GP64(), GP64()
	XORQ(acc, acc)
	XORQ(all, all)
	MOVQ(U32(4), quarter)
	Label("quarter")
	SHRQ(U8(16), acc)
	SHRQ(U8(16), all)
	var is [4]VecVirtual
	any := YMM()
	for i := range is {
		w := YMM()
		VMOVDQU(k.at(back+32*i), w)
		is[i] = YMM()
		bad, few := test(w)
		VPANDN(few, bad, is[i])
		if i == 0 {
			VMOVDQA(is[i], any)
		} else {
			VPOR(is[i], any, any)
		}
	}
	VPTEST(any, any)
	JZ(LabelRef("none"))
	marks, tops := GP64(), GP64()
	for i := range is {
		add := func(v VecVirtual, to GPVirtual) {
			if i == 0 {
				VMOVMSKPD(v, to.As32())
				return
			}
			m := GP64()
			VMOVMSKPD(v, m.As32())
			SHLQ(U8(4*i), m)
			ORQ(m, to)
		}
		add(is[i], tops)
		c := many(back + 32*i)
		VPANDN(is[i], c, c)
		add(c, marks)
	}
	SHLQ(U8(48), marks)
	ORQ(marks, acc)
	SHLQ(U8(48), tops)
	ORQ(tops, all)
	Label("none")
	SUBQ(I8(-128), k.src)
	DECQ(quarter)
	JNZ(LabelRef("quarter"))
	MOVQ(acc, Mem{Base: k.dst})
	MOVQ(all, Mem{Base: random})
	ADDQ(U8(8), k.dst)
	ADDQ(U8(8), random)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}

// manyCommon returns what says which of the four words at a place have more than mostCommon bytes that
// are common or equal to the byte 4, 8 or 16 before them.
func manyCommon(k kernel) func(at int) VecVirtual {
	test := commonTest("")
	zero := YMM()
	VPXOR(zero, zero, zero)
	var mosts [32]byte
	for i := range mosts {
		if i&7 == 0 {
			mosts[i] = mostCommon
		}
	}
	most := bytesOf("mostCommon", mosts)
	return func(at int) VecVirtual {
		w, a := YMM(), YMM()
		VMOVDQU(k.at(at), w)
		c := test(w)
		for _, d := range []int{4, 8, 16} {
			VPCMPEQB(k.at(at-d), w, a)
			VPOR(a, c, c)
		}
		VPSUBB(c, zero, c)
		VPSADBW(zero, c, c)
		VPCMPGTQ(most, c, c)
		return c
	}
}

// commonTest returns what says which bytes of a vector are common. Its constants have names with the prefix.
func commonTest(prefix string) func(w VecVirtual) VecVirtual {
	// A byte is common where the bit of the lower three bits of its upper digit is in the table
	// of its lower digit, one for the bytes below 0x80 and one for the others.
	var lower, upper, digit [32]byte
	for i := range 32 {
		for row := range 8 {
			lower[i] |= byte(common[row/4]>>(16*(row&3)+i&15)&1) << row
			upper[i] |= byte(common[2+row/4]>>(16*(row&3)+i&15)&1) << row
		}
		digit[i] = 1 << (i & 7)
	}
	below, above, bits := table(prefix+"below", lower), table(prefix+"above", upper), table(prefix+"digit", digit)
	nibble, sign, high := constant(prefix+"nibble", 0x0f), constant(prefix+"sign", 0x8f), constant(prefix+"high", 0x80)
	return func(w VecVirtual) VecVirtual {
		a, b, c := YMM(), YMM(), YMM()
		VPAND(sign, w, a) // a place of its table that is not there gives zero
		VPXOR(high, a, b)
		VPSHUFB(a, below, a)
		VPSHUFB(b, above, b)
		VPOR(b, a, a)
		VPSRLD(U8(4), w, b)
		VPAND(nibble, b, b)
		VPSHUFB(b, bits, b)
		VPAND(b, a, a)
		VPCMPEQB(b, a, c)
		return c
	}
}

// tops takes 64 bytes at a time.
func tops() {
	k := begin("topsAVX2", "topsAVX2 is Tops for n words of dst.", "")
	k.loop(64, func() Register {
		return masks(func(h int) VecVirtual {
			w := YMM()
			VMOVDQU(k.at(32*h), w)
			return w
		})
	})
}

// commons takes 64 bytes at a time.
func commons() {
	k := begin("commonsAVX2", "commonsAVX2 is Commons for n words of dst.", "")
	test := commonTest("commons")
	k.loop(64, func() Register {
		return masks(func(h int) VecVirtual {
			w := YMM()
			VMOVDQU(k.at(32*h), w)
			return test(w)
		})
	})
}

// common and mostCommon are those of package kernel.
var common = [4]uint64{0x020201110101813f, 0x0030004010003333, 0x0000000000002a38, 0xc0000b0000000081}

const mostCommon = 4

// pads takes four words at a time.
func pads() {
	k := begin("padsAVX2", "padsAVX2 is Pads for n words of dst.", "")
	inner, outer, both := all8("inner", 0x36), all8("outer", 0x5c), all8("both", 0x36^0x5c)
	k.loop(512, func() Register {
		acc := GP64()
		XORQ(acc, acc)
		for i := range 16 {
			w := YMM()
			VMOVDQU(k.at(32*i), w)
			a, b, x := YMM(), YMM(), YMM()
			VPCMPEQQ(inner, w, a)
			VPCMPEQQ(outer, w, b)
			VPOR(b, a, a)
			VPXOR(both, w, x)
			for _, d := range []int{64, 80, 128, 144} {
				t := YMM()
				VPCMPEQQ(k.at(32*i+d), x, t)
				VPOR(t, a, a)
			}
			pushTops(acc, a)
		}
		return acc
	})
}

// schedules takes eight steps of eight bytes at a time.
func schedules() {
	k := begin("schedulesAVX2", "schedulesAVX2 is Schedules for n words of dst.", "")
	zero := YMM()
	VPXOR(zero, zero, zero)
	even := all64("even", 0xffffffff)
	drifting := driftingSteps(k, zero)
	const back = 48
	k.loop(512, func() Register {
		acc := GP64()
		XORQ(acc, acc)
		for i := range 8 {
			q := back + 64*i
			marks := GP64()
			XORQ(marks, marks)
			for half := range 2 {
				m := GP64()
				VMOVMSKPD(steadySteps(k, q+32*half, zero, even), m.As32())
				if half == 1 {
					SHLQ(U8(4), m)
				}
				ORQ(m, marks)
			}
			e := drifting(q, i&1)
			VPERMQ(U8(0b11011000), e, e) // the order of the steps
			m := GP64()
			VMOVMSKPS(e, m.As32())
			ORQ(m, marks)
			push(acc, marks, 8)
		}
		return acc
	})
}

// steadySteps looks at the beginnings of the four steps at a place: at the sum of the column there and the
// one before it.
func steadySteps(k kernel, at int, zero, even VecVirtual) VecVirtual {
	x, e, eight := YMM(), YMM(), YMM()
	VMOVDQU(k.at(at), x)
	VPXOR(k.at(at-4), x, x)
	VPCMPEQD(k.at(at-16), x, e)
	for _, d := range []int{-24, -32, 16, 32} {
		t := YMM()
		VPCMPEQD(k.at(at+d), x, t)
		VPOR(t, e, e)
	}
	VPAND(even, e, e)
	VPCMPEQD(k.at(at+8), x, eight)
	VPOR(eight, e, e)
	none := YMM()
	VPCMPEQD(zero, x, none)
	VPANDN(e, none, e)
	up := YMM()
	VPSLLQ(U8(32), e, up)
	VPOR(up, e, e)
	return e
}

// driftingSteps returns what looks at the drifting places of the eight steps at q; order is 1 where
// neighbours change places.
func driftingSteps(k kernel, zero VecVirtual) func(q, order int) VecVirtual {
	// The drifting positions of four steps are, from the first: 0, 9, 18 and 27, or,
	// where neighbours change places, 1, 8, 19 and 26. Two lie in either half of a
	// vector. Those of the four steps behind them are the same from byte 36 on.
	shuffle := func(name string, a, b, c, d byte, high bool) VecVirtual {
		var t [32]byte
		for i := range t {
			t[i] = 0x80
		}
		at := 0
		if high {
			at = 8
		}
		for i := range byte(4) {
			t[at+int(i)], t[at+4+int(i)] = a+i, b+i
			t[at+16+int(i)], t[at+20+int(i)] = c-16+i, d-16+i
		}
		return table(name, t)
	}
	first := [2]VecVirtual{shuffle("steady0", 0, 9, 18, 27, false), shuffle("swapped0", 1, 8, 19, 26, false)}
	second := [2]VecVirtual{shuffle("steady1", 0, 9, 18, 27, true), shuffle("swapped1", 1, 8, 19, 26, true)}
	return func(q, order int) VecVirtual {
		at := func(d int) VecVirtual {
			a, b := YMM(), YMM()
			VMOVDQU(k.at(q+d), a)
			VPSHUFB(first[order], a, a)
			VMOVDQU(k.at(q+d+36), b)
			VPSHUFB(second[order], b, b)
			VPOR(b, a, a)
			return a
		}
		y := at(0)
		VPXOR(at(-4), y, y)
		e := YMM()
		VPXOR(e, e, e)
		for _, d := range []int{-36, -28, -20, -12, 4, 12, 20, 28} {
			t := at(d)
			VPCMPEQD(t, y, t)
			VPOR(t, e, e)
		}
		none := YMM()
		VPCMPEQD(zero, y, none)
		VPANDN(e, none, e)
		return e
	}
}

// repeats takes eight places at a time, at every fourth byte.
func repeats() {
	k := begin("repeatsAVX2", "repeatsAVX2 is Repeats for n words of dst.", "")
	high, zero := all8("repeatHighs", 0x80), YMM()
	VPXOR(zero, zero, zero)
	k.loop(256, func() Register {
		acc := GP64()
		XORQ(acc, acc)
		for i := range 8 {
			var equal [2]VecVirtual // at multiples of eight, and between them
			for odd := range equal {
				at := 32*i + 4*odd
				w, e := YMM(), YMM()
				VMOVDQU(k.at(at), w)
				VPCMPEQQ(k.at(at+44), w, e)
				for _, d := range []int{52, 76, 84} {
					t := YMM()
					VPCMPEQQ(k.at(at+d), w, t)
					VPOR(t, e, e)
				}
				VPAND(high, w, w)
				VPCMPEQQ(zero, w, w)
				VPANDN(e, w, e)
				equal[odd] = e
			}
			VPBLENDD(U8(0b10101010), equal[1], equal[0], equal[0])
			m := GP64()
			VMOVMSKPS(equal[0], m.As32())
			push(acc, m, 8)
		}
		return acc
	})
}
