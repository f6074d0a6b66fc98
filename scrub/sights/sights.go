package sights

import (
	"bytes"
	"cmp"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// Record is what was seen. The zero Record is empty. It is used by one goroutine at a time.
type Record struct {
	glued   list[probe.Glued]
	randoms list[probe.Randoms]
	signed  list[probe.Signed]
	sealed  list[probe.Sealed]
	primes  list[probe.Factor]
	factors factors
	untried bool // there are signed tokens with headers of which none is tried
}

// Glued notes a token without an end; its address is where it was seen.
func (s *Record) Glued(x probe.Glued) { s.glued.add(x, 0, gluedTokens) }

// Randoms notes the randoms of a connection.
func (s *Record) Randoms(x probe.Randoms) { s.randoms.add(x, 0, connections) }

// Sealed notes an encrypted key at off that tells its password.
func (s *Record) Sealed(x probe.Sealed, off int64) { s.sealed.add(x, off, sealedKeys) }

// Signed notes a token at off that an HMAC of so many bits signs. It keeps a copy of text.
func (s *Record) Signed(bits int, text []byte, off int64) {
	if len(text) > mostHashed {
		s.untried = true
		return
	}
	s.signed.add(probe.Signed{Bits: bits, Text: bytes.Clone(text)}, off, signedTokens)
}

// Factor notes a divisor, at off, of the modulus of the key id, or one of which the modulus is
// not known: then f.N is nil, and a copy is kept.
func (s *Record) Factor(id sweep.ID, kind string, f *probe.Factor, off int64) {
	if f.N == nil {
		s.primes.add(probe.Factor{P: bytes.Clone(f.P), E: bytes.Clone(f.E)}, off, orphans)
		return
	}
	if s.factors == nil {
		s.factors = make(factors)
	}
	s.factors.add(id, kind, f)
}

// Merge takes over what o saw, which is not to be used any more.
func (s *Record) Merge(o *Record) {
	s.glued.merge(&o.glued, gluedTokens)
	s.randoms.merge(&o.randoms, connections)
	s.signed.merge(&o.signed, signedTokens)
	s.sealed.merge(&o.sealed, sealedKeys)
	s.primes.merge(&o.primes, orphans)
	if s.factors == nil {
		s.factors = make(factors)
	}
	s.factors.merge(o.factors)
	s.untried = s.untried || o.untried
}

// Facts tells f what was seen, and reports whether there was more than is told.
func (s *Record) Facts(f *probe.Facts) (more bool) {
	f.Glued = s.glued.first(gluedTokens)
	f.Randoms = s.randoms.first(connections)
	slices.SortStableFunc(f.Randoms, func(a, b probe.Randoms) int { return cmp.Compare(a.Addr, b.Addr) })
	f.Sealed = s.sealed.first(sealedKeys)
	f.Primes = s.primes.first(orphans)
	signed, untried := choose(s.signed.first(signedTokens))
	f.Signed, s.untried = signed, s.untried || untried
	return s.untried || s.glued.cut || s.randoms.cut || s.sealed.cut || s.primes.cut
}

// Keys calls yield for each private value of the RSA keys of which all primes are known by now, with the ID and the
// kind that the factors had. The value is valid during the call. All factors are forgotten.
func (s *Record) Keys(yield func(id sweep.ID, kind string, value []byte)) { s.factors.complete(yield) }
