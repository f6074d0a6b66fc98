package ecscalar

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

func TestBeside(t *testing.T) {
	seed, x := random(32), random(32)
	x[0] |= 1 // clamped octets are limbs of the scalar too, and match as both
	ed, xp := privkey.Ed25519Public(seed), privkey.X25519Public(x)
	s, _ := shapeOf(privkey.P521)
	be := scalarBelow(s.order).FillBytes(make([]byte, 66))
	point, _ := privkey.ECPublic(privkey.P521, be)
	d := Beside(probe.Facts{SPKI: [][]byte{privkey.SPKIForEd25519(ed), privkey.SPKIForX25519(xp), privkey.SPKIForEC(privkey.P521, point)}})
	conf := probe.Confirmed
	probetest.Accept(t, d,
		probetest.Case{Name: "seed and public", Data: join(seed, ed), Kind: privkey.Ed25519, Encoding: probe.Raw, Confidence: conf, Private: [][]byte{seed}},
		probetest.Case{Name: "public and octets", Data: join(xp, x), Kind: privkey.X25519, Encoding: probe.Raw, Confidence: conf, Private: [][]byte{x}},
		probetest.Case{Name: "scalar and point", Data: join(be, point), Kind: privkey.EC, Encoding: probe.IntBE, Confidence: conf, Private: [][]byte{be}},
		probetest.Case{Name: "point and scalar", Data: join(point, be), Kind: privkey.EC, Encoding: probe.IntBE, Confidence: conf, Private: [][]byte{be}})
	probetest.Reject(t, d, "public keys", join(random(32), ed, random(40), point, random(70), xp, random(40)))
	if Beside(probe.Facts{}) != nil {
		t.Error("a detector without keys")
	}
}
