package elfcore

import "github.com/dumpscrub/dumpscrub/formats/layout"

// extendedCount is PN_XNUM: so many program headers, or more. The true number is
// then in sh_info of section 0 (gABI chapter 4, e_phnum).
const extendedCount = 0xffff

// countSegments returns how many program headers there are.
//
// Linux writes section 0 at the very end of the file, so a core that was cut
// short has none. Its kernel also writes the headers straight behind the ELF
// header, the notes' first, and the notes straight behind the headers, so that
// the offset of the notes tells the count a second time. Where both counts
// exist they must agree: a core whose headers are not all known must not pass for
// a whole one. (Go's debug/elf reads 65,535 headers of such a core and no more,
// golang/go issue 78217.)
func (f *file) countSegments() (uint64, error) {
	if f.phnum != extendedCount {
		return uint64(f.phnum), nil
	}
	byNotes, err := f.countByNotes()
	if err != nil {
		return 0, err
	}
	rec, err := f.sectionZero()
	if err != nil {
		return 0, err
	}
	bySection := uint64(0)
	if rec != nil {
		at := infoAt32
		if f.wide {
			at = infoAt64
		}
		// Zero means that the number did fit: it is PN_XNUM itself.
		if bySection = uint64(f.order.Uint32(rec[at:])); bySection == 0 {
			bySection = extendedCount
		}
	}
	switch {
	case bySection == 0 && byNotes == 0:
		return 0, &layout.Error{Format: format, Field: "e_phnum", What: "the true count is in a section header that the file does not hold"}
	case bySection == 0:
		return byNotes, nil
	case bySection < extendedCount:
		return 0, &layout.Error{Format: format, Off: int64(f.shoff), Field: "sh_info", What: "a count that would have fitted the ELF header"}
	case byNotes != 0 && byNotes != bySection:
		return 0, &layout.Error{Format: format, Off: int64(f.shoff), Field: "sh_info", What: "not the count that the place of the notes tells"}
	}
	return bySection, nil
}

// countByNotes returns the number of program headers in a core that Linux wrote,
// or zero when the file is not laid out as Linux does it.
//
// gcore puts the notes last, and createdump section 0 between headers and notes;
// a distance from table to notes that divides by the size of a header by chance
// is told by what would be the last header.
func (f *file) countByNotes() (uint64, error) {
	n := f.segmentSize()
	if f.phoff != f.headerSize() || uint64(f.phentsize) != n {
		return 0, nil
	}
	first, ok, err := f.segmentAt(0)
	if err != nil || !ok || first.typ != typeNote || first.off < f.phoff || (first.off-f.phoff)%n != 0 {
		return 0, err
	}
	count := (first.off - f.phoff) / n
	if count < extendedCount || count > maxSegments {
		return 0, nil
	}
	last, ok, err := f.segmentAt(count - 1)
	if err != nil {
		return 0, err
	}
	if ok && last.typ != typeLoad && last.typ != typeMemoryTags {
		return 0, nil
	}
	return count, nil
}
