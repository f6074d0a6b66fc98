package elfcore

import "github.com/dumpscrub/dumpscrub/formats/layout"

// Program headers: gABI chapter 5, "Program Header".
const (
	segmentSize32 = 32
	segmentSize64 = 56

	typeNull = 0 // PT_NULL: the entry is not used
	typeLoad = 1 // PT_LOAD
	typeNote = 4 // PT_NOTE

	// typeMemoryTags is PT_AARCH64_MEMTAG_MTE of the Arm ELF supplement: the tags
	// of the memory of one PT_LOAD, after the headers of the memory itself.
	typeMemoryTags = 0x70000002
)

// maxSegments is the number of claims that a layout can hold anyway. Linux
// allows 65,530 mappings by default and some distributions 1,048,576; a core of
// more than half a million segments is refused, not read in part.
const maxSegments = 1 << 19

// blockSize is how much of the program headers is read at once.
const blockSize = 64 << 10

// segment is one program header.
type segment struct {
	typ           uint32
	off, filesize uint64 // in the file
	vaddr         uint64
	memsize       uint64 // in the process
	flags         uint32
	align         uint64
}

func (h *header) segmentSize() uint64 {
	if h.wide {
		return segmentSize64
	}
	return segmentSize32
}

// flagsAt returns where p_flags stands, which is elsewhere in the two classes.
func (h *header) flagsAt() int {
	if h.wide {
		return 4
	}
	return 24
}

// segment decodes the program header in rec.
func (h *header) segment(rec []byte) segment {
	return segment{
		typ:      h.order.Uint32(rec),
		off:      h.wordAt(rec, 4, 8),
		vaddr:    h.wordAt(rec, 8, 16),
		filesize: h.wordAt(rec, 16, 32),
		memsize:  h.wordAt(rec, 20, 40),
		flags:    h.order.Uint32(rec[h.flagsAt():]),
		align:    h.wordAt(rec, 28, 48),
	}
}

// claimSegments claims the program headers and the memory they describe, and
// returns the segments that hold notes and those that are memory.
func (f *file) claimSegments(b *layout.Builder) (notes, loads []segment, err error) {
	n, err := f.countSegments()
	if err != nil || n == 0 {
		return nil, nil, err
	}
	if uint64(f.phentsize) != f.segmentSize() {
		return nil, nil, &layout.Error{Format: format, Field: "e_phentsize", What: "not the size of a program header"}
	}
	if n > maxSegments {
		return nil, nil, &layout.Error{Format: format, Field: "program header count", What: "more segments than any real dump has"}
	}
	b.Claim(layout.Structure, f.phoff, n*f.segmentSize(), 0, "program header")
	err = f.eachSegment(n, func(s segment) {
		switch s.typ {
		case typeNull:
		case typeLoad:
			b.Claim(layout.Memory, s.off, s.filesize, s.vaddr, "PT_LOAD")
			loads = append(loads, s)
		case typeNote:
			notes = append(notes, s)
			fallthrough
		default:
			b.Missing(s.filesize - uint64(f.present(s.off, s.filesize).Len))
		}
	})
	return notes, loads, err
}

// eachSegment calls fn for those of the first n program headers that lie wholly
// in the file, in their order.
func (f *file) eachSegment(n uint64, fn func(segment)) error {
	rec := int64(f.segmentSize())
	table := f.present(f.phoff, n*f.segmentSize())
	left := table.Len / rec
	buf := make([]byte, min(left, blockSize/rec)*rec)
	c := f.cursor(table.Off)
	for left > 0 {
		block := buf[:min(left*rec, int64(len(buf)))]
		c.Bytes(block)
		if err := c.Err(); err != nil {
			return err
		}
		left -= int64(len(block)) / rec
		for ; len(block) > 0; block = block[rec:] {
			fn(f.segment(block))
		}
	}
	return nil
}

// segmentAt reads program header i. It reports false when the file ends before it.
func (f *file) segmentAt(i uint64) (segment, bool, error) {
	n := f.segmentSize()
	if i > uint64(f.size)/n || f.phoff > uint64(f.size) {
		return segment{}, false, nil
	}
	at := f.present(f.phoff+i*n, n)
	if uint64(at.Len) != n {
		return segment{}, false, nil
	}
	rec := make([]byte, n)
	c := f.cursor(at.Off)
	c.Bytes(rec)
	return f.segment(rec), true, c.Err()
}
