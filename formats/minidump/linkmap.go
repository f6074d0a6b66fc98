package minidump

// MDRawDebug32 and MDRawDebug64 (breakpad, minidump_format.h): u32 version,
// u32 map RVA, u32 dso_count, then addresses. A link map entry is an address, a
// u32 name RVA and an address.
const (
	linkMapAt    = 4
	linkMapFixed = 12

	linkMap32       = 12
	linkMap64       = 20
	linkMap64Padded = 24 // minidump-writer leaves C padding behind the name
)

// maxLinkName bounds the names by which the entry size is told. PATH_MAX is
// 4,096 characters, two bytes each.
const maxLinkName = 8 << 10

// linkMap walks the list of shared objects of a Linux dump. The file does not
// say how large an entry is, and writers differ: the size is the first with
// which every entry names a whole string. With none, the list stays unclaimed.
func (w *walker) linkMap(s stream) {
	var h [linkMapFixed]byte
	if s.size < linkMapFixed || !w.fill(s.off, h[:]) {
		return
	}
	t := table{off: uint64(w.order.Uint32(h[linkMapAt:])), n: uint64(w.order.Uint32(h[linkMapAt+4:]))}
	sizes := []uint64{linkMap32}
	if w.wide {
		sizes = []uint64{linkMap64, linkMap64Padded}
	}
	for _, t.size = range sizes {
		t.end = t.off + t.n*t.size
		if t.fit() > 0 && w.namesStrings(t) {
			w.structure(s.off+linkMapAt, 8, "link map location")
			w.past(t.off, t.n*t.size)
			w.each(t, func(off uint64, e []byte) {
				w.structure(off+linkName(t), 4, "shared object name location")
				w.counted(uint64(w.order.Uint32(e[linkName(t):])), "shared object name")
			})
			return
		}
	}
}

// linkName returns where in an entry of t the name lies: behind one address.
func linkName(t table) uint64 {
	if t.size == linkMap32 {
		return 4
	}
	return 8
}

// namesStrings reports whether each entry of t that the file holds names a
// whole MINIDUMP_STRING: an even length, that many bytes, and the zero that the
// length does not count. Objects without a name name an empty string; an RVA of 0
// is the upper half of an address read with the wrong size.
func (w *walker) namesStrings(t table) bool {
	ok := true
	w.each(t, func(_ uint64, e []byte) {
		off := uint64(w.order.Uint32(e[linkName(t):]))
		if !ok {
			return
		}
		n, read := w.u32(off)
		end := [2]byte{1}
		ok = off != 0 && read && n <= maxLinkName && n%2 == 0 && w.fill(off+4+uint64(n), end[:]) && end == [2]byte{}
	})
	return ok
}
