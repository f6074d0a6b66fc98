package elfcore

import (
	"bytes"
	"io"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// format is how layouts and errors name this reader.
const format = "elf-core"

// Sniff reports whether head, the first bytes of a file, begins an ELF file of
// any type; [Open] tells cores from programs. Four bytes are enough, fewer never
// match.
func Sniff(head []byte) bool { return bytes.HasPrefix(head, []byte(magic)) }

// Open reads the headers and notes of the ELF core in r, which has size bytes.
// It fails with [*layout.Unsupported] for an ELF file that is not a core, with
// [*layout.Error] for one whose header or program headers cannot be used, and
// with the error of r when r cannot be read.
func Open(r io.ReaderAt, size int64) (*layout.Layout, error) {
	f, err := readHeader(r, size)
	if err != nil {
		return nil, err
	}
	b := layout.NewBuilder(format, size)
	b.Claim(layout.Structure, 0, f.headerSize(), 0, "ELF header")
	if err := f.claimSections(b); err != nil {
		return nil, err
	}
	noteSegments, loads, err := f.claimSegments(b)
	if err != nil {
		return nil, err
	}
	w, err := f.claimNotes(b, noteSegments)
	if err != nil {
		return nil, err
	}
	if err := w.claimMappings(b, loads); err != nil {
		return nil, err
	}
	l, err := b.Build()
	if err != nil {
		return nil, err
	}
	l.Arch = f.arch()
	l.Threads = w.threads
	l.MainStack = w.mainStack
	return l, nil
}

// file is an ELF file whose header has been read.
type file struct {
	header
	r    io.ReaderAt
	size int64
}

// cursor returns a cursor at off, which must lie in the file.
func (f *file) cursor(off int64) *layout.Cursor {
	return layout.NewCursor(f.r, f.size, off, f.order, format)
}

// present returns the part of [off, off+n) that lies in the file. Both numbers
// may be hostile.
func (f *file) present(off, n uint64) layout.Span {
	size := uint64(f.size)
	if off >= size {
		return layout.Span{Off: f.size}
	}
	return layout.Span{Off: int64(off), Len: int64(min(n, size-off))}
}
