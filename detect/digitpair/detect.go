package digitpair

import (
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
	starts(data, base, lo, hi, func(s start) bool { return s.mayBePrime(data) || s.mayBeScalar() }, hit)
}

// starts calls hit with the places of runs of which is holds in some form.
func starts(data []byte, base int64, lo, hi int, is func(start) bool, hit func(i int)) {
	lo = max(lo, 0)
	eachStart(data, lo+int(-(base+int64(lo))&7), hi, singles|doubles, func(at, classes int) {
		for _, f := range forms() {
			if classes&f.class() == 0 {
				continue
			}
			if s, ok := f.startAt(data, at); ok && is(s) {
				hit(at)
				return
			}
		}
	})
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
	lows   []uint64 // the lowest digits of around
}

// gather fills in the runs that lie around the number, alternately before and behind it.
func (c *company) gather() {
	c.around, c.lows = make([]start, 0, mostCompany), make([]uint64, 0, mostCompany)
	at, mask := c.number.at, c.number.class()
	var before, behind []int
	eachStart(c.data, max(at-reach, at&7), at, mask, func(i, _ int) { before = append(before, i) })
	eachStart(c.data, at+8, at+reach+1, mask, func(i, _ int) { behind = append(behind, i) })
	for len(c.around) < mostCompany && len(before)+len(behind) > 0 {
		n := len(before)
		if n > 0 && (len(behind) == 0 || at-before[n-1] <= behind[0]-at) {
			c.look(before[n-1])
			before = before[:n-1]
			continue
		}
		c.look(behind[0])
		behind = behind[1:]
	}
}

// look adds the run that begins at data[at:], if one does and there is room.
func (c *company) look(at int) {
	if len(c.around) == mostCompany {
		return
	}
	if s, ok := c.number.startAt(c.data, at); ok {
		c.around = append(c.around, s)
		c.lows = append(c.lows, s.digit(c.data, at, 0))
	}
}
