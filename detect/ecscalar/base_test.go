package ecscalar

import (
	"bytes"
	"crypto/rand"
	"crypto/sha512"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
)

func TestBase(t *testing.T) {
	for _, c := range []privkey.Curve{privkey.P224, privkey.P256, privkey.Secp256k1, privkey.P384, privkey.P521, privkey.BrainpoolP256r1, privkey.BrainpoolP384r1, privkey.BrainpoolP512r1} {
		var ks []Scalar
		var want [][]byte
		for i := range maxLanes + 10 { // more than a batch
			k := make([]byte, c.Size())
			rand.Read(k)
			k[0] = 0 // below the order
			if i == 7 {
				k = make([]byte, c.Size())
			}
			point, ok := privkey.ECPublic(c, k)
			if !ok {
				want = append(want, nil)
			} else {
				want = append(want, point[1:1+c.Size()])
			}
			if i%2 == 1 {
				k = slices.Clone(k)
				slices.Reverse(k)
			}
			ks = append(ks, Scalar{Octets: k, Little: i%2 == 1})
		}
		// The first few alone, the others in batches.
		b, got := NewBase(c), make([][]byte, len(ks))
		for _, r := range [][2]int{{0, 20}, {20, len(ks)}} {
			b.Coordinates(ks[r[0]:r[1]], func(i int, x []byte) { got[r[0]+i] = bytes.Clone(x) })
		}
		for i := range want {
			if !bytes.Equal(got[i], want[i]) {
				t.Fatalf("curve of %d octets: scalar %d has another coordinate", c.Size(), i)
			}
		}
	}
	var seeds [][]byte
	for range maxLanes + 10 {
		p := make([]byte, 32)
		rand.Read(p)
		seeds = append(seeds, p)
	}
	// Of every third seed what it is expanded to comes behind it.
	made := map[int][]byte{}
	for i := 0; i < len(seeds); i += 3 {
		h := sha512.Sum512(seeds[i])
		h[0] &^= 7
		h[31] = h[31]&0x3f | 0x40
		made[len(seeds)] = privkey.Ed25519Public(seeds[i])
		seeds = append(seeds, h[:32])
	}
	n := 0
	NewBase25519().Twisted(seeds, func(i int, u, y, e []byte) {
		if (e != nil) != Clamped(seeds[i]) {
			t.Errorf("scalar %d: clamped or not", i)
		}
		if public := made[i]; public != nil {
			public = slices.Clone(public)
			slices.Reverse(public)
			public[0] &= 0x7f
			if !bytes.Equal(e, public) {
				t.Errorf("scalar %d has another public key", i)
			}
		}
		n++
		x := slices.Clone(privkey.X25519Public(seeds[i]))
		slices.Reverse(x)
		ed := slices.Clone(privkey.Ed25519Public(seeds[i]))
		slices.Reverse(ed)
		ed[0] &= 0x7f
		if !bytes.Equal(u, x) || !bytes.Equal(y, ed) {
			t.Fatalf("seed %d has other public keys", i)
		}
	})
	if n != len(seeds) {
		t.Errorf("%d of %d seeds", n, len(seeds))
	}
}
