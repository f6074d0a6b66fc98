// Command asm writes the compression functions of package lanes for amd64. Run it with go generate.
package main

import (
	. "github.com/mmcloughlin/avo/build" // the language in which generators for avo are written
	. "github.com/mmcloughlin/avo/operand"
)

func main() {
	ConstraintExpr("amd64,!noasm")
	pair256()
	quad512()
	features()
	Generate()
}

// features returns what CPUID says in leaf 7 of extensions, in EBX.
func features() {
	TEXT("features", NOSPLIT, "func() uint32")
	Doc("features returns register EBX of CPUID's leaf 7, or zero where there is no such leaf.")
	ret := GP32()
	XORL(reg32("ax"), reg32("ax"))
	CPUID()
	CMPL(reg32("ax"), U8(7))
	XORL(ret, ret)
	JLT(LabelRef("done"))
	MOVL(U32(7), reg32("ax"))
	XORL(reg32("cx"), reg32("cx"))
	CPUID()
	MOVL(reg32("bx"), ret)
	Label("done")
	Store(ret, ReturnIndex(0))
	RET()
}
