package ecscalar

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/privkey"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestTwins has one scalar at many places, alone and within a longer run that is
// there more than once, among what is there more than once without being one.
func TestTwins(t *testing.T) {
	scalar := tame(32, func() []byte { b := random(32); b[0] = b[0]&0x7f | 0x40; return b })
	point, ok := privkey.ECPublic(privkey.P256, scalar)
	if !ok {
		t.Fatal("no scalar")
	}
	s, err := search.New([]probe.Detector{New(probe.Facts{SPKI: [][]byte{privkey.SPKIForEC(privkey.P256, point)}})})
	if err != nil {
		t.Fatal(err)
	}
	gap := make([]byte, 64)
	alone := reversed(scalar)
	before, behind, other := tame(16, func() []byte { return random(16) }), tame(24, func() []byte { return random(24) }), random(32)
	var data []byte
	for range 5 {
		data = append(data, join(gap, alone, gap, other, gap, before, alone, behind)...)
	}
	data = append(data, gap...)
	for _, n := range []int{len(data), 400, 48} {
		places := map[int]bool{}
		for _, f := range probetest.Matches(s, data, n) {
			places[f.Start] = true
		}
		if len(places) != 10 {
			t.Errorf("chunks of %d: %d of 10 places", n, len(places))
		}
	}
}
