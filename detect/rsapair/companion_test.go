package rsapair

import (
	"bytes"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// TestCompanions has the primes and their exponents and nothing that ties them together: what follows from both
// is told all the same, and no public key.
func TestCompanions(t *testing.T) {
	k := key(t, 2048)
	data := heap(le(k.Primes[0], 128), le(k.Precomputed.Dp, 128), le(k.Primes[1], 128), le(k.Precomputed.Dq, 128))
	for _, at := range []int{16, 16 + 2*144} {
		emitted := 0
		New().Detect(probe.View{Data: data, At: at}, func(m probe.Match) {
			emitted++
			if m.Confidence != probe.Confirmed || m.SPKI != nil {
				t.Errorf("a match that is %s, with a public key of %d bytes", m.Confidence, len(m.SPKI))
			}
			for i, x := range [][]byte{k.Primes[0].Bytes(), k.Primes[1].Bytes(), k.D.Bytes(), k.Precomputed.Dp.Bytes(), k.Precomputed.Dq.Bytes(), k.Precomputed.Qinv.Bytes()} {
				if !slices.ContainsFunc(m.Values, func(v []byte) bool { return bytes.Equal(v, x) }) {
					t.Errorf("number %d is not among the values", i)
				}
			}
		})
		if emitted != 1 {
			t.Errorf("%d matches", emitted)
		}
	}
}
