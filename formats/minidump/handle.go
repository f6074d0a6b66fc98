package minidump

// MINIDUMP_HANDLE_DATA_STREAM: u32 SizeOfHeader, u32 SizeOfDescriptor,
// u32 NumberOfDescriptors, u32 Reserved.
// MINIDUMP_HANDLE_DESCRIPTOR: u64 Handle, u32 TypeNameRva, u32 ObjectNameRva,
// 16 bytes of numbers; MINIDUMP_HANDLE_DESCRIPTOR_2 adds u32 ObjectInfoRva.
// MINIDUMP_HANDLE_OBJECT_INFORMATION: u32 NextInfoRva, u32 InfoType,
// u32 SizeOfInfo, then the information, which is scanned and not interpreted.
const (
	handleHeaderSize  = 16
	handleSize        = 32
	handle2Size       = 40
	handleTypeName    = 8
	handleObjectInfo  = 32
	objectInfoSize    = 12
	maxObjectInfoLink = 1 << 16 // records in all chains; Windows writes one or two a handle
)

// handleData walks the handles, their names and the chains of object
// information behind them. Chains may be circular and may run into each other:
// every record is visited once.
func (w *walker) handleData(s stream) {
	var h [handleHeaderSize]byte
	if s.size < handleHeaderSize || !w.fill(s.off, h[:]) {
		return
	}
	t := w.sized(s, w.order.Uint32(h[:]), w.order.Uint32(h[4:]), w.order.Uint32(h[8:]))
	if t.off < s.off+handleHeaderSize || t.size < handleSize || t.size > maxEntrySize {
		return
	}
	w.structure(s.off, handleHeaderSize, "list header")
	links := maxObjectInfoLink
	w.each(t, func(off uint64, e []byte) {
		w.structure(off+handleTypeName, 8, "handle name locations")
		w.counted(uint64(w.order.Uint32(e[handleTypeName:])), "handle type")
		w.counted(uint64(w.order.Uint32(e[handleTypeName+4:])), "handle name")
		if t.size >= handle2Size {
			w.structure(off+handleObjectInfo, 4, "handle information location")
			links = w.objectInfo(uint64(w.order.Uint32(e[handleObjectInfo:])), links)
		}
	})
}

// objectInfo walks one chain and returns how many records may still follow.
func (w *walker) objectInfo(off uint64, links int) int {
	for ; off != 0 && links > 0 && w.err == nil && w.first(off); links-- {
		w.structure(off, objectInfoSize, "handle information")
		var h [objectInfoSize]byte
		if !w.fill(off, h[:]) {
			return links
		}
		w.past(off+objectInfoSize, uint64(w.order.Uint32(h[8:])))
		off = uint64(w.order.Uint32(h[:]))
	}
	return links
}
