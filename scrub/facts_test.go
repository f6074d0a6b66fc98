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
		sights []int
		want   int
	}{
		{"root", []int{rankRoot}, rankRoot},
		{"root and bare point", []int{rankRoot, rankSeen}, rankRoot},
		{"bare point and root", []int{rankSeen, rankRoot, rankSeen}, rankRoot},
		{"leaf", []int{rankSeen, rankSeen}, rankSeen},
		{"root whose key was found", []int{rankRoot, rankPrivate}, rankPrivate},
		{"root that was given", []int{rankGiven, rankRoot, rankSeen}, rankGiven},
	} {
		col := &collector{facts: map[sweep.ID]*fact{}}
		var id sweep.ID
		for i, rank := range c.sights {
			other := &collector{facts: map[sweep.ID]*fact{}}
			other.learn(id, fact{spki: []byte(c.name), rank: rank, off: int64(i)})
			for id, f := range other.facts {
				col.learn(id, *f)
			}
		}
		if got := col.facts[id].order(); got != c.want {
			t.Errorf("%s: rank %d, want %d", c.name, got, c.want)
		}
	}
}
