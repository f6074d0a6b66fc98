package scrub

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// TestChoice: of findings that differ in the secret alone one stays, and the same one in whatever order and
// under whatever key of a run they come.
func TestChoice(t *testing.T) {
	secrets := [][]byte{[]byte("a"), []byte("b"), []byte("c"), []byte("d")}
	var kept []byte
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 1))
		res := newResult(nil)
		raws := make([]Finding, 40)
		for i := range raws {
			secret := secrets[r.IntN(len(secrets))]
			if i < len(secrets) {
				secret = secrets[i]
			}
			f := Finding{kind: res.names.of("token"), detector: res.names.of("encoded"), encoding: res.names.of("base64"), choice: choiceOf(secret)}
			f.id = sweep.ID{secret[0] ^ byte(seed)}
			f.setSpans([]layout.Span{{Off: 8, Len: 20}}, res.store)
			raws[i] = f
		}
		r.Shuffle(len(raws), func(i, k int) { raws[i], raws[k] = raws[k], raws[i] })
		slices.SortFunc(raws, func(a, b Finding) int { return res.names.before(res.store)(&a, &b) })
		got := slices.Collect(res.names.distinct(slices.Values(raws), res.store))
		if len(got) != 1 {
			t.Fatalf("seed %d: %d findings", seed, len(got))
		}
		secret := []byte{got[0].id[0] ^ byte(seed)}
		if kept == nil {
			kept = secret
		}
		if !slices.Equal(secret, kept) {
			t.Fatalf("seed %d: another one stays", seed)
		}
	}
}
