package formats

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/dumpscrub/dumpscrub/formats/elfcore"
	"github.com/dumpscrub/dumpscrub/formats/known"
	"github.com/dumpscrub/dumpscrub/formats/layout"
	"github.com/dumpscrub/dumpscrub/formats/minidump"
	"github.com/dumpscrub/dumpscrub/formats/rawmem"
)

// reader is one format that is laid out.
type reader struct {
	name  string // as layouts and the --format flag spell it
	sniff func(head []byte) bool
	open  func(r io.ReaderAt, size int64) (*layout.Layout, error)
}

// readers returns all readers in the order in which they are asked.
func readers() []reader {
	return []reader{
		{"elf-core", elfcore.Sniff, elfcore.Open},
		{minidump.Format, minidump.Sniff, minidump.Open},
		{rawmem.Format, never, rawmem.Open},
	}
}

// never is the Sniff of a format that must be asked for by name.
func never([]byte) bool { return false }

// Names returns the names of the formats that are laid out, in the order in
// which they are tried.
func Names() []string {
	var names []string
	for _, r := range readers() {
		names = append(names, r.name)
	}
	return names
}

// Open lays out the dump of size bytes in r. An empty format has it recognised;
// a name of [Names] forces that reader, whatever the first bytes are. Only what is
// compressed or encrypted is no raw memory, for nobody would have looked into it.
//
// It returns a [*layout.Unsupported] for what is known and cannot be inspected,
// [layout.ErrUnknown] for what is not known, an empty file included, and
// otherwise the reader's own error.
func Open(r io.ReaderAt, size int64, format string) (*layout.Layout, error) {
	if format != "" && !slices.Contains(Names(), format) {
		return nil, fmt.Errorf("unknown format %q: the formats are %s", format, strings.Join(Names(), ", "))
	}
	head, err := readHead(r, size)
	if err != nil {
		return nil, err
	}
	defer clear(head) // bytes of a dump
	if format != "" {
		return forced(r, size, format, head)
	}
	for _, rd := range readers() {
		if rd.sniff(head) {
			return rd.open(r, size)
		}
	}
	if u := known.Identify(head); u != nil {
		return nil, u
	}
	return nil, layout.ErrUnknown
}

// forced lays out a dump as what it is said to be.
func forced(r io.ReaderAt, size int64, format string, head []byte) (*layout.Layout, error) {
	if format == rawmem.Format {
		if u := known.Identify(head); u != nil && u.Opaque {
			return nil, u
		}
	}
	rs := readers()
	return rs[slices.IndexFunc(rs, func(rd reader) bool { return rd.name == format })].open(r, size)
}

// readHead reads the bytes by which a format is recognised.
func readHead(r io.ReaderAt, size int64) ([]byte, error) {
	head := make([]byte, max(0, min(size, known.HeadSize)))
	n, err := r.ReadAt(head, 0)
	if n == len(head) || err == io.EOF {
		err = nil // a file that has shrunk is recognised by what is left
	}
	return head[:n], err
}
