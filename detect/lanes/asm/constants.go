package main

import "math/big"

// constants512 returns the first 64 bits of the fractions of the cube roots of the first 80 primes (FIPS 180-4,
// section 4.2.3).
func constants512() (out []uint64) {
	for p := int64(2); len(out) < 80; p++ {
		if !big.NewInt(p).ProbablyPrime(0) {
			continue
		}
		// The cube root of p·2^192 is 2^64 times that of p.
		n := new(big.Int).Lsh(big.NewInt(p), 192)
		low, high := new(big.Int), new(big.Int).Lsh(big.NewInt(8), 64)
		for {
			mid := new(big.Int).Add(low, high)
			mid.Rsh(mid, 1)
			if mid.Cmp(low) == 0 {
				break
			}
			if cube := new(big.Int).Exp(mid, big.NewInt(3), nil); cube.Cmp(n) <= 0 {
				low = mid
			} else {
				high = mid
			}
		}
		out = append(out, low.Uint64())
	}
	return out
}

// constants256 returns the first 32 bits of the first 64 of them (section 4.2.2).
func constants256() (out []uint32) {
	for _, c := range constants512()[:64] {
		out = append(out, uint32(c>>32))
	}
	return out
}
