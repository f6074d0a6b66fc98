package rsaprime

import (
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

func searcher(t testing.TB, d probe.Detector) *search.Searcher {
	t.Helper()
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAccept(t *testing.T) {
	for _, bits := range []int{1024, 2048} {
		k := makeKey(t, bits)
		d := New(factsOf(k))
		for _, l := range layouts {
			data := l.write(k.Primes[1], bits/16)
			probetest.Accept(t, d, probetest.Case{
				Name: l.name, Data: data, Private: [][]byte{data},
				Kind: privkey.RSA, Encoding: l.encoding, Confidence: probe.Confirmed,
			})
		}
		for _, l := range layouts[:5] {
			data := l.write(k.D, bits/8)
			probetest.Accept(t, d, probetest.Case{
				Name: "exponent " + l.name, Data: data, Private: [][]byte{data},
				Kind: privkey.RSA, Encoding: l.encoding, Confidence: probe.Confirmed,
			})
		}
	}
}

// TestSizes finds both primes and the exponent of long keys inside random data.
func TestSizes(t *testing.T) {
	sizes := []int{1536, 3072, 4096}
	if !testing.Short() {
		sizes = append(sizes, 2048)
	}
	for _, bits := range sizes {
		k := makeKey(t, bits)
		d := New(factsOf(k))
		for _, l := range layouts {
			for _, x := range []*big.Int{k.Primes[0], k.Primes[1], k.D} {
				size := bits / 16
				if x == k.D {
					size = bits / 8
				}
				data := append(noise(1, 800), l.write(x, size)...)
				data = append(data, noise(2, 800)...)
				fs := probetest.Matches(searcher(t, d), data, len(data))
				if len(fs) == 0 || fs[0].Start != 800 {
					t.Errorf("%d bits, %s, %d bytes: %d matches", bits, l.name, size, len(fs))
				}
			}
		}
	}
}
