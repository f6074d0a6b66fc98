package scrub

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
)

// TestOrphan scrubs memory in which one prime of a key has its exponent beside it, and all other numbers of it, the
// modulus too, lie too far apart to tell of each other. TestMPZ has none beside another, and an object that points to the
// modulus.
func TestOrphan(t *testing.T) { scattered(t, true) }

func TestMPZ(t *testing.T) { scattered(t, false) }

func scattered(t *testing.T, exponent bool) {
	const base, apart = 0x7f00_1000_0000, 40 << 10
	k, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	little := func(x *big.Int) []byte {
		b := x.FillBytes(make([]byte, (x.BitLen()+63)/64*8))
		slices.Reverse(b)
		return b
	}
	private := []*big.Int{k.Primes[0], k.Primes[1], k.D, k.Precomputed.Dp, k.Precomputed.Dq, k.Precomputed.Qinv}
	var heap []byte
	put := func(x *big.Int) (at int) {
		b := little(x)
		heap = append(heap, make([]byte, 8)...)
		heap = binary.LittleEndian.AppendUint64(heap, uint64(len(b)+16)|1)
		at = len(heap)
		heap = append(append(heap, b...), make([]byte, 16)...)
		return at
	}
	put(k.Primes[0])
	if exponent {
		put(k.Precomputed.Dp)
	}
	for _, x := range append(private[1:], k.N) {
		heap = append(heap, noise(apart)...)
		at := put(x)
		if !exponent && x == k.N {
			heap = binary.LittleEndian.AppendUint64(heap, 32<<32|33)
			heap = binary.LittleEndian.AppendUint64(heap, base+uint64(at))
		}
	}
	j := job(t, file(t, core(segment{base, heap})))
	j.Deep, j.Harvesters, j.Provers = detect.Deep(), detect.Harvesters(), detect.Provers
	_, out := scrubbed(t, j)
	if !bytes.Contains(out, little(k.N)) {
		t.Error("the modulus is gone")
	}
	for i, x := range private {
		b := little(x)
		for at := 0; at+16 <= len(b); at += 8 {
			if bytes.Contains(out, b[at:at+16]) {
				t.Errorf("number %d is left from byte %d on", i, at)
				break
			}
		}
	}
}
