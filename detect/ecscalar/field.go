package ecscalar

import (
	"crypto/elliptic"
	"math/big"
	"math/bits"
)

// field is the integers modulo an odd prime. An element is limbs words, least
// significant first, in Montgomery form: the number times 2^(64·limbs).
type field struct {
	limbs int
	p     []uint64
	n0    uint64 // -1/p modulo 2^64
	prime *big.Int
	one   []uint64
	mult  multiplier
}

// multiplier is how numbers modulo a prime are multiplied.
type multiplier uint8

const (
	anyPrime multiplier = iota
	fourLimbs
	below256
	p25519
	p256
	p384
	p521
)

// multiplierOf tells the primes whose form saves work.
func (f *field) multiplierOf() multiplier {
	switch bits := f.prime.BitLen(); {
	case f.limbs == 4 && f.n0 == 1 && f.p[1] == 1<<32-1 && f.p[2] == 0:
		return p256
	case f.limbs == 4 && f.p[1]&f.p[2]&f.p[3] == 1<<64-1:
		return below256
	case f.limbs == 4 && bits == 255 && f.p[0] == 1<<64-19 && f.p[1]&f.p[2] == 1<<64-1:
		return p25519
	case f.limbs == 4:
		return fourLimbs
	case bits == 384 && f.prime.Cmp(elliptic.P384().Params().P) == 0:
		return p384
	case bits == 521 && f.prime.Cmp(elliptic.P521().Params().P) == 0:
		return p521
	}
	return anyPrime
}

func newField(prime *big.Int) field {
	n := (prime.BitLen() + 63) / 64
	f := field{limbs: n, p: make([]uint64, n), prime: prime}
	toWords(prime, f.p)
	inv := f.p[0] // right modulo 8; each step doubles the number of right bits
	for range 5 {
		inv *= 2 - f.p[0]*inv
	}
	f.n0 = -inv
	f.mult = f.multiplierOf()
	f.one = f.element(big.NewInt(1))
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

// mul sets z to x·y by Montgomery's method, one limb of x at a time (Koç, Acar,
// Kaliski: "Analyzing and comparing Montgomery multiplication algorithms", CIOS).
func (f *field) mul(z, x, y []uint64) {
	switch f.mult {
	case p256:
		mulP256((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y))
		return
	case fourLimbs:
		mul4((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y), (*[4]uint64)(f.p), f.n0)
		return
	case below256:
		mulBelow256((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y), -f.p[0], f.n0)
		return
	case p25519:
		mulP25519((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y), f.n0)
		return
	case p384:
		mulP384((*[6]uint64)(z), (*[6]uint64)(x), (*[6]uint64)(y), (*[6]uint64)(f.p))
		return
	case p521:
		mulP521((*[9]uint64)(z), (*[9]uint64)(x), (*[9]uint64)(y))
		return
	}
	var t [maxLimbs + 2]uint64
	n := f.limbs
	p := f.p[:n]
	y = y[:n]
	for _, xi := range x[:n] {
		var hi uint64
		for j := range n {
			h, l := bits.Mul64(xi, y[j])
			var c uint64
			l, c = bits.Add64(l, t[j], 0)
			h += c
			t[j], c = bits.Add64(l, hi, 0)
			hi = h + c
		}
		t[n], t[n+1] = bits.Add64(t[n], hi, 0)
		m := t[0] * f.n0
		h, l := bits.Mul64(m, p[0])
		_, c := bits.Add64(l, t[0], 0)
		hi = h + c
		for j := 1; j < n; j++ {
			h, l := bits.Mul64(m, p[j])
			l, c = bits.Add64(l, t[j], 0)
			h += c
			t[j-1], c = bits.Add64(l, hi, 0)
			hi = h + c
		}
		t[n-1], c = bits.Add64(t[n], hi, 0)
		t[n] = t[n+1] + c
	}
	f.reduce(z, t[:n], t[n])
}

// mul4 is mul for four limbs, which nearly all the work is done with.
func mul4(z, x, y, p *[4]uint64, n0 uint64) {
	var t0, t1, t2, t3, t4, t5, c uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	p0, p1, p2, p3 := p[0], p[1], p[2], p[3]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, t5 = bits.Add64(t4, 0, c)
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5 += c

		m := t0 * n0
		h0, l0 = bits.Mul64(m, p0)
		h1, l1 = bits.Mul64(m, p1)
		h2, l2 = bits.Mul64(m, p2)
		h3, l3 = bits.Mul64(m, p3)
		_, c = bits.Add64(t0, l0, 0)
		t0, c = bits.Add64(t1, l1, c)
		t1, c = bits.Add64(t2, l2, c)
		t2, c = bits.Add64(t3, l3, c)
		t3, c = bits.Add64(t4, 0, c)
		t4 = t5 + c
		t0, c = bits.Add64(t0, h0, 0)
		t1, c = bits.Add64(t1, h1, c)
		t2, c = bits.Add64(t2, h2, c)
		t3, c = bits.Add64(t3, h3, c)
		t4 += c
	}
	s0, b := bits.Sub64(t0, p0, 0)
	s1, b := bits.Sub64(t1, p1, b)
	s2, b := bits.Sub64(t2, p2, b)
	s3, b := bits.Sub64(t3, p3, b)
	_, b = bits.Sub64(t4, 0, b)
	keep := -b // all ones: the sum was below p
	z[0] = s0 ^ (s0^t0)&keep
	z[1] = s1 ^ (s1^t1)&keep
	z[2] = s2 ^ (s2^t2)&keep
	z[3] = s3 ^ (s3^t3)&keep
}

// mulP256 is mul4 for the prime of P-256, 2^256 - 2^224 + 2^192 + 2^96 - 1, whose
// form leaves one of five multiplications for each limb that is reduced: t0·p
// added to t makes limb 0 zero and adds t0·2^96 and t0·p3·2^192.
func mulP256(z, x, y *[4]uint64) {
	const p0, p1, p3 = 1<<64 - 1, 1<<32 - 1, 0xffffffff00000001
	var t0, t1, t2, t3, t4, t5, c uint64
	y0, y1, y2, y3 := y[0], y[1], y[2], y[3]
	for _, xi := range *x {
		h0, l0 := bits.Mul64(xi, y0)
		h1, l1 := bits.Mul64(xi, y1)
		h2, l2 := bits.Mul64(xi, y2)
		h3, l3 := bits.Mul64(xi, y3)
		t0, c = bits.Add64(t0, l0, 0)
		t1, c = bits.Add64(t1, l1, c)
		t2, c = bits.Add64(t2, l2, c)
		t3, c = bits.Add64(t3, l3, c)
		t4, t5 = bits.Add64(t4, 0, c)
		t1, c = bits.Add64(t1, h0, 0)
		t2, c = bits.Add64(t2, h1, c)
		t3, c = bits.Add64(t3, h2, c)
		t4, c = bits.Add64(t4, h3, c)
		t5 += c

		h, l := bits.Mul64(t0, p3)
		t1, c = bits.Add64(t1, t0<<32, 0)
		t2, c = bits.Add64(t2, t0>>32, c)
		t3, c = bits.Add64(t3, l, c)
		t4, c = bits.Add64(t4, h, c)
		t0, t1, t2, t3, t4 = t1, t2, t3, t4, t5+c
	}
	s0, b := bits.Sub64(t0, p0, 0)
	s1, b := bits.Sub64(t1, p1, b)
	s2, b := bits.Sub64(t2, 0, b)
	s3, b := bits.Sub64(t3, p3, b)
	_, b = bits.Sub64(t4, 0, b)
	keep := -b // all ones: the sum was below p
	z[0] = s0 ^ (s0^t0)&keep
	z[1] = s1 ^ (s1^t1)&keep
	z[2] = s2 ^ (s2^t2)&keep
	z[3] = s3 ^ (s3^t3)&keep
}

// reduce sets z to t + carry·2^(64·limbs), which is below 2p, modulo p.
func (f *field) reduce(z, t []uint64, carry uint64) {
	var s [maxLimbs]uint64
	var b uint64
	for i, w := range t {
		s[i], b = bits.Sub64(w, f.p[i], b)
	}
	if _, b = bits.Sub64(carry, 0, b); b == 0 {
		t = s[:len(t)]
	}
	copy(z, t)
}

func (f *field) add(z, x, y []uint64) {
	var t [maxLimbs]uint64
	var c uint64
	for i := range f.limbs {
		t[i], c = bits.Add64(x[i], y[i], c)
	}
	f.reduce(z, t[:f.limbs], c)
}

func (f *field) sub(z, x, y []uint64) {
	switch f.limbs {
	case 4:
		sub4((*[4]uint64)(z), (*[4]uint64)(x), (*[4]uint64)(y), (*[4]uint64)(f.p))
		return
	case 6:
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

func sub4(z, x, y, p *[4]uint64) {
	t0, b := bits.Sub64(x[0], y[0], 0)
	t1, b := bits.Sub64(x[1], y[1], b)
	t2, b := bits.Sub64(x[2], y[2], b)
	t3, b := bits.Sub64(x[3], y[3], b)
	m := -b
	var c uint64
	z[0], c = bits.Add64(t0, p[0]&m, 0)
	z[1], c = bits.Add64(t1, p[1]&m, c)
	z[2], c = bits.Add64(t2, p[2]&m, c)
	z[3], _ = bits.Add64(t3, p[3]&m, c)
}

// invert sets z to 1/x. x is not zero.
func (f *field) invert(z, x []uint64) {
	copy(z, f.element(new(big.Int).ModInverse(f.number(x), f.prime)))
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
