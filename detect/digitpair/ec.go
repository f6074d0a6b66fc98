package digitpair

import (
	"bytes"
	"math/big"
	"slices"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// curves returns the curves that are tried, and the bits of a scalar.
func curves() []curve {
	return []curve{{privkey.P256, 256}, {privkey.Secp256k1, 256}, {privkey.P384, 384}, {privkey.P521, 521}}
}

type curve struct {
	name privkey.Curve
	bits int
}

// fits reports whether a run may be that of a number of so many bits, the full digits of which are
// random: what is left for the top one, and the other half of its word, may look like anything.
func (s start) fits(size int) bool {
	full := size / s.radix * s.width / 8 // words of full digits
	return s.words == full || s.words == full+1 || s.bridged == full || s.bridged == full+1
}

func (s start) mayBeScalar() bool {
	return s.fits(256) || s.fits(384) || s.fits(521)
}

// number returns the number of at most so many bits at s, the top digit of which may be zero, or nil.
func (s start) number(data []byte, size int) *big.Int {
	for n := (size + s.radix - 1) / s.radix; n >= size/s.radix; n-- {
		if s.at+n*s.width > len(data) {
			continue
		}
		x := s.load(data, s.at, n)
		if x != nil && x.BitLen() <= size {
			return x
		}
		if s.digit(data, s.at, n-1) != 0 {
			return nil // too many bits
		}
	}
	return nil
}

// scalar proves that the number is the scalar of a point near by.
func (c *company) scalar() (m probe.Match, ok bool) {
	for _, cv := range curves() {
		d := c.number.coordinate(c.data, cv)
		if d == nil {
			continue
		}
		if point, ok := privkey.ECPublic(cv.name, d.Bytes()); ok && c.near(cv.name, point) {
			return c.number.match(cv, d, point)
		}
	}
	return m, false
}

// proof is how many octets of a coordinate must agree.
const proof = 16

// near reports whether a coordinate of the point begins a run near by, or lies there as octets.
func (c *company) near(name privkey.Curve, point []byte) bool {
	size := name.Size()
	for _, x := range [][]byte{point[1 : 1+size], point[1+size:]} {
		if c.holds(new(big.Int).SetBytes(x)) {
			return true
		}
	}
	core := slices.Clone(point[2:][:proof])
	if bytes.Contains(c.data, core) {
		return true
	}
	slices.Reverse(core)
	return bytes.Contains(c.data, core)
}
