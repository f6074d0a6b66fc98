package aeskey

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
)

// sample is data of one nature, n bytes of it.
type sample struct {
	name string
	make func(n int) []byte
}

// samples are natures of memory, from easy to as awkward as can be without a
// schedule in it.
func samples() []sample {
	words32 := func(f func(i int) uint32) func(int) []byte {
		return func(n int) []byte {
			p := make([]byte, 0, n)
			for i := range n / 4 {
				p = binary.LittleEndian.AppendUint32(p, f(i))
			}
			return p
		}
	}
	words64 := func(f func(i int) uint64) func(int) []byte {
		return func(n int) []byte {
			p := make([]byte, 0, n)
			for i := range n / 8 {
				p = binary.LittleEndian.AppendUint64(p, f(i))
			}
			return p
		}
	}
	r := rand.New(rand.NewPCG(5, 6))
	return []sample{
		{"random", func(n int) []byte { return randomBytes(1, n) }},
		{"zero", func(n int) []byte { return make([]byte, n) }},
		{"fill", func(n int) []byte { return bytes.Repeat([]byte{probe.Fill}, n) }},
		{"text", func(n int) []byte {
			var p []byte
			for len(p) < n {
				p = append(p, "the quick brown fox jumps over the lazy dog, and "[r.IntN(40):]...)
			}
			return p[:n]
		}},
		{"pointers", words64(func(int) uint64 { return 0x7f5500000000 | r.Uint64N(1<<24)<<4 })},
		{"noise", func(n int) []byte { return probetest.Noise(3, n) }},
		{"counter32", words32(func(i int) uint32 { return uint32(i) })},
		{"counter64", words64(func(i int) uint64 { return uint64(i) })},
		{"counter64be", words64(func(i int) uint64 { return uint64(i) << 40 })},
		{"records16", words64(func(i int) uint64 { return uint64(i&1) * 0x12345 })},
		{"records24", words64(func(i int) uint64 { return []uint64{7, 0, 0x55d012345678}[i%3] })},
		{"records32", words64(func(i int) uint64 { return []uint64{1, 0, 0x55d012345678, 0x10}[i%4] })},
		{"gradient", func(n int) []byte {
			p := make([]byte, n)
			for i := range p {
				p[i] = byte(i>>4 ^ i>>12)
			}
			return p
		}},
		{"bitmap", words32(func(i int) uint32 { return 0xff000000 | uint32(i/7%256)*0x010101 })},
		{"xor-table", words32(func(i int) uint32 { return uint32(i&255) * 0x01020408 })},
		{"two-words", words32(func(i int) uint32 { return []uint32{0xdeadbeef, 0xcafebabe}[i&1] })},
		{"three-words", words32(func(i int) uint32 { return []uint32{0xdeadbeef, 0xcafebabe, 0xdeadbeef ^ 0xcafebabe}[i%3] })},
		{"floats", words32(func(i int) uint32 { return 0x3f800000 + uint32(r.IntN(1<<16))<<4 })},
		{"linear4", linear(4, false)}, {"linear6", linear(6, false)}, {"linear8", linear(8, false)},
		{"broken4", linear(4, true)}, {"broken8", linear(8, true)},
		{"binary", func(n int) []byte {
			p, err := os.ReadFile(os.Args[0])
			if err != nil {
				panic(err)
			}
			return p[:min(n, len(p))]
		}},
	}
}

// linear returns words that obey the linear relation everywhere, or, when broken, but for
// every fourth: what a schedule looks like until its other columns are verified.
func linear(nk int, broken bool) func(n int) []byte {
	return func(n int) []byte {
		r := rand.New(rand.NewPCG(8, 9))
		w := make([]uint32, n/4)
		for i := range w {
			if i < nk || broken && i%4 == 0 {
				w[i] = r.Uint32()
			} else {
				w[i] = w[i-1] ^ w[i-nk]
			}
		}
		p := make([]byte, 0, n)
		for _, x := range w {
			p = binary.LittleEndian.AppendUint32(p, x)
		}
		return p
	}
}

func BenchmarkFilter(b *testing.B) {
	d := New().(probe.Filter)
	for _, s := range samples() {
		data := s.make(4 << 20)
		b.Run(s.name, func(b *testing.B) {
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				d.Filter(data, 0, 0, len(data), func(int) {})
			}
		})
	}
}

// BenchmarkSchedules measures a dump that consists of schedules: the cost of a match.
func BenchmarkSchedules(b *testing.B) {
	s := searcher(b)
	var data []byte
	for i := range 200 {
		data = append(data, mustEncode(b, testKey(uint64(i), 16), Forms()[i%len(Forms())])...)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		probetest.Matches(s, data, len(data))
	}
}
