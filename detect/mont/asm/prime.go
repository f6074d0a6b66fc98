package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// prime is a modulus of at most 256 bits and what is special about it.
type prime struct {
	name, about string
	zero        Mem
	square      bool // its curve has a term in x²
	// reduce adds the multiple of the prime to t, of six limbs, that makes the lowest limb zero. That limb is
	// not written, and free to be used, as are lo and hi.
	reduce func(t []GPVirtual, lo, hi GPVirtual)
	// least takes the prime off t, of five limbs, unless the number is less.
	least func(t []GPVirtual) number
	// restore adds the prime to r where mask is all ones.
	restore func(r number, mask GPVirtual)
}

// mul returns the product of x and y, divided by 2^256, by Montgomery's method, a limb of x at a
// time (Koç, Acar, Kaliski: "Analyzing and comparing Montgomery multiplication algorithms", CIOS).
func (p *prime) mul(x, y Mem) number {
	t := make([]GPVirtual, 6)
	for i := range t {
		t[i] = GP64()
	}
	lo, hi := GP64(), GP64()
	for i := range 4 {
		MOVQ(limb(x, i), RDX)
		if i == 0 {
			MULXQ(limb(y, 0), t[0], t[1])
			for k := 1; k < 4; k++ {
				MULXQ(limb(y, k), lo, t[k+1])
				if k == 1 {
					ADDQ(lo, t[k])
				} else {
					ADCQ(lo, t[k])
				}
			}
			ADCQ(U8(0), t[4])
			XORQ(t[5], t[5])
		} else {
			XORQ(t[5], t[5]) // and clear both carries
			for k := range 4 {
				MULXQ(limb(y, k), lo, hi)
				ADCXQ(lo, t[k])
				ADOXQ(hi, t[k+1])
			}
			ADCXQ(p.zero, t[4]) // a register set to zero would clear the carries
			ADOXQ(p.zero, t[5])
			ADCXQ(p.zero, t[5])
		}
		p.reduce(t, lo, hi)
		t = append(t[1:6:6], t[0])
	}
	return p.least(t[:5])
}

// sub sets r to r less the number in m.
func (p *prime) sub(r number, m Mem) {
	SUBQ(limb(m, 0), r[0])
	for i := 1; i < 4; i++ {
		SBBQ(limb(m, i), r[i])
	}
	mask := GP64()
	SBBQ(mask, mask)
	p.restore(r, mask)
}

// copied returns t in other registers.
func copied(t []GPVirtual) (r number) {
	for i := range r {
		r[i] = GP64()
		MOVQ(t[i], r[i])
	}
	return r
}

// p256 is 2^256 - 2^224 + 2^192 + 2^96 - 1: t0 times it, added to t, makes limb 0 zero and adds
// t0·2^96 and t0 times the top limb.
func p256() *prime {
	const p3 = 0xffffffff00000001
	top := ConstData("p256top", U64(p3))
	second := ConstData("p256second", U64(1<<32-1))
	return &prime{
		name: "P256", about: "that of P-256",
		reduce: func(t []GPVirtual, lo, hi GPVirtual) {
			MOVQ(t[0], RDX)
			MOVQ(t[0], lo)
			MOVQ(t[0], hi)
			SHLQ(U8(32), lo)
			SHRQ(U8(32), hi)
			ADDQ(lo, t[1])
			ADCQ(hi, t[2])
			MULXQ(top, lo, hi)
			ADCQ(lo, t[3])
			ADCQ(hi, t[4])
			ADCQ(U8(0), t[5])
		},
		least: func(t []GPVirtual) number {
			r := copied(t)
			SUBQ(I8(-1), r[0])
			SBBQ(second, r[1])
			SBBQ(U8(0), r[2])
			SBBQ(top, r[3])
			SBBQ(U8(0), t[4])
			for i := range r {
				CMOVQCS(t[i], r[i])
			}
			return r
		},
		restore: func(r number, mask GPVirtual) {
			half, high := GP64(), GP64()
			MOVQ(mask, half)
			SHRQ(U8(32), half)
			MOVQ(mask, high)
			ANDQ(top, high)
			ADDQ(mask, r[0])
			ADCQ(half, r[1])
			ADCQ(U8(0), r[2])
			ADCQ(high, r[3])
		},
	}
}

// below reduces by a multiple m of 2^bits - d: m·2^bits, which is added later, less m·d, of which
// the lowest limb is t's. It leaves m in RDX.
func below(t []GPVirtual, lo, hi GPVirtual, d, inverse Mem) {
	MOVQ(t[0], RDX)
	IMULQ(inverse, RDX)
	MULXQ(d, lo, hi)
	SUBQ(hi, t[1])
	for i := 2; i < 6; i++ {
		SBBQ(U8(0), t[i])
	}
}

// inverse returns 1/d modulo 2^64.
func inverse(d uint64) uint64 {
	x := d
	for range 6 {
		x *= 2 - d*x
	}
	return x
}

// secp256k1 is 2^256 - 2^32 - 977.
func secp256k1() *prime {
	const less = 1<<32 + 977
	d, inv := ConstData("k256less", U64(less)), ConstData("k256inverse", U64(inverse(less)))
	return &prime{
		name: "K256", about: "that of secp256k1",
		reduce: func(t []GPVirtual, lo, hi GPVirtual) {
			below(t, lo, hi, d, inv)
			ADDQ(RDX, t[4])
			ADCQ(U8(0), t[5])
		},
		least: func(t []GPVirtual) number { // it is not less when the number plus d has bit 256
			r := copied(t)
			ADDQ(d, r[0])
			for i := 1; i < 4; i++ {
				ADCQ(U8(0), r[i])
			}
			ADCQ(U8(0), t[4])
			TESTQ(t[4], t[4])
			for i := range r {
				CMOVQEQ(t[i], r[i])
			}
			return r
		},
		restore: func(r number, mask GPVirtual) {
			ANDQ(d, mask)
			SUBQ(mask, r[0])
			for i := 1; i < 4; i++ {
				SBBQ(U8(0), r[i])
			}
		},
	}
}

// p25519 is 2^255 - 19.
func p25519() *prime {
	const less = 19
	d, inv := ConstData("c25519less", U64(less)), ConstData("c25519inverse", U64(inverse(less)))
	return &prime{
		name: "P25519", about: "2^255 - 19", square: true,
		reduce: func(t []GPVirtual, lo, hi GPVirtual) {
			below(t, lo, hi, d, inv)
			MOVQ(RDX, lo)
			SHLQ(U8(63), lo)
			SHRQ(U8(1), RDX)
			ADDQ(lo, t[3])
			ADCQ(RDX, t[4])
			ADCQ(U8(0), t[5])
		},
		least: func(t []GPVirtual) number { // it is not less when the number plus 19 has bit 255
			r := copied(t)
			ADDQ(U8(less), r[0])
			for i := 1; i < 4; i++ {
				ADCQ(U8(0), r[i])
			}
			BTRQ(U8(63), r[3])
			for i := range r {
				CMOVQCC(t[i], r[i])
			}
			return r
		},
		restore: func(r number, mask GPVirtual) {
			high := GP64()
			MOVQ(mask, high)
			SHLQ(U8(63), high)
			ANDQ(U8(less), mask)
			SUBQ(mask, r[0])
			for i := 1; i < 4; i++ {
				SBBQ(U8(0), r[i])
			}
			ADDQ(high, r[3])
		},
	}
}
