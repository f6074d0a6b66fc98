package elfcore

import (
	"encoding/binary"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// byteOrder both reads and appends.
type byteOrder interface {
	binary.ByteOrder
	binary.AppendByteOrder
}

var (
	little byteOrder = binary.LittleEndian
	big    byteOrder = binary.BigEndian
)

// writer makes cores field by field, in the order in which the specification
// lists them. It shares no type, offset or constant with the reader.
type writer struct {
	out   []byte
	order byteOrder
	wide  bool
}

func (w *writer) u16(v ...uint16) {
	for _, v := range v {
		w.out = w.order.AppendUint16(w.out, v)
	}
}

func (w *writer) u32(v ...uint32) {
	for _, v := range v {
		w.out = w.order.AppendUint32(w.out, v)
	}
}

func (w *writer) word(v ...uint64) {
	for _, v := range v {
		if w.wide {
			w.out = w.order.AppendUint64(w.out, v)
		} else {
			w.out = w.order.AppendUint32(w.out, uint32(v))
		}
	}
}

func (w *writer) zeros(n int) { w.out = append(w.out, make([]byte, n)...) }

// padTo pads to a multiple of n counted from start.
func (w *writer) padTo(start, n int) {
	for (len(w.out)-start)%n != 0 {
		w.out = append(w.out, 0)
	}
}

// ehdr is what tests vary in an ELF header.
type ehdr struct {
	typ, machine        uint16
	phoff, shoff        uint64
	ehsize              uint16
	phnum, shnum, shent uint16
	phent               uint16 // 0: the right one
}

func (w *writer) ehdr(h ehdr) {
	class, data := byte(1), byte(1)
	phent := uint16(32)
	if w.wide {
		class, phent = 2, 56
	}
	if w.order == big {
		data = 2
	}
	if h.phent != 0 {
		phent = h.phent
	}
	w.out = append(w.out, 0x7f, 'E', 'L', 'F', class, data, 1)
	w.zeros(9)
	w.u16(h.typ, h.machine)
	w.u32(1)
	w.word(0, h.phoff, h.shoff)
	w.u32(0)
	w.u16(h.ehsize, phent, h.phnum, h.shent, h.shnum, 0)
}

func (w *writer) phdr(typ uint32, off, vaddr, filesz, memsz, align uint64) {
	w.u32(typ)
	if w.wide {
		w.u32(6)
		w.word(off, vaddr, 0, filesz, memsz, align)
		return
	}
	w.word(off, vaddr, 0, filesz, memsz)
	w.u32(6)
	w.word(align)
}

func (w *writer) shdr(typ uint32, off, size uint64, info uint32) {
	w.u32(0, typ)
	w.word(0, 0, off, size)
	w.u32(0, info)
	w.word(0, 0)
}

// note appends a note and returns where its descriptor lies.
func (w *writer) note(pad int, owner string, typ uint32, desc []byte) layout.Span {
	start := len(w.out)
	w.u32(uint32(len(owner)+1), uint32(len(desc)), typ)
	w.out = append(w.out, owner+"\x00"...)
	w.padTo(start, pad)
	at := layout.Span{Off: int64(len(w.out)), Len: int64(len(desc))}
	w.out = append(w.out, desc...)
	w.padTo(start, pad)
	return at
}

// sub returns an empty writer of the same form.
func (w *writer) sub() *writer { return &writer{order: w.order, wide: w.wide} }

// prstatus returns the NT_PRSTATUS descriptor of Linux for a thread.
func (w *writer) prstatus(pid uint32) []byte {
	d := w.sub()
	d.u32(11, 0, 1) // signal, code, errno
	d.u16(11, 0)
	d.word(0x1111111111111111, 0x2222222222222222) // pending, held
	d.u32(pid, pid+1, pid+2, pid+3)
	d.word(1, 2, 3, 4, 5, 6, 7, 8) // times
	d.word(9, 10, 11, 12)          // the first registers
	return d.out
}

// freebsdPRStatus is the same for FreeBSD.
func (w *writer) freebsdPRStatus(pid uint32) []byte {
	d := w.sub()
	d.u32(1)
	if w.wide {
		d.u32(0)
	}
	d.word(0x111, 0x222, 0x333)
	d.u32(1300139, 11, pid)
	d.word(1, 2, 3, 4)
	return d.out
}

func repeat(b byte, n int) []byte { return []byte(strings.Repeat(string(rune(b)), n)) }

// sample is a core as Linux lays it out: header, program headers, notes, memory.
type sample struct {
	data   []byte
	notes  int // where they start
	memory int // where it starts
	descs  map[string]layout.Span
}

// memoryBase and memorySize are those of the two segments of a sample.
const (
	memoryBase = 0x400000
	memorySize = 256
)

// linuxCore makes a sample of threads 100, 101 and so on.
func linuxCore(order byteOrder, wide bool, machine uint16, threads int) sample {
	w := &writer{order: order, wide: wide}
	ehsize, phsize := 52, 32
	if wide {
		ehsize, phsize = 64, 56
	}
	s := sample{notes: ehsize + 3*phsize, descs: map[string]layout.Span{}}

	n := w.sub()
	n.zeros(s.notes) // so that offsets are those of the file
	for i := range threads {
		s.descs["prstatus"] = n.note(4, "CORE", 1, w.prstatus(uint32(100+i)))
		s.descs["fpregset"] = n.note(4, "CORE", 2, repeat('f', 64))
		s.descs["xstate"] = n.note(4, "LINUX", 0x202, repeat('x', 203))
	}
	s.descs["prpsinfo"] = n.note(4, "CORE", 3, repeat('p', 124))
	s.descs["file"] = n.note(4, "CORE", 0x46494c45, repeat('/', 33))
	s.descs["auxv"] = n.note(4, "CORE", 6, repeat('a', 32))
	s.descs["unknown"] = n.note(4, "OTHER", 1, repeat('u', 16))
	notesEnd := len(n.out)
	n.padTo(0, 64)
	s.memory = len(n.out)

	w.ehdr(ehdr{typ: 4, machine: machine, phoff: uint64(ehsize), ehsize: uint16(ehsize), phnum: 3})
	w.phdr(4, uint64(s.notes), 0, uint64(notesEnd-s.notes), 0, 0)
	w.phdr(1, uint64(s.memory), memoryBase, memorySize, 4096, 4096)
	w.phdr(1, uint64(s.memory)+memorySize, memoryBase+memorySize, memorySize, 4096, 4096)
	w.out = append(w.out, n.out[s.notes:]...)
	w.out = append(w.out, repeat('m', 2*memorySize)...)
	s.data = w.out
	return s
}
