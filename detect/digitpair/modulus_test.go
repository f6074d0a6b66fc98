package digitpair

import (
	"bytes"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestModulus has moduli of a prime amid other numbers.
func TestModulus(t *testing.T) {
	if NewModulus(probe.Facts{}) != nil {
		t.Error("a harvester without a prime")
	}
	e := []byte{1, 0, 1}
	for _, f := range forms() {
		for _, size := range [][2]int{{512, 512}, {1024, 1024}, {563, 493}} {
			p, q, n := rsaKey(t, f, size[0], size[1])
			d := NewModulus(probe.Facts{Primes: []probe.Factor{{P: p.Bytes(), E: e}}})
			s, err := search.New([]probe.Detector{d})
			if err != nil {
				t.Fatal(err)
			}
			data := slices.Concat(probetest.Noise(1, 400), heap(digits(f, q), digits(f, n), digits(f, p)))
			for _, chunk := range []int{11, len(data)} {
				fs := probetest.Matches(s, data, chunk)
				if len(fs) != 1 || !fs[0].Public || !bytes.Equal(fs[0].SPKI, privkey.SPKIForRSA(n.Bytes(), e)) {
					t.Errorf("2^%d, %d bits: %d moduli", f.radix, size, len(fs))
				}
			}
			other := new(big.Int).Add(n, big.NewInt(2))
			probetest.Reject(t, d, "another number", heap(digits(f, other)))
		}
	}
}
