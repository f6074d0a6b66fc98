package rsaprime

import (
	"crypto/rsa"
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// many returns facts with n keys, which are but odd numbers: nothing divides them.
func many(n, bits int) probe.Facts {
	var keys []*rsa.PrivateKey
	for i := range n {
		b := noise(uint64(i), bits/8)
		b[0] |= 0xc0
		b[len(b)-1] |= 1
		keys = append(keys, &rsa.PrivateKey{PublicKey: rsa.PublicKey{N: new(big.Int).SetBytes(b), E: 65537}})
	}
	return factsOf(keys...)
}

// server returns memory of which a fifth is dense, in runs of several lengths.
func server(n int) []byte {
	random, other := noise(3, n), probetest.Noise(3, n)
	out := make([]byte, 0, n)
	for i := 0; i < n; {
		run := 64 << (i / 64 % 7)
		out = append(out, random[i:min(n, i+run)]...)
		i += run
		out = append(out, other[min(n, i):min(n, i+2*run)]...)
		i += 2 * run
		out = append(out, make([]byte, max(0, min(n, i+2*run)-min(n, i)))...)
		i += 2 * run
	}
	return out[:n]
}

func BenchmarkFilter(b *testing.B) {
	const size = 8 << 20
	for _, keys := range []int{1, 100} {
		d := New(many(keys, 2048)).(probe.Filter)
		for name, data := range map[string][]byte{
			"zero": make([]byte, size), "noise": probetest.Noise(1, size), "random": noise(1, size), "server": server(size),
		} {
			b.Run(fmt.Sprintf("%d/%s", keys, name), func(b *testing.B) {
				b.SetBytes(size)
				for b.Loop() {
					d.Filter(data, 0, 0, size, func(int) { b.Error("hit") })
				}
			})
		}
	}
}

// BenchmarkCandidates tries numbers with the ends of primes with the near moduli: different ones, and one
// again and again.
func BenchmarkCandidates(b *testing.B) {
	for _, bits := range []int{2048, 4096} {
		d := New(many(nearest, bits)).(*detector)
		var c *class
		for _, x := range d.classes {
			if !x.exponents && !x.multi {
				c = x
			}
		}
		for _, again := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d/again=%v", bits, again), func(b *testing.B) {
				var s scratch
				var found hit
				data := noise(7, c.bytes)
				data[0] |= 1
				data[c.bytes-1] = 0xff
				n := uint64(0)
				for b.Loop() {
					if n++; !again {
						binary.LittleEndian.PutUint64(data[8:], n*0x9E3779B97F4A7C15)
					}
					if c.try(&s, data, 0, littleEndian, false, &found) {
						b.Fatal("a factor")
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "candidates/s")
			})
		}
	}
}
