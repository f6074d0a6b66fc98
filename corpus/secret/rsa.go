package secret

import (
	"io"
	"math/big"
)

// rsaKey is an RSA key with the numbers of RFC 8017, section 3.2.
type rsaKey struct {
	Bits                       int
	N, E, D, P, Q, Dp, Dq, Inv *big.Int
}

// exponent is the public exponent in nearly every key in use.
const exponent = 65537

// primeRounds of Miller-Rabin beside the Baillie-PSW test, which has no known
// counterexample; the candidates are random.
const primeRounds = 4

// newRSA makes a key by hand, because crypto/rsa does not promise to use the
// reader it is given.
func newRSA(keys io.Reader, bits int) *rsaKey {
	e := big.NewInt(exponent)
	one := big.NewInt(1)
	for {
		p, q := prime(keys, bits/2), prime(keys, bits/2)
		if p.Cmp(q) < 0 {
			p, q = q, p
		}
		k := &rsaKey{Bits: bits, E: e, P: p, Q: q, N: new(big.Int).Mul(p, q)}
		p1, q1 := new(big.Int).Sub(p, one), new(big.Int).Sub(q, one)
		phi := new(big.Int).Mul(p1, q1)
		k.D = new(big.Int).ModInverse(e, phi)
		if k.D == nil || p.Cmp(q) == 0 || k.N.BitLen() != bits {
			continue
		}
		k.Dp, k.Dq = new(big.Int).Mod(k.D, p1), new(big.Int).Mod(k.D, q1)
		k.Inv = new(big.Int).ModInverse(q, p)
		return k
	}
}

// prime returns a prime of exactly bits bits whose two top bits are set, so that
// a product of two has exactly twice as many.
func prime(keys io.Reader, bits int) *big.Int {
	buf := make([]byte, bits/8)
	for {
		if _, err := io.ReadFull(keys, buf); err != nil {
			panic("internal error: the source of key bytes ended")
		}
		buf[0] |= 0xc0
		buf[len(buf)-1] |= 1
		if p := new(big.Int).SetBytes(buf); p.ProbablyPrime(primeRounds) {
			return p
		}
	}
}

// RSA sizes and how often each of twenty keys has it: mostly small ones, because
// primes are slow to make and detectors do not care.
var rsaSizes = [20]int{
	1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024, 1024,
	2048, 2048, 2048, 2048, 2048, 2048, 3072, 4096,
}

func (s *Source) rsa() *rsaKey { return s.rsaOf(rsaSizes[s.IntN(len(rsaSizes))]) }

func (s *Source) rsaOf(bits int) *rsaKey {
	i := s.used[bits]
	s.used[bits]++
	return s.pool.get(s, bits, i)
}

func (k *rsaKey) values() [][]byte {
	return [][]byte{k.D.Bytes(), k.P.Bytes(), k.Q.Bytes(), k.Dp.Bytes(), k.Dq.Bytes(), k.Inv.Bytes()}
}
