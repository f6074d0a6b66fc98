// Package mont computes modulo three primes of 256 bits or one less, those of P-256, secp256k1
// and Curve25519, one product at a time, and adds points many at a time.
//
// A number is four limbs of 64 bits, least significant first, below the prime, and stands
// for itself divided by R = 2^256 (Montgomery form). A point is its two affine coordinates, x
// first. Arrays are numbers one after the other.
//
// Sums of points ([Chain]) are computed on amd64 with AVX2 only, four side by side in limbs of 29 bits, by code that package
// main in the folder asm writes. Elsewhere, and with the build tag noasm, there is no Chain, and
// its user adds points by products; both come to the same x.
//
// Nothing here runs in constant time: it is for numbers that lie in a dump, not for
// one's own secrets.
package mont

//go:generate go run -C asm . -out ../mont_amd64.s -stubs ../stubs_amd64.go -pkg mont
