package minidump

import "github.com/dumpscrub/dumpscrub/formats/layout"

// MINIDUMP_THREAD: u32 ThreadId, u32 SuspendCount, u32 PriorityClass,
// u32 Priority, u64 Teb, Stack (memory descriptor), ThreadContext (location).
// MINIDUMP_THREAD_EX adds BackingStore, a memory descriptor.
const (
	threadSize       = 48
	threadExSize     = 64
	threadTEB        = 16
	threadStack      = 24
	threadStackLoc   = 32
	threadContext    = 40
	threadStore      = 48
	threadStoreLoc   = 56
	descriptorSize   = 16
	locationSize     = 8
	threadNameSize   = 12 // MINIDUMP_THREAD_NAME: u32 ThreadId, u64 RvaOfThreadName
	threadNameRVA    = 4
	exceptionSize    = 168 // MINIDUMP_EXCEPTION_STREAM; its context location is last
	exceptionContext = 160
)

// threadList walks a thread list whose entries have size bytes. A thread that
// an earlier stream named already is not counted again.
func (w *walker) threadList(s stream, size uint64) {
	t, ok := w.entriesAt(s, size, "NumberOfThreads", strict)
	if !ok {
		return
	}
	from := len(w.threads)
	w.each(t, func(off uint64, e []byte) {
		id := uint64(w.order.Uint32(e))
		w.structure(off, 4, "thread id")
		w.structure(off+threadStack, descriptorSize+locationSize, "thread locations")
		n, at := w.location(e[threadStackLoc:])
		w.memory(w.order.Uint64(e[threadStack:]), at, n, "thread stack")
		sp := w.context(e[threadContext:])
		if _, known := w.ids[id]; !known {
			w.threads = append(w.threads, layout.Thread{ID: id, SP: sp, TLS: w.order.Uint64(e[threadTEB:])})
		}
		if size == threadExSize {
			w.structure(off+threadStore, descriptorSize, "thread locations")
			n, at = w.location(e[threadStoreLoc:])
			w.memory(w.order.Uint64(e[threadStore:]), at, n, "thread backing store")
		}
	})
	for _, th := range w.threads[from:] {
		w.ids[th.ID] = struct{}{}
	}
}

// context claims the CONTEXT record that a location names as one region, and
// returns its stack pointer, 0 when it is not known.
func (w *walker) context(loc []byte) uint64 {
	n, off := w.location(loc)
	w.claim(layout.Registers, off, n, 0, "CONTEXT")
	return w.registers(off, n)
}

// exception walks MINIDUMP_EXCEPTION_STREAM. The exception's parameters are
// process data and stay unclaimed.
func (w *walker) exception(s stream) {
	var e [exceptionSize]byte
	if s.size < exceptionSize || !w.fill(s.off, e[:]) {
		return
	}
	w.structure(s.off+exceptionContext, locationSize, "exception context location")
	id, sp := uint64(w.order.Uint32(e[:])), w.context(e[exceptionContext:])
	if old, ok := w.crashed[id]; sp != 0 && (!ok || sp < old) {
		w.crashed[id] = sp
	}
}

// settle lowers the stack pointer of a thread that crashed to the one of its
// exception: debuggers show the frames of that one, and both must stay. lldb writes
// one exception for each thread.
func (w *walker) settle() {
	for i := range w.threads {
		th := &w.threads[i]
		if sp, ok := w.crashed[th.ID]; ok && th.SP > sp {
			th.SP = sp
		}
	}
}

// threadNames walks MINIDUMP_THREAD_NAME_LIST.
func (w *walker) threadNames(s stream) {
	t, ok := w.entriesAt(s, threadNameSize, "NumberOfThreadNames", lenient)
	if !ok {
		return
	}
	w.each(t, func(off uint64, e []byte) {
		w.structure(off+threadNameRVA, 8, "thread name location")
		w.counted(w.order.Uint64(e[threadNameRVA:]), "thread name")
	})
}
