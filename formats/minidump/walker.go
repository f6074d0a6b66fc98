package minidump

import (
	"cmp"
	"encoding/binary"
	"io"
	"math"
	"slices"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// maxEntries bounds the list entries walked in one file. A layout holds at most
// half a million ranges, so that more entries could not be laid out anyway.
const maxEntries = 1 << 19

// maxEntrySize bounds the entry sizes that self-describing lists state. The
// largest entry known is MINIDUMP_MODULE with 108 bytes; a size past this bound
// is no entry size.
const maxEntrySize = 1024

// listCost is how many times the size of the file its lists may be read. Honest
// lists do not overlap; the link map is read twice to tell the size of its
// entries. More means lists laid over one another to make a small file cost much.
const listCost = 2

// chunkSize is how many bytes of a list are read at once.
const chunkSize = 16 << 10

// walker is the state of one Open.
type walker struct {
	r     io.ReaderAt
	size  uint64 // of the file
	order binary.ByteOrder
	b     *layout.Builder
	err   error // the first failure; ends every walk

	arch    string
	wide    bool // pointers have 64 bits
	threads []layout.Thread
	modules []layout.Mapping
	mapped  bool              // a list of memory was walked
	crashed map[uint64]uint64 // thread to the lowest stack pointer of its exceptions

	machineID int // ProcessorArchitecture, -1 when there is none

	seen map[uint64]struct{} // RVAs of strings and of chained records already claimed
	ids  map[uint64]struct{} // thread ids that an earlier thread stream named
	lost []reach             // what the headers claim past the end of the file

	bytes   uint64 // what list walking may still read
	entries uint64 // and how many entries
}

// reach is the file offsets [from, to).
type reach struct{ from, to uint64 }

func (w *walker) fail(off uint64, field, what string) {
	if w.err == nil {
		w.err = &layout.Error{Format: Format, Off: int64(min(off, math.MaxInt64)), Field: field, What: what}
	}
}

// fill reads len(p) bytes at off; false says that the file does not hold them
// or that reading failed, in which case w.err is set.
func (w *walker) fill(off uint64, p []byte) bool {
	if w.err != nil || off > w.size || uint64(len(p)) > w.size-off {
		return false
	}
	c := layout.NewCursor(w.r, int64(w.size), int64(off), w.order, Format)
	c.Bytes(p)
	w.err = c.Err()
	return w.err == nil
}

func (w *walker) u32(off uint64) (uint32, bool) {
	var p [4]byte
	ok := w.fill(off, p[:])
	return w.order.Uint32(p[:]), ok
}

// location reads a MINIDUMP_LOCATION_DESCRIPTOR: u32 DataSize, u32 Rva.
func (w *walker) location(p []byte) (size, off uint64) {
	return uint64(w.order.Uint32(p)), uint64(w.order.Uint32(p[4:]))
}

// claim says what n bytes at off are; the part past the end of the file is
// noted as missing. n may be hostile, off+n may not pass 2^64.
func (w *walker) claim(k layout.Kind, off, n, addr uint64, name string) {
	w.past(off, n)
	if off < w.size {
		w.b.Claim(k, off, min(n, w.size-off), addr, name)
	}
}

func (w *walker) structure(off, n uint64, name string) {
	w.claim(layout.Structure, off, n, 0, name)
}

// memory claims n bytes of the dumped process at addr.
func (w *walker) memory(addr, off, n uint64, name string) {
	w.claim(layout.Memory, off, n, addr, name)
}

// past notes the part of [off, off+n) that lies past the end of the file.
func (w *walker) past(off, n uint64) {
	if end := off + n; n > 0 && end > w.size {
		w.lost = append(w.lost, reach{max(off, w.size), end})
	}
}

// missing returns how many distinct bytes past the end of the file were
// claimed. A stack that two lists name is missing once.
func (w *walker) missing() uint64 {
	slices.SortFunc(w.lost, func(x, y reach) int { return cmp.Compare(x.from, y.from) })
	var n, at uint64
	for _, r := range w.lost {
		if from := max(r.from, at); r.to > from {
			n += r.to - from
			at = r.to
		}
	}
	return n
}

// table is an array of entries of one size.
type table struct {
	off  uint64 // of the first entry
	end  uint64 // no entry reaches past it
	n    uint64 // entries, as the header claims
	size uint64 // bytes from one entry to the next
}

// fit returns how many of the entries lie before t.end.
func (t table) fit() uint64 {
	if t.size == 0 || t.off >= t.end {
		return 0
	}
	return min(t.n, (t.end-t.off)/t.size)
}

// each calls f with the offset and the bytes of every entry of t that the file
// holds. The bytes are valid during the call only.
func (w *walker) each(t table, f func(off uint64, e []byte)) {
	t.end = min(t.end, w.size)
	n := t.fit()
	if n == 0 || w.err != nil {
		return
	}
	if t.size > maxEntrySize || n > w.entries || n*t.size > w.bytes {
		w.fail(t.off, "list", "more entries than the file can hold")
		return
	}
	w.entries -= n
	w.bytes -= n * t.size
	buf := make([]byte, min(n, max(1, chunkSize/t.size))*t.size)
	for i := uint64(0); i < n && w.err == nil; {
		part := buf[:min(uint64(len(buf)), (n-i)*t.size)]
		at := t.off + i*t.size
		if !w.fill(at, part) {
			return
		}
		for ; len(part) > 0 && w.err == nil; i++ {
			f(at, part[:t.size])
			at, part = at+t.size, part[t.size:]
		}
	}
}

// first reports whether off was not asked about before. It is what ends chains
// of RVAs that lead back to themselves.
func (w *walker) first(off uint64) bool {
	if _, ok := w.seen[off]; ok {
		return false
	}
	w.seen[off] = struct{}{}
	return true
}

// counted claims a u32 length at off and the bytes that follow it: a
// MINIDUMP_STRING (UTF-16, length in bytes, which a hostile file may make odd),
// Crashpad's MinidumpUTF8String or its MinidumpByteArray. RVA 0 means none.
func (w *walker) counted(off uint64, name string) {
	if off == 0 || w.err != nil || !w.first(off) {
		return
	}
	if off > math.MaxInt64 {
		w.fail(off, "Rva", "past any file")
		return
	}
	w.structure(off, 4, "string length")
	if n, ok := w.u32(off); ok {
		w.claim(layout.Text, off+4, uint64(n), 0, name)
	}
}
