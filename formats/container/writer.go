package container

import (
	"io"

	dsnet "github.com/dsnet/compress/bzip2"
	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/pierrec/lz4/v4"
)

// blockSize is the size of the writes that an encoder sees. Encoders may cut
// their output where the input was cut; with a fixed size it is always cut alike.
const blockSize = 256 << 10

// Levels. They are part of the output, so that changing one changes every
// rebuilt container. gzip and zstd take their programs' defaults; bzip2 takes 9,
// which is its program's.
const (
	gzipLevel  = 6
	zstdLevel  = zstd.SpeedDefault
	bzip2Level = 9
	lz4Level   = lz4.Fast
)

// NewWriter returns a writer that compresses to w as a container of kind k, in
// one member. The container is complete when Close has returned nil; w is left
// open.
func NewWriter(k Kind, w io.Writer) (io.WriteCloser, error) {
	enc, err := encoder(k, w)
	if err != nil {
		return nil, err
	}
	return &writer{enc: enc, buf: make([]byte, 0, blockSize)}, nil
}

func encoder(k Kind, w io.Writer) (io.WriteCloser, error) {
	switch k {
	case Gzip:
		return gzip.NewWriterLevel(w, gzipLevel)
	case Zstd:
		return zstd.NewWriter(w, zstd.WithEncoderLevel(zstdLevel), zstd.WithEncoderConcurrency(1),
			zstd.WithEncoderCRC(true), zstd.WithZeroFrames(true))
	case Bzip2:
		return dsnet.NewWriter(w, &dsnet.WriterConfig{Level: bzip2Level})
	case LZ4:
		z := lz4.NewWriter(w)
		err := z.Apply(lz4.ConcurrencyOption(1), lz4.CompressionLevelOption(lz4Level),
			lz4.BlockSizeOption(lz4.Block4Mb), lz4.ChecksumOption(true))
		return z, err
	}
	return nil, ErrKind
}

// writer gathers writes into blocks of blockSize.
type writer struct {
	enc io.WriteCloser
	buf []byte
	err error
}

func (w *writer) Write(p []byte) (int, error) {
	n := 0
	for len(p) > 0 && w.err == nil {
		m := min(len(p), cap(w.buf)-len(w.buf))
		w.buf = append(w.buf, p[:m]...)
		p, n = p[m:], n+m
		if len(w.buf) == cap(w.buf) {
			w.flush()
		}
	}
	return n, w.err
}

func (w *writer) flush() {
	if len(w.buf) > 0 && w.err == nil {
		_, w.err = w.enc.Write(w.buf)
	}
	clear(w.buf) // a dump's bytes, if redacted ones
	w.buf = w.buf[:0]
}

// Close writes what is left and the end of the container.
func (w *writer) Close() error {
	w.flush()
	if err := w.enc.Close(); w.err == nil {
		w.err = err
	}
	err := w.err
	if w.err == nil {
		w.err = io.ErrClosedPipe
	}
	return err
}
