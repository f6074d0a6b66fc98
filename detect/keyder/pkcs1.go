package keyder

import (
	"github.com/dumpscrub/dumpscrub/detect/der"
	"github.com/dumpscrub/dumpscrub/detect/keyder/plausible"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
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
	return privkey.RSAKey(s.extent(last), plausible.RSA(p))
}

// rsaNumbers reads as many numbers as are there, and the index behind the last.
func rsaNumbers(s *structure) (p privkey.RSAParts, last int, ok bool) {
	if p.N, ok = s.unsigned(); !ok {
		return p, 0, false
	}
	if p.E, ok = s.unsigned(); !ok || !privkey.RSAPublic(p.N, p.E) || privkey.Subgroup(p.N, p.E) {
		return p, 0, false // or a DSA key that lost its last numbers
	}
	last = s.Pos()
	numbers := [...]*privkey.Number{&p.D, &p.P, &p.Q, &p.DP, &p.DQ, &p.QInv}
	for i, n := range numbers {
		v, ok := s.Expect(der.Integer)
		if !ok || v.Len > len(p.N)+1 || v.Len < len(p.N)/maxPrimes {
			last = resume(s, &p, last, numbers[i:])
			return p, last, true
		}
		*n, last = s.number(v), v.End
	}
	if others, ok := open(s.data, &s.Cursor); ok {
		p.More, last = otherPrimes(&others, len(p.N), last)
	}
	return p, remainder(s, &p, last), true
}

// resume goes on behind octets that were written over. The primes and what
// belongs to them are the last numbers of the structure, about half as long as
// the modulus; where one such INTEGER ends with the structure, or another
// follows it, the structure goes on, and all that lies between is private. missing
// are the numbers not read yet.
func resume(s *structure, p *privkey.RSAParts, last int, missing []*privkey.Number) int {
	half := len(p.N) / 2
	end := min(s.End(), len(s.data))
	for i := last; i < end; i++ {
		if s.data[i] != der.Integer || !s.chained(i, half) {
			continue
		}
		gap := probe.Range{Start: last, End: i}
		p.Rest = append(p.Rest, privkey.Number{Bytes: s.data[last:i], At: gap, Cut: true})
		s.Seek(i)
		var rest []privkey.Number
		for range missing {
			v, ok := s.Expect(der.Integer)
			if !ok || v.Len > half+slack {
				break
			}
			rest, last = append(rest, s.number(v)), v.End
		}
		if !s.Done() {
			p.Rest = append(p.Rest, rest...)
			return last
		}
		for k, n := range rest {
			*missing[len(missing)-len(rest)+k] = n
		}
		return last
	}
	return remainder(s, p, last)
}

// remainder takes what is left of the structure for the last number, when it is
// no longer than that: its header was written over.
func remainder(s *structure, p *privkey.RSAParts, last int) int {
	end := s.End()
	if end > len(s.data) || end <= last || end-last > len(p.N)/2+slack+der.MaxHeader {
		return last
	}
	p.Rest = append(p.Rest, privkey.Number{
		Bytes: s.data[last:end], At: probe.Range{Start: last, End: end}, Cut: true,
	})
	return end
}

// slack is how far, in octets, a prime, its exponent or its coefficient may be
// from half the length of the modulus: the sign octet, and leading zeros.
const slack = 2

// chained reports whether an INTEGER of about half octets stands at data[i], and
// the structure ends behind it or goes on with another one.
func (s *structure) chained(i, half int) bool {
	c := s.Cursor
	c.Seek(i)
	first, ok := c.Expect(der.Integer)
	if !ok || first.Len < half-slack || first.Len > half+slack {
		return false
	}
	if c.Done() {
		return true
	}
	second, ok := c.Expect(der.Integer)
	return ok && second.Len >= half-slack && second.Len <= half+slack
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
