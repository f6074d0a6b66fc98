package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"sync"

	"golang.org/x/sys/unix"
)

// mapThreshold is the read size from which mapping a window beats pread: below
// it, the cost of changing the address space outweighs the saved system call.
const mapThreshold = 64 << 10

// File is a regular file, read through windows of shared mappings. A window
// lives only while its bytes are copied out, so that resident memory does not
// grow with the file.
type File struct {
	f    *os.File
	size int64
	page int64

	seek  sync.Mutex // SEEK_DATA moves the file's offset; nothing else uses it
	holes bool
}

// NewFile takes over f, a regular file open for reading, with the size that it
// has now.
func NewFile(f *os.File) (*File, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("looking at the input: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, errors.New("the input is not a regular file")
	}
	// Advice only: without it the run is slower.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, unix.FADV_SEQUENTIAL)
	return &File{f: f, size: st.Size(), page: int64(os.Getpagesize()), holes: true}, nil
}

// Size returns the size the file had when it was opened.
func (s *File) Size() int64 { return s.size }

// Close closes the file.
func (s *File) Close() error { return s.f.Close() }

// Unchanged returns [ErrChanged] when the file no longer has the size it began with.
func (s *File) Unchanged() error {
	st, err := s.f.Stat()
	if err != nil {
		return fmt.Errorf("looking at the input: %w", err)
	}
	if st.Size() != s.size {
		return ErrChanged
	}
	return nil
}

// ReadAt copies the bytes from off on into p. A file that has become shorter
// than it was gives [ErrChanged].
func (s *File) ReadAt(p []byte, off int64) (int, error) {
	if off < 0 || off >= s.size {
		return 0, io.EOF
	}
	var eof error
	if left := s.size - off; int64(len(p)) > left {
		p, eof = p[:left], io.EOF
	}
	if len(p) < mapThreshold {
		n, err := s.f.ReadAt(p, off)
		if errors.Is(err, io.EOF) {
			err = ErrChanged
		}
		if err == nil {
			err = eof
		}
		return n, err
	}
	if err := s.copyWindow(p, off); err != nil {
		return 0, err
	}
	return len(p), eof
}

// copyWindow maps the pages that hold [off, off+len(p)) and copies them out.
func (s *File) copyWindow(p []byte, off int64) error {
	base := off &^ (s.page - 1)
	lead := int(off - base)
	m, err := unix.Mmap(int(s.f.Fd()), base, lead+len(p), unix.PROT_READ, unix.MAP_SHARED|unix.MAP_POPULATE)
	if err != nil {
		return fmt.Errorf("mapping the input: %w", err)
	}
	err = copyFaulting(p, m[lead:])
	if e := unix.Munmap(m); err == nil && e != nil {
		err = fmt.Errorf("unmapping the input: %w", e)
	}
	return err
}

// copyFaulting copies src, a file mapping, to dst. Touching a page that has
// lost its file raises SIGBUS, which the runtime turns into a panic here and
// this function into an error: it is the one place that recovers.
func copyFaulting(dst, src []byte) (err error) {
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			if _, fault := r.(interface{ Addr() uintptr }); !fault {
				panic(r)
			}
			err = ErrChanged
		}
	}()
	copy(dst, src)
	return nil
}

// NextData asks the file system where the next data are.
func (s *File) NextData(off int64) (start, end int64) {
	if off >= s.size {
		return s.size, s.size
	}
	s.seek.Lock()
	defer s.seek.Unlock()
	if !s.holes {
		return off, s.size
	}
	start, err := unix.Seek(int(s.f.Fd()), off, unix.SEEK_DATA)
	if errors.Is(err, unix.ENXIO) {
		return s.size, s.size
	}
	if err != nil {
		s.holes = false
		return off, s.size
	}
	end, err = unix.Seek(int(s.f.Fd()), start, unix.SEEK_HOLE)
	if err != nil {
		s.holes = false
		return off, s.size
	}
	return min(start, s.size), min(end, s.size)
}
