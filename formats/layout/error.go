package layout

import (
	"errors"
	"fmt"
)

// ErrUnknown is returned when no reader recognises the bytes.
var ErrUnknown = errors.New("unrecognised dump format")

// Error says that a dump is malformed beyond use. It holds positions and
// constants of ours, never bytes of the dump.
type Error struct {
	Format string // of the reader that gave up
	Off    int64  // where in the file
	Field  string // the field, by its name in the format's specification
	What   string // what is wrong with it; a constant
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s: %s at offset %d: %s", e.Format, e.Field, e.Off, e.What)
}

// Unsupported says that a dump is of a known kind that cannot be inspected.
type Unsupported struct {
	Format string // "kdump", "hprof", …
	Why    string // "not supported yet", "encrypted"; a constant
	Hint   string // what the user can do; a constant, may be empty
	// Opaque says that the bytes are compressed or encrypted, so that to examine them
	// as they are says nothing of what they hold.
	Opaque bool
}

func (e *Unsupported) Error() string { return e.Format + ": " + e.Why }
