// Package deadstack finds the parts of stacks that no frame uses: what functions that
// have returned left behind.
package deadstack

import (
	"cmp"
	"slices"
	"sort"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Memory copies len(p) bytes of the process's memory at addr to p, and reports
// whether all of them are there.
type Memory func(addr uint64, p []byte) bool

// redZone is how many bytes below the stack pointer may be in use: 128 on x86-64
// (System V ABI, 3.2.2), 288 on 64-bit PowerPC (ELF V2 ABI, 2.2.2.4), none on the
// others; the larger of one's own and 128 is kept.
func redZone(arch string) uint64 {
	if strings.HasPrefix(arch, "ppc64") {
		return 288
	}
	return 128
}

// Find returns the dead part of every thread's stack, sorted and joined.
//
// Where a stack begins is taken from evidence only: that an extent holds a stack
// pointer does not make it a stack. Go and coroutine libraries run on pieces of the
// heap, kernels have all memory in one extent, and two stacks may be one mapping.
// A thread without evidence is left alone.
func Find(mem Memory, l *layout.Layout) []layout.Range {
	f := &finder{l: l, mem: mem, zone: redZone(l.Arch)}
	for _, th := range l.Threads {
		f.marks = append(f.marks, th.SP, th.TLS)
	}
	slices.Sort(f.marks)
	var ranges []layout.Range
	for _, th := range f.byPlace() {
		if low, ok := f.low(th); ok && th.SP > f.zone && low < th.SP-f.zone {
			r := layout.Range{Low: low, High: th.SP - f.zone}
			if !f.marked(r) {
				ranges = append(ranges, r)
			}
		}
	}
	return layout.Union(ranges)
}

// finder finds where stacks begin.
type finder struct {
	l     *layout.Layout
	mem   Memory
	zone  uint64
	marks []uint64 // sorted: the stack pointers and thread pointers of all threads
}

// byPlace returns the threads whose stack pointer is known, in the order in which
// the file has their control blocks, so that each piece of it is read once.
func (f *finder) byPlace() []layout.Thread {
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
		if e, ok := f.l.Extent(th.TLS); ok {
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
func (f *finder) marked(r layout.Range) bool {
	i := sort.Search(len(f.marks), func(i int) bool { return f.marks[i] >= r.Low })
	return i < len(f.marks) && f.marks[i] < r.High
}

// low returns the lowest address of the stack that th runs on.
func (f *finder) low(th layout.Thread) (uint64, bool) {
	if e, ok := f.l.Extent(th.SP); ok && f.l.MainStack > th.SP && f.l.MainStack-e.Addr < uint64(e.Len) {
		return e.Addr, true // nothing else is in the mapping of the first thread's stack
	}
	if f.l.Format == "minidump" {
		return f.windows(th)
	}
	return f.glibc(th)
}

// words reads n words from addr on; nil when they are not all there.
func (f *finder) words(addr uint64, n int) []uint64 {
	buf := make([]byte, n*f.l.Word())
	defer clear(buf)
	if !f.mem(addr, buf) {
		return nil
	}
	order := f.l.Order()
	out := make([]uint64, n)
	for i := range out {
		if f.l.Word() == 4 {
			out[i] = uint64(order.Uint32(buf[4*i:]))
		} else {
			out[i] = order.Uint64(buf[8*i:])
		}
	}
	return out
}

// windows asks the TEB, which begins with an NT_TIB (winnt.h): ExceptionList,
// StackBase (the high end), StackLimit, three words, and its own address.
func (f *finder) windows(th layout.Thread) (uint64, bool) {
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
func (f *finder) glibc(th layout.Thread) (uint64, bool) {
	if th.TLS < th.SP || th.TLS < pthreadReach {
		return 0, false
	}
	e, ok := f.l.Extent(th.TLS)
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
	size := uint64(f.l.Word())
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
