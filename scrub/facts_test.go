package scrub

import (
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// TestRootsStayRoots holds that what a library makes of a trust store's certificates
// does not turn a root into a key of the program's own, in whatever order it is
// seen, and that a reason of the program's own does.
func TestRootsStayRoots(t *testing.T) {
	for _, c := range []struct {
		name   string
		sights []int32
		want   int32
	}{
		{"root", []int32{rankRoot}, rankRoot},
		{"root and bare point", []int32{rankRoot, rankSeen}, rankRoot},
		{"bare point and root", []int32{rankSeen, rankRoot, rankSeen}, rankRoot},
		{"leaf", []int32{rankSeen, rankSeen}, rankSeen},
		{"root whose key was found", []int32{rankRoot, rankPrivate}, rankPrivate},
		{"root that was given", []int32{rankGiven, rankRoot, rankSeen}, rankGiven},
	} {
		set, err := sweep.NewSet(1 << 16)
		if err != nil {
			t.Fatal(err)
		}
		defer set.Close()
		res := newResult(nil)
		res.set = set
		col := newCollector(nil, res, res.newShared(), false, nil)
		for i, rank := range c.sights {
			col.learn([]byte(c.name), rank, int64(i))
		}
		for f := range distinctFacts(col.facts) {
			if got := f.order(); got != c.want {
				t.Errorf("%s: rank %d, want %d", c.name, got, c.want)
			}
		}
	}
}
