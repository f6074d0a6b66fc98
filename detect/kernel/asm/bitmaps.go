package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// words4 is four words in a row of a bitmap, and the four that begin one word further on.
type words4 struct{ here, next VecVirtual }

func loadWords(at Register) words4 {
	w := words4{YMM(), YMM()}
	VMOVDQU(Mem{Base: at}, w.here)
	VMOVDQU(Mem{Base: at, Disp: 8}, w.next)
	return w
}

// from returns the bits of w that lie n further on.
func (w words4) from(n int) VecVirtual {
	v, t := YMM(), YMM()
	VPSRLQ(U8(n), w.here, v)
	VPSLLQ(U8(64-n), w.next, t)
	VPOR(t, v, v)
	return v
}

// and keeps of w what lies before other bits by n.
func (w words4) and(n int) {
	v := w.from(n)
	VPAND(v, w.here, w.here)
	VPSRLQ(U8(n), w.next, v)
	VPAND(v, w.next, w.next)
}

// runs writes the kernels of kernel.Runs for n times four words of dst.
func runs() {
	steps(3, false, 1, 1)
	steps(20, false, 1, 2, 4, 8, 4)
	steps(3, true, 2, 2)
	steps(20, true, 2, 4, 8, 16, 8)
}

func steps(length int, wide bool, ns ...int) {
	name, zerosParam := map[int]string{3: "three", 20: "twenty"}[length]+"AVX2", ""
	if wide {
		name, zerosParam = "wide"+map[int]string{3: "Three", 20: "Twenty"}[length]+"AVX2", ", zeros *uint64"
	}
	TEXT(name, NOSPLIT, "func(dst, src"+" *uint64"+zerosParam+", n int) uint64")
	Pragma("noescape")
	Doc(name + " is Runs for n times four words of dst.")
	dst, src, n := Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64())
	var zeros Register
	if wide {
		zeros = Load(Param("zeros"), GP64())
	}
	any := YMM()
	VPXOR(any, any, any)
	Label("words")
	w := loadWords(src)
	if wide {
		z := loadWords(zeros)
		v := z.from(1)
		VPAND(v, w.here, w.here)
		VPSRLQ(U8(1), z.next, z.next)
		VPAND(z.next, w.next, w.next)
		ADDQ(U8(32), zeros)
	}
	for _, n := range ns {
		w.and(n)
	}
	VMOVDQU(w.here, Mem{Base: dst})
	VPOR(w.here, any, any)
	ADDQ(U8(32), src)
	ADDQ(U8(32), dst)
	DECQ(n)
	JNZ(LabelRef("words"))
	half, sum, low := XMM(), GP64(), GP64()
	VEXTRACTI128(U8(1), any, half)
	VPOR(half, any.AsX(), half)
	VPEXTRQ(U8(1), half, sum)
	VMOVQ(half, low)
	ORQ(low, sum)
	VZEROUPPER()
	Store(sum, ReturnIndex(0))
	RET()
}

// rows is kernel.Rows for n times four words; it reads the word before letters.
func rows() {
	TEXT("rowsAVX2", NOSPLIT, "func(words, others, letters *uint64, n int)")
	Pragma("noescape")
	Doc("rowsAVX2 is Rows for n times four words; it reads the word before letters.")
	words, others, letters := Load(Param("words"), GP64()), Load(Param("others"), GP64()), Load(Param("letters"), GP64())
	n := Load(Param("n"), GP64())
	Label("words")
	w := loadWords(letters)
	// starts are letters behind which none is.
	starts, t := YMM(), YMM()
	VMOVDQU(Mem{Base: letters, Disp: -8}, starts)
	VPSRLQ(U8(63), starts, starts)
	VPSLLQ(U8(1), w.here, t)
	VPOR(t, starts, starts)
	VPANDN(w.here, starts, starts)
	// Three letters, also those of the next word, of which the last do not matter.
	w.and(1)
	two := words4{w.here, w.next}
	v := two.from(1)
	VPAND(v, w.here, w.here)
	VPSRLQ(U8(1), w.next, v)
	VPAND(v, w.next, w.next)
	nine := w.from(6)
	VPAND(w.from(3), nine, nine)
	VPAND(w.here, starts, v)
	VPANDN(v, nine, v)
	VMOVDQU(v, Mem{Base: words})
	VPANDN(starts, v, v)
	VMOVDQU(v, Mem{Base: others})
	ADDQ(U8(32), letters)
	ADDQ(U8(32), words)
	ADDQ(U8(32), others)
	DECQ(n)
	JNZ(LabelRef("words"))
	VZEROUPPER()
	RET()
}

// calm is kernel.Calm for n words of dst.
func calm() {
	TEXT("calmAVX2", NOSPLIT, "func(dst, words, others *uint64, n int)")
	Pragma("noescape")
	Doc("calmAVX2 is Calm for n words of dst.")
	dst, words, others, n := Load(Param("dst"), GP64()), Load(Param("words"), GP64()), Load(Param("others"), GP64()), Load(Param("n"), GP64())
	zero := YMM()
	VPXOR(zero, zero, zero)
	least := all8("calmLeast", 0xfd) // minus three
	none := all8("calmNone", 0xfc)   // minus four
	Label("word")
	acc := masks(func(h int) VecVirtual {
		four, eight, empty, t := YMM(), YMM(), YMM(), YMM()
		VMOVDQU(Mem{Base: others, Disp: 32 * h}, four)
		for i := 1; i < 4; i++ {
			VPOR(Mem{Base: others, Disp: 32*h + i}, four, four)
		}
		VPOR(Mem{Base: others, Disp: 32*h + 4}, four, eight)
		for i := 5; i < 8; i++ {
			VPOR(Mem{Base: others, Disp: 32*h + i}, eight, eight)
		}
		VPCMPEQB(zero, four, four)
		VPCMPEQB(zero, eight, eight)
		// How many of four bytes are zero, as a negative number.
		VPCMPEQB(Mem{Base: words, Disp: 32 * h}, zero, empty)
		for i := 1; i < 4; i++ {
			VPCMPEQB(Mem{Base: words, Disp: 32*h + i}, zero, t)
			VPADDB(t, empty, empty)
		}
		VPCMPGTB(none, empty, t)
		VPAND(t, eight, eight)
		VPCMPGTB(least, empty, t)
		VPOR(t, eight, eight)
		VPAND(four, eight, eight)
		return eight
	})
	MOVQ(acc, Mem{Base: dst})
	ADDQ(U8(8), dst)
	ADDQ(U8(64), words)
	ADDQ(U8(64), others)
	DECQ(n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}
