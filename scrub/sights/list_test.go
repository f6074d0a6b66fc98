package sights

import (
	"cmp"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// TestList holds that of things that several lists saw, in any order and more than once, the first ones stay in
// the order of their first sights, as a list without a bound has them, and that the others are told
// unless they are not to be.
func TestList(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		b := bound[int]{most: 1 + r.IntN(9), compare: func(a, b *int) int { return cmp.Compare(*a, *b) }}
		forgot := make(map[int]bool)
		quiet := r.IntN(2) == 0
		b.forget = func(x *int) bool { forgot[*x] = true; return !quiet }
		lists := make([]list[int], 1+r.IntN(3))
		first := make(map[int]int64)
		for range r.IntN(60) {
			what, off := r.IntN(15), r.Int64N(20)
			lists[r.IntN(len(lists))].add(what, off, b)
			if at, ok := first[what]; !ok || off < at {
				first[what] = off
			}
		}
		var all list[int]
		for i := range lists {
			all.merge(&lists[i], b)
		}
		want := slices.SortedFunc(maps.Keys(first), func(a, b int) int {
			return cmp.Or(cmp.Compare(first[a], first[b]), cmp.Compare(a, b))
		})
		lost := want[min(b.most, len(want)):]
		want = want[:len(want)-len(lost)]
		if got := all.first(b); !slices.Equal(got, want) {
			t.Fatalf("%v, want %v", got, want)
		}
		if all.cut != (len(lost) > 0 && !quiet) {
			t.Fatalf("%d are left out, quiet %v: cut %v", len(lost), quiet, all.cut)
		}
		for _, x := range lost {
			if !forgot[x] {
				t.Fatalf("%d is left out and nobody was asked", x)
			}
		}
	}
}

// TestFactsAreBounded holds, of each list, that its bound is kept and more told, what comes first, and what makes two
// sights one.
func TestFactsAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		most int
		add  func(r *Record, i int) // thing i, of which a lower one comes first
		got  func(f *probe.Facts) []int
	}{
		"sealed": {
			maxSealed,
			func(r *Record, i int) { r.Sealed(probe.Sealed{Salt: [20]byte{byte(-i)}, Len: i}, int64(i)) },
			func(f *probe.Facts) (is []int) {
				for _, x := range f.Sealed {
					is = append(is, x.Len)
				}
				return is
			},
		},
		"orphans": {
			mostOrphans,
			func(r *Record, i int) {
				r.Factor([16]byte{}, "", &probe.Factor{P: []byte{byte(-i)}, E: []byte{byte(i)}}, int64(i))
			},
			func(f *probe.Facts) (is []int) {
				for _, x := range f.Primes {
					is = append(is, int(x.E[0]))
				}
				return is
			},
		},
		"glued": {
			maxGlued,
			func(r *Record, i int) { r.Glued(probe.Glued{Addr: uint64(i), Lead: true}) },
			func(f *probe.Facts) (is []int) {
				for _, x := range f.Glued {
					is = append(is, int(x.Addr))
				}
				return is
			},
		},
		"randoms": {
			maxRandoms,
			func(r *Record, i int) {
				r.Randoms(probe.Randoms{Addr: uint64(i), Sure: true})
				r.Randoms(probe.Randoms{Addr: 1 << 40})
			},
			func(f *probe.Facts) (is []int) {
				for _, x := range f.Randoms {
					if x.Sure {
						is = append(is, int(x.Addr))
					}
				}
				return is
			},
		},
	} {
		for _, n := range []int{1, c.most, c.most + 1} {
			var one, other Record
			for i := range n {
				at := n - 1 - i
				c.add(&one, at)
				if i%2 == 0 {
					c.add(&other, at)
				}
			}
			one.Merge(&other)
			var f probe.Facts
			more := one.Facts(&f)
			want := make([]int, min(n, c.most))
			for i := range want {
				want[i] = i
			}
			if got := c.got(&f); !slices.Equal(got, want) || more != (n > c.most) {
				t.Errorf("%s, %d of at most %d: %d stay, more %v", name, n, c.most, len(got), more)
			}
		}
	}
}

// TestUnsureRandomsAreNotTold holds that pairs without a mark make room for those with one, and nothing is said.
func TestUnsureRandomsAreNotTold(t *testing.T) {
	var r Record
	for i := range maxRandoms {
		r.Randoms(probe.Randoms{Addr: uint64(i)})
		r.Randoms(probe.Randoms{Addr: uint64(i) + 1<<40, Sure: i < 10})
	}
	var f probe.Facts
	if r.Facts(&f) {
		t.Error("it is said that there are more")
	}
	sure := 0
	for i, x := range f.Randoms {
		if x.Sure {
			sure++
		}
		if i > 0 && x.Addr < f.Randoms[i-1].Addr {
			t.Fatalf("number %d is not in the order of addresses", i)
		}
	}
	if len(f.Randoms) != maxRandoms || sure != 10 {
		t.Errorf("%d stay, %d of them sure", len(f.Randoms), sure)
	}
}
