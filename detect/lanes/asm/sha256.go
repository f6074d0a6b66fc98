package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

func reg32(name string) Register {
	switch name {
	case "ax":
		return EAX
	case "bx":
		return EBX
	}
	return ECX
}

// pair256 has two chains of rounds, of which either waits for itself most of the time.
func pair256() {
	TEXT("pair256SHA", NOSPLIT, "func(states, blocks *uint32)")
	Pragma("noescape")
	Doc("pair256SHA is Pair256 with the SHA extensions.")
	states, blocks := Load(Param("states"), GP64()), Load(Param("blocks"), GP64())
	k := GLOBL("constants256", RODATA|NOPTR)
	for i, c := range constants256() {
		DATA(4*i, U32(c))
	}
	VZEROUPPER()
	type chain struct {
		abef, cdgh Register
		w          [4]Register
	}
	var chains [2]chain
	for l := range chains {
		c := &chains[l]
		c.abef, c.cdgh = XMM(), XMM()
		VMOVDQU(Mem{Base: states, Disp: 32 * l}, c.abef)
		VMOVDQU(Mem{Base: states, Disp: 32*l + 16}, c.cdgh)
		for i := range c.w {
			c.w[i] = XMM()
			VMOVDQU(Mem{Base: blocks, Disp: 64*l + 16*i}, c.w[i])
		}
	}
	t := XMM()
	for i := range 16 {
		for l := range chains {
			c := &chains[l]
			w0, w1, w2, w3 := c.w[i%4], c.w[(i+1)%4], c.w[(i+2)%4], c.w[(i+3)%4]
			VPADDD(k.Offset(16*i), w0, X0)
			SHA256RNDS2(X0, c.abef, c.cdgh)
			VPSHUFD(U8(0x0e), X0, X0)
			SHA256RNDS2(X0, c.cdgh, c.abef)
			if i < 12 { // the words of the fourth group from here take the place of these
				SHA256MSG1(w1, w0)
				VPALIGNR(U8(4), w2, w3, t)
				VPADDD(t, w0, w0)
				SHA256MSG2(w3, w0)
			}
		}
	}
	for l := range chains {
		c := &chains[l]
		for i, r := range []Register{c.abef, c.cdgh} {
			VPADDD(Mem{Base: states, Disp: 32*l + 16*i}, r, r)
			VMOVDQU(r, Mem{Base: states, Disp: 32*l + 16*i})
		}
	}
	RET()
}
