package container

import (
	"bufio"
	"compress/bzip2"
	"encoding/binary"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// MaxWindow bounds, in bytes, the history that a zstd stream may ask for. It is
// what the zstd program itself allows unless told otherwise (zstd(1), --memory).
// The other formats need at most 8 MiB.
const MaxWindow = 128 << 20

// maxContent is the largest content size a zstd frame may state. There is none:
// content is streamed, and the caller counts it.
const maxContent = 1 << 63

// What can be wrong with a container. A stream that ends too early is
// [io.ErrUnexpectedEOF].
var (
	// ErrTrailing is returned when bytes that belong to no member follow the last.
	ErrTrailing = errors.New("container: data after the end of the compressed stream")
	// ErrCorrupt is returned for a stream that is damaged or uses a feature that
	// does not exist.
	ErrCorrupt = errors.New("container: compressed stream is damaged")
	// ErrWindow is returned for a stream that needs more memory than MaxWindow.
	ErrWindow = errors.New("container: compressed stream needs too much memory")
	// ErrDictionary is returned for a stream that cannot be read without a
	// dictionary from elsewhere.
	ErrDictionary = errors.New("container: compressed stream needs a dictionary")
	// ErrKind is returned for a Kind that does not exist.
	ErrKind = errors.New("container: unknown kind")
)

// sourceSize is how much of the compressed stream is read at once.
const sourceSize = 64 << 10

// NewReader returns a reader of the content of r, a container of kind k. It reads
// ahead of what it returns. What is wrong with the stream shows when it is read;
// NewReader itself fails only for a kind that does not exist. Close releases
// memory and leaves r open.
func NewReader(k Kind, r io.Reader) (io.ReadCloser, error) {
	src := &source{r: r}
	buf := bufio.NewReaderSize(src, sourceSize)
	c := &reader{kind: k, src: src, buf: buf}
	switch k {
	case Gzip:
		c.dec = &members{src: buf}
	case Zstd:
		d, err := zstd.NewReader(buf, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxWindow(MaxWindow), zstd.WithDecoderMaxMemory(maxContent))
		if err != nil {
			return nil, err
		}
		c.dec, c.free = d, d.Close
	case Bzip2:
		c.dec = bzip2.NewReader(buf)
	case LZ4:
		d := lz4.NewReader(buf)
		if err := d.Apply(lz4.ConcurrencyOption(1)); err != nil {
			return nil, err
		}
		c.dec = d
	default:
		return nil, ErrKind
	}
	return c, nil
}

// source remembers an error of the compressed stream's reader, which decoders
// may wrap or replace.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// reader turns the errors of a decoder into those of this package, so that none
// carries a value from the stream.
type reader struct {
	kind  Kind
	src   *source
	buf   *bufio.Reader
	dec   io.Reader
	free  func()
	begun bool
	err   error
}

func (c *reader) Read(p []byte) (int, error) {
	if c.err == nil && !c.begun {
		c.begun = true
		c.err = c.begin()
	}
	if c.err != nil {
		return 0, c.err
	}
	n, err := c.dec.Read(p)
	if err != nil {
		c.err = c.explain(err)
	}
	return n, c.err
}

func (c *reader) Close() error {
	if c.free != nil {
		c.free()
		c.free = nil
	}
	c.err = io.ErrClosedPipe
	return nil
}

// begin checks the first magic number, so that a later mismatch can only be what
// follows the last member.
func (c *reader) begin() error {
	head, err := c.buf.Peek(4)
	switch {
	case c.src.err != nil:
		return c.src.err
	case len(head) == 0 && err != nil:
		return io.ErrUnexpectedEOF // a container cut at its first byte
	case !begins(c.kind, head):
		return ErrCorrupt
	}
	return nil
}

// begins reports whether head, at most four bytes, can begin a container of
// kind k.
func begins(k Kind, head []byte) bool {
	part := func(magic string) bool {
		n := min(len(head), len(magic))
		return string(head[:n]) == magic[:n]
	}
	skippable := len(head) == 4 && binary.LittleEndian.Uint32(head)&skippableMask == magicSkippable
	switch k {
	case Gzip:
		return part(magicGzip)
	case Zstd:
		return part(magicZstd) || skippable
	case Bzip2:
		return part(magicBzip2)
	case LZ4:
		return part(magicLZ4) || skippable
	}
	return false
}

// explain maps a decoder's error to one of ours.
func (c *reader) explain(err error) error {
	switch {
	case c.src.err != nil:
		return c.src.err
	case err == io.EOF, err == ErrTrailing:
		return err
	case errors.Is(err, io.ErrUnexpectedEOF):
		return io.ErrUnexpectedEOF
	case errors.Is(err, zstd.ErrWindowSizeExceeded), errors.Is(err, zstd.ErrDecoderSizeExceeded):
		return ErrWindow
	case errors.Is(err, zstd.ErrUnknownDictionary):
		return ErrDictionary
	case trailing(err):
		return ErrTrailing
	}
	return ErrCorrupt
}

// trailing reports whether err says that there is no magic number where a frame
// could begin. The standard library has no value for bzip2's.
func trailing(err error) bool {
	return errors.Is(err, zstd.ErrMagicMismatch) || errors.Is(err, lz4.ErrInvalidFrame) ||
		err == bzip2.StructuralError("bad magic value in continuation file")
}

// members reads the gzip members of a stream one by one, which tells the end of
// the last from the beginning of something else.
type members struct {
	src *bufio.Reader
	z   *gzip.Reader // nil before the first
}

func (m *members) Read(p []byte) (int, error) {
	for {
		if m.z != nil {
			if n, err := m.z.Read(p); n > 0 || err != io.EOF {
				if err == io.EOF {
					err = nil // the end is met again at the next read
				}
				return n, err
			}
		}
		if err := m.next(); err != nil {
			return 0, err
		}
	}
}

// next moves on to the next member. A stream that ends within the magic number
// was cut there.
func (m *members) next() error {
	head, err := m.src.Peek(len(magicGzip))
	switch {
	case len(head) == 0:
		return err
	case string(head) != magicGzip[:len(head)]:
		return ErrTrailing
	case len(head) < len(magicGzip):
		return io.ErrUnexpectedEOF
	}
	if m.z == nil {
		m.z, err = gzip.NewReader(m.src)
	} else {
		err = m.z.Reset(m.src)
	}
	if err == io.EOF {
		err = io.ErrUnexpectedEOF // within the header
	}
	if err == nil {
		m.z.Multistream(false)
	}
	return err
}
