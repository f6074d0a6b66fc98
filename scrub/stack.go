package scrub

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"sort"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// addrRange is the addresses [low, high).
type addrRange struct{ low, high uint64 }

// redZone is how many bytes below the stack pointer may be in use: 128 on x86-64
// (System V ABI, 3.2.2), 288 on 64-bit PowerPC (ELF V2 ABI, 2.2.2.4), none on the
// others; the larger of one's own and 128 is kept.
func redZone(arch string) uint64 {
	if strings.HasPrefix(arch, "ppc64") {
		return 288
	}
	return 128
}

// deadStacks returns the file bytes of the dead part of every thread's stack,
// sorted and joined.
//
// Where a stack begins is taken from evidence only: that an extent holds a stack
// pointer does not make it a stack. Go and coroutine libraries run on pieces of the
// heap, kernels have all memory in one extent, and two stacks may be one mapping.
// A thread without evidence is left alone.
func deadStacks(t *tiles, l *layout.Layout) ([]layout.Span, error) {
	f := &stackFinder{l: l, m: newMemory(t, l), zone: redZone(l.Arch)}
	defer f.m.close()
	for _, th := range l.Threads {
		f.marks = append(f.marks, th.SP, th.TLS)
	}
	slices.Sort(f.marks)
	var ranges []addrRange
	for _, th := range f.byPlace() {
		if low, ok := f.low(th); ok && th.SP > f.zone && low < th.SP-f.zone {
			r := addrRange{low, th.SP - f.zone}
			if !f.marked(r) {
				ranges = append(ranges, r)
			}
		}
	}
	pieces, err := filePieces(l, union(ranges))
	if err != nil {
		return nil, err
	}
	return memoryOf(l, pieces), nil
}

// stackFinder finds where stacks begin.
type stackFinder struct {
	l     *layout.Layout
	m     *memory
	zone  uint64
	marks []uint64 // sorted: the stack pointers and thread pointers of all threads
}

// byPlace returns the threads whose stack pointer is known, in the order in which
// the file has their control blocks, so that each piece of it is read once.
func (f *stackFinder) byPlace() []layout.Thread {
	type placed struct {
		layout.Thread
		off int64
	}
	var all []placed
	for _, th := range f.l.Threads {
		if th.SP == 0 {
			continue
		}
		p := placed{Thread: th}
		if e, ok := f.extent(th.TLS); ok {
			p.off = e.Off + int64(th.TLS-e.Addr)
		}
		all = append(all, p)
	}
	slices.SortStableFunc(all, func(a, b placed) int { return cmp.Compare(a.off, b.off) })
	out := make([]layout.Thread, len(all))
	for i, p := range all {
		out[i] = p.Thread
	}
	return out
}

// marked reports whether a thread's stack pointer or control block lies in r: then
// r is more than one stack.
func (f *stackFinder) marked(r addrRange) bool {
	i := sort.Search(len(f.marks), func(i int) bool { return f.marks[i] >= r.low })
	return i < len(f.marks) && f.marks[i] < r.high
}

// extent returns the extent that holds addr.
func (f *stackFinder) extent(addr uint64) (layout.Extent, bool) {
	es := f.l.Memory
	i := sort.Search(len(es), func(i int) bool { return es[i].Addr > addr }) - 1
	if i < 0 || addr-es[i].Addr >= uint64(es[i].Len) {
		return layout.Extent{}, false
	}
	return es[i], true
}

// low returns the lowest address of the stack that th runs on.
func (f *stackFinder) low(th layout.Thread) (uint64, bool) {
	if e, ok := f.extent(th.SP); ok && f.l.MainStack > th.SP && f.l.MainStack-e.Addr < uint64(e.Len) {
		return e.Addr, true // nothing else is in the mapping of the first thread's stack
	}
	if f.l.Format == "minidump" {
		return f.windows(th)
	}
	return f.glibc(th)
}

// word returns the size of an address in bytes.
func (f *stackFinder) word() int {
	if f.l.Arch == "i386" || f.l.Arch == "arm" {
		return 4
	}
	return 8
}

func (f *stackFinder) words(addr uint64, n int) []uint64 {
	buf := make([]byte, n*f.word())
	defer clear(buf)
	if !f.m.read(addr, buf) {
		return nil
	}
	var order binary.ByteOrder = binary.LittleEndian
	if bigEndian(f.l.Arch) {
		order = binary.BigEndian
	}
	out := make([]uint64, n)
	for i := range out {
		if f.word() == 4 {
			out[i] = uint64(order.Uint32(buf[4*i:]))
		} else {
			out[i] = order.Uint64(buf[8*i:])
		}
	}
	return out
}

// windows asks the TEB, which begins with an NT_TIB (winnt.h): ExceptionList,
// StackBase (the high end), StackLimit, three words, and its own address.
func (f *stackFinder) windows(th layout.Thread) (uint64, bool) {
	w := f.words(th.TLS, 7)
	if th.TLS == 0 || w == nil || w[6] != th.TLS || th.SP < w[2] || th.SP >= w[1] {
		return 0, false
	}
	return w[2], true
}

// What glibc keeps about a thread, struct pthread, lies in the thread's own stack,
// at its high end, around the thread pointer: behind it on machines whose thread
// pointer is that of struct pthread, before it on the others. Where in it stand
// the stack's address, size and guard size differs between versions; that they do
// so side by side does not (nptl/descr.h: stackblock, stackblock_size, guardsize).
const (
	pthreadReach = 4 << 10  // to both sides of the thread pointer; the structure has 2,304 bytes
	pthreadTop   = 64 << 10 // static thread-local storage may lie above it
	pthreadPage  = 4 << 10
	pthreadMin   = 16 << 10 // PTHREAD_STACK_MIN
)

// glibc looks for these three numbers.
func (f *stackFinder) glibc(th layout.Thread) (uint64, bool) {
	if th.TLS < th.SP || th.TLS < pthreadReach {
		return 0, false
	}
	e, ok := f.extent(th.TLS)
	if !ok {
		return 0, false
	}
	start := max(th.TLS-pthreadReach, e.Addr) &^ 7
	if start < e.Addr {
		start += 8
	}
	end := min(th.TLS+pthreadReach, e.Addr+uint64(e.Len)-1)
	if end <= start {
		return 0, false
	}
	size := uint64(f.word())
	w := f.words(start, int((end-start)/size))
	for i := 0; i+2 < len(w); i++ {
		at, low, n, guard := start+uint64(i)*size, w[i], w[i+1], w[i+2]
		if (low|n|guard)%pthreadPage != 0 || n < pthreadMin || guard >= n || low+n < low {
			continue
		}
		if low+guard <= th.SP && at < low+n && low+n-at <= pthreadTop {
			return low + guard, true
		}
	}
	return 0, false
}

// union sorts ranges and joins those that touch.
func union(ranges []addrRange) []addrRange {
	slices.SortFunc(ranges, func(a, b addrRange) int { return cmp.Or(cmp.Compare(a.low, b.low), cmp.Compare(a.high, b.high)) })
	var out []addrRange
	for _, r := range ranges {
		if n := len(out); n > 0 && r.low <= out[n-1].high {
			out[n-1].high = max(out[n-1].high, r.high)
		} else {
			out = append(out, r)
		}
	}
	return out
}

// maxPieces bounds the pieces of stacks and free chunks in the file. A thread's
// stack is one or two; a heap has some free chunks for each megabyte.
const maxPieces = 8 << 20

var errPieces = errors.New("more pieces of stacks and free chunks than any real dump has")

// filePieces returns where the file has ranges, which are sorted and apart, under
// every address that it gives them. The result is sorted and joined.
func filePieces(l *layout.Layout, ranges []addrRange) ([]layout.Span, error) {
	var out []layout.Span
	for _, e := range l.Memory {
		last := e.Addr + uint64(e.Len) - 1
		i := sort.Search(len(ranges), func(i int) bool { return ranges[i].high > e.Addr })
		for ; i < len(ranges) && ranges[i].low <= last; i++ {
			if len(out) == maxPieces {
				return nil, errPieces
			}
			low, high := max(ranges[i].low, e.Addr), min(ranges[i].high-1, last)
			out = append(out, layout.Span{Off: e.Off + int64(low-e.Addr), Len: int64(high - low + 1)})
		}
	}
	slices.SortFunc(out, compareSpan)
	joined := out[:0]
	for _, s := range out {
		if n := len(joined); n > 0 && s.Off <= joined[n-1].End() {
			joined[n-1].Len = max(joined[n-1].End(), s.End()) - joined[n-1].Off
		} else {
			joined = append(joined, s)
		}
	}
	return joined, nil
}

// memoryOf returns the parts of spans, sorted and apart, that are memory and
// nothing stronger in l.
func memoryOf(l *layout.Layout, spans []layout.Span) []layout.Span {
	var out []layout.Span
	for _, s := range spans {
		for i := l.At(s.Off); i < len(l.Regions) && l.Regions[i].Off < s.End(); i++ {
			r := l.Regions[i]
			if r.Kind == layout.Memory {
				off := max(r.Off, s.Off)
				out = append(out, layout.Span{Off: off, Len: min(r.End(), s.End()) - off})
			}
		}
	}
	return out
}
