package spill

import (
	"fmt"
	"iter"
	"reflect"
	"sync"
	"unsafe"
)

// List is a list of records, appended to from one goroutine at a time and read from
// any. The zero value is empty and cannot be appended to.
type List[T any] struct {
	d   *Disk
	per int // records of a page
	key func(*T) int64

	mu    sync.Mutex
	n     int
	pages []page[T] // the full ones; the last may be shorter after freeze
	last  []T       // the page being filled
	heads []int64   // the key of the first record of each full page
	cache [cached]held[T]
	clock int
}

// page is a page in memory, or else its number on the disk.
type page[T any] struct {
	mem []T
	at  int64
}

// cached is how many pages of the disk a list remembers: readers take turns.
const cached = 8

// held is a page that was read from the disk.
type held[T any] struct {
	page int // index in List.pages plus one
	data []T
}

// NewList returns an empty list.
func NewList[T any](d *Disk) *List[T] { return NewIndex[T](d, nil) }

// NewIndex returns an empty list for records that come in order of key, for
// [List.Find].
func NewIndex[T any](d *Disk, key func(*T) int64) *List[T] {
	t := reflect.TypeFor[T]()
	if pointed(t) || t.Size() == 0 || t.Size() > pageSize {
		panic(fmt.Sprintf("internal error: %v cannot be spilled", t))
	}
	return &List[T]{d: d, per: pageSize / int(t.Size()), key: key}
}

// pointed reports whether values of t hold pointers.
func pointed(t reflect.Type) bool {
	switch t.Kind() {
	case reflect.Struct:
		for i := range t.NumField() {
			if pointed(t.Field(i).Type) {
				return true
			}
		}
		return false
	case reflect.Array:
		return pointed(t.Elem())
	}
	return t.Kind() < reflect.Bool || t.Kind() > reflect.Complex128
}

// Len returns the number of records.
func (l *List[T]) Len() int {
	if l == nil {
		return 0
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.n
}

// Append appends records and returns the index of the first.
func (l *List[T]) Append(xs ...T) int {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.n
	for len(xs) > 0 {
		if l.last == nil && len(l.pages) > 0 {
			l.last = make([]T, 0, l.per)
		}
		k := min(l.per-len(l.last), len(xs))
		l.last = append(l.last, xs[:k]...)
		xs, l.n = xs[k:], l.n+k
		if len(l.last) == l.per {
			l.seal()
		}
	}
	return at
}

// seal makes the page being filled a full one.
func (l *List[T]) seal() {
	if l.key != nil {
		l.heads = append(l.heads, l.key(&l.last[0]))
	}
	if l.d.keep() {
		l.pages = append(l.pages, page[T]{mem: l.last})
		l.last = nil
		return
	}
	buf := make([]byte, pageSize)
	copy(buf, view(l.last))
	l.pages = append(l.pages, page[T]{at: l.d.put(buf)})
	l.last = l.last[:0]
}

// freeze ends the appending.
func (l *List[T]) freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.last) > 0 && len(l.pages) > 0 {
		l.seal()
	}
	if len(l.pages) > 0 {
		l.last = nil
	}
}

// view returns the memory of xs.
func view[T any](xs []T) []byte {
	if len(xs) == 0 {
		return nil
	}
	return unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(xs))), len(xs)*int(unsafe.Sizeof(xs[0])))
}

// count returns how many records page k has.
func (l *List[T]) count(k int) int { return min(l.per, l.n-k*l.per) }

// records returns those of page k, which stay as they are while the lock is held.
func (l *List[T]) records(k int) []T {
	if k == len(l.pages) {
		return l.last
	}
	if p := &l.pages[k]; p.mem != nil {
		return p.mem
	}
	for i := range l.cache {
		if l.cache[i].page == k+1 {
			return l.cache[i].data
		}
	}
	h := &l.cache[l.clock]
	l.clock = (l.clock + 1) % cached
	h.page, h.data = k+1, l.load(k, h.data)
	return h.data
}

// load reads page k from the disk into the memory of dst.
func (l *List[T]) load(k int, dst []T) []T {
	if cap(dst) < l.per+1 {
		dst = make([]T, 0, pageSize/int(unsafe.Sizeof(*new(T)))+1)
	}
	buf := make([]byte, pageSize)
	l.d.get(l.pages[k].at, buf)
	dst = dst[:l.count(k)]
	copy(view(dst), buf)
	return dst
}

// At returns record i.
func (l *List[T]) At(i int) T {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.records(i / l.per)[i%l.per]
}

// Slice appends records [i, j) to dst.
func (l *List[T]) Slice(dst []T, i, j int) []T {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i < j {
		p := l.records(i / l.per)[i%l.per:]
		p = p[:min(len(p), j-i)]
		dst, i = append(dst, p...), i+len(p)
	}
	return dst
}

// Find returns the index of the last record whose key is at most key, or -1.
func (l *List[T]) Find(key int64) int {
	if l == nil {
		return -1
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	k := search(len(l.heads), func(i int) bool { return l.heads[i] > key }) - 1
	if len(l.last) > 0 && l.key(&l.last[0]) <= key {
		k = len(l.pages)
	}
	if k < 0 {
		return -1
	}
	p := l.records(k)
	return k*l.per + search(len(p), func(i int) bool { return l.key(&p[i]) > key }) - 1
}

func search(n int, f func(int) bool) int {
	lo := 0
	for lo < n {
		if m := int(uint(lo+n) >> 1); f(m) {
			n = m
		} else {
			lo = m + 1
		}
	}
	return lo
}

// All returns the records in order. None may be appended meanwhile.
func (l *List[T]) All() iter.Seq[T] {
	return func(yield func(T) bool) {
		for c := l.cursor(); c.next(); {
			if !yield(*c.rec) {
				return
			}
		}
	}
}

// cursor reads a list from front to back with a buffer of its own.
type cursor[T any] struct {
	l    *List[T]
	page int
	data []T
	buf  []T
	rec  *T
}

func (l *List[T]) cursor() *cursor[T] { return &cursor[T]{l: l} }

// next moves to the next record, if there is one.
func (c *cursor[T]) next() bool {
	for len(c.data) == 0 {
		if c.l == nil || c.page*c.l.per >= c.l.n {
			return false
		}
		switch {
		case c.page == len(c.l.pages):
			c.data = c.l.last
		case c.l.pages[c.page].mem != nil:
			c.data = c.l.pages[c.page].mem
		default:
			c.buf = c.l.load(c.page, c.buf)
			c.data = c.buf
		}
		c.page++
	}
	c.rec, c.data = &c.data[0], c.data[1:]
	return true
}

// Free empties the list and makes its room in memory that of others.
func (l *List[T]) Free() {
	if l == nil {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	n := 0
	for i := range l.pages {
		if l.pages[i].mem != nil {
			n++
		}
	}
	l.d.release(n)
	l.pages, l.last, l.heads, l.n, l.cache = nil, nil, nil, 0, [cached]held[T]{}
}
