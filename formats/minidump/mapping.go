package minidump

import "github.com/dumpscrub/dumpscrub/formats/layout"

// MINIDUMP_MEMORY_INFO_LIST: u32 SizeOfHeader, u32 SizeOfEntry, u64
// NumberOfEntries. MINIDUMP_MEMORY_INFO: u64 BaseAddress, u64 AllocationBase, u32
// AllocationProtect, u32 alignment, u64 RegionSize, u32 State, u32 Protect, u32
// Type, u32 alignment.
const (
	memoryInfoHeader  = 16
	memoryInfoSize    = 48
	memoryInfoRegion  = 24
	memoryInfoState   = 32
	memoryInfoProtect = 36
	memoryInfoType    = 40

	memCommit = 0x1000    // MEM_COMMIT
	memImage  = 0x1000000 // MEM_IMAGE
)

// protection translates the PAGE_ constants of winnt.h. The bits above the lowest
// eight say of guards and caches.
func protection(p uint32) layout.Access {
	switch p & 0xff {
	case 0x01: // PAGE_NOACCESS
		return 0
	case 0x02: // PAGE_READONLY
		return layout.Read
	case 0x10: // PAGE_EXECUTE
		return layout.Execute
	case 0x20: // PAGE_EXECUTE_READ
		return layout.Read | layout.Execute
	case 0x04, 0x08: // PAGE_READWRITE, PAGE_WRITECOPY
		return layout.Read | layout.Write
	}
	return layout.Read | layout.Write | layout.Execute
}

// memoryInfoList walks MINIDUMP_MEMORY_INFO_LIST. All of it is structure: what
// may be done with memory decides what a policy keeps of it.
func (w *walker) memoryInfoList(s stream) {
	var h [memoryInfoHeader]byte
	if s.size < memoryInfoHeader || !w.fill(s.off, h[:]) {
		return
	}
	n := w.order.Uint64(h[8:])
	if n > maxEntries {
		return // it is no list, and says nothing
	}
	t := w.sized(s, w.order.Uint32(h[:]), w.order.Uint32(h[4:]), uint32(n))
	if t.off < s.off+memoryInfoHeader || t.size < memoryInfoSize || t.size > maxEntrySize || t.fit() < t.n {
		return
	}
	w.structure(s.off, memoryInfoHeader, "list header")
	w.structure(t.off, t.n*t.size, "memory information")
	w.each(t, func(_ uint64, e []byte) {
		if w.order.Uint32(e[memoryInfoState:]) != memCommit {
			return
		}
		w.b.Map(w.order.Uint64(e), w.order.Uint64(e[memoryInfoRegion:]), layout.Mapping{
			Access: protection(w.order.Uint32(e[memoryInfoProtect:])),
			Image:  w.order.Uint32(e[memoryInfoType:]) == memImage,
		})
		w.mapped = true
	})
}

// mapModules tells the builder of the modules where there is no better list.
func (w *walker) mapModules() {
	if w.mapped {
		return
	}
	for _, m := range w.modules {
		w.b.Map(m.Addr, m.Len, layout.Mapping{Access: layout.Read | layout.Write | layout.Execute, Image: true})
	}
}
