package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// maxPrimes bounds a multi-prime key; OpenSSL makes five primes at most
// (RSA_MAX_PRIME_NUM).
const maxPrimes = 8

// parsePKCS1 reads the numbers of an RSAPrivateKey behind its version. Modulus
// and public exponent must be whole and believable, so that neither a certificate
// with serial number zero nor chance gets further.
func parsePKCS1(s structure) (privkey.Key, bool) {
	p, last, ok := rsaNumbers(&s)
	if !ok {
		return privkey.Key{}, false
	}
	return privkey.RSAKey(s.extent(last), p)
}

// rsaNumbers reads as many numbers as are there, and the index behind the last.
func rsaNumbers(s *structure) (p privkey.RSAParts, last int, ok bool) {
	if p.N, ok = s.unsigned(); !ok {
		return p, 0, false
	}
	if p.E, ok = s.unsigned(); !ok || !privkey.RSAPublic(p.N, p.E) {
		return p, 0, false
	}
	for _, n := range []*privkey.Number{&p.D, &p.P, &p.Q, &p.DP, &p.DQ, &p.QInv} {
		v, ok := s.Expect(der.Integer)
		if !ok || v.Len > len(p.N)+1 {
			return p, last, last > 0
		}
		*n, last = s.number(v), v.End
	}
	if others, ok := open(s.data, &s.Cursor); ok {
		p.More, last = otherPrimes(&others, len(p.N), last)
	}
	return p, last, true
}

// otherPrimes reads OtherPrimeInfos (RFC 8017, appendix A.1.2).
func otherPrimes(s *structure, longest, last int) ([]privkey.RSAPrime, int) {
	var more []privkey.RSAPrime
	for range maxPrimes {
		info, ok := open(s.data, &s.Cursor)
		if !ok {
			break
		}
		var prime privkey.RSAPrime
		for _, n := range []*privkey.Number{&prime.R, &prime.D, &prime.T} {
			v, ok := info.Expect(der.Integer)
			if !ok || v.Len > longest+1 {
				break
			}
			*n, last = info.number(v), v.End
		}
		more = append(more, prime)
	}
	return more, last
}
