package dump

import (
	"encoding/binary"
	"math/rand/v2"
	"time"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// Stream types: minidumpapiset.h, MINIDUMP_STREAM_TYPE, and Breakpad's
// minidump_format.h, MDStreamType.
const (
	threadList   = 3
	moduleList   = 4
	memoryList   = 5
	exception    = 6
	systemInfo   = 7
	memory64List = 9
	commentA     = 10
	commentW     = 11
	miscInfo     = 15
	linuxStatus  = 0x47670004
	linuxCmdLine = 0x47670006
	linuxEnviron = 0x47670007
	linuxMaps    = 0x47670009
)

// Sizes of MINIDUMP_HEADER, MINIDUMP_DIRECTORY, MINIDUMP_THREAD,
// MINIDUMP_MODULE and of the CONTEXT of x64.
const (
	mdHeader    = 32
	mdDirectory = 12
	mdModule    = 108
	mdContext   = 1232
)

// minidumpOptions is what is odd about a minidump.
type minidumpOptions struct {
	full     bool // Memory64List, else MemoryList
	breakpad bool // command line and environment of a Linux process
	shuffled bool // ranges lie in random order
	listLast bool // the memory list stands behind the memory, as Breakpad writes it
}

// minidump is a file under construction.
type minidump struct {
	d       *Dump
	rng     *rand.Rand
	img     *image
	entries []dirEntry
}

type dirEntry struct {
	kind, size uint32
	rva        int64
}

// layMinidump lays out a minidump of the blocks in img.
func layMinidump(rng *rand.Rand, d *Dump, img *image, o minidumpOptions) {
	w := &minidump{d: d, rng: rng, img: img}
	const streams = 12
	head := &block{data: make([]byte, mdHeader+streams*mdDirectory)}
	d.whole(head, 1)
	w.stream(systemInfo, &block{data: w.systemInfo(o.breakpad)})
	w.stream(miscInfo, &block{data: le32(24, 1, 4242, 1715938200, 12, 3)})
	w.modules(o.breakpad)
	w.texts(o.breakpad)

	ranges := segmentsOf(img)
	if o.shuffled {
		rng.Shuffle(len(ranges), func(i, j int) { ranges[i], ranges[j] = ranges[j], ranges[i] })
	}
	lists := &block{data: make([]byte, listLen(len(ranges), o.full))}
	if !o.listLast {
		w.memoryStream(lists, o.full)
	}
	w.memory(ranges, o.full)
	if o.listLast {
		w.memoryStream(lists, o.full)
	}
	fillList(lists.data, ranges, o.full)
	w.threads(ranges, o.breakpad)
	if n := len(img.loose); n > 0 {
		d.whole(img.loose[n-1], 1)
	}
	w.header(head.data, streams)
}

// stream puts b next in the file and into the directory.
func (w *minidump) stream(kind uint32, b *block) {
	off := w.d.whole(b, 4)
	w.entries = append(w.entries, dirEntry{kind, uint32(len(b.data)), off})
}

// header is MINIDUMP_HEADER and the directory; entries to spare are unused
// streams, which have type 0.
func (w *minidump) header(p []byte, streams int) {
	made := uint32(time.Date(2024, 5, 17, 9, 30, 0, 0, time.UTC).Unix())
	head := append([]byte("MDMP"), le32(0x0000a793, uint32(streams), mdHeader, 0, made, 2, 0)...)
	for i := range streams {
		var e dirEntry
		if i < len(w.entries) {
			e = w.entries[i]
		}
		head = append(head, le32(e.kind, e.size, uint32(e.rva))...)
	}
	copy(p, head)
}

// listLen is the size of MINIDUMP_MEMORY_LIST or MINIDUMP_MEMORY64_LIST.
func listLen(n int, full bool) int {
	if full {
		return 16 + 16*n
	}
	return 4 + 16*n
}

func (w *minidump) memoryStream(list *block, full bool) {
	kind := uint32(memoryList)
	if full {
		kind = memory64List
	}
	w.stream(kind, list)
}

// memory puts the ranges into the file: packed, and with a full dump's in one row.
func (w *minidump) memory(ranges []segment, full bool) {
	for i := range ranges {
		ranges[i].off = w.d.place(ranges[i].b, ranges[i].s, 1)
		if !full && i < len(w.img.loose)-1 {
			w.d.whole(w.img.loose[i], 1)
		}
	}
	if full && len(w.img.loose) > 1 {
		w.d.whole(w.img.loose[0], 1)
	}
}

func fillList(p []byte, ranges []segment, full bool) {
	le := binary.LittleEndian
	out := p[:0]
	if full {
		out = le.AppendUint64(out, uint64(len(ranges)))
		out = le.AppendUint64(out, uint64(ranges[0].off))
	} else {
		out = le.AppendUint32(out, uint32(len(ranges)))
	}
	for _, r := range ranges {
		out = le.AppendUint64(out, r.b.addr+uint64(r.s.start))
		if n := r.s.end - r.s.start; full {
			out = le.AppendUint64(out, uint64(n))
		} else {
			out = append(out, le32(uint32(n), uint32(r.off))...)
		}
	}
}

// threads writes MINIDUMP_THREAD_LIST. Each thread names the stack that the
// memory list names too: the same bytes under two headings.
func (w *minidump) threads(ranges []segment, linux bool) {
	le := binary.LittleEndian
	list := le32(uint32(w.img.threads))
	var crashed int64
	for i := range w.img.threads {
		ctx := &block{data: w.context(i)}
		w.img.inRegisters(func(s plantable) bool {
			const xmm0, room = 0x1a0, 256 // CONTEXT.Xmm0 to Xmm15: winnt.h
			return len(s.Data) <= room && ctx.put(s.Secret, xmm0, "registers")
		})
		at := w.d.whole(ctx, 16)
		crashed = at
		var stack segment
		for _, r := range ranges {
			if r.b == w.img.stacks[i] && r.s.end == len(r.b.data) {
				stack = r
			}
		}
		list = append(list, le32(uint32(1000+i), 0, 0, 0)...)
		list = le.AppendUint64(list, 0x7ff5_0000_0000+uint64(i)<<13)
		list = le.AppendUint64(list, stack.b.addr+uint64(stack.s.start))
		list = append(list, le32(uint32(stack.s.end-stack.s.start), uint32(stack.off), mdContext, uint32(at))...)
	}
	w.stream(threadList, &block{data: list})

	// MINIDUMP_EXCEPTION_STREAM: thread, alignment, MINIDUMP_EXCEPTION, context.
	code := uint32(0xc0000005) // STATUS_ACCESS_VIOLATION
	if linux {
		code = 11 // SIGSEGV
	}
	e := le32(uint32(1000+w.img.threads-1), 0, code, 0)
	e = append(e, make([]byte, 8)...)
	e = le.AppendUint64(e, w.img.code.addr+0x1234)
	e = append(e, make([]byte, 8+15*8)...)
	w.stream(exception, &block{data: append(e, le32(mdContext, uint32(crashed))...)})
}

// context is CONTEXT of x64 with all its parts: winnt.h.
func (w *minidump) context(thread int) []byte {
	p := vectorNoise(w.rng, mdContext)
	le := binary.LittleEndian
	clear(p[:0x100])
	le.PutUint32(p[0x30:], 0x0010001f) // ContextFlags
	le.PutUint32(p[0x34:], 0x1f80)     // MxCsr
	le.PutUint32(p[0x118:], 0x1f80)    // FltSave.MxCsr
	stack := w.img.stacks[thread]
	le.PutUint64(p[0x98:], stack.addr+uint64(len(stack.data)/2)) // Rsp
	le.PutUint64(p[0xf8:], w.img.code.addr+0x1234)               // Rip
	return p
}

func le32(xs ...uint32) []byte {
	var p []byte
	for _, x := range xs {
		p = binary.LittleEndian.AppendUint32(p, x)
	}
	return p
}

// mdString is MINIDUMP_STRING: length in bytes, UTF-16LE, terminator.
func mdString(s string) []byte {
	wide := secret.Widen([]byte(s))
	return append(append(le32(uint32(len(wide))), wide...), 0, 0)
}
