package tlssecret

import (
	"encoding/binary"
	"fmt"
	"testing"

	"github.com/dumpscrub/dumpscrub/detect/probe"
)

// BenchmarkWindows derives the keys of windows: of different ones, and of one again and again.
func BenchmarkWindows(b *testing.B) {
	for _, size := range []int{size256, size384} {
		for _, again := range []bool{false, true} {
			b.Run(fmt.Sprintf("%d/again=%v", size, again), func(b *testing.B) {
				d := New(probe.Facts{Secret: func([]byte) bool { return false }}).(*prover)
				data := make([]byte, 4<<10)
				f := newScan(data, 0)
				f.d = d
				n := uint64(0)
				for b.Loop() {
					if n++; !again {
						binary.LittleEndian.PutUint64(data[1<<10:], n*0x9E3779B97F4A7C15)
					}
					if f.closes(1<<10, size) {
						b.Fatal("a key is near")
					}
				}
				b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "windows/s")
			})
		}
	}
}
