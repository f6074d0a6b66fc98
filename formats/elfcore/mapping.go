package elfcore

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// p_flags of a program header (gABI chapter 5, "Segment Permissions").
const (
	flagExecute = 1
	flagWrite   = 2
	flagRead    = 4
)

// access translates p_flags.
func access(flags uint32) layout.Access {
	var a layout.Access
	for _, f := range []struct {
		flag uint32
		bit  layout.Access
	}{{flagRead, layout.Read}, {flagWrite, layout.Write}, {flagExecute, layout.Execute}} {
		if flags&f.flag != 0 {
			a |= f.bit
		}
	}
	return a
}

// maxFileNote bounds how much of NT_FILE is read, in bytes. The kernel writes at
// most 4 MiB (fs/binfmt_elf.c, MAX_FILE_NOTE_SIZE).
const maxFileNote = 8 << 20

// mapped is one entry of NT_FILE: addresses [low, high) map a piece of the file
// of that number.
type mapped struct {
	low, high uint64
	file      int
	start     bool // it is the first piece of the file
}

// files takes note of the files that n says are mapped, if it is NT_FILE: a count
// and a page size, then so many triples of start, end and offset, then as many names
// with a NUL behind each; all numbers are words.
func (w *walker) files(n note) error {
	if n.owner != "CORE" || n.typ != ntFile {
		return nil
	}
	word := 4
	if w.wide {
		word = 8
	}
	data := make([]byte, min(n.desc.Len, maxFileNote))
	c := w.cursor(n.desc.Off)
	c.Bytes(data)
	if err := c.Err(); err != nil {
		return err
	}
	if len(data) < 2*word {
		return nil
	}
	count := w.wordAt(data, 0, 0)
	data = data[2*word:]
	if count > uint64(len(data)/(3*word)) {
		return nil
	}
	names := data[int(count)*3*word:]
	numbers := map[string]int{}
	for i := range int(count) {
		name, rest, ok := bytes.Cut(names, []byte{0})
		if !ok {
			break
		}
		names = rest
		if _, known := numbers[string(name)]; !known {
			numbers[string(name)] = len(numbers)
		}
		at := data[i*3*word:]
		w.mapped = append(w.mapped, mapped{w.wordAt(at, 0, 0), w.wordAt(at, word, word), numbers[string(name)], w.wordAt(at, 2*word, 2*word) == 0})
	}
	return nil
}

// claimMappings tells b the address space: every PT_LOAD, with what NT_FILE says of
// it, and what NT_FILE names beyond that, as gdb leaves out code that can be had from
// files. A file is a program when a piece of it is executable or when it begins
// like one.
func (w *walker) claimMappings(b *layout.Builder, loads []segment) error {
	in := func(addr uint64) (int, bool) {
		// Entries ascend in what kernels and gdb write; where they do not, a few
		// programs are taken for data.
		lo, hi := 0, len(w.mapped)
		for lo < hi {
			if m := (lo + hi) / 2; w.mapped[m].high <= addr {
				lo = m + 1
			} else {
				hi = m
			}
		}
		if lo == len(w.mapped) || addr < w.mapped[lo].low {
			return 0, false
		}
		return w.mapped[lo].file, true
	}
	program := map[int]bool{}
	starts := map[uint64]bool{}
	for _, m := range w.mapped {
		if m.start {
			starts[m.low] = true
		}
	}
	for _, s := range loads {
		file, ok := in(s.vaddr)
		if !ok || program[file] {
			continue
		}
		if program[file] = s.flags&flagExecute != 0; !program[file] && starts[s.vaddr] && w.present(s.off, 4).Len == 4 {
			head, err := w.peek(int64(s.off), 4)
			if err != nil {
				return err
			}
			program[file] = string(head) == magic
		}
	}
	for _, s := range loads {
		file, ok := in(s.vaddr)
		b.Map(s.vaddr, max(s.memsize, s.filesize), layout.Mapping{Access: access(s.flags), Image: ok && program[file]})
	}
	for _, m := range w.mapped {
		if m.high > m.low {
			b.Map(m.low, m.high-m.low, layout.Mapping{Access: layout.Read | layout.Write | layout.Execute, Image: program[m.file]})
		}
	}
	return nil
}
