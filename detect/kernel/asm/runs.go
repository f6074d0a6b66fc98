package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// up returns a moved up by n bits, with those of below that come in.
func up(a, below GPVirtual, n int) GPVirtual {
	t, u := GP64(), GP64()
	MOVQ(a, t)
	SHLQ(U8(n), t)
	MOVQ(below, u)
	SHRQ(U8(64-n), u)
	ORQ(u, t)
	return t
}

// down returns a moved down by n bits, with those of above that come in.
func down(a, above GPVirtual, n int) GPVirtual {
	t, u := GP64(), GP64()
	MOVQ(a, t)
	SHRQ(U8(n), t)
	MOVQ(above, u)
	SHLQ(U8(64-n), u)
	ORQ(u, t)
	return t
}

// runs takes 64 bytes at a time. The ends of runs are found by looking back, and what
// belongs to them by looking ahead, one word behind.
func runs() {
	k := begin("runsAVX2", "runsAVX2 is Runs for n words of dst.", "")
	space, tilde := all8("space", ' '), all8("printable", '~'-' ')
	tab, breaks := all8("tab", '\t'), all8("breaks", '\r'-'\t')
	zero := YMM()
	VPXOR(zero, zero, zero)
	// read returns which of 64 bytes are text and which zero.
	read := func(offset int) (text, zeros GPVirtual) {
		text, zeros = GP64(), GP64()
		for h := range 2 {
			v, a, b, c := YMM(), YMM(), YMM(), YMM()
			VMOVDQU(k.at(offset+32*h), v)
			VPSUBB(space, v, a)
			VPMINUB(tilde, a, b)
			VPCMPEQB(a, b, b)
			VPSUBB(tab, v, a)
			VPMINUB(breaks, a, c)
			VPCMPEQB(a, c, c)
			VPOR(c, b, b)
			VPCMPEQB(zero, v, v)
			m, z := GP64(), GP64()
			VPMOVMSKB(b, m.As32())
			VPMOVMSKB(v, z.As32())
			if h == 0 {
				MOVQ(m, text)
				MOVQ(z, zeros)
			} else {
				SHLQ(U8(32), m)
				ORQ(m, text)
				SHLQ(U8(32), z)
				ORQ(z, zeros)
			}
		}
		return text, zeros
	}
	and := func(a, b GPVirtual) GPVirtual { ANDQ(a, b); return b }
	or := func(a, b GPVirtual) GPVirtual { ORQ(a, b); return b }
	// ends returns where runs of six characters of the given width end; t is the word
	// before m.
	ends := func(m, t GPVirtual, width int) GPVirtual {
		two := and(m, up(m, t, width))
		before := GP64()
		MOVQ(t, before)
		SHLQ(U8(width), before)
		ANDQ(t, before)
		four := and(two, up(two, before, 2*width))
		return and(four, up(two, before, 4*width))
	}
	text, wide, end, wideEnd := GP64(), GP64(), GP64(), GP64()
	// step reads the word at offset and returns what that says of it.
	step := func(offset int) (t, w, e, we GPVirtual) {
		t, z := read(offset)
		w = and(z, up(t, text, 1))
		return t, w, ends(t, text, 1), ends(w, wide, 2)
	}
	for _, r := range []GPVirtual{text, wide, end, wideEnd} {
		XORQ(r, r)
	}
	keep := func(t, w, e, we GPVirtual) {
		MOVQ(t, text)
		MOVQ(w, wide)
		MOVQ(e, end)
		MOVQ(we, wideEnd)
	}
	keep(step(0))
	keep(step(64))
	k.loop(64, func() Register {
		t, w, e, we := step(128)
		spread := func(m, next GPVirtual, steps ...int) GPVirtual {
			above := GP64()
			MOVQ(next, above)
			acc := GP64()
			MOVQ(m, acc)
			for _, n := range steps {
				acc = or(acc, down(acc, above, n))
				s := GP64()
				MOVQ(above, s)
				SHRQ(U8(n), s)
				ORQ(s, above)
			}
			return acc
		}
		acc := spread(end, e, 1, 2, 2)
		either := GP64()
		MOVQ(wideEnd, either)
		ORQ(we, either)
		JZ(LabelRef("narrow"))
		ORQ(spread(wideEnd, we, 1, 2, 4, 4), acc)
		Label("narrow")
		keep(t, w, e, we)
		return acc
	})
}
