package spill

import (
	"container/heap"
	"iter"
	"sort"
	"sync"
	"unsafe"
)

// Sorter sorts records. It is safe to add to it from several goroutines.
type Sorter[T any] struct {
	d   *Disk
	cmp func(a, b *T) int
	max int // records that are sorted in memory

	mu   sync.Mutex
	n    int
	buf  []T
	runs []sorted[T]
}

// sorted is a list in order. Two lists of one level hold about as much.
type sorted[T any] struct {
	list  *List[T]
	level int
}

const (
	// bufferSize is how much is sorted in memory, in bytes.
	bufferSize = 4 << 20
	// fan is how many runs of a level are merged into one of the next.
	fan = 16
)

// NewSorter returns an empty sorter. Records that compare as equal come in any order,
// so that cmp should tell apart what differs.
func NewSorter[T any](d *Disk, cmp func(a, b *T) int) *Sorter[T] {
	return &Sorter[T]{d: d, cmp: cmp, max: max(2, bufferSize/int(unsafe.Sizeof(*new(T))))}
}

// Add adds records.
func (s *Sorter[T]) Add(xs ...T) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n += len(xs)
	for len(xs) > 0 {
		k := min(s.max-len(s.buf), len(xs))
		s.buf = append(s.buf, xs[:k]...)
		xs = xs[k:]
		if len(s.buf) == s.max {
			s.flush()
		}
	}
}

// Len returns how many records were added.
func (s *Sorter[T]) Len() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.n
}

func (s *Sorter[T]) sort() { sort.Sort(inMemory[T]{s.buf, s.cmp}) }

// inMemory is what is sorted in memory. Compared in place: values that are handed on would be garbage.
type inMemory[T any] struct {
	buf []T
	cmp func(a, b *T) int
}

func (m inMemory[T]) Len() int           { return len(m.buf) }
func (m inMemory[T]) Less(i, k int) bool { return m.cmp(&m.buf[i], &m.buf[k]) < 0 }
func (m inMemory[T]) Swap(i, k int)      { m.buf[i], m.buf[k] = m.buf[k], m.buf[i] }

// flush makes a run of what is in memory.
func (s *Sorter[T]) flush() {
	s.sort()
	l := NewList[T](s.d)
	l.Append(s.buf...)
	l.freeze()
	s.runs = append(s.runs, sorted[T]{l, 0})
	s.buf = s.buf[:0]
	for {
		n, level := 0, s.runs[len(s.runs)-1].level
		for n < len(s.runs) && s.runs[len(s.runs)-1-n].level == level {
			n++
		}
		if n < fan {
			return
		}
		old := s.runs[len(s.runs)-n:]
		merged := NewList[T](s.d)
		for x := range s.merge(old, nil) {
			merged.Append(*x)
		}
		merged.freeze()
		for _, r := range old {
			r.list.Free()
		}
		s.runs = append(s.runs[:len(s.runs)-n], sorted[T]{merged, level + 1})
	}
}

// All returns the records in order, as often as it is called. None may be added
// meanwhile, but afterwards.
func (s *Sorter[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		s.mu.Lock()
		s.sort()
		s.mu.Unlock()
		for x := range s.merge(s.runs, s.buf) {
			if !yield(*x) {
				return
			}
		}
	}
}

// merge returns the records of runs and of rest, which is in order.
func (s *Sorter[T]) merge(runs []sorted[T], rest []T) iter.Seq[*T] {
	return func(yield func(*T) bool) {
		h := &front[T]{cmp: s.cmp}
		for _, r := range runs {
			if c := r.list.cursor(); c.next() {
				h.cs = append(h.cs, c)
			}
		}
		if c := (&cursor[T]{data: rest}); c.next() {
			h.cs = append(h.cs, c)
		}
		heap.Init(h)
		for len(h.cs) > 0 {
			if !yield(h.cs[0].rec) {
				return
			}
			if h.cs[0].next() {
				heap.Fix(h, 0)
			} else {
				heap.Pop(h)
			}
		}
	}
}

// front are runs by their next records.
type front[T any] struct {
	cs  []*cursor[T]
	cmp func(a, b *T) int
}

func (f *front[T]) Len() int           { return len(f.cs) }
func (f *front[T]) Less(i, k int) bool { return f.cmp(f.cs[i].rec, f.cs[k].rec) < 0 }
func (f *front[T]) Swap(i, k int)      { f.cs[i], f.cs[k] = f.cs[k], f.cs[i] }
func (f *front[T]) Push(x any)         { f.cs = append(f.cs, x.(*cursor[T])) }

func (f *front[T]) Pop() any {
	c := f.cs[len(f.cs)-1]
	f.cs = f.cs[:len(f.cs)-1]
	return c
}

// Free empties the sorter.
func (s *Sorter[T]) Free() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, r := range s.runs {
		r.list.Free()
	}
	s.runs, s.buf, s.n = nil, nil, 0
}
