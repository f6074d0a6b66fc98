package search_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// islands returns memory of every kind in seas of zeros, and where it lies.
func islands(seed uint64) (data []byte, land []probe.Range) {
	r := rand.New(rand.NewPCG(seed, 3))
	for range 4 + r.IntN(8) {
		data = append(data, make([]byte, r.IntN(16<<10))...)
		start := len(data)
		switch n := 1 + r.IntN(600); r.IntN(6) {
		case 0: // digits and escapes
			for range n {
				data = append(data, "AZaz09+/%\\nu00"[r.IntN(14)])
			}
		case 1: // pads, and the like of subkeys
			for range 1 + n/64 {
				b := "\x36\x5c\x6a"[r.IntN(3)]
				for range 8 * r.IntN(9) {
					data = append(data, b)
				}
				for range 12 {
					data = append(data, byte(r.Uint32()))
				}
				data = append(data, make([]byte, 32)...)
				data = append(data, data[len(data)-44:len(data)-32]...)
			}
		case 2: // sums of words, as in schedules
			for range 32 {
				data = append(data, byte(r.Uint32()))
			}
			for far := 4 * (2 + r.IntN(9)); n > 0; n-- {
				k := len(data)
				data = append(data, data[max(start, k-far)]^data[k-4])
			}
		case 3: // tags and counts
			for range n / 8 {
				data = append(data, "\x95\x01\x80\x40\xc5"[r.IntN(5)], 0, 4, 0, 0, 0, 0, 0, 0)
			}
		case 4: // sparse words
			for range n / 8 {
				data = append(data, make([]byte, 8+r.IntN(80))...)
				data = append(data, byte(1+r.IntN(255)))
			}
		default:
			for range n {
				data = append(data, byte(r.Uint32()))
			}
		}
		land = append(land, probe.Range{Start: start, End: len(data)})
	}
	return append(data, make([]byte, r.IntN(16<<10))...), land
}

// TestShallow holds every filter to its promise that nothing deep in zeros is a candidate.
func TestShallow(t *testing.T) {
	hits := map[string]int{}
	ds := detect.Default()
	for seed := range uint64(60) {
		data, land := islands(seed)
		for _, d := range ds {
			s, ok := d.(probe.Shallow)
			if !ok {
				continue
			}
			id := d.Spec().ID
			d.(probe.Filter).Filter(data, int64(seed), 0, len(data), func(i int) {
				hits[id]++
				near := slices.ContainsFunc(land, func(r probe.Range) bool { return i >= r.Start-s.Depth() && i < r.End+s.Depth() })
				if !near {
					t.Fatalf("seed %d: %s has a candidate at %d, deep in zeros", seed, id, i)
				}
			})
		}
	}
	t.Logf("candidates: %v", hits)
	if len(hits) < 6 {
		t.Errorf("candidates of %d filters only", len(hits))
	}
}

// steps is a filter of what stands at depth bytes around anything.
type steps struct{ depth int }

func (d steps) Spec() probe.Spec {
	return probe.Spec{ID: fmt.Sprint("steps-", d.depth), Kinds: []string{"step"}, Before: 2 * d.depth, After: 2 * d.depth}
}
func (d steps) Depth() int { return d.depth }
func (d steps) Filter(data []byte, _ int64, lo, hi int, hit func(i int)) {
	for i := lo; i < hi; i++ {
		if i+d.depth < len(data) && data[i+d.depth] != 0 || i >= d.depth && data[i-d.depth] != 0 {
			hit(i)
		}
	}
}
func (d steps) Detect(v probe.View, emit func(probe.Match)) {
	emit(probe.Match{Kind: "step", Range: probe.Range{Start: v.At, End: v.At + 1}})
}

// text is a detector of an anchor that begins and ends with zeros.
type text struct{}

func (text) Spec() probe.Spec {
	return probe.Spec{ID: "text", Kinds: []string{"text"}, Anchors: []string{"\x00\x00\x00A\x00\x00"}, After: 8}
}
func (text) Detect(v probe.View, emit func(probe.Match)) {
	emit(probe.Match{Kind: "text", Range: probe.Range{Start: v.At, End: v.At + 1}})
}

// TestSkippedZeros compares searches that pass over zeros with ones in pieces too small to.
func TestSkippedZeros(t *testing.T) {
	s, err := search.New([]probe.Detector{steps{1}, steps{300}, steps{3000}, text{}})
	if err != nil {
		t.Fatal(err)
	}
	found := func(w search.Window, to []string) []string {
		s.Search(w, func(f search.Found) { to = append(to, fmt.Sprint(f.Detector, f.Range)) })
		return to
	}
	for seed := range uint64(20) {
		data, _ := islands(seed)
		for i := 5000; i < len(data); i += 9001 {
			data[i] = 'A'
		}
		breaks := []int{len(data) / 3, len(data) / 2}
		whole := found(search.Window{Data: data, Hi: len(data), Breaks: breaks}, nil)
		var pieces []string
		for lo := 0; lo < len(data); lo += 1000 {
			pieces = found(search.Window{Data: data, Lo: lo, Hi: min(lo+1000, len(data)), Breaks: breaks}, pieces)
		}
		slices.Sort(whole)
		slices.Sort(pieces)
		if !slices.Equal(whole, pieces) {
			t.Fatalf("seed %d: %d findings in one window, %d in pieces", seed, len(whole), len(pieces))
		}
	}
}
