package dump

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"

	"github.com/dumpscrub/dumpscrub/corpus/secret"
)

// image is a process: its memory, and the secrets that wait for a place outside
// memory, because what can stand there depends on the format.
type image struct {
	threads int
	word    secret.Word // puts a word of the machine
	blocks  []*block    // in the order of their addresses
	heap    *block
	code    *block
	rodata  *block
	anon    *block
	stacks  []*block
	loose   []*block // bytes that no header will claim

	registers []plantable
	argument  secret.Secret // of a command line, at most 61 bytes
	fileName  secret.Secret
	environ   secret.Secret
	comment   secret.Secret
	commentW  secret.Secret
}

// plantable is a secret waiting for registers.
type plantable struct {
	secret.Secret
	done bool
}

// inRegisters offers the waiting secrets to plant until it takes one.
func (img *image) inRegisters(plant func(plantable) bool) {
	for i := range img.registers {
		if p := &img.registers[i]; !p.done && plant(*p) {
			p.done = true
			return
		}
	}
}

// Shares of an image's bytes, in percent; stacks take the rest.
const (
	heapShare   = 50
	codeShare   = 15
	rodataShare = 10
	anonShare   = 15
	looseShare  = 4
)

// newImage returns an image of about size bytes without secrets.
func newImage(rng *rand.Rand, order binary.AppendByteOrder, wide bool, size int) *image {
	n := newNoise(rng, order, wide)
	page := func(share int) int { return max(1, size*share/100/pageSize) * pageSize }
	img := &image{threads: 2 + rng.IntN(3), word: wordOf(order, wide)}
	next := uint64(0x5581_6a2c_0000)
	stackTop := uint64(0x7ffd_1a00_0000)
	libs := n.code[0]
	if !wide {
		next, stackTop = 0x0804_c000, 0xd000_0000
	}
	add := func(name string, perm uint32, addr uint64, data []byte) *block {
		b := &block{name: name, addr: addr, perm: perm, data: data}
		img.blocks = append(img.blocks, b)
		return b
	}
	img.heap = add("heap", 6, next, n.heapData(page(heapShare)))
	img.anon = add("anonymous", 6, img.heap.addr+uint64(len(img.heap.data))+0x10_0000, n.heapData(page(anonShare)))
	img.code = add("code", 5, libs, n.codeData(page(codeShare)))
	img.rodata = add("rodata", 4, libs+uint64(len(img.code.data))+0x1000, n.dataSegment(page(rodataShare)))
	share := max(4*pageSize, page(100-heapShare-codeShare-rodataShare-anonShare-looseShare)/img.threads&^(pageSize-1))
	for range img.threads {
		img.stacks = append(img.stacks, add("stack", 6, stackTop, n.stackData(share)))
		stackTop += uint64(share) + 0x10_0000
	}
	for range 3 {
		img.loose = append(img.loose, &block{name: "unclaimed", data: n.heapData(page(looseShare)/3 + 511)})
	}
	return img
}

// inLoose plants s with put in one of the blocks that no header claims, if the
// dump has any.
func (img *image) inLoose(i int, put func(b *block) bool) bool {
	return len(img.loose) > 0 && put(img.loose[i%len(img.loose)])
}

// cutPages cuts each writable block at n of its page borders.
func (img *image) cutPages(rng *rand.Rand, n int) {
	for _, b := range img.blocks {
		if b.perm != 6 {
			continue
		}
		for range n {
			if pages := len(b.data) / pageSize; pages > 1 {
				b.cuts = append(b.cuts, pageSize*(1+rng.IntN(pages-1)))
			}
		}
		slices.Sort(b.cuts)
		b.cuts = slices.Compact(b.cuts)
	}
}

// tinyBytes of memory in tiny ranges make thousands of them, as in Wine's
// minidumps, which had 7,173 ranges of about 11 bytes.
const tinyBytes = 1 << 17

// cutTiny cuts the beginning of the anonymous memory into ranges of few bytes.
func (img *image) cutTiny(rng *rand.Rand) {
	for at := 8 + rng.IntN(40); at < min(tinyBytes, len(img.anon.data)); at += 8 + rng.IntN(40) {
		img.anon.cuts = append(img.anon.cuts, at)
	}
}

// plant finds a place for s: mostly in the heap, sometimes where it is harder
// to find. It reports whether there was one.
func (img *image) plant(rng *rand.Rand, s secret.Secret) bool {
	places := []func() bool{
		func() bool { return img.heap.anywhere(rng, s, "heap") },
		func() bool { return img.anon.anywhere(rng, s, "anonymous") },
		func() bool { return img.heap.acrossCut(rng, s, "border") },
		func() bool { return img.anon.acrossCut(rng, s, "border") },
		func() bool { return img.stacks[rng.IntN(len(img.stacks))].anywhere(rng, s, "stack") },
		func() bool {
			return img.inLoose(rng.IntN(64), func(b *block) bool { return b.anywhere(rng, s, "unclaimed") })
		},
		func() bool { return img.anon.atEnd(s, "end of segment") },
		func() bool { return img.heap.put(s, 0, "start of segment") },
		func() bool { return img.heap.atEnd(s, "end of segment") },
		func() bool {
			return img.inLoose(len(img.loose)-1, func(b *block) bool { return b.atEnd(s, "end of file") })
		},
	}
	weights := []int{9, 3, 3, 2, 1, 1, 1, 1, 1, 1}
	pick, total := 0, 0
	for _, w := range weights {
		total += w
	}
	for x := rng.IntN(total); x >= weights[pick]; pick++ {
		x -= weights[pick]
	}
	return places[pick]() || places[0]() || places[1]()
}

// inFront plants s in the heap or behind it, sometimes across a border, and returns its address.
func (img *image) inFront(rng *rand.Rand, s secret.Secret) (addr uint64, ok bool) {
	b := img.heap
	if rng.IntN(4) == 0 {
		b = img.anon
	}
	planted := rng.IntN(4) == 0 && b.acrossCut(rng, s, "border")
	for _, c := range []*block{b, img.heap, img.anon} {
		if !planted {
			b, planted = c, c.anywhere(rng, s, c.name)
		}
	}
	if !planted {
		return 0, false
	}
	return b.addr + uint64(b.plants[len(b.plants)-1].at), true
}

// wordOf returns what puts a word of a machine.
func wordOf(order binary.AppendByteOrder, wide bool) secret.Word {
	return func(p []byte, i int, x uint64) {
		if wide {
			copy(p[8*i:8*i+8], order.AppendUint64(nil, x))
		} else {
			copy(p[4*i:4*i+4], order.AppendUint32(nil, uint32(x)))
		}
	}
}

// environment plants the image's environment variable at the top of the first
// stack, where the kernel puts it.
func (img *image) environment(rng *rand.Rand) {
	if img.environ.Data == nil {
		return
	}
	b := img.stacks[0]
	prefix := "PATH=/usr/bin:/bin\x00LANG=C.UTF-8\x00SERVICE_KEY="
	suffix := "\x00HOME=/root\x00/usr/bin/server\x00"
	at := len(b.data) - len(suffix) - len(img.environ.Data) - 16
	if at > len(prefix) && b.put(img.environ, at, "environment") {
		copy(b.data[at-len(prefix):], prefix)
		copy(b.data[at+len(img.environ.Data):], suffix)
	}
}
