package ecscalar

import (
	"crypto/elliptic"
	"math/big"
	"math/bits"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/mont"
)

// field is the integers modulo an odd prime. An element is limbs words, least
// significant first, in Montgomery form: the number times 2^(64·limbs).
type field struct {
	limbs int
	p     []uint64
	any   mont.Modulus
	prime *big.Int
	one   []uint64
	cube  []uint64 // R³
	mult  multiplier
	quick mont.Prime // if known256
}

// multiplier is how numbers modulo a prime are multiplied.
type multiplier uint8

const (
	anyPrime multiplier = iota
	known256            // by package mont
	p384
	p521
)

// multiplierOf tells the primes whose form saves work.
func (f *field) multiplierOf() multiplier {
	for _, p := range []mont.Prime{mont.P256, mont.Secp256k1, mont.P25519} {
		if m := p.Modulus(); slices.Equal(f.p, m[:]) {
			f.quick = p
			return known256
		}
	}
	switch {
	case f.prime.Cmp(elliptic.P384().Params().P) == 0:
		return p384
	case f.prime.Cmp(elliptic.P521().Params().P) == 0:
		return p521
	}
	return anyPrime
}

func newField(prime *big.Int) field {
	n := (prime.BitLen() + 63) / 64
	f := field{limbs: n, p: make([]uint64, n), prime: prime}
	toWords(prime, f.p)
	f.any = mont.NewModulus(f.p)
	f.mult = f.multiplierOf()
	f.one = f.element(big.NewInt(1))
	f.cube = f.element(new(big.Int).Lsh(big.NewInt(1), uint(2*64*n)))
	return f
}

// element returns x, reduced, in Montgomery form.
func (f *field) element(x *big.Int) []uint64 {
	z := make([]uint64, f.limbs)
	m := new(big.Int).Lsh(x, uint(64*f.limbs))
	toWords(m.Mod(m, f.prime), z)
	return z
}

// number is the inverse of element.
func (f *field) number(x []uint64) *big.Int {
	one, z := make([]uint64, f.limbs), make([]uint64, f.limbs)
	one[0] = 1
	f.mul(z, x, one)
	return fromWords(z)
}

// mul sets z to x·y.
func (f *field) mul(z, x, y []uint64) {
	switch f.mult {
	case known256:
		f.quick.Mul((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y))
		return
	case p384:
		mulP384((*[6]uint64)(z), (*[6]uint64)(x), (*[6]uint64)(y), (*[6]uint64)(f.p))
		return
	case p521:
		mulP521((*[9]uint64)(z), (*[9]uint64)(x), (*[9]uint64)(y))
		return
	}
	f.any.Mul(z, x, y)
}

func (f *field) add(z, x, y []uint64) { f.any.Add(z, x, y) }

func (f *field) sub(z, x, y []uint64) {
	switch {
	case f.mult == known256:
		f.quick.Sub((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y))
		return
	case f.limbs == 6:
		sub6((*[6]uint64)(z), (*[6]uint64)(x), (*[6]uint64)(y), (*[6]uint64)(f.p))
		return
	}
	var b, c uint64
	for i := range f.limbs {
		z[i], b = bits.Sub64(x[i], y[i], b)
	}
	for i := range f.limbs {
		z[i], c = bits.Add64(z[i], f.p[i]&-b, c)
	}
}

// invert sets z to 1/x. x is not zero.
func (f *field) invert(z, x []uint64) {
	toWords(new(big.Int).ModInverse(fromWords(x), f.prime), z)
	f.mul(z, z, f.cube) // R² too much has gone
}

func zero(x []uint64) bool {
	var or uint64
	for _, w := range x {
		or |= w
	}
	return or == 0
}

// toWords writes x, which fits, to z, least significant word first.
func toWords(x *big.Int, z []uint64) {
	b := x.FillBytes(make([]byte, 8*len(z)))
	for i := range z {
		z[i] = 0
		for _, v := range b[len(b)-8*i-8 : len(b)-8*i] {
			z[i] = z[i]<<8 | uint64(v)
		}
	}
}

func fromWords(x []uint64) *big.Int {
	b := make([]byte, 0, 8*len(x))
	for i := len(x) - 1; i >= 0; i-- {
		for s := 56; s >= 0; s -= 8 {
			b = append(b, byte(x[i]>>s))
		}
	}
	return new(big.Int).SetBytes(b)
}
