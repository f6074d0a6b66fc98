package elfcore

import (
	"encoding/binary"
	"io"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// The ELF header: gABI chapter 4, "ELF Header" and "ELF Identification".
const (
	magic = "\x7fELF"

	identSize = 16 // e_ident; e_type follows
	classAt   = 4  // EI_CLASS
	dataAt    = 5  // EI_DATA
	class32   = 1
	class64   = 2
	dataLSB   = 1
	dataMSB   = 2

	typeCore = 4 // ET_CORE

	headerSize32 = 52
	headerSize64 = 64
)

// header is what this package needs of the ELF header. e_ehsize is not read, for
// QEMU 7.2's dump-guest-memory writes 8 there and the fields still stand where
// they always do.
type header struct {
	order   binary.ByteOrder
	wide    bool // ELFCLASS64
	machine uint16

	phoff, shoff         uint64
	phentsize, shentsize uint16
	phnum, shnum         uint16
}

func (h *header) headerSize() uint64 {
	if h.wide {
		return headerSize64
	}
	return headerSize32
}

// readHeader reads the ELF header at the start of r.
func readHeader(r io.ReaderAt, size int64) (*file, error) {
	f := &file{r: r, size: size}
	var ident [identSize]byte
	c := layout.NewCursor(r, size, 0, binary.LittleEndian, format)
	c.Bytes(ident[:])
	if err := c.Err(); err != nil {
		return nil, err
	}
	if err := f.setIdent(ident); err != nil {
		return nil, err
	}
	c = f.cursor(identSize)
	if e := c.U16(); c.Err() == nil && e != typeCore {
		return nil, &layout.Unsupported{
			Format: "elf",
			Why:    "not a core dump",
			Hint:   "a program or library holds no process memory; to search it as plain bytes, name the raw format",
		}
	}
	f.machine = c.U16()
	c.Skip(4) // e_version
	f.word(c) // e_entry
	f.phoff = f.word(c)
	f.shoff = f.word(c)
	c.Skip(4 + 2) // e_flags, e_ehsize
	f.phentsize = c.U16()
	f.phnum = c.U16()
	f.shentsize = c.U16()
	f.shnum = c.U16()
	c.Skip(2) // e_shstrndx
	return f, c.Err()
}

// setIdent takes class and byte order from e_ident.
func (h *header) setIdent(ident [identSize]byte) error {
	if !Sniff(ident[:]) {
		return &layout.Error{Format: format, Field: "e_ident", What: "not the magic of an ELF file"}
	}
	switch ident[classAt] {
	case class32:
	case class64:
		h.wide = true
	default:
		return &layout.Error{Format: format, Off: classAt, Field: "EI_CLASS", What: "neither 32 nor 64 bits"}
	}
	switch ident[dataAt] {
	case dataLSB:
		h.order = binary.LittleEndian
	case dataMSB:
		h.order = binary.BigEndian
	default:
		return &layout.Error{Format: format, Off: dataAt, Field: "EI_DATA", What: "neither little nor big endian"}
	}
	return nil
}

// word reads an Elf32_Addr or Elf64_Addr.
func (h *header) word(c *layout.Cursor) uint64 {
	if h.wide {
		return c.U64()
	}
	return uint64(c.U32())
}

// wordAt reads the word whose offset in a record is at32 or at64.
func (h *header) wordAt(rec []byte, at32, at64 int) uint64 {
	if h.wide {
		return h.order.Uint64(rec[at64:])
	}
	return uint64(h.order.Uint32(rec[at32:]))
}
