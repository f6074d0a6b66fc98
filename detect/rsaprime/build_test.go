package rsaprime

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/binary"
	"math/big"
	mrand "math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/entropy"
	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// makeKey makes a key at run time, of which the exponent can be found: one key in
// seventy cannot, see cofactors.
func makeKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	for {
		k, err := rsa.GenerateKey(rand.Reader, bits)
		if err != nil {
			t.Fatal(err)
		}
		one := big.NewInt(1)
		g := new(big.Int).GCD(nil, nil, new(big.Int).Sub(k.Primes[0], one), new(big.Int).Sub(k.Primes[1], one))
		if g.Mod(big.NewInt(cofactors), g).Sign() == 0 {
			return k
		}
	}
}

// tameKey returns a key of which every aligned word of both primes could be a part of a random
// number; of one key in some dozens a word could not, and where little is left of a prime
// or nothing else is known of it, that one is not found.
func tameKey(t testing.TB, bits int) *rsa.PrivateKey {
	t.Helper()
	for {
		k := makeKey(t, bits)
		tame := true
		for _, p := range k.Primes {
			b := le(p, bits/16)
			tame = tame && !entropy.Code(b)
			for i := 0; i < len(b); i += 8 {
				tame = tame && random(binary.LittleEndian.Uint64(b[i:]))
			}
		}
		if tame {
			return k
		}
	}
}

func spkiOf(n *big.Int, e int) []byte {
	return privkey.SPKIForRSA(n.Bytes(), big.NewInt(int64(e)).Bytes())
}

func factsOf(keys ...*rsa.PrivateKey) probe.Facts {
	var f probe.Facts
	for _, k := range keys {
		f.SPKI = append(f.SPKI, spkiOf(k.N, k.E))
	}
	return f
}

// layout is one way to write a number; it shares nothing with the readers.
type layout struct {
	name, encoding string
	write          func(x *big.Int, size int) []byte
}

func be(x *big.Int, size int) []byte { return x.FillBytes(make([]byte, size)) }

func le(x *big.Int, size int) []byte {
	b := be(x, size)
	slices.Reverse(b)
	return b
}

// groups reverses the bytes in each group of n.
func groups(b []byte, n int) []byte {
	for g := range slices.Chunk(b, n) {
		slices.Reverse(g)
	}
	return b
}

func radix(bits uint, width int) func(*big.Int, int) []byte {
	return func(x *big.Int, size int) []byte {
		var out []byte
		mask := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), bits), big.NewInt(1))
		for y := new(big.Int).Set(x); y.Sign() > 0; y.Rsh(y, bits) {
			v := new(big.Int).And(y, mask).Uint64()
			if width == 4 {
				out = binary.LittleEndian.AppendUint32(out, uint32(v))
			} else {
				out = binary.LittleEndian.AppendUint64(out, v)
			}
		}
		return out
	}
}

var layouts = []layout{
	{"little-endian", probe.LimbsLE, le},
	{"big-endian", probe.IntBE, be},
	{"java", probe.Words32BE, func(x *big.Int, n int) []byte { return groups(be(x, n), 4) }},
	{"s390x", probe.LimbsBE, func(x *big.Int, n int) []byte { return groups(le(x, n), 8) }},
	{"python", probe.Radix30, radix(30, 4)},
	{"radix 28", probe.Radix, radix(28, 4)},
	{"radix 29", probe.Radix, radix(29, 4)},
	{"radix 26", probe.Radix, radix(26, 4)},
	{"radix 51", probe.Radix, radix(51, 8)},
	{"radix 52", probe.Radix52, radix(52, 8)},
}

// noise returns n random bytes.
func noise(seed uint64, n int) []byte {
	r := mrand.New(mrand.NewPCG(seed, 2))
	b := make([]byte, 0, n+8)
	for len(b) < n {
		b = binary.LittleEndian.AppendUint64(b, r.Uint64())
	}
	return b[:n]
}
