package source

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/dumpscrub/dumpscrub/formats/container"
)

// maxContainers bounds how deep containers may nest. A collector that packs
// what systemd-coredump stored makes two; four leaves room for an upload.
const maxContainers = 4

// headLen is how many bytes decide what a file is.
const headLen = 64 << 10

// Options says how to open an input.
type Options struct {
	SpoolDir string   // where streams and unpacked containers are spooled
	Reserve  *Reserve // files for spools, in place of SpoolDir, or nil
	MaxBytes int64    // unpacked size that is refused; 0 means no limit
	CutAt    int64    // take only so many bytes of a stream, and drain the rest; 0 means all
	Raw      bool     // take the bytes as they are, even when they look like a container
	Growing  bool     // the file is still being written: read what is asked for, and nothing ahead
}

// Input is an opened dump.
type Input struct {
	Source
	// Containers are the containers that were around the dump, outermost first.
	Containers []container.Kind
	// Cut says that a container or stream ended before its own end mark.
	Cut bool

	file *File // the stored file, when the dump was not a stream
}

// ErrTooBig says that the unpacked dump exceeds [Options.MaxBytes].
var ErrTooBig = errors.New("the unpacked dump is larger than the limit")

// ErrCut says that a container ends before anything of it can be unpacked.
var ErrCut = errors.New("it ends before anything can be unpacked")

// Open opens f, which may be a regular file or a stream, and takes off its
// containers. It takes over f.
func Open(f *os.File, o Options) (*Input, error) {
	st, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("looking at the input: %w", err)
	}
	if st.IsDir() {
		f.Close()
		return nil, errors.New("the input is a directory")
	}
	in := &Input{}
	if st.Mode().IsRegular() {
		if in.file, err = NewFile(f, o.Growing); err != nil {
			f.Close()
			return nil, err
		}
		in.Source = in.file
	} else {
		// Drain at once: behind a pipe a crashed process may wait for us.
		s, cut, err := drainStream(f, o)
		f.Close()
		if err != nil {
			return nil, err
		}
		in.Source, in.Cut = s, cut
	}
	return in.finish(o)
}

// OpenSource is [Open] for bytes that are held already. It takes over s.
func OpenSource(s Source, o Options) (*Input, error) {
	return (&Input{Source: s}).finish(o)
}

// finish takes off the containers, unless they are wanted.
func (in *Input) finish(o Options) (*Input, error) {
	if o.Raw {
		return in, nil
	}
	if err := in.unpack(o); err != nil {
		in.Close()
		return nil, err
	}
	return in, nil
}

// unpack takes off one container after the other.
func (in *Input) unpack(o Options) error {
	for {
		head := make([]byte, min(headLen, in.Size()))
		if _, err := in.ReadAt(head, 0); err != nil && err != io.EOF {
			return err
		}
		k, ok := container.Sniff(head)
		clear(head)
		if !ok {
			return nil
		}
		if len(in.Containers) == maxContainers {
			return errors.New("containers nest too deep")
		}
		r, err := container.NewReader(k, bufio.NewReaderSize(io.NewSectionReader(in.Source, 0, in.Size()), 1<<20))
		if err != nil {
			return fmt.Errorf("unpacking %s: %w", k, err)
		}
		s, cut, err := drain(r, o)
		r.Close()
		if err == nil && cut && s.Size() == 0 {
			s.Close()
			err = ErrCut
		}
		if err != nil {
			return fmt.Errorf("unpacking %s: %w", k, err)
		}
		if in.Source != in.file {
			in.Source.Close()
		}
		in.Source = s
		in.Cut = in.Cut || cut
		in.Containers = append(in.Containers, k)
	}
}

// drainStream spools a stream up to o.CutAt. What lies beyond is read and thrown
// away, so that the writer is not killed by a broken pipe.
func drainStream(r io.Reader, o Options) (*Spool, bool, error) {
	if o.CutAt <= 0 {
		return drain(r, o)
	}
	s, cut, err := drain(io.LimitReader(r, o.CutAt), o)
	if err != nil {
		return nil, false, err
	}
	rest, err := io.Copy(io.Discard, r)
	if err != nil {
		s.Close()
		return nil, false, err
	}
	return s, cut || rest > 0, nil
}

// drain copies r into a new spool. A container that ends too early is cut, not
// an error: a truncated dump is still worth what is there.
func drain(r io.Reader, o Options) (s *Spool, cut bool, err error) {
	s, err = o.NewSpool()
	if err != nil {
		return nil, false, err
	}
	limit := o.MaxBytes
	if limit <= 0 {
		limit = 1<<63 - 2
	}
	buf := make([]byte, 1<<20)
	defer clear(buf)
	_, err = io.CopyBuffer(struct{ io.Writer }{s}, io.LimitReader(r, limit+1), buf)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		cut, err = true, nil
	case err == nil && s.size > limit:
		err = ErrTooBig
	}
	if err == nil {
		err = s.Finish()
	}
	if err != nil {
		s.Close()
		return nil, false, err
	}
	return s, cut, nil
}

// Unchanged returns [ErrChanged] when the stored file is no longer what it was.
func (in *Input) Unchanged() error {
	if in.file == nil {
		return nil
	}
	return in.file.Unchanged()
}

// NextData hands the question on.
func (in *Input) NextData(off int64) (start, end int64) { return NextData(in.Source, off) }

// Close closes the stored file and the spool.
func (in *Input) Close() error {
	err := in.Source.Close()
	if in.file != nil && in.Source != Source(in.file) {
		err = errors.Join(err, in.file.Close())
	}
	return err
}
