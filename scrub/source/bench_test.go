package source

import (
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
)

// BenchmarkFile reads a file in the page cache in pieces of 256 KiB, with one and
// with two readers, through windows and with pread.
func BenchmarkFile(b *testing.B) {
	const size, piece = 256 << 20, 256 << 10
	path := filepath.Join(b.TempDir(), "f")
	if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
		b.Fatal(err)
	}
	f, err := os.Open(path)
	if err != nil {
		b.Fatal(err)
	}
	s, err := NewFile(f, false)
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	for name, read := range map[string]func([]byte, int64) (int, error){"windows": s.ReadAt, "pread": f.ReadAt} {
		for _, readers := range []int{1, 2} {
			b.Run(name+"/"+string(rune('0'+readers)), func(b *testing.B) {
				b.SetBytes(size)
				for b.Loop() {
					var next atomic.Int64
					var wg sync.WaitGroup
					for range readers {
						wg.Go(func() {
							p := make([]byte, piece)
							for off := next.Add(piece) - piece; off < size; off = next.Add(piece) - piece {
								if _, err := read(p, off); err != nil {
									b.Error(err)
									return
								}
							}
						})
					}
					wg.Wait()
				}
			})
		}
	}
}
