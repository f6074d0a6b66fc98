package source

import (
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"golang.org/x/sys/unix"
)

// File is a regular file, read through windows of shared mappings out of which its
// bytes are copied.
type File struct {
	f    *os.File
	size int64
	maps *windows

	seek  sync.Mutex // SEEK_DATA moves the file's offset; nothing else uses it
	holes bool
}

// NewFile takes over f, a regular file open for reading, with the size that it
// has now. Of a growing file, whose bytes another handle is still writing, nothing is read
// ahead: that would fill the page cache with zeros which the writes then replace.
func NewFile(f *os.File, growing bool) (*File, error) {
	st, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("looking at the input: %w", err)
	}
	if !st.Mode().IsRegular() {
		return nil, errors.New("the input is not a regular file")
	}
	advice := unix.FADV_SEQUENTIAL
	if growing {
		advice = unix.FADV_RANDOM
	}
	// Advice only: without it the run is slower.
	_ = unix.Fadvise(int(f.Fd()), 0, 0, advice)
	return &File{f: f, size: st.Size(), maps: &windows{f: f, size: st.Size(), growing: growing}, holes: true}, nil
}

// Size returns the size the file had when it was opened.
func (s *File) Size() int64 { return s.size }

// Close closes the file.
func (s *File) Close() error { return errors.Join(s.maps.close(), s.f.Close()) }

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
	if len(p) >= mapThreshold {
		if done, err := s.maps.read(p, off); err != nil {
			return 0, err
		} else if done {
			return len(p), eof
		}
	}
	n, err := s.f.ReadAt(p, off)
	if errors.Is(err, io.EOF) {
		err = ErrChanged
	}
	if err == nil {
		err = eof
	}
	return n, err
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
