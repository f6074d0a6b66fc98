// Package kernel looks at blocks of memory for what decides where detectors look,
// and reports it as bitmaps.
//
// Each kernel fills dst, a word of 64 bits at a time, the first position in the
// lowest bit. It reads a fixed number of bytes for each word of dst and some behind
// them, as its comment says, and panics where p holds fewer. What it computes is a function
// of these bytes only. On amd64 with AVX2 the work is done by assembly that package
// main in the folder asm writes; elsewhere, and with the build tag noasm, by
// the portable twins, which agree with it in every bit.
package kernel

//go:generate go run -C asm . -out ../kernel_amd64.s -stubs ../stubs_amd64.go -pkg kernel
