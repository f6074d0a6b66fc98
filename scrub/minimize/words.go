package minimize

import (
	"bytes"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// The bounds of small integers, see the package comment.
const (
	maxNumber = 4 << 20 // of a 64-bit word: PID_MAX_LIMIT of Linux
	minNumber = -64 << 10
	maxNarrow = 1 << 20 // of a word of 32 bits
	maxHalf   = 64 << 10
	minHalf   = -4 << 10

	page      = 4 << 10
	sizeFlags = 7
)

// words judges p, which lay at addr, word by word.
func (m *Mask) words(p []byte, addr uint64) int64 {
	paths := m.pathsIn(p)
	saved := make([]byte, 0, 256)
	for _, r := range paths {
		saved = append(saved, p[r.Start:r.End]...)
	}
	size := uint64(4)
	if m.wide {
		size = 8
	}
	head := min(-addr%size, uint64(len(p)))
	n := fillNonzero(p[:head])
	body := p[head:]
	tail := len(body) - len(body)%int(size)
	n += fillNonzero(body[tail:])
	body, addr = body[:tail], addr+head
	n += m.characters(body)
	for len(body) > 0 {
		k := min(int(blockSize-addr%blockSize), len(body))
		if m.wide {
			n += m.block64(body[:k])
		} else {
			n += m.block32(body[:k])
		}
		body, addr = body[k:], addr+uint64(k)
	}
	for _, r := range paths {
		for i, b := range saved[:r.Len()] {
			if p[r.Start+i] != b {
				p[r.Start+i] = b
				n--
			}
		}
		saved = saved[r.Len():]
	}
	return n
}

// maxPath is PATH_MAX of Linux.
const maxPath = 4096

// pathsIn returns where p has absolute paths all parts of which are known, with
// the NUL behind each.
func (m *Mask) pathsIn(p []byte) []probe.Range {
	if len(m.paths) == 0 {
		return nil
	}
	var out []probe.Range
	for i := 0; i < len(p); {
		k := bytes.IndexByte(p[i:], '/')
		if k < 0 {
			break
		}
		start := i + k
		end, ok := m.path(p, start)
		if ok {
			out = append(out, probe.Range{Start: start, End: end})
		}
		i = end
	}
	return out
}

// path reads the path that begins with the slash at i, and returns where it, or
// what of it is known, ends.
func (m *Mask) path(p []byte, i int) (int, bool) {
	last := min(len(p), i+maxPath)
	for from := i + 1; ; {
		to := from
		for to < last && p[to] != '/' && p[to] >= ' ' && p[to] != probe.Fill {
			to++
		}
		if to == last || to == from || !m.paths[string(p[from:to])] {
			return to, false
		}
		if p[to] == 0 {
			return to + 1, true
		}
		if p[to] != '/' {
			return to, false
		}
		from = to + 1
	}
}

// blockSize is how many bytes are judged together, see the package comment.
const (
	blockSize = 64
	maxDense  = 10 // of the 16 numbers in a block
)

// What could be a character in a row of 32-bit numbers, and how many make a row.
const (
	firstChar = ' '
	lastChar  = 0x17f // Latin Extended-A
	minRow    = 4
)

// characters overwrites rows of 32-bit numbers that could be text.
func (m *Mask) characters(p []byte) int64 {
	var n int64
	row := 0
	for i := 0; i+4 <= len(p); i += 4 {
		if v := m.order.Uint32(p[i:]); v >= firstChar && v <= lastChar {
			row++
			continue
		}
		if row >= minRow {
			n += fill(p[i-4*row : i])
		}
		row = 0
	}
	if row >= minRow {
		end := len(p) &^ 3
		n += fill(p[end-4*row : end])
	}
	return n
}

// pointer reports whether v is an address in mapped memory.
func (m *Mask) pointer(v uint64) bool {
	_, ok := find(m.mapped, v)
	return ok
}

// number reports whether a 64-bit word is a small integer.
func number(v uint64) bool {
	return v < maxNumber || int64(v) >= minNumber && int64(v) < 0 || v>>32 == 0 && v&(page-1) <= sizeFlags
}

// half reports whether half of a 64-bit word is a small integer.
func half(v uint32) bool { return v < maxHalf || int32(v) >= minHalf && int32(v) < 0 }

// block64 judges a block of 64-bit words.
func (m *Mask) block64(p []byte) int64 {
	order, wide := m.order, [blockSize / 8]bool{}
	dense, odd := 0, false
	for i := 0; i < len(p); i += 8 {
		v := order.Uint64(p[i:])
		if v == 0 {
			continue
		}
		if number(v) {
			dense++
			if v>>32 != 0 {
				dense++
			}
			continue
		}
		if m.pointer(v) {
			wide[i/8] = true
			continue
		}
		odd = true
		for _, h := range [2]uint32{uint32(v), uint32(v >> 32)} {
			if h != 0 && half(h) {
				dense++
			}
		}
	}
	if !odd && dense < maxDense {
		return 0
	}
	var n int64
	for i := 0; i < len(p); i += 8 {
		w := p[i : i+8]
		v := order.Uint64(w)
		switch {
		case v == 0 || wide[i/8]:
		case dense >= maxDense:
			n += fill(w)
		case number(v):
		default:
			for _, h := range [2][]byte{w[:4], w[4:]} {
				if !half(order.Uint32(h)) {
					n += fill(h)
				}
			}
		}
	}
	return n
}

// block32 judges a block of 32-bit words. Addresses fill much of what 32 bits can
// say, so that random words are often some: they count where they are aligned or
// lead to a program, and are no text; and no three in a row that lie far apart.
func (m *Mask) block32(p []byte) int64 {
	var ptr, num [blockSize / 4]bool
	dense := 0
	for i := 0; i < len(p); i += 4 {
		v := m.order.Uint32(p[i:])
		ptr[i/4] = m.pointer32(p[i:i+4], v)
		num[i/4] = !ptr[i/4] && (v < maxNarrow || int32(v) >= minNumber && int32(v) < 0 || v&(page-1) <= sizeFlags)
		if num[i/4] && v != 0 {
			dense++
		}
	}
	// Whether a word stays is a matter of what lay there, so decide before filling.
	var keep [blockSize / 4]bool
	for i := range len(p) / 4 {
		keep[i] = num[i] && (dense < maxDense || m.order.Uint32(p[4*i:]) == 0)
		if !ptr[i] {
			continue
		}
		far := i >= 2 && ptr[i-1] && ptr[i-2]
		if far {
			const near = 20 // bits: a megabyte
			v := m.order.Uint32(p[4*i:]) >> near
			far = v != m.order.Uint32(p[4*i-4:])>>near && v != m.order.Uint32(p[4*i-8:])>>near
		}
		keep[i] = !far
	}
	var n int64
	for i := range len(p) / 4 {
		if !keep[i] {
			n += fill(p[4*i : 4*i+4])
		}
	}
	return n
}

func (m *Mask) pointer32(p []byte, v uint32) bool {
	if !m.pointer(uint64(v)) {
		return false
	}
	if _, program := find(m.keep, uint64(v)); v%4 != 0 && !program {
		return false
	}
	for _, b := range p {
		if b < ' ' || b > '~' {
			return true
		}
	}
	return false
}
