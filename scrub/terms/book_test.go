package terms

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/search"
	"github.com/dumpscrub/dumpscrub/scrub/sweep"
)

// TestBookIsBounded holds that of too many terms the same ones stay in whatever order and book they were
// noted, and that it is told.
func TestBookIsBounded(t *testing.T) {
	set, err := sweep.NewSet(1 << 16)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	const n = 3 * maxNoted
	text := func(i int) []byte { return fmt.Appendf(nil, "term-%d", 10*n+i) }
	one, all := NewBook(set), NewBook(set)
	other := NewBook(set)
	for i := range n {
		one.Note(sweep.ID{1}, text(i))
		[]*Book{all, other}[i%2].Note(sweep.ID{1}, text(n-1-i))
	}
	one.prune()
	all.Merge(other)
	if len(one.terms) != maxNoted || len(all.terms) != maxNoted || !one.Cut() || !all.Cut() {
		t.Fatalf("%d and %d terms stay, want %d; cut %v and %v", len(one.terms), len(all.terms), maxNoted, one.Cut(), all.Cut())
	}
	for key := range one.terms {
		if all.terms[key] == nil {
			t.Fatal("other terms stay")
		}
	}
}

// TestSearch holds that a term is found in the name of the first secret that is to go, and not at all
// when none is, and that what a book does not keep is wiped.
func TestSearch(t *testing.T) {
	set, err := sweep.NewSet(1 << 16)
	if err != nil {
		t.Fatal(err)
	}
	defer set.Close()
	b := NewBook(set)
	stays, common := []byte("stays-0000"), []byte("password")
	for i := range byte(3) {
		b.Note(sweep.ID{i}, []byte("goes-1111"))
	}
	b.Note(sweep.ID{0}, stays)
	b.Note(sweep.ID{1}, common)
	data := []byte("\x00goes-1111\x00stays-0000\x00password\x00")
	w, err := b.Search(func(id sweep.ID) (int, bool) { return 10 - int(id[0]), id[0] > 0 }, func(sweep.ID) bool { return false })
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	w.Find(search.Window{Data: data, Hi: len(data)}, func(rank int, f search.Found) {
		got = append(got, fmt.Sprintf("%d %s", rank, data[f.Start:f.End]))
	})
	if got = slices.Compact(got); len(got) != 1 || got[0] != "8 goes-1111" {
		t.Errorf("%q", got)
	}
	if !bytes.Equal(stays, make([]byte, len(stays))) || !bytes.Equal(common, make([]byte, len(common))) {
		t.Error("texts are left that are not searched for")
	}
	if !(*Search)(nil).Empty() || w.Empty() {
		t.Error("one search is empty, the other is not")
	}
}
