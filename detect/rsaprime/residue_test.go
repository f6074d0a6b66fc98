package rsaprime

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// residue returns 2^(64·times·limbs) modulo p.
func residue(p *big.Int, limbs, times int) *big.Int {
	x := new(big.Int).Lsh(big.NewInt(1), uint(64*times*limbs))
	return x.Mod(x, p)
}

func anyKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	k, err := rsa.GenerateKey(rand.Reader, bits)
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestResidues has R and R² modulo either prime of keys of several sizes in chunks of a heap, as limbs and in Java's words, each alone
// and amid many chunks of random bytes.
func TestResidues(t *testing.T) {
	if NewResidues(probe.Facts{}) != nil {
		t.Error("a prover without a modulus")
	}
	chunk := func(p []byte) []byte {
		return slices.Concat([]byte{0x91, 0, 0, 0, 0, 0, 0, 0}, p, make([]byte, 8))
	}
	missed, all := 0, 0
	for _, bits := range []int{1024, 2048, 3072} {
		k, other := anyKey(t, bits), anyKey(t, 1024)
		f := factsOf(other, k)
		d := NewResidues(f)
		s := searcher(t, d)
		limbs := bits / 128
		var many []byte
		for i := range 100 {
			many = append(many, chunk(noise(uint64(i), 8*limbs))...)
		}
		probetest.Reject(t, d, "random numbers", many)
		for _, p := range k.Primes {
			for times := 1; times <= 2; times++ {
				r := residue(p, limbs, times)
				for _, l := range []layout{layouts[0], layouts[2]} {
					name, x := l.name, l.write(r, 8*limbs)
					data := slices.Concat(many, chunk(x), many)
					want := probe.Range{Start: len(many) + 8, End: len(many) + 8 + len(x)}
					all++
					fs := probetest.Matches(s, data, 4096)
					if len(fs) == 0 {
						missed++ // some words look as no random ones do
						continue
					}
					if len(fs) != 1 || fs[0].Range != want || !bytes.Equal(fs[0].SPKI, spkiOf(k.N, k.E)) || fs[0].Encoding != probe.Mont {
						t.Errorf("%d bits, %s: %d matches, or a wrong one", bits, name, len(fs))
						continue
					}
					if whole := probetest.Matches(s, data, len(data)); len(whole) != 1 || whole[0].Range != want {
						t.Errorf("%d bits, %s: another result without chunks", bits, name)
					}
					probetest.Reject(t, d, "redacted", probetest.Redact(data, fs))
				}
			}
		}
	}
	if missed > 2 {
		t.Errorf("%d of %d are missed", missed, all)
	}
}

// TestResiduesOfFalseModuli holds that what a number of small factors shares with candidates is no prime.
func TestResiduesOfFalseModuli(t *testing.T) {
	n := new(big.Int).Lsh(big.NewInt(1), 1024)
	n.Sub(n, new(big.Int).Rem(n, big.NewInt(3*5*7*11*13)))
	if n.Sub(n, big.NewInt(3*5*7*11*13)); n.Bit(0) == 0 {
		n.Sub(n, big.NewInt(3*5*7*11*13))
	}
	d := NewResidues(probe.Facts{SPKI: [][]byte{spkiOf(n, 65537)}, Roots: 1})
	if n.BitLen() != 1024 || d == nil {
		t.Fatalf("no modulus: %d bits", n.BitLen())
	}
	var data []byte
	for i := range uint64(200) {
		data = append(append(data, make([]byte, 16)...), noise(i, 64)...)
	}
	probetest.Reject(t, d, "small factors", data)
}

func BenchmarkResidues(b *testing.B) {
	k := anyKey(b, 2048)
	d := NewResidues(factsOf(k)).(*residues)
	var data []byte
	const chunks = 1000
	for i := range chunks {
		data = append(append(data, make([]byte, 16)...), noise(uint64(i), 128)...)
	}
	for b.Loop() {
		d.Filter(data, 0, 0, len(data), func(int) { b.Error("found") })
	}
	b.ReportMetric(float64(b.N*chunks*len(d.orders))/b.Elapsed().Seconds(), "candidates/s")
}
