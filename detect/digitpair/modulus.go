package digitpair

import (
	"math/big"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/publickey"
	"github.com/dumpscrub/dumpscrub/detect/rsapair"
)

// modulusDetector finds the moduli in digits of keys of which a prime was proven. It redacts nothing.
type modulusDetector struct{ primes []prime }

// prime is one whose modulus is looked for.
type prime struct{ p, e *big.Int }

// NewModulus returns the harvester of the moduli, in digits, of primes that were proven without one, or nil when
// there are none.
func NewModulus(f probe.Facts) probe.Detector {
	var d modulusDetector
	for _, x := range f.Primes {
		d.primes = append(d.primes, prime{new(big.Int).SetBytes(x.P), new(big.Int).SetBytes(x.E)})
	}
	if len(d.primes) == 0 {
		return nil
	}
	return d
}

// Spec implements [probe.Detector].
func (modulusDetector) Spec() probe.Spec {
	return probe.Spec{
		ID: "public-key-digit-multiple", About: "RSA moduli that a proven prime divides, in digits of fewer bits than their words",
		Kinds: []string{publickey.Kind}, Before: 8, After: 8 * (mostWords + 2),
	}
}

// Depth implements [probe.Shallow].
func (modulusDetector) Depth() int { return 8 }

// Filter names the beginnings of moduli.
func (d modulusDetector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	starts(data, base, lo, hi, func(s start) bool { return d.spki(data, s) != nil }, hit)
}

// Detect emits the modulus that begins at v.At.
func (d modulusDetector) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range forms() {
		s, ok := f.startAt(v.Data, v.At)
		if !ok {
			continue
		}
		if spki := d.spki(v.Data, s); spki != nil {
			emit(probe.Match{
				Kind: publickey.Kind, Encoding: f.encoding(), Confidence: probe.Confirmed,
				Range: probe.Range{Start: v.At, End: v.At + 8*s.bridged}, Public: true, SPKI: spki, Identity: spki,
			})
			return
		}
	}
}

// spki returns the public key of the modulus at s, if there is one.
func (d modulusDetector) spki(data []byte, s start) (spki []byte) {
	if !s.mayBePrime(data) { // odd, and long enough
		return nil
	}
	s.lengths(func(n int) bool {
		x := s.load(data, s.at, n)
		if x == nil {
			return false
		}
		for _, p := range d.primes {
			if 2*x.BitLen() < 3*p.p.BitLen() || 2*x.BitLen() > 5*p.p.BitLen() {
				continue
			}
			if spki = rsapair.Modulus(x, p.p, p.e); spki != nil {
				return true
			}
		}
		return false
	})
	return spki
}
