package dump

import (
	"bytes"
	"compress/flate"
	"debug/elf"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"os"
	"strconv"
)

// noise makes memory that holds nothing worth hiding.
type noise struct {
	rng   *rand.Rand
	order binary.AppendByteOrder
	wide  bool      // words of 64 bits, else of 32
	heap  [2]uint64 // where pointers to data point: start, length
	code  [2]uint64 // where pointers to code point
	text  []byte    // machine code
	dense []byte    // compressed data
}

// denseBytes of compressed data are made once and copied from.
const denseBytes = 1 << 18

func newNoise(rng *rand.Rand, order binary.AppendByteOrder, wide bool) *noise {
	n := &noise{rng: rng, order: order, wide: wide}
	n.heap, n.code = [2]uint64{0x5581_6a2c_0000, 0x0400_0000}, [2]uint64{0x7f3a_4410_0000, 0x0020_0000}
	if !wide {
		n.heap, n.code = [2]uint64{0x0804_c000, 0x0400_0000}, [2]uint64{0xf7c0_0000, 0x0020_0000}
	}
	n.text = machineCode(rng)
	n.dense = n.compressed()
	return n
}

// machineCode returns the code of the running program, or on systems whose
// programs are no ELF files, bytes with the frequencies of code.
func machineCode(rng *rand.Rand) []byte {
	if path, err := os.Executable(); err == nil {
		if f, err := elf.Open(path); err == nil {
			defer f.Close()
			if s := f.Section(".text"); s != nil {
				if text, err := s.Data(); err == nil && len(text) > 1<<16 {
					return text
				}
			}
		}
	}
	common := []byte{0x48, 0x8b, 0x89, 0x83, 0xc0, 0xe8, 0x0f, 0x24, 0x44, 0x00, 0xff, 0x85, 0x74, 0x75, 0xc3}
	text := make([]byte, 1<<20)
	for i := range text {
		if text[i] = byte(rng.Uint32()); rng.IntN(3) > 0 {
			text[i] = common[rng.IntN(len(common))]
		}
	}
	return text
}

func (n *noise) compressed() []byte {
	var out bytes.Buffer
	w, err := flate.NewWriter(&out, flate.BestSpeed)
	if err != nil {
		panic("internal error: " + err.Error())
	}
	for out.Len() < denseBytes {
		if _, err := w.Write(n.prose(nil, 4096)); err != nil {
			panic("internal error: " + err.Error())
		}
	}
	return out.Bytes()
}

// word appends a machine word.
func (n *noise) word(p []byte, x uint64) []byte {
	if n.wide {
		return n.order.AppendUint64(p, x)
	}
	return n.order.AppendUint32(p, uint32(x))
}

func (n *noise) size() int {
	if n.wide {
		return 8
	}
	return 4
}

func (n *noise) pointer() uint64 { return n.heap[0] + n.rng.Uint64N(n.heap[1])&^15 }
func (n *noise) callee() uint64  { return n.code[0] + n.rng.Uint64N(n.code[1]) }

// words of which strings are made.
var words = [...]string{
	"connection", "timeout", "handler", "request", "user", "/usr/lib/x86_64-linux-gnu/libc.so.6", "Content-Type",
	"application/json", "index", "SELECT * FROM orders WHERE id = ?", "GET /api/v1/items HTTP/1.1", "localhost:8080",
	"config.yaml", "worker", "thread", "buffer", "std::string", "java/lang/Object", "runtime.mallocgc", "true", "false",
	"2024-05-17T09:30:00Z", "Mozilla/5.0 (X11; Linux x86_64)", "gzip, deflate", "invalid argument", "not found", "name",
	"value", "count", "status", "session", "cache", "public key", "algorithm", "certificate chain", "tls handshake",
	"127.0.0.1", "c:\\windows\\system32\\kernel32.dll", "node_modules", "password must not be empty", "token expired",
}

// prose appends about size bytes of words.
func (n *noise) prose(p []byte, size int) []byte {
	for end := len(p) + size; len(p) < end; {
		p = append(p, words[n.rng.IntN(len(words))]...)
		if n.rng.IntN(5) == 0 {
			p = strconv.AppendInt(append(p, '='), int64(n.rng.IntN(100000)), 10)
		}
		p = append(p, " \n\x00:;,"[n.rng.IntN(6)])
	}
	return p
}

// heapData returns size bytes of a malloc arena: chunks with their headers, as
// glibc's malloc.c describes them.
func (n *noise) heapData(size int) []byte {
	p := make([]byte, 0, size+1<<14)
	for len(p) < size {
		chunk := 32 + 16*n.rng.IntN(24)
		if n.rng.IntN(16) == 0 {
			chunk = 1024 + 16*n.rng.IntN(500)
		}
		p = n.word(p, 0)
		p = n.word(p, uint64(chunk)|1)
		end := len(p) + chunk - 2*n.size()
		p = n.payload(p, end)
		for len(p) < end {
			p = append(p, 0)
		}
		p = p[:end]
	}
	return p[:size]
}

// payload appends what one chunk holds; it may stop short of end or go beyond.
func (n *noise) payload(p []byte, end int) []byte {
	size := end - len(p)
	switch n.rng.IntN(16) {
	case 0, 1, 2, 3: // an object
		p = n.word(p, n.callee())
		for len(p) < end-8 && n.rng.IntN(12) > 0 {
			p = n.field(p)
		}
	case 4, 5: // a string
		return n.prose(p, n.rng.IntN(size))
	case 6: // a UTF-16 string
		from := len(p)
		for _, b := range n.prose(nil, size/2) {
			p = append(p, b, 0)
		}
		return p[:min(len(p), from+size&^1)]
	case 7, 8: // a hash table: pointers and holes
		for len(p) < end-8 {
			p = n.word(p, uint64(n.rng.IntN(2))*n.pointer())
		}
	case 9: // an array of small numbers
		for x := uint32(n.rng.IntN(100)); len(p) < end-4; x += uint32(n.rng.IntN(3)) {
			p = n.order.AppendUint32(p, x)
		}
	case 10: // an array of floating-point numbers
		for len(p) < end-8 {
			p = n.order.AppendUint64(p, math.Float64bits(n.rng.NormFloat64()*1000))
		}
	case 11: // a freed chunk: list pointers over stale data
		p = n.word(n.word(p, n.pointer()), n.pointer())
		return n.prose(p, size/3)
	case 12: // compressed data
		from := n.rng.IntN(len(n.dense) - 1<<14)
		return append(p, n.dense[from:from+size]...)
	case 13: // a picture: slow gradients
		for x := byte(n.rng.Uint32()); len(p) < end; x += byte(n.rng.IntN(2)) {
			p = append(p, x, x, x+1, 0xff)
		}
	}
	return p // the rest is zeros
}

func (n *noise) field(p []byte) []byte {
	switch n.rng.IntN(5) {
	case 0:
		return n.word(p, n.pointer())
	case 1:
		return n.word(p, n.callee())
	case 2:
		return n.word(p, uint64(n.rng.IntN(4096)))
	case 3:
		return n.word(p, 0)
	}
	return n.order.AppendUint32(n.order.AppendUint32(p, n.rng.Uint32N(2)), n.rng.Uint32N(1<<16))
}

// stackData returns size bytes of frames: locals, saved registers, return addresses.
func (n *noise) stackData(size int) []byte {
	p := make([]byte, 0, size+512)
	for len(p) < size {
		for range n.rng.IntN(20) {
			p = n.field(p)
		}
		if n.rng.IntN(8) == 0 {
			p = n.prose(p, n.rng.IntN(120))
		}
		if n.rng.IntN(6) == 0 {
			p = append(p, make([]byte, n.rng.IntN(256))...)
		}
		for len(p)%n.size() != 0 {
			p = append(p, 0)
		}
		p = n.word(n.word(p, n.pointer()), n.callee())
	}
	return p[:size]
}

// codeData returns size bytes of machine code.
func (n *noise) codeData(size int) []byte {
	p := make([]byte, 0, size)
	from := n.rng.IntN(len(n.text))
	for len(p) < size {
		p = append(p, n.text[from:min(len(n.text), from+size-len(p))]...)
		from = 0
	}
	return p
}

// dataSegment returns size bytes of read-only data: strings, tables, zeros.
func (n *noise) dataSegment(size int) []byte {
	p := make([]byte, 0, size+8192)
	for len(p) < size {
		switch n.rng.IntN(4) {
		case 0:
			p = n.prose(p, 512)
		case 1:
			for range 64 {
				p = n.word(p, n.callee())
			}
		case 2:
			for x := range uint32(256) {
				p = n.order.AppendUint32(p, x*0x01010101)
			}
		default:
			p = append(p, make([]byte, 4096)...)
		}
	}
	return p[:size]
}
