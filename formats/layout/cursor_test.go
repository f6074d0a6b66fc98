package layout

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"strings"
	"testing"
)

func TestCursor(t *testing.T) {
	data := []byte{2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}
	for _, tt := range []struct {
		order binary.ByteOrder
		want  [3]uint64
	}{
		{binary.LittleEndian, [3]uint64{0x0302, 0x07060504, 0x0f0e0d0c0b0a0908}},
		{binary.BigEndian, [3]uint64{0x0203, 0x04050607, 0x08090a0b0c0d0e0f}},
	} {
		c := NewCursor(bytes.NewReader(data), int64(len(data)), 0, tt.order, "test")
		got := [3]uint64{uint64(c.U16()), uint64(c.U32()), c.U64()}
		if got != tt.want || c.Err() != nil || c.Left() != 0 {
			t.Errorf("%v: read %x, error %v, %d left", tt.order, got, c.Err(), c.Left())
		}
	}
}

// TestCursorEnd checks that each way to run past the end fails, says where, and
// spoils the cursor.
func TestCursorEnd(t *testing.T) {
	past := map[string]func(*Cursor){
		"U16":    func(c *Cursor) { c.Skip(2); c.U16() },
		"U32":    func(c *Cursor) { c.U32() },
		"U64":    func(c *Cursor) { c.U64() },
		"Bytes":  func(c *Cursor) { c.Bytes(make([]byte, 4)) },
		"Skip":   func(c *Cursor) { c.Skip(4) },
		"Skip-1": func(c *Cursor) { c.Skip(-1) },
		"SkipM":  func(c *Cursor) { c.Skip(math.MaxInt64) },
	}
	for name, read := range past {
		// The file is longer than the cursor was told.
		c := NewCursor(bytes.NewReader(bytes.Repeat([]byte{0xff}, 100)), 13, 10, binary.LittleEndian, "test")
		read(c)
		var e *Error
		if !errors.As(c.Err(), &e) || e.Format != "test" || e.Off < 10 || e.Off > 13 {
			t.Errorf("%s: error %v", name, c.Err())
			continue
		}
		if c.U16() != 0 || c.U32() != 0 || c.U64() != 0 {
			t.Errorf("%s: a spoilt cursor reads on", name)
		}
		p := []byte{7}
		if c.Bytes(p); p[0] != 7 || c.Err() != e {
			t.Errorf("%s: a spoilt cursor reads on, error %v", name, c.Err())
		}
	}
}

func TestCursorSkip(t *testing.T) {
	c := NewCursor(strings.NewReader("abcdef"), 6, 2, binary.BigEndian, "test")
	c.Skip(1)
	if got := c.U16(); got != 'd'<<8|'e' || c.Err() != nil || c.Left() != 1 {
		t.Errorf("read %#x, error %v, %d left", got, c.Err(), c.Left())
	}
	c.Skip(1)
	if c.Skip(0); c.Err() != nil || c.Left() != 0 {
		t.Errorf("error %v, %d left", c.Err(), c.Left())
	}
}

// TestCursorShrunk: a file which was cut after its size was taken gives fewer
// bytes, and those must not be taken for the rest.
func TestCursorShrunk(t *testing.T) {
	c := NewCursor(strings.NewReader("abc"), 8, 0, binary.LittleEndian, "test")
	got := c.U32()
	var e *Error
	if got != 0 || !errors.As(c.Err(), &e) {
		t.Errorf("read %#x, error %v", got, c.Err())
	}
}

type brokenReader struct{ err error }

func (r brokenReader) ReadAt([]byte, int64) (int, error) { return 0, r.err }

func TestCursorReaderError(t *testing.T) {
	c := NewCursor(brokenReader{io.ErrClosedPipe}, 8, 0, binary.LittleEndian, "test")
	if c.U16(); c.Err() != io.ErrClosedPipe {
		t.Error(c.Err())
	}
}

func TestErrors(t *testing.T) {
	e := &Error{Format: "elf-core", Off: 56, Field: "e_phnum", What: "too large"}
	if got := e.Error(); got != "elf-core: e_phnum at offset 56: too large" {
		t.Error(got)
	}
	u := &Unsupported{Format: "kdump", Why: "not supported yet"}
	if got := u.Error(); got != "kdump: not supported yet" {
		t.Error(got)
	}
}

func TestKindNames(t *testing.T) {
	seen := map[string]bool{}
	for k := Unclaimed; k <= Structure; k++ {
		if seen[k.String()] {
			t.Errorf("%v is named like another", k)
		}
		seen[k.String()] = true
	}
}
