package search_test

import (
	"math/rand/v2"
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

func over(b *testing.B, data []byte, ds ...probe.Detector) {
	s, err := search.New(ds)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		s.Search(search.Window{Data: data, Hi: len(data)}, func(search.Found) {})
	}
}
