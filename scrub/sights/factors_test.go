package sights

import (
	"bytes"
	"crypto/rand"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// TestFactors holds that divisors that different workers found put a key of three primes together, and
// that one of them does not.
func TestFactors(t *testing.T) {
	var ps []*big.Int
	n := big.NewInt(1)
	for range 3 {
		p, err := rand.Prime(rand.Reader, 512)
		if err != nil {
			t.Fatal(err)
		}
		ps, n = append(ps, p), n.Mul(n, p)
	}
	e := []byte{1, 0, 1}
	factor := func(p *big.Int) *probe.Factor { return &probe.Factor{N: n.Bytes(), E: e, P: p.Bytes()} }
	one, other := make(factors), make(factors)
	id := sweep.ID{1}
	one.add(id, privkey.RSA, factor(ps[0]))
	one.add(id, privkey.RSA, factor(ps[0]))
	other.add(id, privkey.RSA, factor(new(big.Int).Mul(ps[0], ps[1])))
	for _, c := range []struct {
		with factors
		want bool
	}{{nil, false}, {other, true}} {
		all := make(factors)
		all.merge(one)
		all.merge(c.with)
		var values [][]byte
		all.complete(func(_ sweep.ID, _ string, v []byte) { values = append(values, bytes.Clone(v)) })
		t3 := new(big.Int).ModInverse(new(big.Int).Mul(ps[0], ps[1]), ps[2])
		if got := slices.ContainsFunc(values, func(v []byte) bool { return bytes.Equal(v, t3.Bytes()) }); got != c.want {
			t.Errorf("with %d other lists: the third coefficient is a value: %v, want %v", len(c.with), got, c.want)
		}
		if len(all) != 0 {
			t.Error("factors are kept")
		}
		// complete wipes its divisors, which are those of one.
		one.add(id, privkey.RSA, factor(ps[0]))
	}
}
