package sights

import (
	"cmp"
	"slices"
)

// list is a bounded list of distinct things, each with the first place where it was seen. When
// there are too many, those that were seen first in the file stay, whatever order they came in.
type list[T any] struct {
	seen []sight[T]
	cut  bool // some were forgotten of which that is to be told
}

// sight is a thing and where it was seen.
type sight[T any] struct {
	what T
	off  int64 // in the file, in bytes; 0 where the order of the things themselves decides
}

// bound says what a list holds.
type bound[T any] struct {
	most    int
	compare func(a, b *T) int // a total order; equal things are one
	// forget is called with each thing that does not stay, and reports whether that is to be
	// told. nil does nothing, and all is told.
	forget func(*T) bool
}

// add notes that what was seen at off.
func (l *list[T]) add(what T, off int64, b bound[T]) {
	l.seen = append(l.seen, sight[T]{what, off})
	if len(l.seen) >= 2*b.most {
		l.prune(b)
	}
}

// merge takes over what o saw.
func (l *list[T]) merge(o *list[T], b bound[T]) {
	l.seen = append(l.seen, o.seen...)
	l.cut = l.cut || o.cut
	l.prune(b)
}

// prune leaves the first sight of each of the first things, in order.
func (l *list[T]) prune(b bound[T]) {
	slices.SortFunc(l.seen, func(x, y sight[T]) int {
		return cmp.Or(b.compare(&x.what, &y.what), cmp.Compare(x.off, y.off))
	})
	l.seen = slices.CompactFunc(l.seen, func(x, y sight[T]) bool { return b.compare(&x.what, &y.what) == 0 })
	slices.SortFunc(l.seen, func(x, y sight[T]) int {
		return cmp.Or(cmp.Compare(x.off, y.off), b.compare(&x.what, &y.what))
	})
	if len(l.seen) <= b.most {
		return
	}
	for i := range l.seen[b.most:] {
		x := &l.seen[b.most+i]
		if b.forget == nil || b.forget(&x.what) {
			l.cut = true
		}
	}
	clear(l.seen[b.most:])
	l.seen = l.seen[:b.most]
}

// first returns what stays, in order.
func (l *list[T]) first(b bound[T]) []T {
	l.prune(b)
	out := make([]T, 0, len(l.seen))
	for _, x := range l.seen {
		out = append(out, x.what)
	}
	return out
}
