package minidump

import "github.com/dumpscrub/dumpscrub/formats/layout"

// Crashpad's structures (crashpad, minidump/minidump_extensions.h), all packed:
//
//	MinidumpCrashpadInfo            u32 version, 16 report_id, 16 client_id,
//	                                location simple_annotations, location module_list
//	MinidumpModuleCrashpadInfoList  u32 count, {u32 index, location}…
//	MinidumpModuleCrashpadInfo      u32 version, locations list_annotations,
//	                                simple_annotations and (later) annotation_objects
//	MinidumpRVAList                 u32 count, u32 RVA…
//	MinidumpSimpleStringDictionary  u32 count, {u32 key RVA, u32 value RVA}…
//	MinidumpAnnotationList          u32 count, {u32 name RVA, u16 type, u16, u32 value RVA}…
const (
	crashpadIDs        = 4
	crashpadIDsSize    = 32
	crashpadSimple     = 36
	crashpadModules    = 44
	crashpadInfoSize   = 52
	moduleLinkSize     = 12
	moduleLinkLocation = 4
	moduleList         = 4
	moduleSimple       = 12
	moduleObjects      = 20
	moduleInfoSize     = 20 // of the first version, without annotation_objects
	moduleInfo2Size    = 28
	annotationSize     = 12
)

// crashpadInfo walks the annotations of the process and of its modules.
func (w *walker) crashpadInfo(s stream) {
	var e [crashpadInfoSize]byte
	if s.size < crashpadInfoSize || !w.fill(s.off, e[:]) {
		return
	}
	w.claim(layout.Text, s.off+crashpadIDs, crashpadIDsSize, 0, "report and client id")
	w.structure(s.off+crashpadSimple, 2*locationSize, "annotation locations")
	w.dictionary(w.sub(e[crashpadSimple:]))
	modules := w.sub(e[crashpadModules:])
	t, ok := w.entriesAt(modules, moduleLinkSize, "count", lenient)
	if !ok {
		return
	}
	w.each(t, func(off uint64, e []byte) {
		w.structure(off+moduleLinkLocation, locationSize, "module annotation location")
		w.crashpadModule(w.sub(e[moduleLinkLocation:]))
	})
}

// sub returns the part of the file that a location names, to be walked as a
// stream is.
func (w *walker) sub(loc []byte) stream {
	n, off := w.location(loc)
	w.past(off, n)
	return stream{off: off, size: n}
}

// crashpadModule walks what Crashpad knows about one module. Hostile links may
// name one record many times; it is walked once.
func (w *walker) crashpadModule(s stream) {
	var e [moduleInfo2Size]byte
	n := min(s.size, moduleInfo2Size)
	if n < moduleInfoSize || !w.first(s.off) || !w.fill(s.off, e[:n]) {
		return
	}
	w.structure(s.off+moduleList, 2*locationSize, "annotation locations")
	list := w.sub(e[moduleList:])
	if t, ok := w.entriesAt(list, 4, "count", lenient); ok {
		w.structure(t.off, t.fit()*t.size, "annotation locations")
		w.each(t, func(_ uint64, e []byte) {
			w.counted(uint64(w.order.Uint32(e)), "annotation")
		})
	}
	w.dictionary(w.sub(e[moduleSimple:]))
	if n < moduleInfo2Size {
		return
	}
	w.structure(s.off+moduleObjects, locationSize, "annotation locations")
	w.annotations(w.sub(e[moduleObjects:]))
}

// dictionary walks a MinidumpSimpleStringDictionary.
func (w *walker) dictionary(s stream) {
	t, ok := w.entriesAt(s, 8, "count", lenient)
	if !ok {
		return
	}
	w.structure(t.off, t.fit()*t.size, "annotation locations")
	w.each(t, func(_ uint64, e []byte) {
		w.counted(uint64(w.order.Uint32(e)), "annotation key")
		w.counted(uint64(w.order.Uint32(e[4:])), "annotation")
	})
}

// annotations walks a MinidumpAnnotationList. A value is a byte array whose
// meaning its type tells; nearly all are strings, and all count as text.
func (w *walker) annotations(s stream) {
	t, ok := w.entriesAt(s, annotationSize, "count", lenient)
	if !ok {
		return
	}
	w.each(t, func(off uint64, e []byte) {
		w.structure(off, 4, "annotation locations")
		w.structure(off+8, 4, "annotation locations")
		w.counted(uint64(w.order.Uint32(e)), "annotation key")
		w.counted(uint64(w.order.Uint32(e[8:])), "annotation")
	})
}

// Mozilla's MINIDUMP_MAC_CRASH_INFO (rust-minidump, format.rs): u32 stream_type,
// u32 record_count, u32 record_start_size, 20 locations of records with strings.
const (
	macRecordCount = 4
	macRecords     = 12
	maxMacRecords  = 20
)

// macCrashInfo walks the crash messages of macOS libraries.
func (w *walker) macCrashInfo(s stream) {
	n, ok := w.u32(s.off + macRecordCount)
	if !ok || s.size < macRecords {
		return
	}
	t := table{off: s.off + macRecords, end: s.end(), n: uint64(min(n, maxMacRecords)), size: locationSize}
	w.structure(s.off+macRecordCount, 4, "list count")
	w.structure(t.off, t.fit()*t.size, "crash message locations")
	w.each(t, func(_ uint64, e []byte) {
		n, off := w.location(e)
		w.claim(layout.Text, off, n, 0, "crash message")
	})
}
