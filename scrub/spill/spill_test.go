package spill

import (
	"cmp"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/scrub/source"
)

type record struct {
	key, n int64
	more   [40]byte
}

func disk(t *testing.T, room int) *Disk {
	dir := t.TempDir()
	d := NewDisk(room, func() (*source.Spool, error) { return source.NewSpool(dir) })
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	return d
}

func byKey(a, b *record) int { return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.n, b.n)) }

// Lists and sorters return what was put into them, from memory, from the disk and from
// both, whatever number of records fits into a page.
func TestRoundTrip(t *testing.T) {
	for _, room := range []int{0, pageSize, 3 * pageSize, 1 << 30} {
		for _, n := range []int{0, 1, pageSize/56 - 1, pageSize / 56, pageSize/56 + 1, 7_000} {
			d := disk(t, room)
			if room == 1<<30 {
				d = nil
			}
			r := rand.New(rand.NewPCG(1, uint64(n)))
			want := make([]record, n)
			l, s := NewList[record](d), NewSorter(d, byKey)
			s.max = 300 // so that runs of several levels are made
			for i := range want {
				want[i] = record{key: r.Int64N(1000), n: int64(i)}
				want[i].more[i%40] = byte(i)
				l.Append(want[i])
				s.Add(want[i])
			}
			if got := slices.Collect(l.All()); !slices.Equal(got, want) {
				t.Fatalf("room %d: a list of %d differs", room, n)
			}
			for range min(n, 100) {
				i := r.IntN(n)
				if l.At(i) != want[i] {
					t.Fatalf("room %d: record %d of %d differs", room, i, n)
				}
				j := i + r.IntN(n-i+1)
				if !slices.Equal(l.Slice(nil, i, j), want[i:j]) {
					t.Fatalf("room %d: records %d to %d of %d differ", room, i, j, n)
				}
			}
			slices.SortFunc(want, func(a, b record) int { return byKey(&a, &b) })
			for range 2 {
				if got := slices.Collect(s.All()); !slices.Equal(got, want) || s.Len() != n {
					t.Fatalf("room %d: %d records sorted differ", room, n)
				}
			}
			if err := d.Err(); err != nil {
				t.Fatal(err)
			}
			l.Free()
			s.Free()
			if d != nil && d.room != room {
				t.Errorf("room %d: %d after all is freed", room, d.room)
			}
		}
	}
}

func TestFind(t *testing.T) {
	d := disk(t, pageSize)
	l := NewIndex(d, func(r *record) int64 { return r.key })
	const n = 10_000
	for i := range n {
		l.Append(record{key: int64(i) * 3})
	}
	for _, key := range []int64{-1, 0, 1, 2, 3, 3500, 3501, 3*n - 3, 3*n - 2, 1 << 40} {
		want := int(max(-1, min(key/3, n-1)))
		if key < 0 {
			want = -1
		}
		if got := l.Find(key); got != want {
			t.Errorf("key %d is at %d, want %d", key, got, want)
		}
	}
	if NewIndex(d, func(r *record) int64 { return r.key }).Find(1) != -1 {
		t.Error("something is found in nothing")
	}
}

// A disk that cannot be had is an error that stays.
func TestNoDisk(t *testing.T) {
	d := NewDisk(0, func() (*source.Spool, error) { return source.NewSpool("/nowhere") })
	l := NewList[record](d)
	for i := range 2000 {
		l.Append(record{key: int64(i) + 1})
	}
	if l.At(0) != (record{}) || d.Err() == nil {
		t.Errorf("a record of no disk is %v, error %v", l.At(0), d.Err())
	}
}

// Records with pointers would come back as something else.
func TestPointers(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("strings can be spilled")
		}
	}()
	NewList[struct{ s string }](nil)
}
