package rsapair

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

// TestModulus has moduli of a prime in every order amid other numbers.
func TestModulus(t *testing.T) {
	if NewModulus(probe.Facts{}) != nil {
		t.Error("a harvester without a prime")
	}
	e := []byte{1, 0, 1}
	for _, bits := range []int{1024, 2048, 3072, 4096} {
		k, other := key(t, bits), key(t, bits)
		spki := privkey.SPKIForRSA(k.N.Bytes(), e)
		d := NewModulus(probe.Facts{Primes: []probe.Factor{{P: other.Primes[1].Bytes(), E: e}, {P: k.Primes[1].Bytes(), E: e}}})
		s, err := search.New([]probe.Detector{d})
		if err != nil {
			t.Fatal(err)
		}
		times := func(x *big.Int) *big.Int { return new(big.Int).Mul(k.Primes[1], x) }
		for _, w := range writers() {
			n := w.write(k.N, bits/8)
			data := slices.Concat(probetest.Noise(1, 400), heap(w.write(k.D, bits/8), n, w.write(k.Primes[1], bits/16)))
			for _, chunk := range []int{11, len(data)} {
				fs := probetest.Matches(s, data, chunk)
				if len(fs) != 1 || !fs[0].Public || fs[0].Encoding != w.encoding || !bytes.Equal(fs[0].SPKI, spki) {
					t.Errorf("%d bits, %s: %d moduli", bits, w.encoding, len(fs))
				}
			}
			for i := range bits / 64 {
				wrong := slices.Clone(n)
				wrong[8*i+i%7] ^= 0x10
				probetest.Reject(t, d, "another number", heap(wrong))
			}
			composite := new(big.Int).Add(k.Primes[0], big.NewInt(2))
			for composite.ProbablyPrime(0) {
				composite.Add(composite, big.NewInt(2))
			}
			probetest.Reject(t, d, "a product of more", heap(w.write(times(composite), bits/8)))
		}
	}
}
