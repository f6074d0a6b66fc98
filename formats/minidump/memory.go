package minidump

import "math"

// MINIDUMP_MEMORY_DESCRIPTOR: u64 StartOfMemoryRange, u32 DataSize, u32 Rva.
// MINIDUMP_MEMORY_DESCRIPTOR64: u64 StartOfMemoryRange, u64 DataSize.
// MINIDUMP_MEMORY64_LIST: u64 NumberOfMemoryRanges, u64 BaseRva, descriptors.
const (
	memorySize         = 16
	memory64Size       = 16
	memory64HeaderSize = 16
)

// entriesAt finds the entries of a list that opens with a u32 count. Some
// writers (Breakpad on 64-bit machines) pad the count to 8 bytes, which only
// the size of the stream shows. strict lists must hold what they count.
func (w *walker) entriesAt(s stream, size uint64, field string, strict bool) (table, bool) {
	n, ok := w.u32(s.off)
	if !ok || s.size < 4 {
		return table{}, false
	}
	t := table{off: s.off + 4, end: s.end(), n: uint64(n), size: size}
	switch need := t.n * size; {
	case s.size == 8+need:
		t.off += 4
	case s.size < 4+need && strict:
		w.fail(s.off, field, "more entries than the stream holds")
		return table{}, false
	}
	w.structure(s.off, 4, "list count")
	return t, true
}

// Arguments of entriesAt. Lists of memory and threads say where memory lies and
// must be whole; the others only name strings, which are scanned either way.
const (
	strict  = true
	lenient = false
)

// memoryList walks MINIDUMP_MEMORY_LIST. Every field of it is used, so that the
// whole list is structure.
func (w *walker) memoryList(s stream) {
	t, ok := w.entriesAt(s, memorySize, "NumberOfMemoryRanges", strict)
	if !ok {
		return
	}
	w.structure(t.off, t.n*t.size, "memory list")
	w.each(t, func(_ uint64, e []byte) {
		n, off := w.location(e[8:])
		w.memory(w.order.Uint64(e), off, n, "memory range")
	})
}

// memory64List walks MINIDUMP_MEMORY64_LIST, whose ranges lie one behind the
// other from BaseRva on.
func (w *walker) memory64List(s stream) {
	var h [memory64HeaderSize]byte
	if s.size < memory64HeaderSize || !w.fill(s.off, h[:]) {
		return
	}
	t := table{off: s.off + memory64HeaderSize, end: s.end(), n: w.order.Uint64(h[:]), size: memory64Size}
	if t.n > t.fit() {
		w.fail(s.off, "NumberOfMemoryRanges", "more entries than the stream holds")
		return
	}
	w.structure(s.off, memory64HeaderSize+t.n*t.size, "memory list")
	at := w.order.Uint64(h[8:])
	w.each(t, func(off uint64, e []byte) {
		n := w.order.Uint64(e[8:])
		if at > math.MaxInt64 || n > math.MaxInt64-at {
			w.fail(off, "DataSize", "ranges add up past any file")
			return
		}
		w.memory(w.order.Uint64(e), at, n, "memory range")
		at += n
	})
}
