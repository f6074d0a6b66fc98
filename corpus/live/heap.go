package live

import (
	"debug/elf"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
)

// A heap of glibc on a 64-bit machine, as a walker of its lists sees it (glibc 2.36,
// malloc/malloc.c and arena.c). Chunks follow each other to the end of the heap; the
// word before their contents is their size, with flags in its low bits. Free ones keep
// pointers to others of their list in their first words, large ones four.
const (
	wordSize   = 8
	chunkAlign = 16
	chunkFlags = 7
	prevInUse  = 1
	leastChunk = 32
	largeChunk = 1024
	// fewestChunks tells a heap from words that happen to be multiples of 16.
	fewestChunks = 8
	// arenaAlign is HEAP_MAX_SIZE: heaps of threads begin at its multiples, with
	// headers of at most maxHeader bytes before the first chunk.
	arenaAlign, maxHeader = 64 << 20, 0xa00
)

// The cache of a thread is a chunk of its own: how many chunks of each size are in
// it, and where the first ones are. A chunk in it keeps where the next one is, mangled
// with its own address, and a key.
const (
	cacheBins = 64
	cacheSize = cacheBins*2 + cacheBins*wordSize
	// mostCached is tcache_count of glibc.
	mostCached = 7
)

// heap is one heap: its memory and where its chunks begin, as indices.
type heap struct {
	addr   uint64
	data   []byte
	chunks []int
}

func (h heap) word(i int) uint64 { return binary.LittleEndian.Uint64(h.data[i:]) }

// heapsOf returns the heaps in the core at path, by address.
func heapsOf(path string) ([]heap, error) {
	f, err := elf.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var hs []heap
	for _, s := range stretches(f) {
		h := heap{addr: s.addr, data: make([]byte, min(maxHeader+leastChunk, s.size))}
		if _, err := io.ReadFull(s.open(), h.data); err != nil {
			return nil, err
		}
		header := 0
		if s.addr%arenaAlign == 0 {
			header = len(h.data) - leastChunk
		}
		read := false
		for start := 0; start <= header && h.chunks == nil; start += chunkAlign {
			if size := h.word(start+wordSize) &^ chunkFlags; size < leastChunk || size%chunkAlign != 0 || size > uint64(s.size) {
				continue
			}
			if !read {
				if h.data, err = io.ReadAll(s.open()); err != nil {
					return nil, err
				}
				read = true
			}
			h.walk(start)
		}
		if h.chunks != nil {
			hs = append(hs, h)
		}
	}
	return hs, nil
}

// stretch is memory that can be written, without a gap.
type stretch struct {
	addr  uint64
	size  int
	parts []*elf.Prog
}

func (s stretch) open() io.Reader {
	var rs []io.Reader
	for _, p := range s.parts {
		rs = append(rs, p.Open())
	}
	return io.MultiReader(rs...)
}

// stretches returns them by address. A process that was forked has its heap in two
// mappings.
func stretches(f *elf.File) (out []stretch) {
	for _, p := range f.Progs {
		const writable = elf.PF_R | elf.PF_W
		if p.Type != elf.PT_LOAD || p.Flags&writable != writable || p.Filesz < 1<<12 {
			continue
		}
		if n := len(out) - 1; n >= 0 && out[n].addr+uint64(out[n].size) == p.Vaddr && p.Vaddr%arenaAlign != 0 {
			out[n].size += int(p.Filesz)
			out[n].parts = append(out[n].parts, p)
			continue
		}
		out = append(out, stretch{p.Vaddr, int(p.Filesz), []*elf.Prog{p}})
	}
	return out
}

// walk notes the chunks from start on, when they lead to the end of the heap.
func (h *heap) walk(start int) {
	var at []int
	i := start
	for i+leastChunk/2 <= len(h.data) {
		size := h.word(i+wordSize) &^ chunkFlags
		if size < leastChunk/2 || size%chunkAlign != 0 || size > uint64(len(h.data)-i) {
			return
		}
		at = append(at, i)
		i += int(size)
	}
	if i == len(h.data) && len(at) >= fewestChunks {
		h.chunks = at
	}
}

// links returns what a walker reads of the heap: by address, sizes of chunks and the
// pointers of free ones.
func (h heap) links(into map[uint64]uint64) {
	note := func(i int) { into[h.addr+uint64(i)] = h.word(i) }
	for k, i := range h.chunks {
		note(i + wordSize)
		if k+1 == len(h.chunks) {
			return
		}
		next := h.chunks[k+1]
		if h.word(next+wordSize)&prevInUse != 0 {
			continue
		}
		note(next) // the size once more
		n := 2
		if next-i >= largeChunk {
			n = 4
		}
		for w := range n {
			note(i + (2+w)*wordSize)
		}
	}
}

// caches adds the caches of threads that lie in the heap and the chunks in them.
func caches(hs []heap, into map[uint64]uint64) {
	read := func(addr uint64) (uint64, bool) {
		for _, h := range hs {
			if addr >= h.addr && addr-h.addr <= uint64(len(h.data)-wordSize) {
				into[addr] = h.word(int(addr - h.addr))
				return into[addr], true
			}
		}
		return 0, false
	}
	for _, h := range hs {
		for _, i := range h.chunks {
			if h.word(i+wordSize)&^chunkFlags != cacheSize+chunkAlign || !h.isCache(i+chunkAlign) {
				continue
			}
			for w := range cacheSize / wordSize {
				read(h.addr + uint64(i+chunkAlign+w*wordSize))
			}
			for bin := range cacheBins {
				p := h.word(i + chunkAlign + cacheBins*2 + bin*wordSize)
				for n := 0; p != 0 && n < mostCached; n++ {
					next, ok := read(p)
					if !ok {
						break
					}
					read(p + wordSize)
					p = next ^ p>>12
				}
			}
		}
	}
}

// isCache reports whether the cache of a thread is at i.
func (h heap) isCache(i int) bool {
	for bin := range cacheBins {
		n := binary.LittleEndian.Uint16(h.data[i+2*bin:])
		if p := h.word(i + cacheBins*2 + bin*wordSize); n > mostCached || (n > 0) != (p != 0) || p%chunkAlign != 0 {
			return false
		}
	}
	return true
}

// compareHeaps adds to d where a walker of the heap sees something else in the dump
// after than in the one before.
func (d *Dump) compareHeaps(before, after string) error {
	hs, err := heapsOf(before)
	if err != nil {
		return err
	}
	after2, err := heapsOf(after)
	if err != nil {
		return err
	}
	x, y := map[uint64]uint64{}, map[uint64]uint64{}
	for _, side := range []struct {
		hs   []heap
		into map[uint64]uint64
	}{{hs, x}, {after2, y}} {
		for _, h := range side.hs {
			h.links(side.into)
		}
		caches(side.hs, side.into)
	}
	d.Heaps = len(hs)
	for _, h := range hs {
		d.Chunks += len(h.chunks)
	}
	if maps.Equal(x, y) {
		return nil
	}
	if len(hs) != len(after2) {
		d.Failures = append(d.Failures, fmt.Sprintf("%d heaps of glibc, and %d in the copy", len(hs), len(after2)))
	}
	n, first := 0, uint64(0)
	for _, addr := range slices.Sorted(maps.Keys(x)) {
		if v, ok := y[addr]; !ok || v != x[addr] {
			if n == 0 {
				first = addr
			}
			n++
		}
	}
	d.Failures = append(d.Failures, fmt.Sprintf("%d words of the heap's lists differ, the first at 0x%x", n, first))
	return nil
}
