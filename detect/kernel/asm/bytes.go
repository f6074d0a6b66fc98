package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// tags takes 32 bytes at a time.
func tags() {
	k := begin("tagsAVX2", "tagsAVX2 is Tags for n words of dst.", "")
	old, oldMask := all8("old", 0x94), all8("oldMask", 0xf4)
	current, currentMask := all8("current", 0xc5), all8("currentMask", 0xfd)
	versions := versionTest(k)
	Label("word")
	acc := GP64()
	// tagsAt returns which bytes of v are tags of the old format and of the current one.
	tagsAt := func(v VecVirtual) (o, c VecVirtual) {
		o, c = YMM(), YMM()
		VPAND(oldMask, v, o)
		VPCMPEQB(old, o, o)
		VPAND(currentMask, v, c)
		VPCMPEQB(current, c, c)
		return o, c
	}
	any := YMM()
	for h := range 2 {
		v := YMM()
		VMOVDQU(k.at(32*h), v)
		o, c := tagsAt(v)
		if h == 0 {
			VPOR(o, c, any)
		} else {
			VPOR(o, any, any)
			VPOR(c, any, any)
		}
	}
	XORQ(acc, acc)
	VPTEST(any, any)
	JZ(LabelRef("store"))
	masksTo(acc, func(h int) VecVirtual {
		v := YMM()
		VMOVDQU(k.at(32*h), v)
		o, c := tagsAt(v)
		return versions(h, v, o, c)
	})
	Label("store")
	MOVQ(acc, Mem{Base: k.dst})
	ADDQ(U8(8), k.dst)
	ADDQ(U8(64), k.src)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}

// versionTest returns what says of the 32 bytes v of half h behind which tags a version stands: o are those
// of the old format and c of the current one. An old one has the kind of its length in it.
func versionTest(k kernel) func(h int, v, o, c VecVirtual) VecVirtual {
	one, two, kind, four := all8("one", 1), all8("two", 2), all8("kind", 3), all8("four", 4)
	return func(h int, v, o, c VecVirtual) VecVirtual {
		VPAND(kind, v, v)
		// version returns behind which bytes a version stands at distance d.
		version := func(d int) VecVirtual {
			a, b := YMM(), YMM()
			VMOVDQU(k.at(32*h+d), a)
			VPSUBB(two, a, a)
			VPMINUB(four, a, b)
			VPCMPEQB(a, b, b)
			return b
		}
		v2, v3, sum, s := version(2), version(3), YMM(), YMM()
		VPOR(v2, v3, sum)
		VPOR(version(6), sum, sum)
		VPAND(c, sum, sum)
		VPXOR(s, s, s)
		VPCMPEQB(s, v, s)
		VPAND(v2, s, s)
		of := func(n, seen VecVirtual) {
			t := YMM()
			VPCMPEQB(n, v, t)
			VPAND(seen, t, t)
			VPOR(t, s, s)
		}
		of(one, v3)
		of(two, version(5))
		of(kind, version(1))
		VPAND(o, s, s)
		VPOR(s, sum, sum)
		return sum
	}
}

// zeros reads 128 bytes at a time.
func zeros() {
	TEXT("zerosAVX2", NOSPLIT, "func(src *byte, n int) int")
	Pragma("noescape")
	Doc("zerosAVX2 returns how many of n pieces of 128 bytes are zero before the first that is not.")
	src, n := Load(Param("src"), GP64()), Load(Param("n"), GP64())
	count := GP64()
	XORQ(count, count)
	Label("piece")
	CMPQ(count, n)
	JGE(LabelRef("done"))
	v, w := YMM(), YMM()
	VMOVDQU(Mem{Base: src}, v)
	VPOR(Mem{Base: src, Disp: 32}, v, v)
	VMOVDQU(Mem{Base: src, Disp: 64}, w)
	VPOR(Mem{Base: src, Disp: 96}, w, w)
	VPOR(w, v, v)
	VPTEST(v, v)
	JNZ(LabelRef("done"))
	SUBQ(I8(-128), src)
	INCQ(count)
	JMP(LabelRef("piece"))
	Label("done")
	VZEROUPPER()
	Store(count, ReturnIndex(0))
	RET()
}

// counts takes 32 bytes at a time.
func counts() {
	k := begin("countsAVX2", "countsAVX2 is Counts for n words of dst.", "")
	zero, minus, one := YMM(), YMM(), all8("countOne", 1)
	VPXOR(zero, zero, zero)
	VPCMPEQB(minus, minus, minus)
	k.loop(64, func() Register {
		return masks(func(h int) VecVirtual {
			w, x, y, next := YMM(), YMM(), YMM(), YMM()
			VMOVDQU(k.at(32*h), w)
			VPADDB(minus, w, x)
			VPAND(w, x, x) // zero if one bit is set or none
			for d := 1; d <= 6; d++ {
				VPOR(k.at(32*h+d), x, x)
			}
			VPCMPEQB(zero, x, x)
			VPCMPEQB(zero, w, y)
			VPANDN(x, y, x)
			VMOVDQU(k.at(32*h+8), next)
			VPOR(k.at(32*h+9), next, next)
			VPCMPEQB(zero, next, next)
			VPCMPEQB(one, w, y)
			VPANDN(y, next, y) // a one and more behind it
			VPANDN(x, y, x)
			return x
		})
	})
}

// sixes takes four steps at a time.
func sixes() {
	k := begin("sixesAVX2", "sixesAVX2 is Sixes for n words of dst.", "")
	zero := YMM()
	VPXOR(zero, zero, zero)
	low, top, most := all8("sixLow", 1), all8("sixTop", 0xc0), all64("sixZeros", 2*0xff)
	k.loop(2048, func() Register {
		acc, part := GP64(), GP64()
		XORQ(acc, acc)
		MOVQ(U32(4), part)
		at := GP64()
		MOVQ(k.src, at)
		Label("part")
		for i := range 4 {
			pair := func(offset int) VecVirtual {
				v := YMM()
				VMOVDQU(Mem{Base: at, Disp: offset}, v.AsX())
				VINSERTI128(U8(1), Mem{Base: at, Disp: offset + 32}, v, v)
				return v
			}
			a, b, x, t := pair(128*i), pair(128*i+64), YMM(), YMM()
			VPUNPCKLQDQ(b, a, x)
			VPUNPCKHQDQ(b, a, t)
			VPOR(t, x, x) // the steps 0, 2, 1 and 3
			s, ok := YMM(), YMM()
			VPSRLQ(U8(1), x, s)
			VPOR(x, s, s)
			VPSRLQ(U8(4), s, t)
			VPAND(t, s, s)
			VPAND(low, s, s)
			VPCMPEQQ(zero, s, ok)
			VPAND(top, x, t)
			VPCMPEQQ(zero, t, t)
			VPOR(t, ok, ok)
			VPCMPEQB(zero, x, t)
			VPSADBW(zero, t, t)
			VPCMPGTQ(most, t, t)
			VPANDN(ok, t, t)
			VPERMQ(U8(0b11011000), t, t)
			pushTops(acc, t)
		}
		ADDQ(U32(512), at)
		DECQ(part)
		JNZ(LabelRef("part"))
		return acc
	})
}
