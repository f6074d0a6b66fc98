package layout

import (
	"container/heap"
	"slices"
)

// tile cuts [0, size) at the borders of the claims and names each piece after
// the strongest claim that covers it. It is the one function that decides
// overlaps. Cost is n log n in the number of claims.
func tile(claims []Region, size int64) []Region {
	slices.SortStableFunc(claims, func(x, y Region) int {
		switch {
		case x.Off != y.Off:
			return cmp64(uint64(x.Off), uint64(y.Off))
		case x.Kind != y.Kind:
			return int(y.Kind) - int(x.Kind)
		}
		return cmp64(uint64(y.Len), uint64(x.Len))
	})
	t := tiler{claims: claims}
	next := 0
	for pos := int64(0); pos < size; {
		for next < len(claims) && claims[next].Off <= pos {
			heap.Push(&t, next)
			next++
		}
		for len(t.open) > 0 && claims[t.open[0]].End() <= pos {
			heap.Pop(&t)
		}
		end := size
		if next < len(claims) {
			end = min(end, claims[next].Off)
		}
		if len(t.open) == 0 {
			t.emit(Region{Span: Span{pos, end - pos}})
			pos = end
			continue
		}
		top := claims[t.open[0]]
		end = min(end, top.End())
		r := top
		r.Span = Span{pos, end - pos}
		if r.Kind == Memory {
			r.Addr += uint64(pos - top.Off)
		}
		t.emit(r)
		pos = end
	}
	return t.out
}

// tiler is a heap of the claims that cover the current byte, strongest first.
type tiler struct {
	claims []Region
	open   []int
	out    []Region
}

func (t *tiler) Len() int { return len(t.open) }

func (t *tiler) Less(i, j int) bool {
	a, b := t.open[i], t.open[j]
	if t.claims[a].Kind != t.claims[b].Kind {
		return t.claims[a].Kind > t.claims[b].Kind
	}
	return a < b
}

func (t *tiler) Swap(i, j int) { t.open[i], t.open[j] = t.open[j], t.open[i] }

func (t *tiler) Push(x any) { t.open = append(t.open, x.(int)) }

func (t *tiler) Pop() any {
	x := t.open[len(t.open)-1]
	t.open = t.open[:len(t.open)-1]
	return x
}

// emit appends r, joined to the piece before it when both are one thing. What
// begins at address zero is never joined: what ends there has wrapped.
func (t *tiler) emit(r Region) {
	if n := len(t.out); n > 0 {
		last := &t.out[n-1]
		if last.End() == r.Off && last.Kind == r.Kind && last.Name == r.Name &&
			(r.Kind != Memory || r.Addr != 0 && last.Addr+uint64(last.Len) == r.Addr) {
			last.Len += r.Len
			return
		}
	}
	t.out = append(t.out, r)
}
