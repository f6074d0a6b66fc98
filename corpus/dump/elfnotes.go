package dump

import (
	"math/rand/v2"
)

// Note types: Linux include/uapi/linux/elf.h, elfcore.h and signal headers.
const (
	ntPRStatus = 1
	ntFPRegs   = 2
	ntPRPSInfo = 3
	ntAuxv     = 6
	ntXState   = 0x202
	ntFile     = 0x46494c45
	ntSigInfo  = 0x53494749
)

// The XSAVE area of a machine with AVX-512 in the layout of Intel's processors,
// as gdb writes it: Intel SDM, volume 1, section 13.4.
const (
	xstateLen  = 2696
	xmmAt      = 160  // legacy area, XMM0 to XMM15
	hi16ZMMAt  = 1664 // ZMM16 to ZMM31, whole
	hi16ZMMLen = 1024
)

// psargs is where struct elf_prpsinfo has the argument list, 80 bytes.
func (m machine) psargs() (at, total int) {
	if m.wide {
		return 56, 136
	}
	return 44, 124
}

// elfNotes returns the notes of a process with img's threads, with secrets in
// registers, arguments and file names.
func elfNotes(rng *rand.Rand, m machine, img *image) *block {
	n := note{m, &block{name: "notes"}}
	for i := range img.threads {
		n.add("CORE", ntPRStatus, m.prStatus(rng, img, i))
		if i == 0 {
			n.processNotes(rng, img)
		}
		fp := n.add("CORE", ntFPRegs, vectorNoise(rng, m.fpregs))
		img.inRegisters(func(s plantable) bool {
			return n.plant(s.Secret, fp+m.fpAt, m.fpLen, "registers")
		})
		if m.name == "x86-64" {
			xs := n.add("LINUX", ntXState, vectorNoise(rng, xstateLen))
			img.inRegisters(func(s plantable) bool {
				return n.plant(s.Secret, xs+hi16ZMMAt, hi16ZMMLen, "registers")
			})
			img.inRegisters(func(s plantable) bool {
				return n.plant(s.Secret, xs+xmmAt, m.fpLen, "registers")
			})
		}
	}
	return n.b
}

// processNotes are those that follow the first thread's status.
func (n note) processNotes(rng *rand.Rand, img *image) {
	m := n.m
	args, total := m.psargs()
	info := make([]byte, total)
	copy(info[args-16:], "server")
	copy(info[args:], "/usr/bin/server --listen :8080 --auth ")
	at := n.add("CORE", ntPRPSInfo, info)
	const option = len("/usr/bin/server -t ")
	if img.argument.Data != nil && len(img.argument.Data) <= 80-option-1 {
		copy(n.b.data[at+args:], append([]byte("/usr/bin/server -t "), make([]byte, 80-option)...))
		n.plant(img.argument, at+args+option, 80-option-1, "arguments")
	}
	n.add("CORE", ntSigInfo, make([]byte, 128))
	var auxv []byte
	for _, x := range []uint64{3, img.code.addr, 4, uint64(m.phdr()), 6, pageSize, 9, img.code.addr + 0x1040, 0, 0} {
		auxv = m.addr(auxv, x)
	}
	n.add("CORE", ntAuxv, auxv)
	desc, names := m.fileNote(img)
	at = n.add("CORE", ntFile, append(desc, names...))
	if img.fileName.Data != nil {
		n.plant(img.fileName, at+len(desc)+len(filePrefix), len(img.fileName.Data), "file name")
	}
}

// filePrefix precedes the secret in the first name of the NT_FILE note.
const filePrefix = "/tmp/upload?token="

// fileNote is NT_FILE: count, page size, {start, end, page offset} each, names.
func (m machine) fileNote(img *image) (ranges, names []byte) {
	ranges = m.addr(m.addr(nil, 2), pageSize)
	for _, b := range []*block{img.code, img.rodata} {
		for _, x := range []uint64{b.addr, b.addr + uint64(len(b.data)), 0} {
			ranges = m.addr(ranges, x)
		}
	}
	names = append([]byte(filePrefix), make([]byte, len(img.fileName.Data)+1)...)
	return ranges, append(names, "/usr/lib/libc.so.6\x00"...)
}

// prStatus is struct elf_prstatus: signal, masks, ids, times, then general
// registers, of which the last ones here point into code and stack.
func (m machine) prStatus(rng *rand.Rand, img *image, thread int) []byte {
	p := make([]byte, m.prstatus)
	pid, regs := 32, 112
	if !m.wide {
		pid, regs = 24, 72
	}
	m.order.PutUint32(p[pid:], uint32(4242+thread))
	stack := img.stacks[thread]
	for at := regs; at+8 <= len(p)-8; at += 8 {
		x := stack.addr + uint64(rng.IntN(len(stack.data)))&^7
		if rng.IntN(3) == 0 {
			x = uint64(rng.IntN(1 << 16))
		}
		copy(p[at:], m.addr(nil, x))
	}
	return p
}

// vectorNoise is vector state as most threads have it: mostly zero, some text
// and numbers from string routines.
func vectorNoise(rng *rand.Rand, size int) []byte {
	p := make([]byte, size)
	for at := 0; at+32 < size; at += 32 {
		if rng.IntN(6) == 0 {
			copy(p[at:at+32], words[rng.IntN(len(words))])
		}
	}
	return p
}
