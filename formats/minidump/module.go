package minidump

import "github.com/dumpscrub/dumpscrub/formats/layout"

// MINIDUMP_MODULE: u64 BaseOfImage, u32 SizeOfImage, u32 CheckSum,
// u32 TimeDateStamp, u32 ModuleNameRva, 52 bytes VS_FIXEDFILEINFO,
// CvRecord and MiscRecord (locations), 16 bytes reserved.
// MINIDUMP_UNLOADED_MODULE: the same first 24 bytes.
const (
	moduleSize         = 108
	moduleExtent       = 8
	moduleName         = 20
	moduleCodeView     = 76
	moduleMisc         = 84
	unloadedModuleSize = 24

	// MINIDUMP_UNLOADED_MODULE_LIST: u32 SizeOfHeader, u32 SizeOfEntry,
	// u32 NumberOfEntries. Entries follow the header as sized.
	unloadedHeaderSize = 12
)

// moduleList walks MINIDUMP_MODULE_LIST. CodeView and misc records hold paths
// and build identifiers: text of which only the location is structure.
func (w *walker) moduleList(s stream) {
	t, ok := w.entriesAt(s, moduleSize, "NumberOfModules", lenient)
	if !ok {
		return
	}
	w.each(t, func(off uint64, e []byte) {
		w.modules = append(w.modules, layout.Mapping{Addr: w.order.Uint64(e), Len: uint64(w.order.Uint32(e[moduleExtent:]))})
		w.structure(off+moduleName, 4, "module name location")
		w.counted(uint64(w.order.Uint32(e[moduleName:])), "module name")
		w.structure(off+moduleCodeView, 2*locationSize, "module record locations")
		n, at := w.location(e[moduleCodeView:])
		w.claim(layout.Text, at, n, 0, "CodeView record")
		n, at = w.location(e[moduleMisc:])
		w.claim(layout.Text, at, n, 0, "misc record")
	})
}

// unloadedModules walks MINIDUMP_UNLOADED_MODULE_LIST.
func (w *walker) unloadedModules(s stream) {
	var h [unloadedHeaderSize]byte
	if s.size < unloadedHeaderSize || !w.fill(s.off, h[:]) {
		return
	}
	t := w.sized(s, w.order.Uint32(h[:]), w.order.Uint32(h[4:]), w.order.Uint32(h[8:]))
	if t.off < s.off+unloadedHeaderSize || t.size < unloadedModuleSize || t.size > maxEntrySize {
		return
	}
	w.structure(s.off, unloadedHeaderSize, "list header")
	w.each(t, func(off uint64, e []byte) {
		w.structure(off+moduleName, 4, "module name location")
		w.counted(uint64(w.order.Uint32(e[moduleName:])), "module name")
	})
}

// sized returns the table of a list that states its own header and entry size.
func (w *walker) sized(s stream, header, entry, n uint32) table {
	return table{off: s.off + uint64(header), end: s.end(), n: uint64(n), size: uint64(entry)}
}
