package formats

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/dumpscrub/dumpscrub/formats/layout"
)

// emptyMinidump is a header without streams.
func emptyMinidump() []byte {
	b := append([]byte("MDMP"), 0x93, 0xa7, 0, 0)
	return append(b, make([]byte, 24)...)
}

// emptyCore is an ELF core without segments: an Elf64_Ehdr.
func emptyCore() []byte {
	b := make([]byte, 64)
	copy(b, "\x7fELF\x02\x01\x01")
	binary.LittleEndian.PutUint16(b[16:], 4)  // ET_CORE
	binary.LittleEndian.PutUint16(b[18:], 62) // EM_X86_64
	binary.LittleEndian.PutUint32(b[20:], 1)
	binary.LittleEndian.PutUint16(b[52:], 64)
	binary.LittleEndian.PutUint16(b[54:], 56)
	return b
}

func open(p []byte, format string) (*layout.Layout, error) {
	return Open(bytes.NewReader(p), int64(len(p)), format)
}

func TestNames(t *testing.T) {
	if got := Names(); !slices.Equal(got, []string{"elf-core", "minidump", "raw"}) {
		t.Errorf("names %q", got)
	}
}

func TestOpen(t *testing.T) {
	for _, c := range []struct {
		p            []byte
		format, want string
	}{
		{emptyMinidump(), "", "minidump"},
		{emptyCore(), "", "elf-core"},
		{emptyMinidump(), "minidump", "minidump"},
		{emptyCore(), "elf-core", "elf-core"},
		{emptyCore(), "raw", "raw"},
		{emptyMinidump(), "raw", "raw"},
		{[]byte("anything"), "raw", "raw"},
		{nil, "raw", "raw"},
	} {
		l, err := open(c.p, c.format)
		if err != nil {
			t.Errorf("%q of %d bytes: %v", c.format, len(c.p), err)
			continue
		}
		if l.Format != c.want {
			t.Errorf("%q: laid out as %q, want %q", c.format, l.Format, c.want)
		}
	}
}

func TestOpenUnknown(t *testing.T) {
	for _, p := range [][]byte{nil, {0}, []byte("no dump at all"), make([]byte, 100000)} {
		if l, err := open(p, ""); !errors.Is(err, layout.ErrUnknown) || l != nil {
			t.Errorf("%d bytes: %v", len(p), err)
		}
	}
	var u *layout.Unsupported
	if _, err := open([]byte("KDUMP   \x06"), ""); !errors.As(err, &u) || u.Format != "kdump" {
		t.Errorf("kdump: %v", err)
	}
	// Nobody looks into what is compressed or encrypted, whatever it is said to be.
	for _, head := range []string{"KDUMP   \x06", "\xfd7zXZ\x00\x00\x04", "PK\x03\x04", "age-encryption.org/v1\n", "\x1f\x8b\x08\x00"} {
		if _, err := open([]byte(head), "raw"); !errors.As(err, &u) || !u.Opaque {
			t.Errorf("%q as raw memory: %v", head, err)
		}
	}
	for _, head := range []string{"JAVA PROFILE 1.0.2\x00", "EMiL\x01\x00\x00\x00", "PAGEDU64\x0f\x00"} {
		if _, err := open([]byte(head), "raw"); err != nil {
			t.Errorf("%q as raw memory: %v", head, err)
		}
	}
}

// TestForced: a name forces its reader, which may refuse.
func TestForced(t *testing.T) {
	var e *layout.Error
	if _, err := open(emptyCore(), "minidump"); !errors.As(err, &e) || e.Format != "minidump" {
		t.Errorf("a core as a minidump: %v", err)
	}
	if _, err := open(emptyMinidump(), "elf-core"); err == nil {
		t.Error("a minidump as a core passes")
	}
	for _, name := range []string{"hprof", "RAW", " raw"} {
		_, err := open(emptyCore(), name)
		if err == nil || !strings.Contains(err.Error(), "elf-core, minidump, raw") {
			t.Errorf("%q: %v", name, err)
		}
	}
}

// brokenReader fails at every read.
type brokenReader struct{}

func (brokenReader) ReadAt([]byte, int64) (int, error) { return 0, iotest.ErrTimeout }

func TestReadError(t *testing.T) {
	if _, err := Open(brokenReader{}, 1000, ""); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("got %v", err)
	}
}

// TestShrunk: a file shorter than its size was, whose end has to show somewhere.
func TestShrunk(t *testing.T) {
	p := []byte("KDUMP   \x06\x00")
	var u *layout.Unsupported
	if _, err := Open(bytes.NewReader(p), 1<<20, ""); !errors.As(err, &u) {
		t.Errorf("recognisable: %v", err)
	}
	if _, err := Open(bytes.NewReader(emptyMinidump()[:10]), 1<<20, ""); err == nil || err == io.EOF {
		t.Errorf("a minidump that ends in its header: %v", err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(emptyCore(), byte(0))
	f.Add(emptyMinidump(), byte(0))
	f.Add([]byte("KDUMP   "), byte(3))
	f.Fuzz(func(t *testing.T, p []byte, n byte) {
		format := ""
		if names := Names(); int(n) < len(names) {
			format = names[n]
		}
		l, err := open(p, format)
		if err != nil {
			return
		}
		if format != "" && l.Format != format {
			t.Fatalf("asked for %s, got %s", format, l.Format)
		}
		at := int64(0)
		for _, r := range l.Regions {
			if r.Off != at || r.Len <= 0 {
				t.Fatalf("region [%d, +%d), expected it at %d", r.Off, r.Len, at)
			}
			at = r.End()
		}
		if at != int64(len(p)) {
			t.Fatalf("regions end at %d of %d", at, len(p))
		}
	})
}
