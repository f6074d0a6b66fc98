// Package mont computes modulo three primes of 256 bits or one less, those of P-256, secp256k1
// and Curve25519, on arrays of numbers and of points.
//
// A number is four limbs of 64 bits, least significant first, below the prime, and stands
// for itself divided by R = 2^256 (Montgomery form). A point is its two affine coordinates, x
// first. Arrays are numbers one after the other.
//
// The portable code computes what the assembly does, bit for bit. On amd64 with BMI2
// and ADX the work is done by code that package main in the folder asm writes; elsewhere, and with the
// build tag noasm, by the portable twins.
//
// Nothing here runs in constant time: it is for numbers that lie in a dump, not for
// one's own secrets.
package mont

//go:generate go run -C asm . -out ../mont_amd64.s -stubs ../stubs_amd64.go -pkg mont
