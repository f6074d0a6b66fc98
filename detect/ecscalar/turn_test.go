package ecscalar

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// TestTurned compares both numbers of 32 octets with what other implementations compute, at the ends of the range too.
func TestTurned(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P256, privkey.Secp256k1} {
		s, _ := shapeOf(c)
		order := s.order.FillBytes(make([]byte, 32))
		one := make([]byte, 32)
		one[31] = 1
		octets := [][]byte{make([]byte, 32), order, reversed(order), one, bytes.Repeat([]byte{0xff}, 32), bytes.Repeat([]byte{1}, 32)}
		for range 2 * maxLanes {
			k := make([]byte, 32)
			rand.Read(k)
			octets = append(octets, k)
		}
		few, many := NewBase(c), NewBase(c)
		many.few.left.Store(0)
		for name, b := range map[string]*Base{"one by one": few, "together": many} {
			octets, seen := octets, 0
			if b == few {
				octets = octets[:20]
			}
			b.Turned(octets, func(i int, x, turned []byte) {
				seen++
				if !bytes.Equal(x, abscissa(c, s.order, octets[i])) || !bytes.Equal(turned, abscissa(c, s.order, reversed(octets[i]))) {
					t.Errorf("curve %d, %s: octets %d have other coordinates", s.id, name, i)
				}
			})
			if seen != len(octets) {
				t.Errorf("%d of %d", seen, len(octets))
			}
		}
	}
}

// abscissa returns the x coordinate of a public key, nil when there is none.
func abscissa(c privkey.Curve, order *big.Int, octets []byte) []byte {
	k := new(big.Int).SetBytes(octets)
	point, ok := privkey.ECPublic(c, k.Mod(k, order).FillBytes(make([]byte, 32)))
	if !ok {
		return nil
	}
	return slices.Clone(point[1:33])
}
