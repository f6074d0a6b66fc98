package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// lineLen is kernel.LineLen.
const lineLen = 20

// digitTables returns, by the high and by the low half of a byte, the groups of base64's
// digits that it may belong to: a byte is a digit when it may by both.
func digitTables() (high, low [32]byte) {
	groups := map[byte]byte{2: 1, 3: 2, 4: 4, 5: 8, 6: 4, 7: 16}
	for _, c := range []byte("+-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz") {
		g := groups[c>>4]
		for half := 0; half < 32; half += 16 {
			high[half+int(c>>4)] = g
			low[half+int(c&15)] |= g
		}
	}
	return high, low
}

// lines takes 64 bytes at a time. It keeps the digits of the next 64, which lines go on in.
func lines(name, doc string, wide bool) {
	k := begin(name, doc, "")
	h, l := digitTables()
	high, low, half, zero := table(name+"High", h), table(name+"Low", l), all8(name+"Half", 0x0f), YMM()
	VPXOR(zero, zero, zero)
	digitsAt := func(offset int) GPVirtual {
		acc := GP64()
		for i := range 2 {
			v, a, b := YMM(), YMM(), YMM()
			VMOVDQU(k.at(offset+32*i), v)
			VPSRLW(U8(4), v, a)
			VPAND(half, a, a)
			VPSHUFB(a, high, a)
			VPAND(half, v, b)
			VPSHUFB(b, low, b)
			VPAND(a, b, a)
			VPCMPEQB(zero, a, a) // what is none
			if wide {
				VPCMPEQB(k.at(offset+32*i+1), zero, b)
				VPANDN(b, a, a)
			}
			m := GP64()
			VPMOVMSKB(a, m.As32())
			if i == 0 {
				MOVQ(m, acc)
			} else {
				SHLQ(U8(32), m)
				ORQ(m, acc)
			}
		}
		if !wide {
			NOTQ(acc)
		}
		return acc
	}
	ahead := digitsAt(0)
	k.loop(64, func() Register {
		acc, next := GP64(), digitsAt(64)
		MOVQ(ahead, acc)
		MOVQ(next, ahead)
		width := 1
		if wide {
			width = 2
		}
		// A place where n digits begin, and n more behind them, begins 2n.
		for n := 1; n < lineLen; {
			by := min(n, lineLen-n)
			t := GP64()
			MOVQ(acc, t)
			SHRQ(U8(by*width), next, t) // the bits of next come in from above
			ANDQ(t, acc)
			if n+by < lineLen {
				MOVQ(next, t)
				SHRQ(U8(by*width), t)
				ANDQ(t, next)
			}
			n += by
		}
		return acc
	})
}

// escapes takes 32 bytes at a time.
func escapes() {
	k := begin("escapesAVX2", "escapesAVX2 is Escapes for n words of dst.", "")
	percent, backslash := all8("percent", '%'), all8("backslash", '\\')
	k.loop(64, func() Register {
		acc := GP64()
		for i := range 2 {
			v, w := YMM(), YMM()
			VMOVDQU(k.at(32*i), v)
			VPCMPEQB(percent, v, w)
			VPCMPEQB(backslash, v, v)
			VPOR(w, v, v)
			m := GP64()
			VPMOVMSKB(v, m.As32())
			if i == 0 {
				MOVQ(m, acc)
			} else {
				SHLQ(U8(32), m)
				ORQ(m, acc)
			}
		}
		return acc
	})
}
