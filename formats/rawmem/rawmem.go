package rawmem

import (
	"io"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// Format is the name that layouts of this package carry.
const Format = "raw"

// Open lays out size bytes as memory from address 0 on. It reads nothing and
// never fails.
func Open(_ io.ReaderAt, size int64) (*layout.Layout, error) {
	b := layout.NewBuilder(Format, size)
	b.Claim(layout.Memory, 0, uint64(max(0, size)), 0, "raw memory")
	return b.Build()
}
