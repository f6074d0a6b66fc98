package ecscalar

import (
	"crypto/sha512"
	"math/big"
	"math/rand/v2"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// FuzzFilter holds that what is found does not depend on where the data is cut,
// and that every match is the private half of its key.
func FuzzFilter(f *testing.F) {
	r := rand.New(rand.NewPCG(1, 2))
	noise := func(n int) []byte {
		b := make([]byte, n)
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		return b
	}
	scalar, seed := noise(32), noise(32)
	scalar[0] &= 0x7f
	point, _ := privkey.ECPublic(privkey.P256, scalar)
	spki := privkey.SPKIForEC(privkey.P256, point)
	pub := privkey.Ed25519Public(seed)
	d := New(probe.Facts{SPKI: [][]byte{spki, privkey.SPKIForEd25519(pub)}})
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		f.Fatal(err)
	}
	order := montgomery25519().order
	h := sha512.Sum512(seed)
	n, _ := shapeOf(privkey.P256)
	f.Add(join(noise(64), scalar, noise(200), seed, pub, make([]byte, 20), h[:]), uint16(100))
	f.Add(join(make([]byte, 12), reversed(scalar), make([]byte, 8), java(scalar)), uint16(7))
	f.Add(join(montgomeryForm(new(big.Int).SetBytes(scalar), n.order, 4), noise(16), order.Bytes()), uint16(33))
	f.Fuzz(func(t *testing.T, data []byte, cut uint16) {
		if len(data) > 4096 {
			return
		}
		whole := probetest.Matches(s, data, max(1, len(data)))
		parts := probetest.Matches(s, data, max(8, int(cut)))
		if len(whole) != len(parts) {
			t.Fatalf("%d matches in one piece, %d in pieces of %d", len(whole), len(parts), cut)
		}
		for i, m := range whole {
			if m.Range != parts[i].Range || m.Encoding != parts[i].Encoding {
				t.Fatalf("match %d differs", i)
			}
			b := data[m.Start:m.End]
			switch m.Encoding {
			case probe.IntBE:
				if own, ok := privkey.ECPublic(privkey.P256, b); !ok || string(own[1:33]) != string(point[1:33]) {
					t.Fatal("no scalar of the key")
				}
			case probe.LimbsLE:
				if own, ok := privkey.ECPublic(privkey.P256, reversed(b)); !ok || string(own[1:33]) != string(point[1:33]) {
					t.Fatal("no scalar of the key")
				}
			case probe.Raw:
				if string(privkey.Ed25519Public(b)) != string(pub) {
					t.Fatal("no seed of the key")
				}
			}
		}
		if red := probetest.Redact(data, whole); len(probetest.Matches(s, red, max(1, len(red)))) > 0 {
			t.Fatal("found again after redaction")
		}
	})
}

func BenchmarkFilter(b *testing.B) {
	point, _ := privkey.ECPublic(privkey.P256, random(31))
	facts := map[string][]byte{"p256": privkey.SPKIForEC(privkey.P256, point), "ed25519": privkey.SPKIForEd25519(privkey.Ed25519Public(random(32)))}
	for name, spki := range facts {
		d := New(probe.Facts{SPKI: [][]byte{spki}, Arch: "x86_64"}).(*detector)
		for kind, data := range map[string][]byte{"zeros": make([]byte, 1<<20), "memory": probetest.Noise(1, 1<<20), "random": random(1 << 20)} {
			b.Run(name+"/"+kind, func(b *testing.B) {
				b.SetBytes(int64(len(data)))
				for b.Loop() {
					d.Filter(data, 0, 0, len(data), func(int) {})
				}
			})
		}
	}
}
