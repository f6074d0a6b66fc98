package minimize

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// keptTexts are the texts, by the names of their regions, that a debugger needs to
// find programs, libraries and their symbols, or that tell of the machine.
func keptText(name string) bool {
	switch name {
	case "NT_FILE", "NT_GDB_TDESC", "module name", "CodeView record", "misc record", "shared object name",
		"thread name", "memory maps", "service pack", "lsb-release", "cpuinfo", "time zone name", "build string", "VMCOREINFO":
		return true
	}
	return false
}

// argsSize is the size in bytes of pr_psargs, which ends NT_PRPSINFO
// (include/linux/elfcore.h, ELF_PRARGSZ).
const argsSize = 80

// text judges the part p, from offset off of the file on, of region r.
func (m *Mask) text(p []byte, off int64, r *layout.Region) int64 {
	if keptText(r.Name) {
		return 0
	}
	if r.Name == "NT_PRPSINFO" && r.Len > argsSize {
		// Numbers and the program's name stay, its arguments go.
		args := r.End() - argsSize
		if off+int64(len(p)) <= args {
			return 0
		}
		if off <= args {
			p = p[args-off:]
			if i := bytes.IndexAny(p, " \x00"); i >= 0 {
				p = p[i+1:]
			} else {
				p = nil
			}
		}
	}
	var n int64
	for i, b := range p {
		if b != 0 {
			n += fill(p[i : i+1])
		}
	}
	return n
}

// The bounds of numbers in a thread's state: process numbers, and the 16-bit
// selectors of segments.
const (
	maxState32 = 8 << 20
	maxState16 = 0x60
)

// registers judges part p of a region of registers, at offset off in it. A value
// that is neither an address nor small stays when it stands alone: two or more side
// by side may be a key that was being moved.
func (m *Mask) registers(p []byte, off uint64) int64 {
	size, least := 8, 2
	if !m.wide {
		size, least = 4, 3
	}
	var n int64
	i := int(min(-off%uint64(size), uint64(len(p))))
	row := 0
	for ; i+size <= len(p); i += size {
		if m.plain(p[i : i+size]) {
			if row >= least {
				n += fill(p[i-row*size : i])
			}
			row = 0
			continue
		}
		row++
	}
	if row >= least {
		n += fill(p[i-row*size : i])
	}
	return n
}

// plain reports whether a register holds an address or a small number.
func (m *Mask) plain(p []byte) bool {
	small := func(v uint32) bool { return v < maxState32 || int32(v) >= minNumber && int32(v) < 0 }
	if len(p) == 4 {
		v := m.order.Uint32(p)
		return small(v) || m.pointer(uint64(v))
	}
	v := m.order.Uint64(p)
	if small(uint32(v)) && small(uint32(v>>32)) || m.pointer(v) {
		return true
	}
	for range 4 {
		if v&0xffff >= maxState16 {
			return false
		}
		v >>= 16
	}
	return true
}
