// Command asm writes the AVX2 kernels of package kernel. Run it with go generate.
package main

import (
	. "github.com/mmcloughlin/avo/build" // the language in which generators for avo are written
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	random()
	words()
	commons()
	tops()
	schedules()
	pads()
	tags()
	repeats()
	counts()
	zeros()
	equal()
	hard()
	sixes()
	octets()
	alike()
	folds()
	columns()
	digits()
	classes()
	quads()
	grams()
	runs()
	rows()
	calm()
	suspects()
	Generate()
}

// kernel is what the loops of all kernels share: n words are written to dst.
type kernel struct {
	dst, src Register
	n        GPVirtual
}

// begin opens a function that fills n words at dst from the bytes at src.
func begin(name, doc string, more string) kernel {
	TEXT(name, NOSPLIT, "func(dst *uint64, src *byte, n int"+more+")")
	Pragma("noescape")
	Doc(doc)
	return kernel{Load(Param("dst"), GP64()), Load(Param("src"), GP64()), Load(Param("n"), GP64()).(GPVirtual)}
}

// loop repeats body, which takes step bytes and returns a word of dst.
func (k kernel) loop(step int, body func() Register) {
	Label("word")
	acc := body()
	MOVQ(acc, Mem{Base: k.dst})
	ADDQ(U8(8), k.dst)
	ADDQ(U32(uint32(step)), k.src)
	DECQ(k.n)
	JNZ(LabelRef("word"))
	VZEROUPPER()
	RET()
}

func (k kernel) at(offset int) Mem { return Mem{Base: k.src, Disp: offset} }

// all64 returns a vector of equal words of 64 bits.
func all64(name string, v uint64) VecVirtual {
	y := YMM()
	VPBROADCASTQ(ConstData(name, U64(v)), y)
	return y
}

// all8 returns a vector of equal bytes.
func all8(name string, v uint64) VecVirtual { return all64(name, v*0x0101010101010101) }

// constant returns 32 equal bytes in memory.
func constant(name string, b byte) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i := range 32 {
		DATA(i, U8(b))
	}
	return m
}

// bytesOf returns 32 bytes in memory.
func bytesOf(name string, bs [32]byte) Mem {
	m := GLOBL(name, RODATA|NOPTR)
	for i, b := range bs {
		DATA(i, U8(b))
	}
	return m
}

// table returns 32 bytes of constants, the same 16 in either half.
func table(name string, lanes [32]byte) VecVirtual {
	y := YMM()
	VMOVDQU(bytesOf(name, lanes), y)
	return y
}

// push appends the lowest n bits of v to a word that is built from the top.
func push(acc, v GPVirtual, n int) {
	SHRQ(U8(n), acc)
	SHLQ(U8(64-n), v)
	ORQ(v, acc)
}

// pushTops appends what is set of the four words of v, by their top bits.
func pushTops(acc GPVirtual, v VecVirtual) {
	m := GP64()
	VMOVMSKPD(v, m.As32())
	push(acc, m, 4)
}

// masks returns the top bits of the bytes of two vectors as one word.
func masks(vector func(h int) VecVirtual) GPVirtual {
	acc := GP64()
	masksTo(acc, vector)
	return acc
}

// masksTo sets acc to the top bits of the bytes of two vectors.
func masksTo(acc Register, vector func(h int) VecVirtual) {
	for h := range 2 {
		v, m := vector(h), GP64()
		VPMOVMSKB(v, m.As32())
		if h == 0 {
			MOVQ(m, acc)
		} else {
			SHLQ(U8(32), m)
			ORQ(m, acc)
		}
	}
}
