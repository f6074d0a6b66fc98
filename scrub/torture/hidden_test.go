package torture

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"math/rand/v2"
	"unicode/utf16"
)

// hidden is a secret that an evasion puts into a dump.
type hidden struct {
	text  []byte
	parts [][]byte // what of it is private, whole
}

// token returns a fresh JWT, of which the signature is what must go.
func token(r *rand.Rand) hidden {
	b64 := base64.RawURLEncoding
	mac := make([]byte, 32)
	fill(r, mac)
	sign := b64.EncodeToString(mac)
	text := b64.EncodeToString([]byte(`{"alg":"HS256","typ":"JWT"}`)) + "." + b64.EncodeToString([]byte(`{"sub":"evader"}`)) + "." + sign
	return hidden{[]byte(text), [][]byte{[]byte(sign)}}
}

// wide returns h as UTF-16LE.
func (h hidden) wide() hidden {
	widen := func(p []byte) []byte {
		var out []byte
		for _, u := range utf16.Encode([]rune(string(p))) {
			out = binary.LittleEndian.AppendUint16(out, u)
		}
		return out
	}
	w := hidden{text: widen(h.text)}
	for _, p := range h.parts {
		w.parts = append(w.parts, widen(p))
	}
	return w
}

// between returns h with a byte on both sides that ends any text.
func (h hidden) between() []byte { return append(append([]byte{0}, h.text...), 0) }

// elf writes ELF cores of one class and byte order.
type elf struct {
	name  string
	wide  bool // 64-bit
	order binary.AppendByteOrder
}

func elves() []elf {
	return []elf{
		{"64-le", true, binary.LittleEndian}, {"64-be", true, binary.BigEndian},
		{"32-le", false, binary.LittleEndian}, {"32-be", false, binary.BigEndian},
	}
}

// load is a program header; off, addr, file and mem are its fields as they are.
type load struct {
	kind, flags          uint32
	off, addr, file, mem uint64
}

// head returns the length of everything before the first byte of content.
func (e elf) head(n int) uint64 {
	if e.wide {
		return uint64(64 + 56*n)
	}
	return uint64(52 + 32*n)
}

func (e elf) word(b []byte, v uint64) []byte {
	if e.wide {
		return e.order.AppendUint64(b, v)
	}
	return e.order.AppendUint32(b, uint32(v))
}

// core returns the file: headers, then body, whatever the headers say of it.
func (e elf) core(body []byte, loads ...load) []byte {
	class, data, machine := byte(1), byte(1), uint16(3) // EM_386
	eh, ph := uint16(52), uint16(32)
	if e.wide {
		class, machine, eh, ph = 2, 62, 64, 56 // EM_X86_64
	}
	if e.order.String() == binary.BigEndian.String() {
		data, machine = 2, 20 // EM_PPC
		if e.wide {
			machine = 22 // EM_S390
		}
	}
	b := []byte{0x7f, 'E', 'L', 'F', class, data, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	b = e.order.AppendUint16(b, 4) // ET_CORE
	b = e.order.AppendUint16(b, machine)
	b = e.order.AppendUint32(b, 1)
	for _, v := range []uint64{0, uint64(eh), 0} {
		b = e.word(b, v)
	}
	b = e.order.AppendUint32(b, 0)
	for _, v := range []uint16{eh, ph, uint16(len(loads)), 0, 0, 0} {
		b = e.order.AppendUint16(b, v)
	}
	for _, l := range loads {
		b = e.order.AppendUint32(b, l.kind)
		if e.wide {
			b = e.order.AppendUint32(b, l.flags)
		}
		for _, v := range []uint64{l.off, l.addr, 0, l.file, l.mem} {
			b = e.word(b, v)
		}
		if !e.wide {
			b = e.order.AppendUint32(b, l.flags)
		}
		b = e.word(b, 1)
	}
	return append(b, body...)
}

// note returns one note.
func (e elf) note(owner, desc []byte, kind uint32) []byte {
	var b []byte
	b = e.order.AppendUint32(b, uint32(len(owner)))
	b = e.order.AppendUint32(b, uint32(len(desc)))
	b = e.order.AppendUint32(b, kind)
	for _, p := range [][]byte{owner, desc} {
		b = append(b, p...)
		b = append(b, make([]byte, -len(p)&3)...)
	}
	return b
}

// stream is one of a minidump; rva is where it lies, or 0 to lay it out.
type stream struct {
	kind uint32
	data []byte
	rva  uint32
	size uint32 // what the directory says, or 0 for the truth
}

// minidump returns a file of these streams with tail behind them. Each stream is told
// where it will lie.
func minidump(tail []byte, streams ...func(at uint32) stream) []byte {
	le := binary.LittleEndian
	const dir = 32
	b := append([]byte("MDMP"), 0x93, 0xa7, 0, 0)
	for _, v := range []uint32{uint32(len(streams)), dir, 0, 0, 0, 0} {
		b = le.AppendUint32(b, v)
	}
	at := uint32(dir + 12*len(streams))
	var body []byte
	for _, make := range streams {
		s := make(at)
		rva, size := s.rva, s.size
		if rva == 0 {
			rva = at
		}
		if size == 0 {
			size = uint32(len(s.data))
		}
		b = le.AppendUint32(b, s.kind)
		b = le.AppendUint32(b, size)
		b = le.AppendUint32(b, rva)
		body = append(body, s.data...)
		at += uint32(len(s.data))
	}
	return bytes.Join([][]byte{b, body, tail}, nil)
}

// memoryList returns a MemoryListStream with the memory behind its list.
func memoryList(pieces ...[]byte) func(at uint32) stream {
	return func(at uint32) stream {
		le := binary.LittleEndian
		b := le.AppendUint32(nil, uint32(len(pieces)))
		off := at + uint32(4+16*len(pieces))
		var body []byte
		for i, p := range pieces {
			b = le.AppendUint64(b, 0x10000*uint64(i+1))
			b = le.AppendUint32(b, uint32(len(p)))
			b = le.AppendUint32(b, off)
			off += uint32(len(p))
			body = append(body, p...)
		}
		return stream{kind: 5, data: append(b, body...)}
	}
}

func plain(kind uint32, data []byte) func(uint32) stream {
	return func(uint32) stream { return stream{kind: kind, data: data} }
}
