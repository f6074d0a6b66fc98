package source

import (
	"errors"
	"io"
)

// Source is a dump in the form in which its format's reader sees it. ReadAt is
// safe for use from several goroutines.
type Source interface {
	io.ReaderAt
	io.Closer
	Size() int64
}

// Sparse is implemented by sources that know where they hold nothing but zeros
// without reading them.
type Sparse interface {
	// NextData returns the first span of possible data at or after off: all
	// bytes in [off, start) are zero. Without more data start and end are the
	// size. What lies in a hole is the source's word of this moment only.
	NextData(off int64) (start, end int64)
}

// ErrChanged says that the source is not what it was when the run began.
var ErrChanged = errors.New("the input changed while it was read")

// NextData is src's answer when it is [Sparse], else everything from off on.
func NextData(src Source, off int64) (start, end int64) {
	if s, ok := src.(Sparse); ok {
		return s.NextData(off)
	}
	return off, src.Size()
}
