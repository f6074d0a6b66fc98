package search_test

import (
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect"
	"github.com/dumpscrub/dumpscrub/detect/probe"
	"github.com/dumpscrub/dumpscrub/detect/probe/probetest"
	"github.com/dumpscrub/dumpscrub/detect/search"
)

// noiseBytes is what each detector is run over: half memory, half random bytes.
const noiseBytes = 64 << 20

// BenchmarkDetectors measures every detector alone, and all of them.
func BenchmarkDetectors(b *testing.B) {
	data := make([]byte, 0, noiseBytes)
	piece := probetest.Noise(1, 1<<20)
	r := rand.NewChaCha8([32]byte{1})
	for len(data) < noiseBytes {
		data = append(data, piece...)
		random := make([]byte, len(piece))
		r.Read(random)
		data = append(data, random...)
	}
	all := detect.Default()
	for _, d := range all {
		b.Run(d.Spec().ID, func(b *testing.B) { over(b, data, d) })
	}
	b.Run("all", func(b *testing.B) { over(b, data, all...) })
}

// TestNoGarbage holds searches to memory that they use again, where nothing is found.
func TestNoGarbage(t *testing.T) {
	if racy {
		t.Skip("pools forget")
	}
	s, err := search.New(slices.Concat(detect.Default(), detect.Statistical()))
	if err != nil {
		t.Fatal(err)
	}
	const size = 256 << 10
	quiet := make([]byte, size) // pointers, counts and zeros
	for i := 0; i+8 <= size; i += 8 {
		binary.LittleEndian.PutUint64(quiet[i:], []uint64{0x7f0000001000 + uint64(i)*16, 0, 3, 1}[i/8%4])
	}
	for name, data := range map[string][]byte{"zeros": make([]byte, size), "pointers": quiet} {
		found := 0
		count := func(search.Found) { found++ }
		look := func() { s.Search(search.Window{Data: data, Hi: len(data)}, count) }
		look()
		if n := testing.AllocsPerRun(5, look); n >= 1 || found > 0 {
			t.Errorf("%s: %.0f allocations a window, %d findings", name, n, found)
		}
	}
}

func over(b *testing.B, data []byte, ds ...probe.Detector) {
	s, err := search.New(ds)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
