package lanes

import (
	"math/big"
	"sync"
)

// roots returns the constants of SHA-512, of which the upper halves are those of SHA-256: the first 64 bits of
// the fractions of the cube roots of the first 80 primes (FIPS 180-4, section 4.2.3).
var roots = sync.OnceValue(func() *[80]uint64 {
	var out [80]uint64
	n := 0
	for p := int64(2); n < len(out); p++ {
		if big.NewInt(p).ProbablyPrime(0) {
			out[n], n = rootOf(p), n+1
		}
	}
	return &out
})

// rootOf returns the lower 64 bits of the cube root of p times 2^64, rounded down.
func rootOf(p int64) uint64 {
	n := new(big.Int).Lsh(big.NewInt(p), 3*64)
	root, cube := new(big.Int), new(big.Int)
	for bit := 64 + 3; bit >= 0; bit-- { // the roots are below eight
		root.SetBit(root, bit, 1)
		if cube.Exp(root, big.NewInt(3), nil).Cmp(n) > 0 {
			root.SetBit(root, bit, 0)
		}
	}
	return root.Uint64() // of which it takes the lower bits
}
