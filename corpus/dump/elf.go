package dump

import (
	"encoding/binary"
	"math/rand/v2"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// byteOrder is what encoding/binary's two orders are.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

// machine is what ELF cores of an architecture differ in. The sizes of the
// register notes are the kernel's: struct elf_prstatus and elf_fpregset_t.
type machine struct {
	name             string
	id               uint16 // e_machine
	order            byteOrder
	wide             bool // ELFCLASS64
	prstatus, fpregs int
	fpAt, fpLen      int // room for vector or floating-point registers
}

func machines() map[string]machine {
	le, be := binary.LittleEndian, binary.BigEndian
	ms := map[string]machine{}
	for _, m := range []machine{
		{"x86-64", 62, le, true, 336, 512, 160, 256},
		{"i386", 3, le, false, 144, 108, 28, 80},
		{"s390x", 22, be, true, 336, 136, 8, 128},
		{"arm64", 183, le, true, 392, 528, 0, 512},
		{"ppc64", 21, be, true, 504, 264, 0, 256},
		{"riscv64", 243, le, true, 376, 264, 0, 256},
	} {
		ms[m.name] = m
	}
	return ms
}

// ELF constants: System V ABI, chapters 4 and 5, and Linux include/uapi/linux/elf.h.
const (
	etCore   = 4
	ptLoad   = 1
	ptNote   = 4
	pnXNum   = 0xffff // the count of program headers is in section header 0
	pageSize = 4096
)

// elfOptions is what is odd about a core.
type elfOptions struct {
	shuffled  bool // segments lie in the file in random order
	xnum      bool // more program headers than e_phnum can count
	truncated bool
}

// segment is one PT_LOAD.
type segment struct {
	b    *block
	s    span
	off  int64
	more uint64 // bytes of p_memsz beyond p_filesz
}

// elfCore lays out a core of the blocks in img.
func elfCore(rng *rand.Rand, d *Dump, m machine, img *image, o elfOptions) {
	segs := segmentsOf(img)
	if o.xnum {
		segs = append(segs, emptySegments(m)...)
	}
	notes := elfNotes(rng, m, img)
	head := &block{data: make([]byte, m.ehdr()+m.phdr()*(len(segs)+1))}
	d.whole(head, 1)
	noteOff := d.whole(notes, 4)

	order := rng.Perm(len(segs))
	if !o.shuffled {
		for i := range order {
			order[i] = i
		}
	}
	for n, i := range order {
		s := &segs[i]
		s.off = d.place(s.b, s.s, pageSize)
		if n < len(img.loose)-1 {
			d.whole(img.loose[n], 1)
		}
	}
	if n := len(img.loose); n > 0 {
		d.whole(img.loose[n-1], 1)
	}
	var shoff int64
	if o.xnum {
		shoff = d.raw(m.section0(len(segs)+1), 8)
	}
	if o.truncated {
		d.truncate(d.Size * 8 / 10)
	}
	copy(head.data, m.header(len(segs)+1, shoff))
	at := m.ehdr()
	at += copy(head.data[at:], m.program(ptNote, 0, noteOff, 0, uint64(len(notes.data)), uint64(len(notes.data)), 4))
	for _, s := range segs {
		n := uint64(s.s.end - s.s.start)
		addr := s.b.addr + uint64(s.s.start)
		at += copy(head.data[at:], m.program(ptLoad, s.b.perm, s.off, addr, n, n+s.more, pageSize))
	}
}

func segmentsOf(img *image) []segment {
	var segs []segment
	for _, b := range img.blocks {
		for _, s := range b.segments() {
			segs = append(segs, segment{b: b, s: s})
		}
	}
	return segs
}

// emptySegments are mappings whose pages were not dumped: as many as it takes to
// need PN_XNUM, as a process with many guard pages has.
func emptySegments(m machine) []segment {
	b := &block{addr: 0x1000_0000, perm: 4}
	segs := make([]segment, pnXNum+100)
	for i := range segs {
		g := *b
		g.addr += uint64(i) * 2 * pageSize
		segs[i] = segment{b: &g, more: pageSize}
	}
	return segs
}

func (m machine) ehdr() int {
	if m.wide {
		return 64
	}
	return 52
}

func (m machine) phdr() int {
	if m.wide {
		return 56
	}
	return 32
}

// addr appends an address or offset of the class's width.
func (m machine) addr(p []byte, x uint64) []byte {
	if m.wide {
		return m.order.AppendUint64(p, x)
	}
	return m.order.AppendUint32(p, uint32(x))
}

// header is Elf64_Ehdr or Elf32_Ehdr.
func (m machine) header(phnum int, shoff int64) []byte {
	class, data := byte(1), byte(1)
	if m.wide {
		class = 2
	}
	if m.order == byteOrder(binary.BigEndian) {
		data = 2
	}
	p := []byte{0x7f, 'E', 'L', 'F', class, data, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	p = m.order.AppendUint16(p, etCore)
	p = m.order.AppendUint16(p, m.id)
	p = m.order.AppendUint32(p, 1)
	p = m.addr(p, 0)
	p = m.addr(p, uint64(m.ehdr()))
	p = m.addr(p, uint64(shoff))
	p = m.order.AppendUint32(p, 0)
	shentsize, shnum := 0, 0
	if shoff > 0 {
		shentsize, shnum = len(m.section0(0)), 1
	}
	for _, x := range []int{m.ehdr(), m.phdr(), min(phnum, pnXNum), shentsize, shnum, 0} {
		p = m.order.AppendUint16(p, uint16(x))
	}
	return p
}

// program is Elf64_Phdr or Elf32_Phdr, which order their fields differently.
func (m machine) program(kind, flags uint32, off int64, vaddr, filesz, memsz, align uint64) []byte {
	p := m.order.AppendUint32(nil, kind)
	if m.wide {
		p = m.order.AppendUint32(p, flags)
	}
	for _, x := range []uint64{uint64(off), vaddr, 0, filesz, memsz} {
		p = m.addr(p, x)
	}
	if !m.wide {
		p = m.order.AppendUint32(p, flags)
	}
	return m.addr(p, align)
}

// section0 is the section header whose sh_info counts the program headers.
func (m machine) section0(phnum int) []byte {
	p := m.order.AppendUint32(nil, 0)
	p = m.order.AppendUint32(p, 0)
	for range 4 { // sh_flags, sh_addr, sh_offset, sh_size
		p = m.addr(p, 0)
	}
	p = m.order.AppendUint32(p, 0)
	p = m.order.AppendUint32(p, uint32(phnum))
	p = m.addr(p, 0)
	return m.addr(p, 0)
}

// note is one entry of a PT_NOTE segment under construction: System V ABI,
// chapter 5, and the kernel's writenote.
type note struct {
	m machine
	b *block
}

// add appends a note and returns where its descriptor begins.
func (n note) add(owner string, kind uint32, desc []byte) int {
	p := n.m.order.AppendUint32(n.b.data, uint32(len(owner)+1))
	p = n.m.order.AppendUint32(p, uint32(len(desc)))
	p = n.m.order.AppendUint32(p, kind)
	p = padTo4(append(append(p, owner...), 0))
	at := len(p)
	n.b.data = padTo4(append(p, desc...))
	return at
}

func padTo4(p []byte) []byte {
	for len(p)%4 != 0 {
		p = append(p, 0)
	}
	return p
}

// plant plants s at offset at unless it does not fit into room bytes.
func (n note) plant(s secret.Secret, at, room int, place string) bool {
	return len(s.Data) <= room && n.b.put(s, at, place)
}
