package sweep

import (
	"crypto/rand"
	"crypto/rsa"
	"fmt"
	"math/big"
	mrand "math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// rsaSet returns a sealed set of n RSA-2048 keys with all their derived values.
func rsaSet(tb testing.TB, n int) *Set {
	tb.Helper()
	s, err := NewSet(64 << 20)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { s.Close() })
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		tb.Fatal(err)
	}
	for _, v := range privkey.RSADerived(big.NewInt(int64(k.E)).Bytes(), k.Primes[0].Bytes(), k.Primes[1].Bytes()) {
		// As many more as other keys would have, which need not be keys.
		for i := range n {
			o := v
			if i > 0 {
				o = random(len(v))
			}
			if err := s.Add(s.ID([]byte{byte(i)}), o); err != nil {
				tb.Fatal(err)
			}
		}
	}
	s.Seal(func(ID) (int, bool) { return 0, true })
	return s
}

func fill(n int) []byte {
	r := mrand.NewChaCha8([32]byte{1})
	p := make([]byte, n)
	r.Read(p)
	return p
}

func BenchmarkSearch(b *testing.B) {
	for _, n := range []int{1, 10, 50} {
		s := rsaSet(b, n)
		for name, data := range map[string][]byte{
			"zero": make([]byte, 8<<20), "random": fill(8 << 20), "noise": probetest.Noise(1, 8<<20),
		} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					s.Search(data, 0, len(data), func(Hit) { b.Fatal("a hit") })
				}
			})
		}
	}
}

func noise(n int) []byte { return probetest.Noise(1, n) }
