package ecpair

import (
	"bytes"
	"crypto/elliptic"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// TestRepeated has one private half at many places, of which some are near the public one:
// what is remembered of a value must not be the verdict on its place.
func TestRepeated(t *testing.T) {
	for _, c := range []elliptic.Curve{elliptic.P256(), elliptic.P384()} {
		d, x := good(t, nist(c))
		private, far := chunk(turned(d)), make([]byte, 2*reach)
		data := bytes.Join([][]byte{private, far, private, chunk(turned(x)), private, far, private, far, chunk(x), private}, nil)
		want := []int{len(private) + len(far), 0, 0}
		want[1] = want[0] + len(private) + len(chunk(x))
		want[2] = len(data) - len(private)
		for _, n := range []int{len(data), 4096, 64} {
			s, err := search.New([]probe.Detector{New()})
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // a second time with what the first one left
				var got []int
				for _, f := range probetest.Matches(s, data, n) {
					got = append(got, f.Start-8)
				}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Errorf("%s, chunks of %d: %v, not %v", c.Params().Name, n, got, want)
				}
			}
		}
	}
}
