package ecscalar

import (
	"bytes"
	"crypto/rand"
	"encoding/binary"
	"fmt"
	"math/big"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// limbsOf returns x in n little-endian limbs.
func limbsOf(x *big.Int, n int) []byte { return reversed(x.FillBytes(make([]byte, 8*n))) }

// malloced lays chunks out as malloc does: a size before each.
func malloced(chunks ...[]byte) []byte {
	b := make([]byte, 8)
	for _, c := range chunks {
		b = binary.LittleEndian.AppendUint64(b, uint64(len(c)+23)&^15|1)
		b = append(b, c...)
		b = append(b, make([]byte, -(len(c)+8)&15)...)
	}
	return append(b, make([]byte, 24)...)
}

// livelyLimbs reports whether the limbs of p look random.
func livelyLimbs(p []byte, n int) bool {
	for i := range min(n, 8) {
		if classify(binary.LittleEndian.Uint64(p[8*i:])) != dense {
			return false
		}
	}
	return varied(p, 8*n)
}

func TestLimbs(t *testing.T) {
	d := Limbs()[0].(*limbs)
	s, err := search.New([]probe.Detector{d})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range d.curves {
		n := e.f.limbs
		for _, plain := range []bool{false, true} {
			var X, Y, K, spki []byte
			for X == nil || !livelyLimbs(X, n) || !livelyLimbs(Y, n) || !livelyLimbs(K, n) {
				k, _ := rand.Int(rand.Reader, e.order)
				point, ok := privkey.ECPublic(e.name, k.Bytes())
				if !ok {
					t.Fatal("no point")
				}
				spki = privkey.SPKIForEC(e.name, point)
				in := func(b []byte) []byte {
					x := new(big.Int).SetBytes(b)
					if !plain {
						x.Lsh(x, uint(64*n)).Mod(x, e.p)
					}
					return limbsOf(x, n)
				}
				K = limbsOf(k, n)
				X, Y = in(point[1:1+e.size]), in(point[1+e.size:])
			}
			name := fmt.Sprintf("%d limbs, plain: %v: ", n, plain)
			objects := map[string][]byte{
				"chunks": malloced(X, Y), "apart": malloced(Y, make([]byte, 2000), probetest.Noise(1, 512), X), "one array": malloced(join(X, Y)),
			}
			if n < 9 {
				objects["behind the scalar"], objects["before the scalar"] = malloced(join(K, X, Y)), malloced(join(X, Y, K))
			}
			for what, data := range objects {
				for _, shift := range []int{0, 8} {
					data := join(make([]byte, shift), data)
					fs := probetest.Matches(s, data, len(data))
					if len(fs) != 1 || !bytes.Equal(fs[0].SPKI, spki) || !fs[0].Public {
						t.Errorf("%s%s: %d points", name, what, len(fs))
						continue
					}
					if again := probetest.Matches(s, data, 40); len(again) != 1 || again[0].Range != fs[0].Range {
						t.Errorf("%s%s: %d points in chunks", name, what, len(again))
					}
				}
			}
			Y[9] ^= 1
			probetest.Reject(t, d, name+"another y", malloced(X, Y))
			Y[9] ^= 1
			probetest.Reject(t, d, name+"too far", malloced(X, make([]byte, limbReach+8), Y))
		}
		g := new(big.Int).Lsh(e.gx, uint(64*n))
		h := new(big.Int).Lsh(e.gy, uint(64*n))
		probetest.Reject(t, d, "base point", malloced(limbsOf(g.Mod(g, e.p), n), limbsOf(h.Mod(h, e.p), n)))
		probetest.Reject(t, d, "plain base point", malloced(limbsOf(e.gx, n), limbsOf(e.gy, n)))
	}
	probetest.Reject(t, d, "random", malloced(random(4096), random(32), random(32), random(48), random(48)))
	probetest.Reject(t, d, "noise", probetest.Noise(5, 1<<18))
}
