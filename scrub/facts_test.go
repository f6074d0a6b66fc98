package scrub

import (
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// TestLaterRounds holds that a later round tries the keys that are new, and roots that are none any
// longer, but none of which the private half is hunted for, and that the facts of the attack are what was tried, in that order.
func TestLaterRounds(t *testing.T) {
	facts := func(own, roots string) probe.Facts {
		var f probe.Facts
		for i := range own + roots {
			f.SPKI = append(f.SPKI, []byte((own + roots)[i:i+1]))
		}
		f.Roots, f.Memory = len(own), func(uint64, []byte) bool { return false }
		f.Secret = func([]byte) bool { return false }
		return f
	}
	text := func(f probe.Facts) string {
		all := string(slices.Concat(f.SPKI...))
		return all[:f.Roots] + " " + all[f.Roots:]
	}
	before := facts("abc", "XYZ")
	for _, c := range []struct{ own, roots, hunted, only, all string }{
		{"abc", "XYZ", "", " ", "abc XYZ"},
		{"dcab", "XYZ", "", "d ", "abcd XYZ"},
		{"Yabc", "XZ", "", "Y ", "abcY XZ"},
		{"eYabcd", "XZW", "", "eYd W", "abceYd XZW"},
		{"ab", "cXYZ", "", " ", "abc XYZ"}, // what was tried as the program's own stays that
		{"dcab", "XYZ", "d", " ", "abc XYZ"},
		{"eYabcd", "XZW", "aYdW", "e ", "abce XYZ"},
	} {
		hunted := make(map[string]bool)
		for _, k := range c.hunted {
			hunted[string(k)] = true
		}
		only, all := fresh(&before, facts(c.own, c.roots), hunted)
		if text(only) != c.only || text(all) != c.all || only.Memory != nil || all.Memory == nil || only.Secret != nil || all.Secret == nil {
			t.Errorf("%s %s: %q and %q, want %q and %q", c.own, c.roots, text(only), text(all), c.only, c.all)
		}
	}
	if s := string(slices.Concat(before.SPKI...)); s != "abcXYZ" {
		t.Errorf("the facts before are now %q", s)
	}
}

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
		{"root of which something looks like the key", []int32{rankRoot, rankClaimed}, rankClaimed},
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
