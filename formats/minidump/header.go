package minidump

import (
	"encoding/binary"
	"io"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Format is the name that layouts and errors of this package carry.
const Format = "minidump"

// MINIDUMP_HEADER (minidumpapiset.h): u32 Signature "MDMP", u32 Version,
// u32 NumberOfStreams, u32 StreamDirectoryRva, u32 CheckSum, u32 TimeDateStamp,
// u64 Flags. Only the low half of Version is fixed; the high half belongs to the
// writer.
const (
	headerSize    = 32
	signature     = "MDMP"
	signatureBE   = "PMDM" // Breakpad on big-endian machines writes native order
	version       = 0xa793
	versionMask   = 0xffff
	offVersion    = 4
	offStreams    = 8
	offDirectory  = 12
	directorySize = 12 // MINIDUMP_DIRECTORY: u32 StreamType, u32 DataSize, u32 Rva
)

// maxStreams bounds the directory. Writers use a few dozen streams and user
// streams add a few more; a count past this is a header that says nothing.
const maxStreams = 1 << 16

// Sniff reports whether head, the first bytes of a file, opens a minidump.
func Sniff(head []byte) bool {
	return len(head) >= 4 && (string(head[:4]) == signature || string(head[:4]) == signatureBE)
}

// Open lays out the minidump of size bytes in r. It returns a [*layout.Error]
// for a file that is malformed beyond use, and the reader's own error when
// reading fails.
func Open(r io.ReaderAt, size int64) (*layout.Layout, error) {
	w := &walker{
		r: r, size: uint64(max(0, size)), b: layout.NewBuilder(Format, max(0, size)),
		seen: make(map[uint64]struct{}), ids: make(map[uint64]struct{}),
		bytes: listCost * uint64(max(0, size)), entries: maxEntries, machineID: -1,
		crashed: make(map[uint64]uint64),
	}
	streams, err := w.header()
	if err != nil {
		return nil, err
	}
	w.streams(streams)
	if w.err != nil {
		return nil, w.err
	}
	w.settle()
	w.mapModules()
	w.b.Missing(w.missing())
	l, err := w.b.Build()
	if err != nil {
		return nil, err
	}
	l.Arch, l.Threads = w.arch, w.threads
	return l, nil
}

// header reads the header and as much of the directory as the file holds.
func (w *walker) header() ([]stream, error) {
	var h [headerSize]byte
	if w.size < headerSize {
		return nil, &layout.Error{Format: Format, Field: "MINIDUMP_HEADER", What: "past the end of the file"}
	}
	w.order = binary.LittleEndian
	if !w.fill(0, h[:]) {
		return nil, w.err
	}
	switch string(h[:4]) {
	case signature:
	case signatureBE:
		w.order = binary.BigEndian
	default:
		return nil, &layout.Error{Format: Format, Field: "Signature", What: "not a minidump"}
	}
	if w.order.Uint32(h[offVersion:])&versionMask != version {
		return nil, &layout.Error{Format: Format, Off: offVersion, Field: "Version", What: "not a known version"}
	}
	n := uint64(w.order.Uint32(h[offStreams:]))
	if n > maxStreams {
		return nil, &layout.Error{Format: Format, Off: offStreams, Field: "NumberOfStreams", What: "more streams than any real dump has"}
	}
	w.structure(0, headerSize, "header")
	dir := uint64(w.order.Uint32(h[offDirectory:]))
	w.structure(dir, n*directorySize, "directory")
	return w.directory(dir, n), w.err
}

// stream is one entry of the directory.
type stream struct {
	kind      uint32
	off, size uint64 // as the directory has them; may lie past the end of the file
}

func (s stream) end() uint64 { return s.off + s.size }

// directory returns the streams in file order. Unused entries are left out, and
// so is a repeated entry: the same type at the same place says nothing new, and
// walking it again would let a small file cost much.
func (w *walker) directory(off, n uint64) []stream {
	var out []stream
	known := make(map[stream]struct{})
	w.each(table{off: off, end: w.size, n: n, size: directorySize}, func(_ uint64, e []byte) {
		s := stream{kind: w.order.Uint32(e)}
		s.size, s.off = w.location(e[4:])
		if _, dup := known[s]; dup || s.kind == unusedStream {
			return
		}
		known[s] = struct{}{}
		w.past(s.off, s.size)
		out = append(out, s)
	})
	return out
}
