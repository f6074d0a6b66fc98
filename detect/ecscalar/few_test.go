package ecscalar

import (
	"bytes"
	"crypto/rand"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// TestFew: what is computed one by one is what the table says, of numbers of any size.
func TestFew(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521} {
		s, _ := shapeOf(c)
		order := s.order.FillBytes(make([]byte, c.Size()))
		above := slices.Clone(order)
		above[len(above)-1] += 2
		ks := []Scalar{{Octets: make([]byte, c.Size())}, {Octets: order}, {Octets: above}, {Octets: bytes.Repeat([]byte{0xff}, c.Size())}}
		for i := range 8 {
			k := make([]byte, c.Size())
			rand.Read(k)
			ks = append(ks, Scalar{Octets: k, Little: i%2 == 1})
		}
		one, all := NewBase(c), NewBase(c)
		all.few.left.Store(0)
		var alone, table [12][]byte
		one.Coordinates(ks, func(i int, x []byte) { alone[i] = bytes.Clone(x) })
		all.Coordinates(ks, func(i int, x []byte) { table[i] = bytes.Clone(x) })
		for i := range ks {
			if !bytes.Equal(alone[i], table[i]) || (alone[i] == nil) != (i < 2) {
				t.Errorf("curve of %d octets: scalar %d has another coordinate", c.Size(), i)
			}
		}
		if left := one.few.left.Load(); left != fewOf(c)-int64(len(ks)) {
			t.Errorf("curve of %d octets: %d left", c.Size(), left)
		}
	}
	seeds := make([][]byte, 9)
	for i := range seeds {
		seeds[i] = make([]byte, 32)
		if i > 0 {
			rand.Read(seeds[i])
		}
		if i > 5 { // what a seed may be expanded to
			seeds[i][0] &= 0xf8
			seeds[i][31] = seeds[i][31]&0x3f | 0x40
		}
	}
	one, all := NewBase25519(), NewBase25519()
	all.few.left.Store(0)
	var alone, table []string
	one.Twisted(seeds, func(_ int, u, y, e []byte) { alone = append(alone, string(u)+string(y)+string(e)) })
	all.Twisted(seeds, func(_ int, u, y, e []byte) { table = append(table, string(u)+string(y)+string(e)) })
	if len(alone) != len(seeds) || !slices.Equal(alone, table) {
		t.Error("seeds have other public keys")
	}
}
