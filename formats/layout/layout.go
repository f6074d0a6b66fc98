package layout

import "sort"

// Span is the file bytes [Off, Off+Len). Off and Len are never negative.
type Span struct{ Off, Len int64 }

// End returns the offset of the first byte after s.
func (s Span) End() int64 { return s.Off + s.Len }

// Kind says what the bytes of a region are.
type Kind uint8

// The kinds, from weakest to strongest claim: where two claims overlap, the
// stronger one names the bytes.
const (
	Unclaimed Kind = iota // no header claims them
	Memory                // the dumped process's memory
	Text                  // strings: command lines, comments, names, annotations
	Registers             // thread contexts and other register state
	Structure             // what the reader walked; never redacted
)

// String returns the name that reports use.
func (k Kind) String() string {
	switch k {
	case Memory:
		return "memory"
	case Text:
		return "text"
	case Registers:
		return "registers"
	case Structure:
		return "structure"
	}
	return "unclaimed"
}

// Region is a span of the file that is one thing.
type Region struct {
	Span
	Kind Kind
	Addr uint64 // address of the first byte; only when Kind is Memory
	Name string // in the format's own vocabulary; never bytes from the dump
}

// Extent says that memory from Addr on lies in the file at Span. Its last byte
// is at Addr+Len-1, which never wraps around.
type Extent struct {
	Addr uint64
	Span
}

// Access is what the dumped process was allowed to do with memory.
type Access uint8

// The bits of Access.
const (
	Read Access = 1 << iota
	Write
	Execute
)

// Mapping is a range of the dumped process's address space, whether or not the
// file holds what was there. Its last byte is at Addr+Len-1, which never wraps
// around.
type Mapping struct {
	Addr, Len uint64
	Access    Access // all of it where the dump does not say
	// Image says that it maps a program or a library: a file of which some part
	// was executable, or what the dump lists as a module.
	Image bool
}

// Thread is one thread of the dumped process.
type Thread struct {
	ID uint64 // as the operating system numbered it
	// SP is the stack pointer, 0 when it is not known. What a debugger needs of
	// the thread's stack lies at SP and above, and a few bytes below.
	SP uint64
	// TLS is the address of what the C library or the system keeps about the
	// thread: the thread pointer of ELF, the TEB of Windows; 0 when it is not known.
	TLS uint64
}

// Layout is what a dump consists of.
type Layout struct {
	Format  string   // "elf-core", "minidump", "raw"
	Arch    string   // "x86-64", "arm64", …; empty when the format does not say
	Size    int64    // of the file, in bytes
	Regions []Region // sorted by Off, tiling [0, Size)
	Memory  []Extent // sorted by Addr, then Off; may alias
	Threads []Thread // in file order
	// Mappings are the address space as the dump describes it, beyond what it
	// holds: sorted by Addr, then as the dump has them. They may overlap; none when
	// the dump does not say.
	Mappings []Mapping
	// Vectors are the bytes of register state that hold the values of vector and
	// floating-point registers, or keys that the processor held, and no control
	// or status word. Sorted, apart from each other, and of kind Registers.
	Vectors []Span
	// State is where streams of numbers lie that a debugger reads to know threads,
	// modules and the machine: as the headers have them, in file order; they may
	// overlap each other and regions of every kind.
	State []Span
	// MainStack is an address in the first thread's stack above all of its frames,
	// 0 when it is not known.
	MainStack uint64
	Truncated bool  // headers claim bytes past the end of the file
	Missing   int64 // how many such bytes, as far as the headers can be read
}

// At returns the index of the region that holds off, which must lie in the file.
func (l *Layout) At(off int64) int {
	return sort.Search(len(l.Regions), func(i int) bool { return l.Regions[i].End() > off })
}

// Bytes returns how many bytes of the file are of kind k.
func (l *Layout) Bytes(k Kind) int64 {
	var n int64
	for _, r := range l.Regions {
		if r.Kind == k {
			n += r.Len
		}
	}
	return n
}
