package layout

import (
	"encoding/binary"
	"io"
)

// Cursor reads fixed-width fields from a file. A read that would run past the
// end fails and every later read of that cursor fails too; the caller must ask
// [Cursor.Err] before it uses what it read. A Cursor is passed by pointer, so
// that an error cannot be lost in a copy.
type Cursor struct {
	r      io.ReaderAt
	size   int64
	off    int64
	order  binary.ByteOrder
	format string
	err    error
	buf    [8]byte
}

// NewCursor returns a cursor at off in r, which has size bytes.
func NewCursor(r io.ReaderAt, size, off int64, order binary.ByteOrder, format string) *Cursor {
	return &Cursor{r: r, size: size, off: off, order: order, format: format}
}

// Err returns the first failure: an [*Error] when the file ends too early, or
// the error of the underlying reader.
func (c *Cursor) Err() error { return c.err }

// Left returns how many bytes lie between the cursor and the end of the file.
func (c *Cursor) Left() int64 { return max(0, c.size-c.off) }

// Skip moves the cursor n bytes on.
func (c *Cursor) Skip(n int64) {
	if n < 0 || n > c.Left() {
		c.fail("field", "past the end of the file")
		return
	}
	c.off += n
}

// Bytes fills p.
func (c *Cursor) Bytes(p []byte) {
	if c.err != nil {
		return
	}
	if int64(len(p)) > c.Left() {
		c.fail("field", "past the end of the file")
		return
	}
	n, err := c.r.ReadAt(p, c.off)
	switch {
	case n == len(p):
		c.off += int64(n)
	case err == nil || err == io.EOF:
		c.fail("field", "the file is shorter than it was") // truncated while it is read
	default:
		c.err = err
	}
}

// U16 reads two bytes in the cursor's order.
func (c *Cursor) U16() uint16 {
	c.Bytes(c.buf[:2])
	if c.err != nil {
		return 0
	}
	return c.order.Uint16(c.buf[:2])
}

// U32 reads four bytes in the cursor's order.
func (c *Cursor) U32() uint32 {
	c.Bytes(c.buf[:4])
	if c.err != nil {
		return 0
	}
	return c.order.Uint32(c.buf[:4])
}

// U64 reads eight bytes in the cursor's order.
func (c *Cursor) U64() uint64 {
	c.Bytes(c.buf[:8])
	if c.err != nil {
		return 0
	}
	return c.order.Uint64(c.buf[:8])
}

func (c *Cursor) fail(field, what string) {
	if c.err == nil {
		c.err = &Error{Format: c.format, Off: c.off, Field: field, What: what}
	}
}
