package privkey

import (
	"crypto/sha3"

	"github.com/cloudflare/circl/kem"
)

// The parts of an expanded key that its digest of the public half says nothing of are
// proven here: dkPKE of ML-KEM, which decrypts, and t0 of ML-DSA, which follows from s1
// and s2. Nothing proves the octets that are random for themselves: z of ML-KEM, K of
// ML-DSA, and all of SLH-DSA, whose public root takes seconds to compute.

// decapsulates reports whether the expanded ML-KEM key recovers the secret that was
// encapsulated for its own public half. Another key recovers a different one (FIPS 203,
// algorithm 18, line 10).
func decapsulates(k kem.Scheme, expanded, public []byte) bool {
	priv, err := k.UnmarshalBinaryPrivateKey(expanded)
	if err != nil {
		return false
	}
	pub, err := k.UnmarshalBinaryPublicKey(public)
	if err != nil {
		return false
	}
	text, shared, err := k.EncapsulateDeterministically(pub, make([]byte, k.EncapsulationSeedSize()))
	if err != nil {
		return false
	}
	own, err := k.Decapsulate(priv, text)
	return err == nil && string(own) == string(shared)
}

// mldsa are the parameters of an ML-DSA set (FIPS 204, section 4, table 1).
type mldsa struct{ k, l, eta int }

func (s ParameterSet) mldsa() (p mldsa, ok bool) {
	switch s {
	case MLDSA44:
		return mldsa{4, 4, 2}, true
	case MLDSA65:
		return mldsa{6, 5, 4}, true
	case MLDSA87:
		return mldsa{8, 7, 2}, true
	}
	return p, false
}

const (
	dsaN = 256     // coefficients of a polynomial
	dsaQ = 8380417 // their modulus
	dsaD = 13      // bits of a coefficient of t0
	// dsaZeta is a root of unity of order 512 modulo dsaQ (FIPS 204, section 2.5).
	dsaZeta = 1753
	// dsaHead are the octets before s1: rho, K and tr.
	dsaHead = 32 + 32 + 64
)

type poly [dsaN]uint32

// lowHalf reports whether t0 of the expanded key is the low half of t = A·s1 + s2
// (FIPS 204, algorithm 6). The key has the size of its set.
func (p mldsa) lowHalf(sk []byte) bool {
	width := uint(3) // bits of a coefficient between -eta and eta
	if p.eta == 4 {
		width = 4
	}
	z, size := zetas(), int(32*width)
	s := make([]poly, p.l+p.k)
	for i := range s {
		s[i] = unpack(sk[dsaHead+i*size:], width, p.eta)
		if i < p.l {
			s[i].ntt(&z)
		}
	}
	t0 := sk[dsaHead+len(s)*size:]
	for r := range p.k {
		var t poly
		for c := range p.l {
			a := sample(sk[:32], byte(c), byte(r))
			for i := range t {
				t[i] = uint32((uint64(t[i]) + uint64(a[i])*uint64(s[c][i])) % dsaQ)
			}
		}
		t.inverse(&z)
		given := unpack(t0[r*32*dsaD:], dsaD, 1<<(dsaD-1))
		for i := range t {
			// The low half lies between -2^12, exclusive, and 2^12.
			x := (t[i] + s[p.l+r][i]) % dsaQ
			low := int32(x & (1<<dsaD - 1))
			if low > 1<<(dsaD-1) {
				low -= 1 << dsaD
			}
			if given[i] != uint32(low+dsaQ)%dsaQ {
				return false
			}
		}
	}
	return true
}

// unpack reads coefficients of width bits, each subtracted from most (FIPS 204,
// algorithm 19).
func unpack(p []byte, width uint, most int) (f poly) {
	for i := range f {
		var v uint32
		for b := range width {
			at := uint(i)*width + b
			v |= uint32(p[at/8]>>(at%8)&1) << b
		}
		f[i] = uint32((most-int(v)+dsaQ)%dsaQ) % dsaQ
	}
	return f
}

// sample returns a polynomial of the matrix A, in the transformed domain (FIPS 204,
// algorithm 30).
func sample(rho []byte, column, row byte) (f poly) {
	h := sha3.NewSHAKE128()
	h.Write(rho)
	h.Write([]byte{column, row})
	var buf [168]byte
	for n := 0; n < dsaN; {
		h.Read(buf[:])
		for i := 0; i+3 <= len(buf) && n < dsaN; i += 3 {
			if v := uint32(buf[i]) | uint32(buf[i+1])<<8 | uint32(buf[i+2]&0x7f)<<16; v < dsaQ {
				f[n] = v
				n++
			}
		}
	}
	return f
}

// zetas returns the powers of dsaZeta by the number with reversed bits (FIPS 204,
// appendix B).
func zetas() (z [dsaN]uint64) {
	power := uint64(1)
	for i := range z {
		rev := 0
		for b := range 8 {
			rev |= i >> b & 1 << (7 - b)
		}
		z[rev] = power
		power = power * dsaZeta % dsaQ
	}
	return z
}

// ntt is the number-theoretic transform (FIPS 204, algorithm 41).
func (f *poly) ntt(z *[dsaN]uint64) {
	m := 0
	for n := dsaN / 2; n >= 1; n /= 2 {
		for start := 0; start < dsaN; start += 2 * n {
			m++
			for j := start; j < start+n; j++ {
				t := uint32(z[m] * uint64(f[j+n]) % dsaQ)
				f[j+n], f[j] = (f[j]+dsaQ-t)%dsaQ, (f[j]+t)%dsaQ
			}
		}
	}
}

// inverse undoes ntt (FIPS 204, algorithm 42).
func (f *poly) inverse(z *[dsaN]uint64) {
	const ofN = 8347681 // 1/256 modulo dsaQ
	m := dsaN
	for n := 1; n < dsaN; n *= 2 {
		for start := 0; start < dsaN; start += 2 * n {
			m--
			for j := start; j < start+n; j++ {
				t := f[j]
				f[j] = (t + f[j+n]) % dsaQ
				f[j+n] = uint32((dsaQ - z[m]) * uint64(t+dsaQ-f[j+n]) % dsaQ)
			}
		}
	}
	for i := range f {
		f[i] = uint32(uint64(f[i]) * ofN % dsaQ)
	}
}
