package main

import (
	"math/big"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	. "github.com/mmcloughlin/avo/reg"
)

// fields returns the three primes.
func fields() []*field {
	hex := func(s string) *big.Int { x, _ := new(big.Int).SetString(s, 16); return x }
	k := new(big.Int).Sub(power2(256), big.NewInt(1<<32+977))
	c := new(big.Int).Sub(power2(255), big.NewInt(19))
	a := new(big.Int).Lsh(big.NewInt(486662), 256)
	fs := []*field{
		{name: "P256", about: "that of P-256", a: new(big.Int), reduce: reduceP256,
			p: hex("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff")},
		{name: "K256", about: "that of secp256k1", a: new(big.Int), p: k, reduce: reduceK256, biased: true},
		{name: "P25519", about: "2^255 - 19", a: a.Mod(a, c), p: c, plain: true},
	}
	for _, f := range fs {
		f.data = map[string]Mem{}
		f.mask = f.every(1<<radix - 1)
	}
	return fs
}

func carryOn(col []VecPhysical, i int) {
	VPSRLQ(U8(radix), col[i], col[i])
	VPADDQ(col[i], col[i+1], col[i+1])
}

func addShifted(m, t, to VecPhysical, shift int) {
	VPSLLQ(U8(shift), m, t)
	VPADDQ(t, to, to)
}

// reduceP256: the prime is -1 modulo 2^96, so column i itself is the multiple, which adds 2^96, 2^192 and 2^256 - 2^224 times
// itself, the last of these in two columns, so that nothing is taken off.
func reduceP256(f *field, col []VecPhysical, i int, m, t VecPhysical) {
	VPAND(f.mask, col[i], m)
	carryOn(col, i)
	addShifted(m, t, col[i+3], 96-3*radix)
	addShifted(m, t, col[i+6], 192-6*radix)
	VPMULUDQ(f.every(1<<radix-1<<21), m, t)
	VPADDQ(t, col[i+7], col[i+7])
	VPMULUDQ(f.every(1<<24-1), m, t)
	VPADDQ(t, col[i+8], col[i+8])
}

// inverse returns 1/d modulo 2^64.
func inverse(d uint64) uint64 {
	x := d
	for range 6 {
		x *= 2 - d*x
	}
	return x
}

// reduceK256 adds a multiple of 2^256 - 2^32 - 977: column i divided by 977 modulo 2^29.
func reduceK256(f *field, col []VecPhysical, i int, m, t VecPhysical) {
	const less = 977
	VPMULUDQ(f.every(inverse(less)&(1<<radix-1)), col[i], m)
	VPAND(f.mask, m, m)
	VPMULUDQ(f.every(less), m, t)
	VPSUBQ(t, col[i], col[i])
	carryOn(col, i)
	VPSLLQ(U8(32-radix), m, t)
	VPSUBQ(t, col[i+1], col[i+1])
	addShifted(m, t, col[i+8], 256-8*radix)
}
