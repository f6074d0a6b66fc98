package ecscalar

import (
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

// TestZeroWord multiplies by numbers of which words are zero: the point of such a word
// is none that could be added.
func TestZeroWord(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P224, privkey.P256, privkey.P384, privkey.P521, privkey.Secp256k1, privkey.BrainpoolP256r1, privkey.BrainpoolP384r1, privkey.BrainpoolP512r1} {
		s, _ := shapeOf(c)
		b := newBatch(newGroup(s), 16)
		var ks []*big.Int
		for k := range s.words {
			x := scalarBelow(s.order)
			w := make([]uint64, s.words)
			toWords(x, w)
			w[k] = 0
			ks = append(ks, fromWords(w))
		}
		ks = append(ks, big.NewInt(1), new(big.Int).Sub(s.order, big.NewInt(1)), new(big.Int).Sub(s.order, big.NewInt(2)))
		for i, k := range ks {
			toWords(k, b.next(i, s.words))
		}
		seen := 0
		b.run(func(id, k int, x []uint64) {
			if k > 0 {
				return // the turned number
			}
			seen++
			point, ok := privkey.ECPublic(c, ks[id].Bytes())
			if !ok || x == nil || b.g.f.number(x).Cmp(new(big.Int).SetBytes(point[1:1+s.size])) != 0 {
				t.Errorf("curve of %d octets: number %d", s.size, id)
			}
		})
		if seen != len(ks) {
			t.Errorf("%d of %d", seen, len(ks))
		}
	}
}
