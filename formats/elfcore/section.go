package elfcore

import "github.com/dumpscrub/dumpscrub/formats/layout"

// Section headers: gABI chapter 4, "Sections". Only the first one is read, for
// the counts which do not fit the ELF header; what sections hold is left
// unclaimed or belongs to a segment anyway.
const (
	sectionSize32 = 40
	sectionSize64 = 64

	typeAt         = 4 // sh_type, in both classes
	sizeAt32       = 20
	sizeAt64       = 32
	infoAt32       = 28
	infoAt64       = 44
	nullSection    = 0      // SHT_NULL, the type of section 0
	reservedCounts = 0xff00 // SHN_LORESERVE: from here on counts lie in section 0
)

func (h *header) sectionSize() uint64 {
	if h.wide {
		return sectionSize64
	}
	return sectionSize32
}

// claimSections claims the section headers as far as the ELF header describes
// them plausibly. gcore writes some, and the kernel writes one in a core with
// 65,535 and more segments; both at the end of the file.
func (f *file) claimSections(b *layout.Builder) error {
	if f.shoff == 0 || uint64(f.shentsize) != f.sectionSize() {
		return nil
	}
	n := uint64(f.shnum)
	if n == 0 {
		rec, err := f.sectionZero()
		if err != nil || rec == nil {
			return err
		}
		n = f.wordAt(rec, sizeAt32, sizeAt64)
		if n < reservedCounts || n > uint64(f.size)/f.sectionSize() {
			n = 1 // no count: the one header that was read
		}
	}
	b.Claim(layout.Structure, f.shoff, n*f.sectionSize(), 0, "section header")
	return nil
}

// sectionZero returns the record of section 0, or nil when there is none: the
// file ends before it, or what lies there is of another type.
func (f *file) sectionZero() ([]byte, error) {
	n := f.sectionSize()
	at := f.present(f.shoff, n)
	if f.shoff == 0 || uint64(f.shentsize) != n || uint64(at.Len) != n {
		return nil, nil
	}
	rec := make([]byte, n)
	c := f.cursor(at.Off)
	c.Bytes(rec)
	if err := c.Err(); err != nil {
		return nil, err
	}
	if f.order.Uint32(rec[typeAt:]) != nullSection {
		return nil, nil
	}
	return rec, nil
}
