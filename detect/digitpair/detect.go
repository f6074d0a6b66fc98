package digitpair

import (
	"encoding/binary"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

const (
	// ID names the detector.
	ID = "digit-pair"
	// reach is how far from a number, in bytes, its company may lie.
	reach = 16 << 10
	// mostCompany bounds the runs near a candidate that it is tried with, the nearest ones.
	mostCompany = 64
)

type detector struct{}

// New returns the detector of private numbers in digits beside their public halves. It
// implements [probe.Filter].
func New() probe.Detector { return detector{} }

// Spec implements [probe.Detector].
func (detector) Spec() probe.Spec {
	return probe.Spec{
		ID:     ID,
		About:  "RSA primes and EC scalars in digits of fewer bits than their words, beside their public halves",
		Kinds:  []string{privkey.RSA, privkey.EC},
		Before: reach, After: reach,
	}
}

// Depth implements [probe.Shallow].
func (detector) Depth() int { return 8 }

// Filter names the beginnings of runs that may hold a private number.
func (detector) Filter(data []byte, base int64, lo, hi int, hit func(i int)) {
	lo = max(lo, 0)
	for at := lo + int(-(base+int64(lo))&7); at < hi && at+8*leastWords <= len(data); at += 8 {
		if !wordly(binary.LittleEndian.Uint64(data[at:])) || !wordly(binary.LittleEndian.Uint64(data[at+24:])) {
			continue
		}
		for _, f := range forms() {
			if s, ok := f.startAt(data, at); ok && (s.mayBePrime(data) || s.mayBeScalar()) {
				hit(at)
				break
			}
		}
	}
}

// Detect emits the number that begins at v.At.
func (detector) Detect(v probe.View, emit func(probe.Match)) {
	for _, f := range forms() {
		s, ok := f.startAt(v.Data, v.At)
		if !ok {
			continue
		}
		prime, scalar := s.mayBePrime(v.Data), s.mayBeScalar()
		if !prime && !scalar {
			continue
		}
		c := company{data: v.Data, number: s}
		c.gather()
		if m, ok := c.prime(); prime && ok {
			emit(m)
			return
		}
		if m, ok := c.scalar(); scalar && ok {
			emit(m)
			return
		}
	}
}

// company is what lies around a number in its own form, the nearest run first.
type company struct {
	data   []byte
	number start
	around []start
	byLow  map[uint64][]int // index in around by lowest digit
}

// gather fills in the runs that lie around the number, alternately before and behind it.
func (c *company) gather() {
	c.byLow = make(map[uint64][]int)
	look := func(at int) {
		if at < 0 || at+8*leastWords > len(c.data) || len(c.around) == mostCompany ||
			!wordly(binary.LittleEndian.Uint64(c.data[at:])) {
			return
		}
		if s, ok := c.number.startAt(c.data, at); ok {
			low := s.digit(c.data, at, 0)
			c.byLow[low] = append(c.byLow[low], len(c.around))
			c.around = append(c.around, s)
		}
	}
	for d := 8; d <= reach; d += 8 {
		look(c.number.at - d)
		look(c.number.at + d)
	}
}
