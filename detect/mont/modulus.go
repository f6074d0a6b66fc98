package mont

import (
	"math/bits"
	"slices"
)

// MaxLimbs is how many limbs a [Modulus] has at most: those of P-521.
const MaxLimbs = 9

// Modulus is an odd number that arithmetic is done modulo, in limbs, least significant first. A product is
// divided by R, which is 2^64 to the number of limbs. Numbers are below the modulus.
type Modulus struct {
	p     []uint64
	n0    uint64 // -1/p modulo 2^64
	quick Prime  // which it is,
	known bool   // if any
}

// NewModulus returns p.
func NewModulus(p []uint64) Modulus {
	inv := p[0] // right modulo 8; each step doubles the number of right bits
	for range 5 {
		inv *= 2 - p[0]*inv
	}
	m := Modulus{p: p, n0: -inv}
	for _, known := range []Prime{P256, Secp256k1, P25519} {
		if q := known.Modulus(); slices.Equal(p, q[:]) {
			m.quick, m.known = known, true
		}
	}
	return m
}

// Mul sets z to x·y/R by Montgomery's method, one limb of x at a time (Koç, Acar,
// Kaliski: "Analyzing and comparing Montgomery multiplication algorithms", CIOS).
func (m *Modulus) Mul(z, x, y []uint64) {
	if m.known {
		m.quick.Mul((*[Limbs]uint64)(z), (*[Limbs]uint64)(x), (*[Limbs]uint64)(y))
		return
	}
	var t [MaxLimbs + 2]uint64
	n := len(m.p)
	p := m.p
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
		q := t[0] * m.n0
		h, l := bits.Mul64(q, p[0])
		_, c := bits.Add64(l, t[0], 0)
		hi = h + c
		for j := 1; j < n; j++ {
			h, l := bits.Mul64(q, p[j])
			l, c = bits.Add64(l, t[j], 0)
			h += c
			t[j-1], c = bits.Add64(l, hi, 0)
			hi = h + c
		}
		t[n-1], c = bits.Add64(t[n], hi, 0)
		t[n] = t[n+1] + c
	}
	m.reduce(z, t[:n], t[n])
}

// reduce sets z to t + carry·R, which is below 2p, modulo p.
func (m *Modulus) reduce(z, t []uint64, carry uint64) {
	var s [MaxLimbs]uint64
	var b uint64
	for i, w := range t {
		s[i], b = bits.Sub64(w, m.p[i], b)
	}
	if _, b = bits.Sub64(carry, 0, b); b == 0 {
		t = s[:len(t)]
	}
	copy(z, t)
}

// Add sets z to x + y.
func (m *Modulus) Add(z, x, y []uint64) {
	var t [MaxLimbs]uint64
	var c uint64
	for i := range m.p {
		t[i], c = bits.Add64(x[i], y[i], c)
	}
	m.reduce(z, t[:len(m.p)], c)
}

// Holds reports whether x is below the modulus.
func (m *Modulus) Holds(x []uint64) bool {
	var b uint64
	for i, w := range m.p {
		_, b = bits.Sub64(x[i], w, b)
	}
	return b != 0
}
