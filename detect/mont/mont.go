package mont

import "math/bits"

// Prime names a prime.
type Prime uint8

// The primes; zero is none.
const (
	P256      Prime = iota + 1 // 2^256 - 2^224 + 2^192 + 2^96 - 1
	Secp256k1                  // 2^256 - 2^32 - 977
	P25519                     // 2^255 - 19
)

// Limbs is how many limbs a number has.
const Limbs = 4

// Modulus returns the prime.
func (p Prime) Modulus() [Limbs]uint64 {
	const all = 1<<64 - 1
	switch p {
	case P256:
		return [Limbs]uint64{all, 1<<32 - 1, 0, 0xffffffff00000001}
	case Secp256k1:
		return [Limbs]uint64{all - (1<<32 + 976), all, all, all}
	}
	return [Limbs]uint64{all - 18, all, all, all >> 1}
}

// Mul sets z to x·y/R.
func (p Prime) Mul(z, x, y *[Limbs]uint64) {
	const k256Inverse, c25519Inverse = 0xd838091dd2253531, 0x86bca1af286bca1b // of 2^32+977, of 19
	switch p {
	case P256:
		mulP256(z, x, y)
	case Secp256k1:
		mulBelow256(z, x, y, 1<<32+977, k256Inverse)
	default:
		mulP25519(z, x, y, c25519Inverse)
	}
}

// Sub sets z to x - y.
func (p Prime) Sub(z, x, y *[Limbs]uint64) {
	switch p {
	case P256:
		sub4(z, x, y, 1<<64-1, 1<<32-1, 0, 0xffffffff00000001)
	case Secp256k1:
		sub4(z, x, y, 1<<64-1-(1<<32+976), 1<<64-1, 1<<64-1, 1<<64-1)
	default:
		sub4(z, x, y, 1<<64-19, 1<<64-1, 1<<64-1, 1<<63-1)
	}
}

// sub4 sets z to x - y modulo the prime of which the limbs are given.
func sub4(z, x, y *[Limbs]uint64, p0, p1, p2, p3 uint64) {
	t0, b := bits.Sub64(x[0], y[0], 0)
	t1, b := bits.Sub64(x[1], y[1], b)
	t2, b := bits.Sub64(x[2], y[2], b)
	t3, b := bits.Sub64(x[3], y[3], b)
	m := -b
	var c uint64
	z[0], c = bits.Add64(t0, p0&m, 0)
	z[1], c = bits.Add64(t1, p1&m, c)
	z[2], c = bits.Add64(t2, p2&m, c)
	z[3], _ = bits.Add64(t3, p3&m, c)
}

// Sum asks for the sum of points P and Q of an array, each of which is x and y. The rest is for the caller.
type Sum struct{ Owner, To, P, Q int32 }
